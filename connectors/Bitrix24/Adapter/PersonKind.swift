import Platform

/// The two kinds of record that are people: contacts, and leads where the portal is in classic mode.
enum PersonKind: String, CaseIterable, Sendable {
  case contact
  case lead

  /// The CRM's number of the type.
  var type: Int { self == .contact ? 3 : 1 }

  /// What the classic methods of it begin with.
  var prefix: String { "crm.\(rawValue)" }
  var list: String { prefix + ".list" }
  var update: String { prefix + ".update" }
  var fields: String { prefix + ".fields" }
  var userFields: String { prefix + ".userfield.list" }

  /// Leads have a letter before their number: `L253`. Contacts have none: `253`.
  func id(_ number: Int64) -> ContactID { ContactID(self == .contact ? "\(number)" : "L\(number)") }
}

/// A contact's or lead's number.
struct PersonNumber: Hashable, Sendable {
  let kind: PersonKind
  let number: Int64

  init(_ kind: PersonKind, _ number: Int64) {
    self.kind = kind
    self.number = number
  }

  /// Reads an id; nil if it is none of ours.
  init?(_ id: ContactID) {
    let isLead = id.text.hasPrefix("L")
    kind = isLead ? .lead : .contact
    guard let number = Int64(isLead ? id.text.dropFirst() : id.text[...]), number > 0,
      kind.id(number) == id
    else { return nil }
    self.number = number
  }

  var id: ContactID { kind.id(number) }
  /// A name for a command.
  var mark: String { kind == .contact ? "c\(number)" : "l\(number)" }
}

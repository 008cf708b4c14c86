/// The kinds of records that the simulated account has.
enum ObjectType: Int, CaseIterable, Sendable {
  case contacts, deals, calls, meetings, emails, notes, tasks, communications

  /// By its name in a path, plural or singular, or by its number.
  init?(path: String) {
    guard let type = Self.allCases.first(where: { [$0.plural, $0.singular, $0.number].contains(path) }) else {
      return nil
    }
    self = type
  }

  /// As it stands in paths: `contacts`.
  var plural: String {
    switch self {
    case .contacts: return "contacts"
    case .deals: return "deals"
    case .calls: return "calls"
    case .meetings: return "meetings"
    case .emails: return "emails"
    case .notes: return "notes"
    case .tasks: return "tasks"
    case .communications: return "communications"
    }
  }

  /// As it stands in messages: `contact`.
  var singular: String { String(plural.dropLast()) }

  /// As it stands in paths of the SDK: `0-1`.
  var number: String {
    switch self {
    case .contacts: return "0-1"
    case .deals: return "0-3"
    case .calls: return "0-48"
    case .meetings: return "0-47"
    case .emails: return "0-49"
    case .notes: return "0-46"
    case .tasks: return "0-27"
    case .communications: return "0-18"
    }
  }

  /// The property that tells when a record was last changed; contacts have a name of their own for it.
  var modifiedName: String { self == .contacts ? "lastmodifieddate" : "hs_lastmodifieddate" }

  /// The property that tells when a record was made.
  var createdName: String {
    switch self {
    case .contacts, .deals: return "createdate"
    default: return "hs_createdate"
    }
  }

  /// What a reader has to be granted; calls and the like go with the contacts.
  var readScope: String { self == .deals ? "crm.objects.deals.read" : "crm.objects.contacts.read" }

  /// What a writer has to be granted.
  var writeScope: String { self == .deals ? "crm.objects.deals.write" : "crm.objects.contacts.write" }

  /// What a reader of property definitions has to be granted.
  var schemaReadScope: String { self == .deals ? "crm.schemas.deals.read" : "crm.schemas.contacts.read" }

  /// What a writer of property definitions has to be granted.
  var schemaWriteScope: String { self == .deals ? "crm.schemas.deals.write" : "crm.schemas.contacts.write" }

  /// The number of the unlabelled link from such a record to a contact.
  var linkToContact: Int64 {
    switch self {
    case .contacts: return 449
    case .deals: return 3
    case .calls: return 194
    case .meetings: return 200
    case .emails: return 198
    case .notes: return 202
    case .tasks: return 204
    case .communications: return 81
    }
  }

  /// The first id; records of different kinds may bear the same one.
  var firstID: Int64 {
    self == .contacts ? 171_591_000_101 : 29_022_000_000 + Int64(rawValue) * 1_000_000_000
  }
}

import Platform

/// Makes of rows of the output what is held for contacts.
struct HoldingRows: RowTaker {
  private(set) var records: [Holding] = []
  /// If set, only these contacts are kept.
  private let wanted: Set<ContactID>?

  init(wanted: Set<ContactID>? = nil) {
    self.wanted = wanted
  }

  mutating func take(_ row: RowValues) -> String? {
    let id = Self.unguarded(row.slots[0])
    guard !id.isEmpty else { return "has no id" }
    let contact = ContactID(id.text)
    if let wanted, !wanted.contains(contact) { return nil }
    var state = HeldState()
    if !row.slots[2].isEmpty {
      guard let score = Int(Self.unguarded(row.slots[2]).text) else {
        return "score is \(PlainText.quoted(row.slots[2])), not a whole number"
      }
      state.score = score
    }
    state.band = Self.text(row.slots[3])
    state.tags = Set(Self.tags(row.slots[4]))
    state.reasons = Self.text(row.slots[5])
    records.append(Holding(contact: contact, state: state))
    return nil
  }

  /// Without the mark that keeps spreadsheets from taking text for a formula.
  static func unguarded(_ bytes: Bytes) -> Bytes {
    bytes.first == UInt8(ascii: "'") ? Bytes(rebasing: bytes[1...]) : bytes
  }

  /// The text of a field; nil for an empty one.
  static func text(_ bytes: Bytes) -> String? {
    let bare = unguarded(bytes)
    return bare.isEmpty ? nil : bare.text
  }

  static func tags(_ bytes: Bytes) -> [String] {
    unguarded(bytes).split(separator: UInt8(ascii: ";")).map { Bytes(rebasing: $0).trimmed.text }
      .filter { !$0.isEmpty }
  }
}

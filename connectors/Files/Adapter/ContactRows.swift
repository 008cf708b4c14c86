import Platform
import Scoring

/// Makes contacts of rows.
struct ContactRows: RowTaker {
  private(set) var records: [ContactRecord] = []
  private let times: TimeReader
  private var texts = TextCache(bits: 10)

  init(times: TimeReader) {
    self.times = times
  }

  mutating func take(_ row: RowValues) -> String? {
    let (id, email, others, created) = (row.slots[0], row.slots[1], row.slots[2], row.slots[3])
    var emails: [String] = email.isEmpty ? [] : [email.text]
    if !others.isEmpty {
      for part in others.split(separator: UInt8(ascii: ";")) {
        let address = Bytes(rebasing: part).trimmed.text
        if !address.isEmpty, !emails.contains(address) { emails.append(address) }
      }
    }
    let name: String
    if !id.isEmpty {
      name = id.text
    } else if let first = emails.first {
      var text = first
      guard let normalized = text.withUTF8({ AddressReader.normalized($0) }) else {
        return "has no id, and '\(first.prefix(60))' is no e-mail address"
      }
      name = normalized
    } else {
      return "has neither id nor email"
    }
    var record = ContactRecord(id: ContactID(name), emails: emails)
    record.fields.reserveCapacity(row.fields.count + 2)
    if let first = emails.first { record.fields.append(ContactField("email", first)) }
    for (name, value) in row.fields where !value.isEmpty {
      record.fields.append(ContactField(name, texts.text(value)))
    }
    if !created.isEmpty {
      guard let time = times.parse(created) else { return times.complaint("created_at", created) }
      record.createdAt = time
      record.fields.append(ContactField("created_at", created.text))
    }
    records.append(record)
    return nil
  }

  /// Gives the id that a row's contact has, if it has one.
  static func withID(of row: RowValues, _ body: (Bytes) -> Void) {
    guard row.slots[0].isEmpty else { return body(row.slots[0]) }
    let first = row.slots[1].isEmpty ? firstAddress(in: row.slots[2]) : row.slots[1]
    guard var id = AddressReader.normalized(first) else { return }
    id.withUTF8 { body($0) }
  }

  private static func firstAddress(in list: Bytes) -> Bytes {
    for part in list.split(separator: UInt8(ascii: ";")) {
      let address = Bytes(rebasing: part).trimmed
      if !address.isEmpty { return address }
    }
    return .none
  }
}

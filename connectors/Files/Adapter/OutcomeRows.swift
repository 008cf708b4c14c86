import Platform
import Scoring

/// Makes outcomes of rows.
struct OutcomeRows: RowTaker {
  private(set) var records: [OutcomeRecord] = []
  private let times: TimeReader
  private var texts = TextCache(bits: 10)
  private var addresses = AddressReader(bits: 10)

  init(times: TimeReader) {
    self.times = times
  }

  mutating func take(_ row: RowValues) -> String? {
    let (outcome, at, amount) = (row.slots[2], row.slots[3], row.slots[4])
    let subject: Subject
    if !row.slots[0].isEmpty {
      subject = .contact(ContactID(texts.text(row.slots[0])))
    } else if let address = addresses.address(row.slots[1]) {
      subject = .address(address)
    } else {
      return ActivityRows.complaint(aboutAddress: row.slots[1])
    }
    guard let result = OutcomeResult(rawValue: outcome.text) else {
      return outcome.isEmpty ? "has no outcome" : "outcome is \(PlainText.quoted(outcome)), not won or lost"
    }
    guard let time = times.parse(at) else {
      return at.isEmpty ? "has no time in 'at'" : times.complaint("at", at)
    }
    var record = OutcomeRecord(subject: subject, result: result, time: time)
    if !amount.isEmpty {
      guard let value = amount.plainNumber else {
        return "amount is \(PlainText.quoted(amount)), not a number such as 12.5"
      }
      record.amount = value
    }
    records.append(record)
    return nil
  }
}

import Foundation
import Platform
import Scoring
import WebAPI

/// Makes activities of the growth of counters, as long as HubSpot refuses the events themselves.
///
/// What was counted this way, and over which times, is remembered, so that it does not count once more when the
/// events are to be had one day. Which lists of events are refused is known from the last run's try; until it is
/// known the counters are only noted.
actor CounterGrowth {
  /// How it stands with one family of counters.
  private struct Standing {
    enum Access: String {
      case unknown
      case refused
      case allowed
    }

    var access = Access.unknown
    /// From this reading on the table has what everybody's counters were; nil: it has not.
    var firstReading: Int64?
    /// Since when growth is counted.
    var from: Int64 = 0
    /// The times over which growth was counted, each without its beginning.
    var counted: [(from: Int64, until: Int64)] = []
  }

  /// Beyond this a counter was corrected or imported; one contact does not do so much between two readings.
  static let mostGrowth: UInt32 = 500

  private let path: String?
  private var standings: [Counter.Family: Standing]?
  private var table: CounterTable?

  /// `path` is that of two files, which end in `.json` and `.table`; nil: nothing is kept, so nothing grows.
  init(path: String?) {
    self.path = path
  }

  /// Contacts are read from their start, with a new state: what is known of their counters is of the old one.
  func begin() {
    dropTable()
    for family in Counter.Family.allCases { change(family) { $0.firstReading = nil } }
  }

  private func dropTable() {
    guard let path else { return }
    table = nil
    try? FileManager.default.removeItem(atPath: path + ".table")
  }

  // MARK: What the lists of events say

  /// HubSpot refuses the events.
  func noteRefused(_ family: Counter.Family) {
    change(family) { standing in
      if standing.access == .allowed { standing.firstReading = nil }
      standing.access = .refused
    }
  }

  /// HubSpot gives the events.
  func noteAllowed(_ family: Counter.Family) {
    change(family) { standing in
      standing.access = .allowed
      standing.firstReading = nil
    }
    // Nobody compares with it any more.
    if Counter.Family.allCases.allSatisfy({ standing($0).access == .allowed }) { dropTable() }
  }

  /// Whether an event of that time was counted already.
  func hasCounted(_ family: Counter.Family, at time: Timestamp) -> Bool {
    standing(family).counted.contains { $0.from < time.seconds && time.seconds <= $0.until }
  }

  /// Whether everybody has to be listed, so that there is something to compare with.
  func needsList() -> Bool {
    guard path != nil else { return false }
    return Counter.Family.allCases.contains {
      standing($0).access == .refused && standing($0).firstReading == nil
    }
  }

  // MARK: What the contacts say

  /// Notes the counters of contacts, and gives what grew since the reading before.
  func take(
    _ contacts: [JSONValue], into page: inout Page, reading: Int64, _ window: PullWindow
  ) throws(ConnectorFailure) {
    let families = Counter.Family.allCases.filter { standing($0).access != .allowed }
    guard let path, !families.isEmpty else { return }
    if !page.reading.isContinuation {
      for family in families where standing(family).firstReading == nil {
        change(family) { standing in
          standing.firstReading = reading
          standing.from = window.now.seconds
        }
      }
    }
    if table == nil { table = try CounterTable(path: path + ".table") }
    guard let table else { return }
    for contact in contacts {
      guard let id = ContactMapping.id(of: contact), let number = Int64(id.text) else { continue }
      let old = try table.entry(of: number)
      // A reading that is older than what is known is a repetition of one that was used.
      guard old.map({ Int64($0.reading) <= reading }) ?? true else { continue }
      var entry = Self.entry(contact, reading)
      if let old { entry.before = Int64(old.reading) == reading ? old.before : old.values }
      if let old, old.merged == entry.merged {
        for (index, counter) in Counter.all.enumerated() {
          let first = standing(counter.family).firstReading
          guard standing(counter.family).access == .refused, let first,
            Int64(old.reading) == reading || Int64(old.reading) >= first, first < reading
          else { continue }
          add(counter, of: id, contact, from: entry.before[index], to: entry.values[index], &page, window)
        }
      } else if old != nil {
        // The winner of a merge has what both did.
        entry.before = entry.values
      }
      if entry != old { try table.set(entry, of: number) }
    }
    for family in families where standing(family).access == .refused {
      guard let first = standing(family).firstReading, first < reading else { continue }
      noteCounted(family, until: window.now.seconds)
    }
  }

  private static func entry(_ contact: JSONValue, _ reading: Int64) -> CounterTable.Entry {
    let properties = contact["properties"]
    var entry = CounterTable.Entry()
    entry.reading = UInt32(clamping: reading)
    entry.merged = UInt32(clamping: ContactMapping.list(properties["hs_merged_object_ids"]).count)
    for (index, counter) in Counter.all.enumerated() {
      let value = properties[counter.property]
      // A counter that has no value yet stands at 0.
      let number = value.integer ?? (value.boolean == true ? 1 : 0)
      entry.values[index] = min(UInt32(clamping: number), CounterTable.unknown - 1)
    }
    return entry
  }

  private func add(
    _ counter: Counter, of id: ContactID, _ contact: JSONValue, from old: UInt32, to new: UInt32,
    _ page: inout Page, _ window: PullWindow
  ) {
    guard old != CounterTable.unknown, new > old else { return }
    let properties = contact["properties"]
    let said = counter.date.flatMap { HubSpotTime.read(properties[$0]) }
    let time = said ?? HubSpotTime.read(properties["lastmodifieddate"]) ?? window.now
    guard new - old <= Self.mostGrowth else {
      page.rejected.append(
        RejectedRecord(
          place: "contacts/\(id)",
          reason: "\(counter.property) jumped from \(old) to \(new), which is no growth by activity"))
      return
    }
    guard time >= window.since else {
      page.skippedAsOlder += Int(new - old)
      return
    }
    for number in old + 1...new {
      page.activities.append(
        ActivityRecord(
          subject: .contact(id), kind: .known(counter.kind), time: time,
          target: counter.target.flatMap { ContactMapping.text(properties[$0]) },
          campaign: counter.campaign.flatMap { ContactMapping.text(properties[$0]) },
          identity: .id("\(counter.property)/\(id)/\(number)")))
    }
  }

  // MARK: What is remembered

  private func noteCounted(_ family: Counter.Family, until: Int64) {
    let from = standing(family).from
    guard standing(family).counted.last.map({ $0.from != from || $0.until < until }) ?? true else { return }
    change(family) { standing in
      if standing.counted.last?.from == from { standing.counted.removeLast() }
      standing.counted.append((from, until))
    }
  }

  private func standing(_ family: Counter.Family) -> Standing {
    if standings == nil { standings = load() }
    return standings?[family] ?? Standing()
  }

  private func change(_ family: Counter.Family, _ change: (inout Standing) -> Void) {
    var new = standing(family)
    let old = Self.text(new)
    change(&new)
    guard Self.text(new).bytes != old.bytes else { return }
    standings?[family] = new
    save()
  }

  private static func text(_ standing: Standing) -> JSONOutput {
    .object([
      ("access", .text(standing.access.rawValue)),
      ("first", standing.firstReading.map { .integer(Int($0)) } ?? .null),
      ("from", .integer(Int(standing.from))),
      (
        "counted",
        .list(standing.counted.map { .list([.integer(Int($0.from)), .integer(Int($0.until))]) })
      ),
    ])
  }

  private func load() -> [Counter.Family: Standing] {
    guard let path, let data = FileManager.default.contents(atPath: path + ".json"),
      let json = try? JSONValue.parse([UInt8](data))
    else { return [:] }
    var standings: [Counter.Family: Standing] = [:]
    for family in Counter.Family.allCases {
      let saved = json[family.rawValue]
      var standing = Standing()
      standing.access = saved["access"].text.flatMap(Standing.Access.init(rawValue:)) ?? .unknown
      standing.firstReading = saved["first"].integer.map(Int64.init)
      standing.from = Int64(saved["from"].integer ?? 0)
      standing.counted = saved["counted"].elements.compactMap { pair in
        guard let from = pair[0].integer, let until = pair[1].integer else { return nil }
        return (Int64(from), Int64(until))
      }
      standings[family] = standing
    }
    return standings
  }

  private func save() {
    guard let path, let standings else { return }
    let members = Counter.Family.allCases.compactMap { family in
      standings[family].map { (family.rawValue, Self.text($0)) }
    }
    GovernorFile(path: path + ".json").save(JSONOutput.object(members).bytes)
  }
}

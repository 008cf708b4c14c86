import Platform
import Scoring
import WebAPI

/// What became of deals, by the history of their stages: created, won and lost, with their amounts.
struct DealStages: ActivitySource {
  let api: Bitrix24API
  let rows: Int

  let stream = StreamName("deals")
  let part = FirstPages.Part.stages

  func list(since: String) -> KeysetList {
    KeysetList(
      method: "crm.stagehistory.list",
      parameters: [("entityTypeId", "2"), ("filter[>=CREATED_TIME]", since)], isWrapped: true)
  }

  func take(
    _ rows: [JSONValue], into page: inout Page, _ window: PullWindow
  ) async throws(ConnectorFailure) {
    var moves: [(row: JSONValue, id: Int, deal: Int64)] = []
    for row in rows {
      guard let id = row["ID"].integer, let deal = row["OWNER_ID"].integer else {
        page.rejected.append(RejectedRecord(place: stream.text, reason: "a stage has no id or no deal"))
        continue
      }
      moves.append((row, id, Int64(deal)))
    }
    guard !moves.isEmpty else { return }
    let deals = try await deals(Set(moves.map(\.deal)).sorted())
    for number in Set(moves.map(\.deal)).sorted() {
      guard let deal = deals[number] else { continue }
      if deal.people.isEmpty { page.leftOut += 1 }
      guard let created = deal.created else { continue }
      add(.dealCreated, created, deal, "\(number)/created", into: &page, window)
    }
    for (row, id, number) in moves {
      // A deal that was deleted, or that may not be seen, is nobody's.
      guard let deal = deals[number] else { continue }
      let isWon = row["STAGE_SEMANTIC_ID"].text == "S"
      guard isWon || row["STAGE_SEMANTIC_ID"].text == "F" else { continue }
      guard let time = Bitrix24Time.read(row["CREATED_TIME"]) else {
        page.rejected.append(RejectedRecord(place: "\(stream)/stage \(id)", reason: "the stage has no time"))
        continue
      }
      add(isWon ? .dealWon : .dealLost, time, deal, "stage\(id)", into: &page, window)
      guard time >= window.since else { continue }
      page.outcomes += deal.people.map {
        OutcomeRecord(
          subject: .contact($0.id), result: isWon ? .won : .lost, time: time, amount: deal.amount)
      }
    }
  }

  private func add(
    _ kind: KnownKind, _ time: Timestamp, _ deal: Deals.Deal, _ identity: String, into page: inout Page,
    _ window: PullWindow
  ) {
    guard time >= window.since else {
      page.skippedAsOlder += 1
      return
    }
    for (place, person) in deal.people.enumerated() {
      page.activities.append(
        ActivityRecord(
          subject: .contact(person.id), kind: .known(kind), time: time, target: deal.title,
          value: deal.amount,
          identity: .id("\(stream)/\(identity)\(place == 0 ? "" : "#\(place)")")))
    }
  }

  private func deals(_ numbers: [Int64]) async throws(ConnectorFailure) -> [Int64: Deals.Deal] {
    var found: [Int64: Deals.Deal] = [:]
    let commands = Deals.commands(numbers, rows: rows)
    for start in stride(from: 0, to: commands.count, by: Bitrix24API.mostCommands) {
      let part = Array(commands[start..<min(commands.count, start + Bitrix24API.mostCommands)])
      let answer = try await api.read(part)
      for command in part { _ = try api.needed(command, answer) }
      for deal in Deals.deals(answer, part) { found[deal.number] = deal }
    }
    return found
  }
}

/// Deals by their numbers.
enum Deals {
  /// A deal.
  struct Deal: Sendable {
    let number: Int64
    let people: [PersonNumber]
    let title: String?
    let amount: Double?
    let created: Timestamp?
  }

  static let method = "crm.item.list"
  private static let selected = [
    "id", "title", "contactId", "contactIds", "opportunity", "createdTime",
  ]

  /// Asks for deals, as many with one command as a page has rows; only the universal list tells of all their contacts.
  static func commands(_ numbers: [Int64], rows: Int) -> [NamedCommand] {
    stride(from: 0, to: numbers.count, by: rows).map { start in
      let part = numbers[start..<min(numbers.count, start + rows)]
      return NamedCommand(
        "d\(start)",
        Command(
          method,
          [("entityTypeId", "2")] + selected.enumerated().map { ("select[\($0)]", $1) }
            + part.enumerated().map { ("filter[@id][\($0)]", "\($1)") } + [
              ("order[id]", "ASC"), ("start", "-1"),
            ]
        ))
    }
  }

  /// The deals of answers.
  static func deals(_ answer: BatchAnswer, _ commands: [NamedCommand]) -> [Deal] {
    commands.flatMap { answer.value($0)?["items"].elements ?? [] }.compactMap { item in
      guard let number = item["id"].integer else { return nil }
      var contacts = Set(item["contactIds"].elements.compactMap(\.integer))
      if let contact = item["contactId"].integer { contacts.insert(contact) }
      return Deal(
        number: Int64(number),
        people: contacts.filter { $0 > 0 }.sorted().map { PersonNumber(.contact, Int64($0)) },
        title: ContactMapping.text(item["title"]), amount: item["opportunity"].number,
        created: Bitrix24Time.read(item["createdTime"]))
    }
  }
}

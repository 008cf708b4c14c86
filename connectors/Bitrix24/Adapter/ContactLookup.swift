import Platform
import WebAPI

/// Looks single contacts and leads up.
struct ContactLookup: Sendable {
  let api: Bitrix24API
  let mapping: ContactMapping
  let portal: Portal
  let rows: Int
  /// The most contacts in one request.
  static let most = 2_500

  /// What there is now; what is not found is gone: nothing in Bitrix24 tells that somebody was merged away.
  func current(_ contacts: [ContactID]) async throws(ConnectorFailure) -> [ContactID: CurrentState] {
    var answers: [ContactID: CurrentState] = [:]
    let found = try await read(contacts.compactMap(PersonNumber.init))
    for contact in contacts {
      let row = PersonNumber(contact).flatMap { found[$0] }
      answers[contact] = row.map { .present(mapping.held($0)) } ?? .gone
    }
    return answers
  }

  /// Those of these that are there.
  func read(_ people: [PersonNumber]) async throws(ConnectorFailure) -> [PersonNumber: ContactMapping.Row] {
    var found: [PersonNumber: ContactMapping.Row] = [:]
    guard !people.isEmpty else { return found }
    let facts = try await portal.known()
    var commands: [(kind: PersonKind, command: NamedCommand)] = []
    for kind in PersonKind.allCases {
      let numbers = people.filter { $0.kind == kind }.map(\.number).sorted()
      for start in stride(from: 0, to: numbers.count, by: rows) {
        let part = Array(numbers[start..<min(numbers.count, start + rows)])
        commands.append(
          (kind, NamedCommand("\(kind.rawValue)\(start)", mapping.lookup(kind, facts, part))))
      }
    }
    let most = min(Bitrix24API.mostCommands, api.pace.most(of: commands[0].command.command.method))
    for start in stride(from: 0, to: commands.count, by: most) {
      let part = commands[start..<min(commands.count, start + most)]
      let answer = try await api.read(part.map(\.command))
      for (kind, command) in part {
        if case .trouble(let trouble) = answer[command], trouble.kind == .noMethod, facts.hasClassic {
          await portal.loseClassic()
          return try await read(people)
        }
        let value = try api.needed(command, answer)
        for json in (facts.hasClassic ? value : value["items"]).elements {
          let row = ContactMapping.Row(
            json: json, kind: kind, isUniversal: !facts.hasClassic, catalogue: facts.catalogues[kind])
          if let number = row.number { found[PersonNumber(kind, number)] = row }
        }
      }
    }
    return found
  }
}

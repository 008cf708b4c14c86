import Platform
import WebAPI

/// The names of companies, which contacts name by their numbers.
actor CompanyNames {
  private let api: Bitrix24API
  private let sizes: ChainSizes
  private var known: [Int64: String] = [:]
  /// So many are kept at most.
  private static let most = 200_000

  init(api: Bitrix24API, sizes: ChainSizes) {
    self.api = api
    self.sizes = sizes
  }

  /// Reads all companies, which for a list of everybody takes fewer requests than asking for those of each page.
  func readAll() async throws(ConnectorFailure) {
    var list = KeysetList(
      method: "crm.company.list", parameters: [("select[0]", "ID"), ("select[1]", "TITLE")])
    list.rows = sizes.rows
    var (after, count) = (Int64(0), 1)
    known = [:]
    while known.count < Self.most {
      let commands = list.commands(after: after, count: count)
      let chain = try list.chain(try await api.read(commands), after: after, count: count)
      // Without the right to see companies contacts have none.
      guard chain.trouble == nil else { return }
      chain.rows.forEach(take)
      if chain.isEnd { return }
      after = chain.last
      count = chain.isFull ? sizes.next(after: count, pace: api.pace, method: list.method) : 1
    }
  }

  /// The names of these companies; those that may not be seen are missing.
  func names(_ numbers: Set<Int64>) async throws(ConnectorFailure) -> [Int64: String] {
    if known.count > Self.most { known = [:] }
    let missing = numbers.filter { known[$0] == nil }.sorted()
    let commands = stride(from: 0, to: missing.count, by: sizes.rows).map { start in
      let part = missing[start..<min(missing.count, start + sizes.rows)]
      return NamedCommand(
        "i\(start)",
        Command(
          "crm.company.list",
          [("select[0]", "ID"), ("select[1]", "TITLE")]
            + part.enumerated().map { ("filter[@ID][\($0)]", "\($1)") } + [("start", "-1")]))
    }
    for start in stride(from: 0, to: commands.count, by: Bitrix24API.mostCommands) {
      let part = Array(commands[start..<min(commands.count, start + Bitrix24API.mostCommands)])
      let answer = try await api.read(part)
      for command in part { answer.value(command)?.elements.forEach(take) }
    }
    return known.filter { numbers.contains($0.key) }
  }

  private func take(_ company: JSONValue) {
    guard let number = company["ID"].integer, let title = ContactMapping.text(company["TITLE"]) else {
      return
    }
    known[Int64(number)] = title
  }
}

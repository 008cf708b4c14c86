import Platform
import WebAPI

/// Names of e-mails, forms and assets: rules speak of names, rows of numbers.
actor MauticNames {
  /// What has names.
  enum Sort: String {
    case emails
    case forms
    case assets
  }

  private let api: MauticAPI
  private var known: [Sort: [Int: String]] = [:]
  private var missing: Set<String> = []
  private static let pageSize = 500

  init(api: MauticAPI) {
    self.api = api
  }

  /// The names of these numbers; a number without one is called `email 12`.
  func names(of ids: Set<Int>, _ sort: Sort) async throws(ConnectorFailure) -> [Int: String] {
    let unknown = ids.filter { known[sort]?[$0] == nil && !missing.contains("\(sort.rawValue)/\($0)") }
    if !unknown.isEmpty {
      known[sort] = try await load(sort)
      for id in unknown where known[sort]?[id] == nil { missing.insert("\(sort.rawValue)/\(id)") }
    }
    var names: [Int: String] = [:]
    for id in ids { names[id] = known[sort]?[id] ?? "\(sort.rawValue.dropLast()) \(id)" }
    return names
  }

  private func load(_ sort: Sort) async throws(ConnectorFailure) -> [Int: String] {
    var names: [Int: String] = [:]
    var start = 0
    var memory = PageMemory()
    while true {
      let answer = try await api.answer(
        to: APICall(
          path: "/api/\(sort.rawValue)",
          query: [
            ("limit", "\(Self.pageSize)"), ("start", "\(start)"), ("orderBy", "id"), ("orderByDir", "ASC"),
            ("minimal", "1"),
          ]))
      // Without the right to see them, activities go by number; `check` says so.
      if answer.status == 403 || answer.status == 404 { return names }
      // A number in place of a name would stay on the activities, so that trouble that passes ends the call.
      guard answer.status == 200 else { throw api.refusal(answer, of: "/api/\(sort.rawValue)") }
      let entries = answer.json[sort.rawValue].elements
      for entry in entries {
        guard let id = entry["id"].integer else { continue }
        let name = sort == .assets ? entry["title"].text : entry["name"].text ?? entry["subject"].text
        if let name, !name.isEmpty { names[id] = name }
      }
      guard entries.count >= Self.pageSize else { return names }
      try api.demandNews(answer, of: "/api/\(sort.rawValue)", &memory)
      start += entries.count
    }
  }
}

import Foundation
import Platform
import SimulatorJSON

/// Where a path leads.
enum Route {
  /// A method in small letters, with the webhook's user and secret if they stand in the path.
  case method(String, webhook: (user: String, secret: String)?)
  /// The tokens of applications.
  case token

  init?(_ path: String) {
    let parts = path.split(separator: "/").map { $0.removingPercentEncoding ?? String($0) }
    if parts == ["oauth", "token"] {
      self = .token
      return
    }
    guard parts.first == "rest" else { return nil }
    switch parts.count {
    case 2: self = .method(Self.method(parts[1]), webhook: nil)
    case 4: self = .method(Self.method(parts[3]), webhook: (parts[1], parts[2]))
    default: return nil
    }
  }

  private static func method(_ text: String) -> String {
    let name = text.lowercased()
    return name.hasSuffix(".json") ? String(name.dropLast(5)) : name
  }
}

/// The parameters of a request.
enum Parameters {
  /// Those of the body over those of the query; the body of a GET counts for nothing, and neither does one that
  /// does not say what it is.
  static func read(_ request: SimulatedRequest) -> JSON {
    let query = QueryTree.tree(request.query)
    guard request.method != "GET", !request.body.isEmpty else { return query }
    let type = request.header("Content-Type")?.lowercased() ?? ""
    var body = JSON.null
    if type.hasPrefix("application/json") {
      body = JSONInput.parse(request.body) ?? .null
    } else if type.hasPrefix("application/x-www-form-urlencoded") {
      body = QueryTree.tree(QueryTree.pairs(String(decoding: request.body, as: UTF8.self)))
    }
    guard body.isArray else { return query }
    let named = Set(body.entries.map { $0.name })
    return .map(query.entries.filter { !named.contains($0.name) } + body.entries)
  }
}

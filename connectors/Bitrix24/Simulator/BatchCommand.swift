import SimulatorJSON

/// A command of a batch: `crm.contact.list?order[ID]=ASC&filter[>ID]=$result[p1][49][ID]`.
struct BatchCommand {
  /// In small letters.
  let method: String
  let parameters: JSON

  init(_ text: String) {
    let sides = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    method = sides.first?.lowercased() ?? ""
    parameters = QueryTree.tree(QueryTree.pairs(sides.count > 1 ? sides[1] : ""))
  }

  /// The parameters with what earlier commands gave in place of `$result[..]`; a text that begins so and
  /// leads nowhere is empty.
  static func resolved(_ parameters: JSON, with results: [JSON.Member]) -> JSON {
    switch parameters {
    case .map(let members):
      return .map(members.map { JSON.Member($0.name, resolved($0.value, with: results)) })
    case .text(let text) where text.hasPrefix("$result["):
      let path = text.dropFirst(8).prefix { $0 != " " }.split(separator: "[").map { part in
        String(part.hasSuffix("]") ? part.dropLast() : part)
      }
      var value: JSON? = .map(results)
      for name in path { value = value?.entry(name) }
      return value ?? ""
    default: return parameters
    }
  }
}

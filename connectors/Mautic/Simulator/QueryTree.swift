import Platform

/// A query string's pairs as PHP nests them: `where[0][col]=id` is `where` → `0` → `col` → `id`.
struct QueryTree {
  private(set) var text: String?
  private(set) var children: [QueryBranch] = []

  private init() {}

  /// Nests pairs whose names are decoded already.
  init(_ pairs: [SimulatedPair]) {
    for pair in pairs {
      insert(pair.value, at: Self.path(of: pair.name)[...])
    }
  }

  /// What stands under a name.
  subscript(name: String) -> QueryTree? {
    children.last { $0.name == name }?.tree
  }

  /// The text under a name; nil if there is none, or if more is nested there.
  func text(_ name: String) -> String? {
    self[name]?.text
  }

  /// The number under a name, as PHP reads it: digits at its start, else 0.
  func integer(_ name: String) -> Int? {
    guard let text = text(name) else { return nil }
    let sign = text.hasPrefix("-") ? -1 : 1
    let digits = text.drop { "+-".contains($0) }.prefix { $0.isASCII && $0.isNumber }
    return sign * (Int(digits) ?? 0)
  }

  /// The JSON value that PHP would make of it: text, a list if the names run 0, 1, 2…, else a map.
  var value: JSONValue {
    if let text { return .text(text) }
    let values = children.map { $0.tree.value }
    if children.enumerated().allSatisfy({ $0.element.name == "\($0.offset)" }) { return .list(values) }
    return .map(children.map { JSONMember($0.name, $0.tree.value) })
  }

  private mutating func insert(_ value: String, at path: ArraySlice<String>) {
    guard let first = path.first else {
      text = value
      return
    }
    let name = first.isEmpty ? "\(children.count)" : first
    if let place = children.firstIndex(where: { $0.name == name }) {
      children[place].tree.insert(value, at: path.dropFirst())
    } else {
      var tree = QueryTree()
      tree.insert(value, at: path.dropFirst())
      children.append(QueryBranch(name: name, tree: tree))
    }
  }

  private static func path(of name: String) -> [String] {
    guard let open = name.firstIndex(of: "["), open != name.startIndex else { return [name] }
    var path = [String(name[..<open])]
    var rest = name[open...]
    while rest.first == "[", let close = rest.firstIndex(of: "]") {
      path.append(String(rest[rest.index(after: rest.startIndex)..<close]))
      rest = rest[rest.index(after: close)...]
    }
    return path
  }
}

/// A name and what is nested under it.
struct QueryBranch {
  let name: String
  fileprivate(set) var tree: QueryTree
}

/// Things that are known by a name: e-mails, forms, assets, pages; numbered from 1.
struct NameList: Sendable {
  private(set) var names: [(name: String, added: Int64)] = []
  private var ids: [String: Int] = [:]

  /// The id of a name, new or known.
  mutating func id(of name: String, at moment: Int64) -> Int {
    if let known = ids[name] { return known }
    names.append((name, moment))
    ids[name] = names.count
    return names.count
  }
}

/// All tags of a server, numbered from 1; names differ by case.
struct TagList: Sendable {
  private(set) var names: [String] = []
  private var ids: [String: Int] = [:]

  /// The stored name of a tag.
  subscript(id: Int) -> String { names[id - 1] }

  /// The id of a stored name.
  func known(_ name: String) -> Int? { ids[name] }

  /// The id of a stored name, new or known.
  mutating func id(of name: String) -> Int {
    if let known = ids[name] { return known }
    names.append(name)
    ids[name] = names.count
    return names.count
  }
}

/// A segment; its members are rows of `lead_lists_leads`.
struct Segment: Sendable {
  let name: String
  let alias: String
  let filters: JSONValue
  let isGlobal: Bool
  let added: Int64
  let writer: ContactWriter
  /// When each member came.
  var members: [Int: Int64] = [:]
}

/// A point group.
struct PointGroup: Sendable {
  let name: String
  let description: String?
  let added: Int64
  let writer: ContactWriter
}

@testable import MauticSimulator

/// What types stand where in a JSON value; the elements of a list, and those of a map keyed by numbers, are
/// taken together.
struct JSONShape: Equatable {
  enum Kind: String {
    case null, bool, integer, number, text, emptyList, list, emptyMap, map, keyedMap
  }

  /// A member of a map, and whether every map that was taken together has it.
  struct Member: Equatable {
    var shape: JSONShape
    var isAlways: Bool
  }

  private(set) var kinds: Set<Kind> = []
  private(set) var members: [String: Member] = [:]
  private(set) var elements: [JSONShape] = []

  init(_ value: JSONValue) {
    switch value {
    case .null: kinds = [.null]
    case .bool: kinds = [.bool]
    case .integer: kinds = [.integer]
    case .number: kinds = [.number]
    case .text: kinds = [.text]
    case .list(let items):
      kinds = [items.isEmpty ? .emptyList : .list]
      collect(items)
    case .map(let pairs):
      if pairs.isEmpty {
        kinds = [.emptyMap]
      } else if pairs.allSatisfy({ Int($0.name) != nil }) {
        kinds = [.keyedMap]
        collect(pairs.map { $0.value })
      } else {
        kinds = [.map]
        for pair in pairs { members[pair.name] = Member(shape: JSONShape(pair.value), isAlways: true) }
      }
    }
  }

  private mutating func collect(_ items: [JSONValue]) {
    guard let first = items.first else { return }
    elements = [items.dropFirst().reduce(JSONShape(first)) { $0.merged(with: JSONShape($1)) }]
  }

  private func merged(with other: JSONShape) -> JSONShape {
    var result = self
    result.kinds.formUnion(other.kinds)
    for (name, member) in other.members {
      if let known = members[name] {
        result.members[name] = Member(
          shape: known.shape.merged(with: member.shape), isAlways: known.isAlways && member.isAlways)
      } else {
        result.members[name] = Member(shape: member.shape, isAlways: !kinds.contains(.map) && member.isAlways)
      }
    }
    for name in members.keys where other.kinds.contains(.map) && other.members[name] == nil {
      result.members[name]?.isAlways = false
    }
    switch (elements.first, other.elements.first) {
    case (let left?, let right?): result.elements = [left.merged(with: right)]
    case (nil, let right?): result.elements = [right]
    default: break
    }
    return result
  }
}

/// What may differ between two servers because their people differ; everything else must be the same.
struct ShapeAllowances {
  /// Members that may be null in one and have their type in the other.
  var nullable: Set<String> = []
  /// Lists that may be empty in one only.
  var maybeEmpty: Set<String> = []
  /// Members that one may leave out.
  var optional: Set<String> = []
  /// Whether `normalizedValue` and `value` inside `fields` may be null or an empty text where the other has a
  /// value: which fields a contact has filled in is the person's business.
  var filledFieldsDiffer = false

  /// Where the shapes differ: `contacts.#.points: recorded integer, simulated text`.
  func differences(_ recorded: JSONShape, _ simulated: JSONShape, at path: [String] = []) -> [String] {
    var found: [String] = []
    let name = path.last ?? ""
    var left = recorded.kinds
    var right = simulated.kinds
    if nullable.contains(name) || isFieldValue(path) {
      forgive(.null, &left, &right)
    }
    if filledFieldsDiffer, name == "normalizedValue", path.contains("fields") {
      left = []
      right = []
    }
    if maybeEmpty.contains(name) { forgive(.emptyList, &left, &right) }
    if left != right {
      found.append(
        "\(path.joined(separator: ".")): recorded \(Self.list(recorded.kinds)), "
          + "simulated \(Self.list(simulated.kinds))")
    }
    for member in Set(recorded.members.keys).union(simulated.members.keys).sorted() {
      found += differences(recorded, simulated, of: member, at: path)
    }
    if let left = recorded.elements.first, let right = simulated.elements.first {
      found += differences(left, right, at: path + ["#"])
    }
    return found
  }

  private func differences(
    _ recorded: JSONShape, _ simulated: JSONShape, of member: String, at path: [String]
  ) -> [String] {
    guard recorded.kinds.contains(.map), simulated.kinds.contains(.map) else { return [] }
    let place = (path + [member]).joined(separator: ".")
    switch (recorded.members[member], simulated.members[member]) {
    case (let left?, let right?):
      var found = differences(left.shape, right.shape, at: path + [member])
      if left.isAlways != right.isAlways, !optional.contains(member) {
        found.append("\(place): \(left.isAlways ? "recorded" : "simulated") always, the other not")
      }
      return found
    case (nil, nil): return []
    case (let left, _):
      if optional.contains(member) { return [] }
      return ["\(place): only \(left == nil ? "simulated" : "recorded")"]
    }
  }

  /// `fields.all.city` or `fields.core.city.value`.
  private func isFieldValue(_ path: [String]) -> Bool {
    guard filledFieldsDiffer, let place = path.lastIndex(of: "fields") else { return false }
    let rest = path[(place + 1)...]
    return rest.first == "all" && rest.count == 2 || rest.count == 3 && rest.last == "value"
  }

  private func forgive(
    _ kind: JSONShape.Kind, _ left: inout Set<JSONShape.Kind>, _ right: inout Set<JSONShape.Kind>
  ) {
    left.remove(kind)
    right.remove(kind)
    if left.isEmpty || right.isEmpty {
      left = []
      right = []
    }
  }

  private static func list(_ kinds: Set<JSONShape.Kind>) -> String {
    kinds.map { $0.rawValue }.sorted().joined(separator: "|")
  }
}

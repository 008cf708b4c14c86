import SimulatorJSON

/// JSON with PHP's ways where they show: a list is a map whose keys count from 0, and the other way round.
extension JSON {
  /// A map as PHP writes an array: nothing in it makes `[]`, and keys that count from 0 make a list.
  static func php(_ members: [Member]) -> JSON {
    let isList = members.enumerated().allSatisfy { $1.name == String($0) }
    return isList ? .list(members.map { $0.value }) : .map(members)
  }

  /// The member of this name, or the element at this place.
  func entry(_ name: String) -> JSON? {
    guard case .list(let elements) = self else { return self[name] }
    return Int(name).flatMap { elements.indices.contains($0) ? elements[$0] : nil }
  }

  /// The values of a list or a map, which is one thing to PHP; none of anything else.
  var values: [JSON] {
    guard case .list(let elements) = self else { return members.map { $0.value } }
    return elements
  }

  /// Names and values; the names of a list are its places.
  var entries: [Member] {
    guard case .list(let elements) = self else { return members }
    return elements.enumerated().map { Member(String($0), $1) }
  }

  /// Whether PHP would have an array here.
  var isArray: Bool {
    switch self {
    case .list, .map: true
    default: false
    }
  }

  /// What PHP makes of a scalar in a text; nil for null, lists and maps.
  var phpText: String? {
    guard case .bool(let truth) = self else { return scalar }
    return truth ? "1" : ""
  }

  /// A whole number, also one in quotes.
  var phpWhole: Int64? { phpText.flatMap { Int64($0) } }

  /// A parameter by its name in any case, as the older methods take it.
  func parameter(_ name: String) -> JSON? {
    entries.last { $0.name.count == name.count && $0.name.lowercased() == name }?.value
  }
}

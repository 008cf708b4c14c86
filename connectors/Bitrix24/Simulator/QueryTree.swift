import Foundation
import Platform
import SimulatorJSON

/// Reads pairs as PHP does: `filter[>ID]=5&select[]=ID` becomes arrays in arrays with texts in them.
enum QueryTree {
  /// The pairs of an encoded query: blanks may stand as plus signs, and brackets raw or encoded.
  static func pairs(_ text: some StringProtocol) -> [SimulatedPair] {
    text.split(separator: "&").map { pair in
      let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return SimulatedPair(decoded(sides[0]), sides.count > 1 ? decoded(sides[1]) : "")
    }
  }

  private static func decoded(_ text: some StringProtocol) -> String {
    let plain = text.contains("+") ? text.replacingOccurrences(of: "+", with: " ") : String(text)
    return plain.contains("%") ? plain.removingPercentEncoding ?? plain : plain
  }

  /// The arrays that decoded pairs spell; a later value replaces an earlier one of the same name.
  static func tree(_ pairs: [SimulatedPair]) -> JSON {
    var members: [JSON.Member] = []
    for pair in pairs where !pair.name.isEmpty {
      insert(.text(pair.value), at: path(pair.name)[...], into: &members)
    }
    return .map(members)
  }

  /// `filter[>ID][0]` is `filter`, `>ID`, `0`; a bracket that is not closed is part of the name.
  private static func path(_ name: String) -> [String] {
    guard let open = name.firstIndex(of: "["), open > name.startIndex, name.hasSuffix("]") else {
      return [name]
    }
    let rest = name[name.index(after: open)...].dropLast()
    return [String(name[..<open])] + rest.components(separatedBy: "][")
  }

  private static func insert(_ value: JSON, at path: ArraySlice<String>, into members: inout [JSON.Member]) {
    guard var name = path.first else { return }
    if name.isEmpty { name = String((members.compactMap { Int($0.name) }.max() ?? -1) + 1) }
    let place = members.firstIndex { $0.name == name }
    guard path.count > 1 else {
      if let place { members[place].value = value } else { members.append(JSON.Member(name, value)) }
      return
    }
    var inner = place.map { members[$0].value.entries } ?? []
    insert(value, at: path.dropFirst(), into: &inner)
    if let place {
      members[place].value = .map(inner)
    } else {
      members.append(JSON.Member(name, .map(inner)))
    }
  }
}

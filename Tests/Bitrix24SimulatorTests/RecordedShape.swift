import Foundation
import SimulatorJSON

@testable import Bitrix24Simulator

/// An answer of a real portal.
enum Recorded {
  static func answer(_ name: String) throws -> JSON {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Recorded")
    let data = try Data(contentsOf: folder.appending(path: name + ".json"))
    return JSONInput.parse(Array(data)) ?? .null
  }
}

extension JSON {
  /// Every path to a value, with the value's kind; elements of a list are one path, and so are the names of maps
  /// that somebody chose.
  func shape(chosen: Set<String> = [], at path: String = "") -> Set<String> {
    switch self {
    case .null: return []
    case .bool: return [path + " truth"]
    case .integer, .number: return [path + " number"]
    case .text: return [path + " text"]
    case .list(let elements):
      return elements.reduce(into: [path + " list"]) {
        $0.formUnion($1.shape(chosen: chosen, at: path + "/0"))
      }
    case .map(let members):
      return members.reduce(into: [path + " map"]) { result, member in
        let name = chosen.contains(path) ? "*" : member.name
        result.formUnion(member.value.shape(chosen: chosen, at: path + "/" + name))
      }
    }
  }
}

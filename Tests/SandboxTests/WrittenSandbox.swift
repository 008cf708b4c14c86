import Foundation
import Sandbox
import Scoring

/// A sandbox in a folder of its own, and what stands in its files.
final class WrittenSandbox {
  let folder: String
  let sandbox: FileSandbox
  let summary: SandboxSummary

  static let now = Timestamp(1_764_000_000)

  init(
    people: Int = 3_000, activitiesPerPerson: Double = 10, seed: UInt64 = 7,
    connections: SandboxConnections = .two, sortedByTime: Bool = true
  ) throws {
    folder = NSTemporaryDirectory() + "sandbox-" + UUID().uuidString
    let world = GeneratedWorld(
      people: people, activitiesPerPerson: activitiesPerPerson, seed: seed, now: Self.now,
      connections: connections)
    sandbox = FileSandbox(world: world, sortedByTime: sortedByTime)
    summary = try sandbox.write(to: folder)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: folder)
  }

  var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: folder).sorted() }
  }

  func text(_ name: String) throws -> String {
    try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
  }

  /// Rows by the names of the header.
  func rows(_ name: String) throws -> [[String: String]] {
    Self.rows(of: try text(name))
  }

  /// Rows of a file's text by the names of the header.
  static func rows(of text: String) -> [[String: String]] {
    let all = parse(text)
    guard let header = all.first else { return [] }
    return all.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(header, $0)) }
  }

  func contacts(_ connection: String) throws -> [[String: String]] {
    try rows("\(connection)-contacts.csv")
  }

  func activities(_ connection: String) throws -> [[String: String]] {
    try rows("\(connection)-activities.csv")
  }

  /// RFC 4180 with line feeds.
  private static func parse(_ text: String) -> [[String]] {
    var rows: [[String]] = []
    var row: [String] = []
    var field: [UInt8] = []
    var isQuoted = false
    var previous: UInt8 = 0
    func finished() -> String { String(decoding: field, as: UTF8.self) }
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""):
        if !isQuoted && previous == byte { field.append(byte) }
        isQuoted.toggle()
      case UInt8(ascii: ",") where !isQuoted:
        row.append(finished())
        field = []
      case UInt8(ascii: "\n") where !isQuoted:
        row.append(finished())
        rows.append(row)
        (row, field) = ([], [])
      default: field.append(byte)
      }
      previous = byte
    }
    return rows
  }
}

import Foundation
import Testing

/// A folder with the files of one user, who runs the program in it.
final class Workplace: Sendable {
  let path: String

  /// An empty folder.
  init() throws {
    path = NSTemporaryDirectory() + "leadgauge-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Three people: An looked at five pages and decides, Ben clicked once, Chi did nothing.
  static func small() throws -> Workplace {
    let place = try Workplace()
    try place.write("leadgauge.yaml", configuration)
    try place.write("model.yaml", model)
    try place.write(
      "contacts.csv",
      """
      id,email,first_name,job_title,created_at
      1,an.tran@acme.example,An,Giám đốc,2026-09-01
      2,ben@example.com,Ben,,2026-09-01
      3,chi@example.com,Chi,,2026-09-01

      """)
    let visits = (1...5).map { "an.tran@acme.example,page_visit,2026-10-28T10:0\($0):00Z,/pricing" }
    try place.write(
      "activities.csv",
      "email,kind,at,target\n" + visits.joined(separator: "\n")
        + "\nben@example.com,email_click,2026-10-30,/offer\n")
    return place
  }

  /// So many people who did nothing yet, `p1@example.com` and so on.
  static func crowd(_ count: Int, fuses: String = "") throws -> Workplace {
    let place = try Workplace()
    try place.write("leadgauge.yaml", configuration + fuses)
    try place.write("model.yaml", model)
    try place.listCrowd(1...count)
    try place.write("activities.csv", "email,kind,at,target\n")
    return place
  }

  /// Replaces the list of a crowd.
  func listCrowd(_ numbers: ClosedRange<Int>) throws {
    let rows = numbers.map { "\($0),p\($0)@example.com,2026-09-01\n" }
    try write("contacts.csv", "id,email,created_at\n" + rows.joined())
  }

  /// Everybody of these does enough to become hot.
  func warmUp(_ numbers: ClosedRange<Int>) throws {
    for number in numbers {
      let rows = (1...5).map { "p\(number)@example.com,page_visit,2026-10-28T10:0\($0):00Z,/pricing\n" }
      try append("activities.csv", rows.joined())
    }
  }

  /// The moment at which the people of these files are scored.
  static let asOf = ["--as-of", "2026-11-01"]

  static let configuration = """
    version: 1
    model: model.yaml
    state: state/leadgauge.db
    history: 36500d
    connections:
      list: { platform: files, contacts: contacts.csv, activities: activities.csv, output: scores.csv }

    """

  static let model = """
    name: Test model
    reviewed: 2026-10-01
    actions:
      - { id: visit, label: Looked at a page, on: page_visit, points: 10, max: 8, within: 30d }
      - { id: click, label: Clicked in an e-mail, on: email_click, points: 4, halvesEvery: 30d }
      - { id: bought, label: Bought something, on: purchase, points: 7 }
    profile:
      - { id: decides, label: Decides on purchases, field: job_title, contains: [giam doc], points: 5 }
    bands:
      - { name: hot, from: 40, tag: lead_hot }
      - { name: warm, from: 20, tag: lead_warm }
      - { name: cold, from: 0, tag: lead_cold }
    segments:
      - { tag: saw_pages, when: { rule: visit } }

    """

  // MARK: Running

  /// Runs the program in the folder.
  func run(_ arguments: String..., environment: [String: String] = [:]) async throws -> Outcome {
    try await Program.run(arguments, in: path, environment: environment)
  }

  /// The same for commands that score: at the moment of the files.
  func runAsOf(_ arguments: String...) async throws -> Outcome {
    try await Program.run(arguments + Self.asOf, in: path)
  }

  // MARK: Files

  func at(_ name: String) -> String { path + "/" + name }

  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: at(name)) }

  func text(_ name: String) throws -> String { try String(contentsOfFile: at(name), encoding: .utf8) }

  func write(_ name: String, _ text: String) throws {
    let url = URL(fileURLWithPath: at(name))
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

  func append(_ name: String, _ text: String) throws {
    let file = try #require(FileHandle(forWritingAtPath: at(name)))
    try file.seekToEnd()
    try file.write(contentsOf: Data(text.utf8))
    try file.close()
  }

  func replace(_ old: String, by new: String, in name: String) throws {
    let before = try text(name)
    try #require(before.contains(old))
    try write(name, before.replacingOccurrences(of: old, with: new))
  }

  func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: at(name)) }

  /// Every file below the folder, by its path in it.
  func names() throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: path).sorted()
  }

  /// The output's rows by contact id.
  func scores(_ name: String = "scores.csv") throws -> [String: ScoreRow] {
    try ScoreRow.read(text(name))
  }
}

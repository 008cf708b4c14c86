import Foundation
import Platform
import Testing

@testable import Report
@testable import Sync

/// Makes pages in a folder of its own.
final class PagePlace {
  let folder = NSTemporaryDirectory() + "page-" + UUID().uuidString

  init() throws { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// A plan file with these changes.
  func plan(_ summary: PlanSummary, _ changes: [PlannedChange]) throws -> PlanReader {
    var header = summary.header
    header.changes = changes.count
    let writer = try PlanWriter(path: folder + "/plan", header: header)
    for change in changes { try writer.add(line: PlanJSON.line(change)) }
    try writer.finish()
    return try PlanReader(path: folder + "/plan")
  }

  /// The page of a summary, and of changes in a plan file.
  func html(
    _ summary: PlanSummary, _ changes: [PlannedChange] = [], language: PageLanguage = .english,
    planFile: String? = nil
  ) throws -> String {
    let page = PlanPage(summary, language: language, planFile: planFile)
    try page.write(to: folder + "/page.html", changes: plan(summary, changes))
    return try String(contentsOfFile: folder + "/page.html", encoding: .utf8)
  }

  /// A plan of every kind of change with texts that mean no harm, or with those that do.
  static func plan(names: [String]) -> (summary: PlanSummary, changes: [PlannedChange]) {
    var summary = Samples.wildPlan()
    var changes: [PlannedChange] = []
    for (index, name) in names.enumerated() {
      var change = Samples.change(
        name, connection: names[0], from: index % 3 == 0 ? nil : 50, to: index * 7,
        email: index % 4 == 3 ? nil : name,
        reasons: [PlannedReason(rule: index % 2 == 0 ? "r0" : name, units: 1_500, count: 1, last: nil)])
      (change.bandFrom, change.bandTo) = (index % 2 == 0 ? nil : name, name)
      (change.addTags, change.removeTags) = ([name, "plain_tag"], ["gone_tag"])
      changes.append(change)
      summary.insight.add(change, held: nil, wanted: 0)
    }
    summary.bandNames = names
    summary.labels = Dictionary(
      uniqueKeysWithValues: summary.insight.rules.enumerated().map { ($1.rule, names[$0 % names.count]) })
    summary.header.modelName = names[0]
    for index in summary.connections.indices {
      summary.connections[index].name = names[index]
      summary.connections[index].rejectedSamples = []
      if summary.connections[index].rejected > 0 {
        summary.connections[index].rejectedSamples = names.map { RejectedRecord(place: $0, reason: $0) }
      }
      if summary.connections[index].failure != nil {
        summary.connections[index].failure = ConnectorFailure(.unavailable, names[0], cure: names[1])
      }
    }
    summary.header.changes = changes.count
    return (summary, changes)
  }

  /// What comes from platforms to do harm.
  static let attacks = [
    "</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>", "\"><svg onload=alert(1)>",
    "<!--<script>", "]]>", "' onmouseover='alert(1)", "&lt;b&gt;", "{n}{command}{list}", "</title></style>",
    "line\u{2028}end\u{2029}", "\u{202E}gpj.exe", "\u{1B}[2Jred\u{0}", "javascript:alert(1)", "",
  ]
}

import Foundation
import Platform
import Store
import Testing

@testable import Report
@testable import Scoring
@testable import Sync

@Suite("Reports for programs")
struct ReportJSONTests {
  private func object(_ text: String) throws -> [String: Any] {
    #expect(!text.contains("\n") && !text.utf8.contains(0x1B))
    return try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any], "\(text)")
  }

  @Test("what would turn the direction of writing is escaped, as what steers a terminal is")
  func escaped() throws {
    let wild = "a\u{202E}b\u{2066}c\u{200F}d\u{61C}e\u{1B}f\u{9B}g\u{2028}h"
    let quoted = PlanJSON.quote(wild)
    #expect(quoted == #""a\u202eb\u2066c\u200fd\u061ce\u001bf\u009bg\u2028h""#)
    #expect(try object("{\"x\":\(quoted)}")["x"] as? String == wild)
  }

  private func wildResult() -> RunResult {
    var result = RunResult(record: RunRecord(id: "01", command: "sync", startedAt: Samples.moment))
    result.plan = Samples.wildPlan()
    result.pull = result.plan?.pull
    var apply = ApplySummary(written: 4)
    for name in WildText.names { apply.refuse(name, ContactID(name), name) }
    result.apply = apply
    result.blown = [BlownFuse(fuse: "f", connection: "c", message: WildText.long, cure: WildText.long)]
    return result
  }

  @Test("a result is one line of JSON, and every text comes back as it was")
  func result() throws {
    let form = try object(ReportJSON.result(wildResult()))
    let refusals = try #require(form["refusals"] as? [[String: String]])
    #expect(refusals.map { $0["reason"] } == WildText.names)
    #expect(refusals.map { $0["contact"] } == WildText.names)
    #expect(form["written"] as? Int == 4 && form["refused"] as? Int == WildText.names.count)
    let plan = try #require(form["plan"] as? [String: Any])
    #expect((plan["model"] as? [String: String])?["name"] == WildText.long)
    let connections = try #require(plan["connections"] as? [[String: Any]])
    #expect(connections.compactMap { $0["connection"] as? String } == Array(WildText.names.prefix(4)))
    let rejected = try #require(connections[0]["rejectedRecords"] as? [[String: String]])
    #expect(rejected.map { $0["reason"] } == WildText.names)
    let failures = try #require(form["failures"] as? [[String: String]])
    #expect(failures.isEmpty)
  }

  @Test("moves in JSON add up to the changes")
  func moves() throws {
    let form = try object(ReportJSON.plan(Samples.wildPlan()))
    let moves = try #require(form["moves"] as? [[String: Any]])
    #expect(moves.compactMap { $0["contacts"] as? Int }.reduce(0, +) == form["changes"] as? Int)
    let bands = try #require(form["bands"] as? [[String: Any]])
    #expect(bands.first?["band"] is NSNull)
  }

  @Test("an explanation has fractions of points and no needless ones")
  func explanation() throws {
    let explanation = Explanation(
      asOf: Samples.moment, score: 3, actions: 3, profile: 0, band: nil, tags: ["a_b"],
      rules: [
        .init(
          id: "half", label: "Half", units: 2_560, count: 2, last: Samples.moment, needed: nil,
          activities: []),
        .init(id: "silent", label: "No", units: 0, count: 0, last: nil, needed: nil, activities: []),
      ], changesAt: nil)
    let person = ExplainedPerson(
      contacts: [(connection: "c", id: ContactID("\u{1B}\"1"), emails: WildText.names)], name: WildText.long,
      explanation: explanation, profile: [])
    let text = ReportJSON.explanation(person)
    let form = try object(text)
    #expect(text.contains(#""rules":[{"rule":"half","points":2.5,"count":2,"last":"2026-09-21T14:13:20Z"}]"#))
    #expect(form["band"] is NSNull && form["changesAt"] is NSNull)
    let who = try #require(form["person"] as? [String: Any])
    #expect(who["name"] as? String == WildText.long)
    let contact = try #require((who["contacts"] as? [[String: Any]])?.first)
    #expect(contact["contact"] as? String == "\u{1B}\"1" && contact["emails"] as? [String] == WildText.names)
  }

  @Test("runs that have not ended have no exit status and no end")
  func runs() throws {
    let text = ReportJSON.runs([RunRecord(id: "01", command: "sync", startedAt: Samples.moment)])
    #expect(
      text == #"[{"run":"01","command":"sync","startedAt":"2026-09-21T14:13:20Z","endedAt":null,"exit":null,"#
        + #""contacts":0,"changes":0,"written":0,"refused":0}]"#)
    #expect(ReportJSON.runs([]) == "[]")
  }

  @Test("a line of check is for people and for programs", arguments: [true, false])
  func checkLine(hasColor: Bool) throws {
    for (severity, mark) in [(Finding.Severity.fine, "ok"), (.warning, "warning"), (.error, "error")] {
      let line = CheckLine(WildText.names[0], Finding(severity, WildText.long, cure: WildText.long))
      let shown = Shown(line.text(TextStyle(hasColor: hasColor)))
      shown.expectTame(columns: 80)
      #expect(shown.lines[0].hasPrefix(mark + " ") && shown.words.contains("→ Nguyễn Thị"))
      let form = try object(line.json)
      #expect(form["text"] as? String == WildText.long && form["subject"] as? String == WildText.names[0])
      #expect(form["severity"] as? String == severity.rawValue)
    }
  }
}

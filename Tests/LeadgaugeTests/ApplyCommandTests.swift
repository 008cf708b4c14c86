import Foundation
import Testing

@Suite("apply writes exactly a plan, or nothing")
struct ApplyCommandTests {
  private func planned() async throws -> Workplace {
    let place = try Workplace.small()
    #expect(try await place.runAsOf("plan", "-o", "monday.plan").status == 0)
    return place
  }

  @Test("it writes what the plan says, though the data has moved on")
  func exactly() async throws {
    let place = try await planned()
    try place.append("activities.csv", "chi@example.com,purchase,2026-10-20,Tea\n")
    let apply = try await place.run("apply", "monday.plan")
    #expect(apply.status == 0, "\(apply)")
    #expect(apply.out == "3 contacts written.\n")
    let scores = try place.scores()
    #expect(
      scores["1"]
        == ScoreRow(
          email: "an.tran@acme.example", score: 55, band: "hot", tags: ["lead_hot", "saw_pages"],
          reasons: "Looked at a page +50 · Decides on purchases +5", updatedAt: "2026-11-01T00:00:00Z"))
    #expect(scores["2"]?.score == 4)
    #expect(scores["3"]?.score == 0)
    #expect(try await place.runAsOf("plan", "--json").document(ResultForm.self).plan?.changes == 1)
  }

  @Test("a plan is applied once")
  func twice() async throws {
    let place = try await planned()
    #expect(try await place.run("apply", "monday.plan").status == 0)
    let before = try place.text("scores.csv")
    let again = try await place.run("apply", "monday.plan")
    #expect(again.status == 11, "\(again)")
    #expect(again.err.contains("the plan was applied before: nothing was written"))
    #expect(try place.text("scores.csv") == before)
  }

  @Test("a plan of another model is refused")
  func modelChanged() async throws {
    let place = try await planned()
    try place.append("model.yaml", "# one more byte\n")
    let apply = try await place.run("apply", "monday.plan", "--json")
    #expect(apply.status == 11, "\(apply)")
    #expect(try apply.document(FailureForm.self).error.contains("the model has changed"))
    #expect(!place.exists("scores.csv"))
  }

  @Test(
    "a plan is good for 24 hours from when it was made, whatever time it is about",
    arguments: [(hours: 23.9, status: 0), (24.1, 11)])
  func age(hours: Double, status: Int32) async throws {
    let place = try await planned()
    // The first ten digits of a plan's id are the milliseconds at which it was made, in base 32.
    let digits = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
    let made = Int64((Date().timeIntervalSince1970 - hours * 3_600) * 1_000)
    let stamp = String((0..<10).reversed().map { digits[Int(made >> ($0 * 5) & 31)] })
    let plan = try place.text("monday.plan")
    let start = try #require(plan.range(of: #""id":""#)).upperBound
    let end = plan.index(start, offsetBy: stamp.count)
    try place.write("monday.plan", plan.replacingCharacters(in: start..<end, with: stamp))
    let apply = try await place.run("apply", "monday.plan")
    #expect(apply.status == status, "\(apply)")
    #expect(place.exists("scores.csv") == (status == 0))
    #expect(status == 0 || apply.err.contains("more than 24 hours ago"))
  }

  @Test("a plan that is also about a connection left out is refused")
  func leftOut() async throws {
    let place = try Workplace.small()
    try place.write("more.csv", "id,email\n9,ida@example.com\n")
    try place.append(
      "leadgauge.yaml", "  more: { platform: files, contacts: more.csv, output: more-scores.csv }\n")
    #expect(try await place.runAsOf("plan", "-o", "monday.plan").status == 0)
    let apply = try await place.run("apply", "monday.plan", "--connection", "list")
    #expect(apply.status == 11, "\(apply)")
    #expect(apply.err.contains("'more'"))
    #expect(try await place.run("apply", "monday.plan").status == 0)
    #expect(try place.scores("more-scores.csv")["9"]?.score == 0)
  }

  @Test("a contact that somebody has changed meanwhile is left out, listed, and 3")
  func changedMeanwhile() async throws {
    let place = try Workplace.small()
    #expect(try await place.runAsOf("sync").status == 0)
    try place.append("activities.csv", "ben@example.com,purchase,2026-10-20,Tea\n")
    try place.append("activities.csv", "chi@example.com,purchase,2026-10-20,Tea\n")
    #expect(try await place.runAsOf("plan", "-o", "monday.plan").status == 0)
    try place.replace("ben@example.com,4,", by: "ben@example.com,44,", in: "scores.csv")
    let apply = try await place.run("apply", "monday.plan")
    #expect(apply.status == 3, "\(apply)")
    #expect(
      apply.out == "1 contact written, 1 not written:\n  list/2: its score is 44 now and was 4 in the plan\n")
    let scores = try place.scores()
    #expect(scores["2"]?.score == 44)
    #expect(scores["3"]?.score == 7)

    let next = try await place.runAsOf("sync")
    #expect(next.status == 0, "\(next)")
    #expect(try place.scores()["2"]?.score == 11)
  }

  @Test("the same in JSON")
  func changedMeanwhileJSON() async throws {
    let place = try await planned()
    try place.write(
      "scores.csv",
      "id,email,score,band,tags,reasons,updated_at\n1,an.tran@acme.example,9,,,,2026-10-31T00:00:00Z\n")
    let apply = try await place.run("apply", "monday.plan", "--json")
    #expect(apply.status == 3, "\(apply)")
    let result = try apply.document(ResultForm.self)
    #expect(result.exit == 3 && result.written == 2 && result.refused == 1)
    #expect(result.refusals?.map(\.contact) == ["1"])
    #expect(try await place.run("runs", "--json").document([RunForm].self).first?.refused == 1)
  }

  enum Damage: CaseIterable {
    case cutOff, changeLost, brokenLine, noPlan, empty

    func done(to plan: String) -> String {
      switch self {
      case .cutOff: String(plan.dropLast(27))
      case .changeLost: plan.replacing(/\{"type":"change","connection":"list","contact":"2".*\n/, with: "")
      case .brokenLine: plan.replacing("\"contact\":\"2\"", with: "\"contact\":")
      case .noPlan: "hello\n"
      case .empty: ""
      }
    }

    var line: Int {
      switch self {
      case .cutOff: 5
      case .changeLost: 4
      case .brokenLine: 3
      case .noPlan, .empty: 1
      }
    }
  }

  @Test("a plan file that is damaged is refused whole, with the line", arguments: Damage.allCases)
  func damaged(damage: Damage) async throws {
    let place = try await planned()
    try place.write("monday.plan", damage.done(to: place.text("monday.plan")))
    let apply = try await place.run("apply", "monday.plan")
    #expect(apply.status == 65, "\(apply)")
    #expect(apply.err.contains("monday.plan:\(damage.line):"), "\(apply)")
    #expect(!place.exists("scores.csv"))
  }

  @Test("a plan file that is not there is a matter of usage")
  func missing() async throws {
    let place = try Workplace.small()
    let apply = try await place.run("apply", "nowhere.plan")
    #expect(apply.status == 64, "\(apply)")
    #expect(apply.err.contains("nowhere.plan"))
  }
}

import Foundation
import Testing

@Suite("Files that the user names for outputs")
struct OutputFileTests {
  @Test(
    "an output replaces an older one of its kind, and never the state, the configuration or the model",
    arguments: [("-o", "state/leadgauge.db"), ("--html", "leadgauge.yaml"), ("--trace", "model.yaml")])
  func replacesOnlyItsKind(option: String, target: String) async throws {
    let place = try Workplace.small()
    _ = try await place.run("plan")
    let path = place.at(target)
    let before = FileManager.default.contents(atPath: path)
    let refused = try await place.run("plan", option, target)
    #expect(refused.status == 73, "\(refused)")
    #expect(refused.err.contains("is there already"))
    #expect(FileManager.default.contents(atPath: path) == before)
    for _ in 0..<2 { #expect(try await place.run("plan", option, "own.out").status == 0) }
  }

  @Test("a plan that was changed by hand is refused before anything is written")
  func editedPlan() async throws {
    let place = try Workplace.small()
    _ = try await place.run("plan", "-o", "a.plan")
    let text = try place.text("a.plan")
    for (what, edited) in [
      ("evil", text.replacing(#""addTags":["#, with: #""addTags":["evil","#)),
      ("molten", text.replacing(#""to":"cold""#, with: #""to":"molten""#)),
    ] {
      #expect(edited != text)
      try place.write("b.plan", edited)
      let refused = try await place.run("apply", "b.plan")
      #expect(refused.status == 65, "\(refused)")
      #expect(refused.err.contains(what))
    }
    #expect(try await place.run("apply", "a.plan").status == 0)
  }
}

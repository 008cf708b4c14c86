import Foundation
import Testing

@Suite("model lint looks at what was pulled")
struct LintWithDataTests {
  private func warnings(_ place: Workplace, _ arguments: String...) async throws -> [FindingForm] {
    let lint = try await Program.run(["model", "lint", "--json"] + arguments, in: place.path)
    #expect([0, 65].contains(lint.status), "\(lint)")
    return try lint.document([FindingForm].self).filter { $0.severity == "warning" }
  }

  /// Activities of yesterday, since a lint looks at the last 90 days.
  private func recent() throws -> Workplace {
    let place = try Workplace.small()
    let yesterday = Int(Date().timeIntervalSince1970) - 86_400
    try place.replace("2026-10-01", by: "2026-10-01\nreviewEvery: 36500d", in: "model.yaml")
    try place.write(
      "activities.csv",
      "email,kind,at,target\nben@example.com,email_click,\(yesterday),/offer\n"
        + "an.tran@acme.example,page_visit,\(yesterday),/pricing\n")
    return place
  }

  @Test("a rule that nothing meets and a band that nobody is in are told with their places")
  func unmet() async throws {
    let place = try recent()
    #expect(try await warnings(place).isEmpty, "nothing was pulled yet")
    #expect(try await place.run("pull").status == 0)
    let found = try await warnings(place)
    #expect(
      found.map { $0.text.prefix { $0 != " " } } == [
        "model.yaml:7:5:", "model.yaml:11:5:", "model.yaml:12:5:",
      ], "\(found)")
    #expect(found.first?.text.contains("'bought'") == true)
    #expect(found.allSatisfy { !$0.cure.isEmpty })
  }

  @Test("a file alone is looked at by itself, and with --config together with the data")
  func alone() async throws {
    let place = try recent()
    #expect(try await place.run("pull").status == 0)
    #expect(try await warnings(place, "model.yaml").isEmpty)
    #expect(try await warnings(place, "model.yaml", "--config", "leadgauge.yaml").count == 3)
  }

  @Test("--strict ends with 65 if there is a warning, and with 0 if there is none")
  func strict() async throws {
    let place = try recent()
    #expect(try await place.run("model", "lint", "--strict").status == 0)
    #expect(try await place.run("pull").status == 0)
    #expect(try await place.run("model", "lint", "--strict").status == 65)
    #expect(try await place.run("model", "lint").status == 0)
  }
}

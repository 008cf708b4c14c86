import Foundation
import Testing

@Suite("check and model lint")
struct CheckAndLintTests {
  @Test("check of a sound folder is one fine line each for configuration, model, state and files")
  func sound() async throws {
    let place = try Workplace.small()
    let check = try await place.run("check", "--json")
    #expect(check.status == 0, "\(check)")
    let findings = try check.document([FindingForm].self)
    #expect(findings.allSatisfy { $0.severity == "fine" }, "\(check)")
    #expect(findings.map(\.subject) == ["configuration", "model", "state", "list", "list", "list"])
    #expect(!place.exists("scores.csv"))
  }

  @Test("check says every trouble with its cure, and ends with 78")
  func troubles() async throws {
    let place = try Workplace.small()
    try place.remove("contacts.csv")
    try place.replace("output: scores.csv", by: "output: model.yaml/scores.csv", in: "leadgauge.yaml")
    let check = try await place.run("check", "--json")
    #expect(check.status == 78, "\(check)")
    let errors = try check.document([FindingForm].self).filter { $0.severity == "error" }
    #expect(errors.count == 2, "\(check)")
    #expect(errors.allSatisfy { !$0.cure.isEmpty })
    let text = try await place.run("check")
    #expect(text.out.contains("error    list") && text.out.contains("→ "), "\(text)")
  }

  @Test(
    "a model that is broken is an error of check with its places, ends with 65, and the connections are looked at"
  )
  func brokenModel() async throws {
    let place = try Workplace.small()
    try place.replace("on: page_visit", by: "on: page_vist", in: "model.yaml")
    try place.append("model.yaml", "segmets: []\n")
    let check = try await place.run("check", "--json")
    #expect(check.status == 65, "\(check)")
    let findings = try check.document([FindingForm].self)
    let errors = findings.filter { $0.severity == "error" }
    #expect(
      errors.map { $0.text.prefix { $0 != " " } } == ["model.yaml:4:47:", "model.yaml:15:1:"], "\(check)")
    #expect(errors.first?.cure == "Did you mean 'page_visit'")
    #expect(findings.filter { $0.subject == "list" }.count == 3)
    let quiet = try await place.run("check", "--quiet")
    #expect(quiet.out.isEmpty && quiet.err.contains("model.yaml:4:47"), "\(quiet)")
  }

  @Test("a wrong password is 77, and a platform that does not answer 69")
  func platforms() async throws {
    try await MauticPlace.with { mautic in
      let wrong = try await mautic.run("check", password: "another-one")
      #expect(wrong.status == 77 && wrong.out.contains("→ Check auth:"), "\(wrong)")
      await mautic.host.stop()
      let gone = try await mautic.run("check")
      #expect(gone.status == 69 && gone.out.contains("→ "), "\(gone)")
    }
  }

  @Test("check looks at the chosen connections only")
  func chosen() async throws {
    let place = try Workplace.small()
    try place.append("leadgauge.yaml", "  other: { platform: files, contacts: nowhere.csv }\n")
    #expect(try await place.run("check").status == 78)
    #expect(try await place.run("check", "--connection", "list").status == 0)
  }

  @Test("a clean model is one line")
  func clean() async throws {
    let place = try Workplace.small()
    let lint = try await place.run("model", "lint")
    #expect(lint.status == 0, "\(lint)")
    #expect(lint.out == "ok       model          model.yaml: 3 actions rules, 1 profile rules\n")
    #expect(lint.err.isEmpty)
  }

  @Test("what is probably not meant is a warning with file, line, column and cure, and no failure")
  func warnings() async throws {
    let place = try Workplace.small()
    try place.replace("2026-10-01", by: "2020-01-01\nreviewEvery: 90d", in: "model.yaml")
    try place.replace("points: 7", by: "points: 0", in: "model.yaml")
    let lint = try await place.run("model", "lint", "model.yaml", "--json")
    #expect(lint.status == 0, "\(lint)")
    let warnings = try lint.document([FindingForm].self).filter { $0.severity == "warning" }
    #expect(
      warnings.map { $0.text.prefix { $0 != " " } } == ["model.yaml:2:1:", "model.yaml:7:5:"], "\(lint)")
    #expect(warnings.allSatisfy { !$0.cure.isEmpty })
    let check = try await place.run("check", "--json")
    #expect(check.status == 0, "\(check)")
    let same = try check.document([FindingForm].self).filter { $0.severity == "warning" }
    #expect(same.map(\.text) == warnings.map(\.text))
  }

  @Test("every mistake in a model is told at once, with file, line and column")
  func mistakes() async throws {
    let place = try Workplace.small()
    try place.replace("on: page_visit", by: "on: page_vist", in: "model.yaml")
    try place.append("model.yaml", "segmets: []\n")
    for command in [["model", "lint"], ["model", "lint", "model.yaml"]] {
      let lint = try await Program.run(command, in: place.path)
      #expect(lint.status == 65, "\(lint)")
      #expect(lint.out.isEmpty)
      let lines = lint.err.split(separator: "\n")
      #expect(lines.count == 2, "\(lint)")
      #expect(lines.first?.hasPrefix("leadgauge: model.yaml:4:47: ") == true, "\(lint)")
      #expect(lines.last?.hasPrefix("leadgauge: model.yaml:15:1: unknown key 'segmets'") == true, "\(lint)")
      #expect(lint.err.contains("Did you mean 'segments'"))
    }
  }

  @Test("a rule about a connection that the configuration lacks is found where the configuration is known")
  func unknownConnection() async throws {
    let place = try Workplace.small()
    try place.replace("on: page_visit", by: "on: page_visit, where: { connection: lst }", in: "model.yaml")
    #expect(try await place.run("model", "lint").out.contains("'lst'"))
    #expect(try await !place.run("model", "lint", "model.yaml").out.contains("'lst'"))
  }

  @Test("a model that is not there is 78")
  func missing() async throws {
    let place = try Workplace()
    let lint = try await place.run("model", "lint", "nowhere.yaml")
    #expect(lint.status == 78, "\(lint)")
    #expect(lint.err.contains("nowhere.yaml"))
  }
}

import Foundation
import Testing

@Suite("init writes what the other commands need")
struct InitCommandTests {
  @Test(
    "what it writes passes check and can be planned",
    arguments: ["b2b-services", "saas", "retail", "education", "real-estate", "purchases"])
  func persona(name: String) async throws {
    let place = try Workplace()
    try place.write("people.csv", "id,email\n1,an@example.com\n")
    try place.write("log.csv", "email,kind,at\nan@example.com,page_visit,2026-10-28\n")
    let made = try await place.run(
      "init", "--persona", name, "--contacts", "people.csv", "--activities", "log.csv", "--output", "out.csv")
    #expect(made.status == 0, "\(made)")
    #expect(made.out.contains("models/\(name).yaml"))
    #expect(place.exists("schema/model.schema.json") && place.exists("schema/configuration.schema.json"))

    let check = try await place.run("check", "--json")
    #expect(check.status == 0, "\(check)")
    let findings = try check.document([FindingForm].self)
    #expect(!findings.contains { $0.severity == "error" }, "\(check)")
    #expect(["people.csv", "log.csv", "out.csv"].allSatisfy(check.out.contains))

    let plan = try await place.run("plan", "--json")
    #expect(try plan.document(ResultForm.self).plan?.changes == 1)
  }

  @Test("it replaces nothing unless told to")
  func refusesToOverwrite() async throws {
    let place = try Workplace()
    try place.write("models/saas.yaml", "name: mine\n")
    let refused = try await place.run("init", "--persona", "saas")
    #expect(refused.status == 73, "\(refused)")
    #expect(refused.err.contains("models/saas.yaml is there already"))
    #expect(refused.err.contains("--force"))
    #expect(try place.names() == ["models", "models/saas.yaml"])
    #expect(try place.text("models/saas.yaml") == "name: mine\n")

    let forced = try await place.run("init", "--persona", "saas", "--force")
    #expect(forced.status == 0, "\(forced)")
    #expect(try place.text("models/saas.yaml").contains("name: SaaS"))
  }

  @Test("it writes beside the configuration that is named, and says so in JSON")
  func elsewhere() async throws {
    let place = try Workplace()
    let made = try await place.run("init", "--config", "etc/lg.yaml", "--json")
    #expect(made.status == 0, "\(made)")
    let files = try made.document([String: [String]].self)["files"] ?? []
    #expect(files.contains("etc/lg.yaml") && files.contains("etc/models/b2b-services.yaml"))
    #expect(files.allSatisfy(place.exists))
  }

  @Test("odd names of files come through whole")
  func oddNames() async throws {
    let place = try Workplace()
    let name = #"khách "hàng" \ 1.csv"#
    try place.write(name, "id,email\n1,an@example.com\n")
    #expect(try await place.run("init", "--contacts", name).status == 0)
    let check = try await place.run("check")
    #expect(check.status == 0, "\(check)")
  }

  @Test("a persona that is not there is told with those that are")
  func unknownPersona() async throws {
    let place = try Workplace()
    let made = try await place.run("init", "--persona", "bank")
    #expect(made.status == 64, "\(made)")
    #expect(made.err.contains("b2b-services, education, purchases, real-estate, retail, saas"))
    #expect(try place.names().isEmpty)
  }

  @Test("a folder that cannot be made is 73")
  func noFolder() async throws {
    let place = try Workplace()
    try place.write("file", "")
    let made = try await place.run("init", "--config", "file/leadgauge.yaml")
    #expect(made.status == 73, "\(made)")
  }
}

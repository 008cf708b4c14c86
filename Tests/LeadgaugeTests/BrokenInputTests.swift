import Foundation
import Testing

@Suite("What is wrong is told with its place and its cure")
struct BrokenInputTests {
  /// Something that a user got wrong, and what a plan then says.
  struct Broken: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let file: String
    let old: String
    let new: String
    let status: Int32
    let said: String

    init(_ name: String, in file: String, _ old: String, by new: String, _ status: Int32, _ said: String) {
      (testDescription, self.file, self.old, self.new) = (name, file, old, new)
      (self.status, self.said) = (status, said)
    }
  }

  static let all = [
    Broken(
      "broken YAML", in: "leadgauge.yaml", "version: 1", by: "version: [1", 78,
      "leadgauge.yaml:2:6: not valid YAML"),
    Broken(
      "an unknown key", in: "leadgauge.yaml", "history:", by: "histori:", 78,
      "leadgauge.yaml:4:1: unknown key 'histori' in the configuration. Did you mean 'history'"),
    Broken(
      "an unknown key of a connection", in: "leadgauge.yaml", "output:", by: "outptu:", 78,
      "leadgauge.yaml:6:80: unknown key 'outptu'"),
    Broken(
      "a platform that is not there", in: "leadgauge.yaml", "platform: files", by: "platform: fles", 78,
      "leadgauge.yaml:6:21: there is no platform 'fles'. Did you mean 'files'"),
    Broken(
      "another version", in: "leadgauge.yaml", "version: 1", by: "version: 2", 78, "leadgauge.yaml:1:10:"),
    Broken(
      "an environment variable that is missing", in: "leadgauge.yaml", "contacts.csv", by: "\"${NOWHERE}\"",
      78, "leadgauge.yaml:6:38: the environment variable NOWHERE is not set"),
    Broken(
      "a secret's file that is missing", in: "leadgauge.yaml", "contacts.csv", by: "\"${file:/no/where}\"",
      78, "leadgauge.yaml:6:38: the secret's file /no/where cannot be read"),
    Broken(
      "a file of contacts that is missing", in: "leadgauge.yaml", "contacts.csv", by: "people.csv", 78,
      "people.csv"),
    Broken(
      "a file of activities that is missing", in: "leadgauge.yaml", "activities.csv", by: "acts.csv", 78,
      "acts.csv"),
    Broken(
      "a model that is missing", in: "leadgauge.yaml", "model.yaml", by: "models/b2b.yaml", 78,
      "the model models/b2b.yaml cannot be read"),
    Broken(
      "an output over the contacts", in: "leadgauge.yaml", "scores.csv", by: "./contacts.csv", 78,
      "would replace the contacts"),
    Broken(
      "a broken model", in: "model.yaml", "points: 10", by: "points: ten", 65, "model.yaml:4:67: "),
    Broken(
      "an unknown key of a model", in: "model.yaml", "max: 8", by: "mx: 8", 65,
      "model.yaml:4:71: unknown key 'mx'"),
    Broken(
      "a model that is no YAML", in: "model.yaml", "actions:", by: "actions: [", 65, "not valid YAML"),
    Broken(
      "contacts that are no table", in: "contacts.csv", "id,email", by: "nr,mail", 65, "contacts.csv"),
  ]

  @Test("every broken input has its status, place and cure", arguments: all)
  func broken(case broken: Broken) async throws {
    let place = try Workplace.small()
    try place.replace(broken.old, by: broken.new, in: broken.file)
    let plan = try await place.runAsOf("plan")
    #expect(plan.status == broken.status, "\(plan)")
    #expect(plan.out.isEmpty, "\(plan)")
    #expect(plan.err.contains(broken.said), "\(plan)")
    let json = try await place.runAsOf("sync", "--json")
    #expect(json.status == broken.status, "\(json)")
    #expect(try json.document(FailureForm.self).exit == broken.status)
    #expect(!place.exists("scores.csv"))
  }

  @Test("without a configuration it says how to make one")
  func noConfiguration() async throws {
    let plan = try await Workplace().run("plan")
    #expect(plan.status == 78, "\(plan)")
    #expect(plan.err.contains("leadgauge init") && plan.err.contains("--config"))
  }

  @Test(
    "a bad row stops no other: it is listed with file, line and reason, and the status is 0",
    arguments: [
      ("contacts.csv", ",no address,Eve,,2026-09-01", "contacts.csv:5: "),
      ("contacts.csv", "5,eve@example.com,Eve,,yesterday", "contacts.csv:5: "),
      ("activities.csv", "ben@example.com,dance,2026-10-20,x", "activities.csv:8: unknown kind 'dance'"),
      ("activities.csv", "ben@example.com,purchase,soon,x", "activities.csv:8: "),
      ("activities.csv", ",purchase,2026-10-20,x", "activities.csv:8: "),
      ("activities.csv", "ben@example.com,purchase", "activities.csv:8: "),
    ])
  func badRow(file: String, row: String, said: String) async throws {
    let place = try Workplace.small()
    try place.append(file, row + "\n")
    try place.append("activities.csv", "chi@example.com,purchase,2026-10-20,Tea\n")
    let plan = try await place.runAsOf("plan")
    #expect(plan.status == 0, "\(plan)")
    #expect(plan.out.contains("1 record of list could not be used:\n  \(said)"), "\(plan)")
    #expect(try await place.runAsOf("sync").status == 0)
    #expect(try place.scores()["3"]?.score == 7)
  }

  @Test("an output that cannot be made is 73 or 74, and the next run writes it")
  func unwritableOutput() async throws {
    let place = try Workplace.small()
    try place.replace("scores.csv", by: "out/scores.csv", in: "leadgauge.yaml")
    try place.write("out", "a file where a folder should be")
    let sync = try await place.runAsOf("sync")
    #expect([73, 74].contains(sync.status), "\(sync)")
    #expect(sync.out.contains("out/"), "\(sync)")
    try place.remove("out")
    try place.write("out/readme", "")
    let again = try await place.runAsOf("sync")
    #expect(again.status == 0, "\(again)")
    #expect(try place.scores("out/scores.csv").count == 3)
  }

  @Test("one connection that fails stops no other, and its status is the run's")
  func oneOfTwoFails() async throws {
    let place = try Workplace.small()
    try place.append(
      "leadgauge.yaml", "  gone: { platform: files, contacts: gone.csv, output: gone-scores.csv }\n")
    try place.write("gone.csv", "id,email\n1,dan@example.com\n")
    #expect(try await place.runAsOf("sync").status == 0)
    try place.remove("gone.csv")
    try place.append("activities.csv", "ben@example.com,page_visit,2026-10-31,/pricing\n")
    let sync = try await place.runAsOf("sync", "--json")
    #expect(sync.status == 78, "\(sync)")
    #expect(sync.err.contains("gone: ") && sync.err.contains("gone.csv"))
    #expect(try sync.document(ResultForm.self).exit == 78)
    #expect(try place.scores()["2"]?.score == 14)
    #expect(try place.scores("gone-scores.csv").count == 1)
  }

  @Test("a connection that was never read holds all writing back, and says so")
  func neverRead() async throws {
    let place = try Workplace.small()
    try place.append("leadgauge.yaml", "  gone: { platform: files, contacts: gone.csv }\n")
    #expect(try await place.runAsOf("plan").status == 78)
    let sync = try await place.runAsOf("sync")
    #expect(sync.status == 78, "\(sync)")
    #expect(sync.err.contains("gone was never read to its end, so nothing is written anywhere"), "\(sync)")
    #expect(!place.exists("scores.csv"))
  }

  @Test("a state file that is damaged is named, 74, and moving it away is the cure")
  func damagedState() async throws {
    let place = try Workplace.small()
    #expect(try await place.runAsOf("sync").status == 0)
    let before = try place.text("scores.csv")
    try place.write("state/leadgauge.db", String(repeating: "this was a database once. ", count: 2_000))
    for command in [["sync"], ["status"], ["explain", "list/1"]] {
      let outcome = try await Program.run(command, in: place.path)
      #expect(outcome.status == 74, "\(outcome)")
      #expect(outcome.err.contains("state/leadgauge.db is damaged") && outcome.err.contains("Move it away"))
    }
    try place.remove("state")
    let healed = try await place.runAsOf("sync", "--json")
    #expect(healed.status == 0, "\(healed)")
    #expect(try healed.document(ResultForm.self).written == 0)
    #expect(try place.text("scores.csv") == before)
  }

  @Test("a state file of another program, or where none can be made, is left alone")
  func foreignState() async throws {
    let place = try Workplace.small()
    try place.replace("state/leadgauge.db", by: "model.yaml/leadgauge.db", in: "leadgauge.yaml")
    let sync = try await place.runAsOf("sync")
    #expect(sync.status == 73, "\(sync)")
    #expect(try place.text("model.yaml") == Workplace.model)
  }
}

import Foundation
import Testing

@Suite("A configuration, a model or a plan that means harm, or was spoilt", .timeLimit(.minutes(5)))
struct HostileConfigurationTests {
  /// A text of the configuration in place of another one, and what is said.
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let old: String
    let new: String
    let status: Int32
    let said: String
  }

  private static let nested = String(repeating: "[", count: 200_000)
  private static let cases = [
    Case(
      testDescription: "a hundred thousand openings", old: "fuses: {}", new: "fuses: " + nested, status: 78,
      said: "nesting level"),
    Case(
      testDescription: "aliases that would grow without end", old: "fuses: {}",
      new: "a: &a [x,x,x,x]\nb: &b [*a,*a,*a,*a]\nc: [*b,*b,*b,*b]", status: 78,
      said: "anchors and aliases"),
    Case(
      testDescription: "more than anybody writes", old: "fuses: {}",
      new: "# " + String(repeating: "x", count: 8 << 20), status: 78, said: "is longer than 8 MiB"),
    Case(
      testDescription: "a secret without end", old: "contacts.csv", new: "\"${file:/dev/zero}\"", status: 78,
      said: "the secret's file /dev/zero is no plain file"),
    Case(
      testDescription: "a secret from a pipe", old: "contacts.csv", new: "\"${file:PLACE/pipe}\"", status: 78,
      said: "is no plain file"),
    Case(
      testDescription: "a secret that is a folder", old: "contacts.csv", new: "\"${file:PLACE}\"",
      status: 78, said: "is no plain file"),
    Case(
      testDescription: "a secret of a megabyte", old: "contacts.csv", new: "\"${file:PLACE/large}\"",
      status: 78, said: "is longer than any secret"),
    Case(
      testDescription: "a credential from elsewhere", old: "contacts.csv",
      new: "\"${credential:../../etc/passwd}\"", status: 78, said: "is no name of a credential"),
    Case(
      testDescription: "contacts without end", old: "contacts.csv", new: "/dev/zero", status: 78,
      said: "is not a regular file"),
    Case(
      testDescription: "contacts from a pipe", old: "contacts.csv", new: "pipe", status: 78,
      said: "is not a regular file"),
    Case(
      testDescription: "a model without end", old: "model: model.yaml", new: "model: /dev/zero", status: 78,
      said: "/dev/zero is no plain file"),
    Case(
      testDescription: "a state over the contacts", old: "state/leadgauge.db", new: "contacts.csv",
      status: 74, said: "contacts.csv is damaged"),
    Case(
      testDescription: "an absurd history", old: "36500d", new: "99999999999999999999d", status: 78,
      said: "is no duration"),
    Case(
      testDescription: "an absurd fuse", old: "fuses: {}", new: "fuses: { maxWrites: 9223372036854775807 }",
      status: 78, said: "Write a whole number from 1"),
  ]

  @Test("is refused with its place, at once, and nothing is replaced", arguments: cases)
  func refused(_ example: Case) async throws {
    let place = try Workplace.small()
    #expect(mkfifo(place.at("pipe"), 0o600) == 0)
    try place.write("large", String(repeating: "x", count: 1 << 20))
    try place.append("leadgauge.yaml", "fuses: {}\n")
    try place.replace(
      example.old, by: example.new.replacing("PLACE", with: place.path), in: "leadgauge.yaml")
    let contacts = try place.text("contacts.csv")
    let folder = ["CREDENTIALS_DIRECTORY": place.path]
    let outcome = try await place.run("sync", environment: folder)
    #expect(outcome.status == example.status, "\(outcome.description.prefix(2_000))")
    #expect(outcome.err.contains(example.said), "\(outcome.description.prefix(2_000))")
    #expect(try place.text("contacts.csv") == contacts)
  }

  @Test(
    "as the whole configuration: what never ends is not read", arguments: ["/dev/zero", ".", "/dev/null"])
  func endless(path: String) async throws {
    let place = try Workplace()
    let outcome = try await place.run("plan", "--config", path)
    #expect(outcome.status == 78 && outcome.err.contains("is no plain file"), "\(outcome)")
  }

  @Test("a configuration may come through a pipe, as shells make them")
  func pipe() async throws {
    let place = try Workplace.small()
    let process = Program.process(
      ["-c", #"exec "$0" check --config <(cat leadgauge.yaml)"#, Program.url.path], in: place.path,
      environment: [:])
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.standardOutput = FileHandle.nullDevice
    // Paths are relative to the pipe's folder, so the model is not found; the configuration was read.
    try place.write("said", "")
    let said = try #require(FileHandle(forWritingAtPath: place.at("said")))
    process.standardError = said
    #expect(try await Program.status(of: process) == 78)
    #expect(try !place.text("said").contains("cannot be read"))
  }

  @Test("points that no model gives are no plan's")
  func absurdPlan() async throws {
    let place = try Workplace.small()
    #expect(try await place.runAsOf("plan", "-o", "a.plan").status == 0)
    let text = try place.text("a.plan").replacing(/"points":\d+/, with: "\"points\":1e300")
    try place.write("a.plan", text)
    let apply = try await place.run("apply", "a.plan")
    #expect(apply.status == 65, "\(apply)")
    #expect(apply.err.contains("a.plan:2: this is no change"), "\(apply)")
  }

  @Test("a pattern made to explode takes no longer than others")
  func pattern() async throws {
    let place = try Workplace.small()
    let stars = String(repeating: "*a", count: 500) + "b"
    try place.replace(
      "on: page_visit, points", by: "on: page_visit, where: { target: \"\(stars)\" }, points",
      in: "model.yaml")
    try place.append(
      "activities.csv",
      "ben@example.com,page_visit,2026-10-30," + String(repeating: "a", count: 100_000) + "\n")
    let plan = try await place.runAsOf("plan", "--json")
    #expect(plan.status == 0, "\(plan)")
  }
}

import ConnectorConformance
import Foundation
import Platform
import Scoring
import Store
import Testing

@testable import Sync

@Suite("A plan file")
struct PlanFileTests {
  private static let header =
    #"{"type":"plan","version":1,"id":"01M8F0P7WTQHFGTD7G2MB53N0K","asOf":"2026-11-23T02:00:00Z","model":{"name":"M","sha256":"0"},"connections":["crm"],"totals":{"contacts":1,"changes":0}}"#

  private func read(_ text: String) throws -> [PlannedChange] {
    let path = FileManager.default.temporaryDirectory.path + "/plan-" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    let reader = try PlanReader(path: path)
    var changes: [PlannedChange] = []
    while let change = try reader.next() { changes.append(change) }
    return changes
  }

  @Test("without changes is whole with its end")
  func whole() throws {
    #expect(try read(Self.header + "\n" + #"{"type":"end","changes":0}"# + "\n").isEmpty)
  }

  @Test(
    "that is none, is another version's, or was cut or lengthened is refused with the line",
    arguments: [
      ("", ":1: this is no plan"), ("name: B2B\n", ":1: this is no plan"),
      (header.replacing("\"version\":1", with: "\"version\":2"), ":1: this is a plan of version 2"),
      (header + "\n", ":2: the plan has no end"), (header + "\n{}\n", ":2: this is no change"),
      (header + "\n" + #"{"type":"end","changes":1}"# + "\n", ":2: the plan has 0 changes"),
      (
        header.replacing("\"changes\":0", with: "\"changes\":2") + "\n" + #"{"type":"end","changes":0}"#
          + "\n",
        ":2: the plan has 0 changes and says 2"
      ),
    ])
  func broken(text: String, said: String) throws {
    let failure = #expect(throws: PlanFileFailure.self) { try read(text) }
    #expect(failure?.kind == .badData)
    #expect(failure?.what.contains(said) == true, "\(String(describing: failure))")
  }

  @Test("that is not there, or that cannot be read, says so")
  func unreadable() throws {
    let missing = #expect(throws: PlanFileFailure.self) { try PlanReader(path: "/nowhere/monday.plan") }
    #expect(missing?.kind == .missing)
    let folder = #expect(throws: PlanFileFailure.self) {
      try PlanReader(path: FileManager.default.temporaryDirectory.path)
    }
    #expect(folder?.kind == .inputOutput)
  }

  private func bench() throws -> Workbench {
    let bench = try Workbench()
    bench.connector.edit { content in
      for number in 1...3 { content.contacts["\(number)"] = InMemoryContact("p\(number)@example.com") }
    }
    return bench
  }

  private func plan(_ bench: Workbench, _ path: String) async throws {
    _ = try await LeadRun("plan", context: bench.context()).plan(at: bench.now, pulls: true, path: path)
  }

  @Test("where none can be made is told before anything is planned")
  func noFolder() async throws {
    let bench = try bench()
    let failure = await #expect(throws: PlanFileFailure.self) {
      try await plan(bench, "/nowhere/monday.plan")
    }
    #expect(failure?.kind == .cannotCreate)
    #expect(ExitStatus.of(try #require(failure)) == .cannotCreate)
  }

  @Test("that was made more than 24 hours ago is no longer true")
  func old() async throws {
    let bench = try bench()
    let path = bench.folder + "/one.plan"
    try await plan(bench, path)
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let id = try #require(text.firstMatch(of: /"id":"([0-9A-Z]{26})"/)).1
    // Ten days before, by the time that the id tells.
    let older = SortableID.text(milliseconds: (bench.now.seconds - 864_000) * 1_000, random: (1, 2))
    try Data(text.replacing(id, with: older).utf8).write(to: URL(fileURLWithPath: path))
    let stale = await #expect(throws: StalePlan.self) {
      try await LeadRun("apply", context: bench.context()).apply(path)
    }
    #expect(stale?.description.contains("more than 24 hours ago") == true)
    #expect(bench.connector.requests.isEmpty)
  }

  @Test("that was changed by hand is refused before anything is written")
  func changedByHand() async throws {
    let bench = try bench()
    let path = bench.folder + "/one.plan"
    try await plan(bench, path)
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try #require(text.contains(#""to":"cold""#))
    try Data(text.replacing(#""to":"cold""#, with: #""to":"golden""#).utf8).write(
      to: URL(fileURLWithPath: path))
    let failure = await #expect(throws: PlanFileFailure.self) {
      try await LeadRun("apply", context: bench.context()).apply(path)
    }
    #expect(failure?.what.contains("was changed by hand: crm/") == true)
    #expect(bench.connector.requests.isEmpty)
  }

  @Test("of which a connection is no longer written names its contacts")
  func noLongerWritten() async throws {
    let bench = try bench()
    let path = bench.folder + "/one.plan"
    try await plan(bench, path)
    let context = try bench.context()
    let readOnly = Configuration(
      file: "test.yaml", folder: bench.folder, modelPath: "model.yaml", statePath: context.store.path,
      history: .days(365),
      connections: [ConfiguredConnection(name: "crm", connector: bench.connector, write: nil)],
      fuses: .standard)
    let result = try await LeadRun(
      "apply",
      context: RunContext(
        store: context.store, configuration: readOnly, model: context.model, domains: .empty, chosen: [],
        environment: context.environment)
    ).apply(path)
    #expect(result.apply?.written == 0)
    #expect(result.apply?.refusals.map(\.reason).first == "nothing is written to this connection")
    #expect(bench.connector.requests.isEmpty)
  }

  @Test(
    "of a list in order is sorted by id, also where it does not fit into memory", arguments: [10, 40_000])
  func sorting(count: Int) throws {
    let path = FileManager.default.temporaryDirectory.path + "/sorted-" + UUID().uuidString
    let sorter = try LineSorter(beside: path)
    let filling = String(repeating: "x", count: 1_000)
    for number in 0..<count {
      // Every number once, in an order that has nothing to do with that of the ids.
      let id = number * 7_919 % count
      try sorter.add("\(id) \(filling)", under: ContactID(String(1_000_000 + id)))
    }
    var next = 0
    try sorter.drain { line in
      #expect(line.hasPrefix("\(next) "))
      next += 1
    }
    #expect(next == count)
    #expect(!FileManager.default.fileExists(atPath: path + ".sort"))
  }

  @Test("is not sorted where no file can be made")
  func nowhereToSort() {
    let failure = #expect(throws: PlanFileFailure.self) { try LineSorter(beside: "/nowhere/monday.plan") }
    #expect(failure?.kind == .cannotCreate)
  }
}

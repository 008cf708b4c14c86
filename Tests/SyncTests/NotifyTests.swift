import ConnectorConformance
import Foundation
import Platform
import Scoring
import Store
import Sync
import Testing

@Suite("What is told of runs")
struct NotifyTests {
  private func context(_ bench: HandoffBench, ping: String) throws -> RunContext {
    let store = try LeadStore(path: bench.path)
    let configuration = Configuration(
      file: "test.yaml", folder: bench.folder, modelPath: "model.yaml", statePath: store.path,
      history: .days(365),
      connections: [ConfiguredConnection(name: "cr\"m\\", connector: bench.connector, write: .standard)],
      fuses: .standard, notify: NotifySettings(ping: NotifyAddress(ping)))
    return try RunContext(
      store: store, configuration: configuration,
      model: LoadedModel(
        model: try Model(yaml: HandoffBench.model, file: "model.yaml"), sha256: "0", path: "model.yaml"),
      domains: .empty, chosen: [],
      environment: RunEnvironment(
        milliseconds: { bench.now.seconds * 1_000 }, random: { 7 }, messenger: bench.receiver))
  }

  @Test(
    "the watchman hears of start and end at the right addresses; refused contacts are no failure",
    arguments: [
      (Sync.ExitStatus.done, "https://hc.example.com/u?x=1", ""),
      (.someRefused, "https://hc.example.com/u?x=1", "words"),
      (.fuseBlew, "https://hc.example.com/u/fail?x=1", "words"),
      (.unavailable, "https://hc.example.com/u/fail?x=1", "words"),
    ])
  func ping(status: Sync.ExitStatus, address: String, body: String) async throws {
    let bench = try HandoffBench()
    let ping = try #require(
      NotifyPing(
        NotifySettings(ping: NotifyAddress("https://hc.example.com/u?x=1")), by: bench.receiver))
    #expect(await ping.began() == nil)
    #expect(await ping.ended(status, summary: "words") == nil)
    #expect(bench.receiver.urls == ["https://hc.example.com/u/start?x=1", address])
    #expect(bench.receiver.tried.last?.body == body)
  }

  @Test("a watchman that is not there is told of with its host alone")
  func nobodyThere() async throws {
    let bench = try HandoffBench()
    let ping = try #require(
      NotifyPing(
        NotifySettings(ping: NotifyAddress("https://hc.example.com/hidden7")), by: bench.receiver))
    bench.receiver.answer(.answered(status: 404, text: "no", retryAfter: nil))
    #expect(await ping.began() == "hc.example.com answered 404 to the ping")
  }

  @Test("the figures are whole, labels are escaped, and the file is replaced readable for all")
  func metrics() async throws {
    let bench = try HandoffBench()
    bench.people(1...3)
    bench.warmUp(1)
    let context = try context(bench, ping: "https://hc.example.com/u")
    let result = try await LeadRun("sync", context: context).sync(at: bench.now, approves: false)
    let metrics = try RunMetrics(
      context, result: result, exit: .done, startedAt: 1_790_000_000, endedAt: 1_790_000_001.5,
      requests: ["cr\"m\\": 12])
    let lines = metrics.text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.suffix(2) == ["# EOF", ""])
    for line in [
      "leadgauge_run_duration_seconds 1.5", "# UNIT leadgauge_run_duration_seconds seconds",
      "# TYPE leadgauge_run_duration_seconds gauge", "leadgauge_run_exit_status 0",
      "leadgauge_run_written_contacts 3", #"leadgauge_run_requests{connection="cr\"m\\"} 12"#,
      #"leadgauge_connection_lag_seconds{connection="cr\"m\\",platform="memory"} 1.5"#,
      #"leadgauge_band_persons{band="hot"} 1"#, #"leadgauge_band_persons{band="cold"} 2"#,
      #"leadgauge_fuse_blown{fuse="maxWrites",connection=""} 0"#,
      "leadgauge_last_success_timestamp_seconds 1790000000",
    ] { #expect(lines.contains { $0 == line }, "\(line)\n\(metrics.text)") }
    let path = bench.folder + "/m.prom"
    try Data("# HELP leadgauge_old Old.\n".utf8).write(to: URL(fileURLWithPath: path))
    chmod(path, 0o600)
    try metrics.write(to: path)
    #expect(try String(contentsOfFile: path, encoding: .utf8) == metrics.text)
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o644)
    #expect(!FileManager.default.fileExists(atPath: path + ".part"))
  }

  @Test("figures that cannot be written name the file and the cure")
  func noFolder() async throws {
    let bench = try HandoffBench()
    let context = try context(bench, ping: "https://hc.example.com/u")
    let metrics = try RunMetrics(
      context, result: nil, exit: .unavailable, startedAt: 0, endedAt: 1, requests: [:])
    let failure = #expect(throws: MetricsFailure.self) { try metrics.write(to: "/nowhere/m.prom") }
    #expect(failure?.description.contains("/nowhere/m.prom (No such file or directory)") == true)
  }

  @Test("figures are not written over a folder, and leave nothing behind")
  func folderInTheWay() async throws {
    let bench = try HandoffBench()
    let metrics = try RunMetrics(
      context(bench, ping: "https://hc.example.com/u"), result: nil, exit: .done, startedAt: 0, endedAt: 1,
      requests: [:])
    try FileManager.default.createDirectory(
      atPath: bench.folder + "/m.prom/inside", withIntermediateDirectories: true)
    #expect(throws: MetricsFailure.self) { try metrics.write(to: bench.folder + "/m.prom") }
    #expect(!FileManager.default.fileExists(atPath: bench.folder + "/m.prom.part"))
  }

  @Test("what a watchman reads of a run names counts, fuses and failures, and no person")
  func summary() async throws {
    let bench = try Workbench()
    bench.connector.edit { content in
      for number in 1...3 { content.contacts["\(number)"] = InMemoryContact("p\(number)@example.com") }
    }
    bench.connector.refuse("2", "read only")
    let result = try await LeadRun("sync", context: bench.context()).sync(at: bench.now, approves: false)
    #expect(result.plainSummary == "leadgauge sync: exit 3\n2 written, 1 not written\n")
    bench.connector.fail(.write)
    let failed = try await LeadRun("sync", context: bench.context()).sync(at: bench.now, approves: false)
    #expect(
      failed.plainSummary == """
        leadgauge sync: exit 69
        0 written, 1 not written
        crm: The platform in memory does not answer. Try again later.

        """)
    #expect(!failed.plainSummary.contains("example.com"))
  }
}

import Foundation
import Platform
import Scoring
import SimulatedWeb
import StrictYAML
import WebAPI

/// A connection to a stand-in inside the process, with the pulls and writes that the pipeline would make.
final class CostAccount<Server: Simulator>: @unchecked Sendable {
  // Used by one task alone.
  private let network: SimulatedTransport<Server>
  private let clock: VirtualClock
  private let tally = CostTally()
  private let folder: String
  private let make: () throws -> any Connector
  private let layout: WriteLayout
  private let fields: Set<String>
  private var cursors: [StreamName: Cursor] = [:]
  private var contacts: [ContactID] = []
  private var activities = 0

  static var usualFields: WrittenFields {
    WrittenFields(score: .field("lead_score"), band: "lead_band", reasons: "lead_reasons", tags: true)
  }

  /// `workingTime` gives the seconds for which the platform works on a request, if it says so.
  init(
    _ server: Server, at now: Timestamp, yaml: String, fields: WrittenFields, modelFields: Set<String>,
    workingTime: @escaping @Sendable (SimulatedAnswer) -> Double,
    entry: @escaping @Sendable (WebSurroundings) -> any PlatformEntry
  ) throws {
    let clock = VirtualClock(Double(now.seconds))
    let network = SimulatedTransport(server, clock: clock)
    let folder = FileManager.default.temporaryDirectory.path + "/cost-" + UUID().uuidString
    let tally = tally
    network.decide { request in
      tally.note(request)
      return .altered { answer in
        tally.note(answer)
        clock.advance(workingTime(answer))
        return answer
      }
    }
    network.keepsRequests = false
    (self.network, self.clock, self.folder) = (network, clock, folder)
    self.fields = modelFields
    layout = WriteLayout(
      fields: fields, bandNames: ["hot", "cold"], bandFloors: [40, 0], ownedTags: ["lead_hot", "lead_cold"])
    make = {
      let problems = ProblemCollector(file: "leadgauge.yaml")
      let settings = try YAMLDocument.mapping(in: yaml, problems: problems)
      let context = ConnectorContext(name: "bench", folder: folder, fields: fields, privateFolder: folder)
      let surroundings = WebSurroundings(transport: network, clock: clock, random: { 0.5 })
      guard let connector = entry(surroundings).connector(settings: settings, context: context) else {
        throw ConnectorFailure(.configuration, problems.problems.map(\.description).joined(separator: "\n"))
      }
      return connector
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  private var window: PullWindow { window(days: 30) }

  private func window(days: Int64) -> PullWindow {
    let now = Timestamp(Int64(clock.now()))
    return PullWindow(
      since: now - .days(days), now: now,
      needs: PullNeeds(
        fields: fields, kinds: nil, tags: layout.ownedTags, bands: layout.bandNames))
  }

  func pass(seconds: Double) { clock.advance(seconds) }

  func act(_ body: @Sendable (inout Server, Timestamp) -> Void) { network.withServer(body) }

  /// A run in a process of its own.
  private func run(_ body: (any Connector) async throws -> Void) async throws {
    let connector = try make()
    try await body(connector)
    await connector.close()
  }

  func pull(days: Int64 = 30, fromStart: Bool = false) async throws {
    activities = 0
    let window = window(days: days)
    if fromStart { cursors = cursors.filter { $0.key.text == "contacts" } }
    try await run { connector in
      for stream in try await connector.streams() {
        var hasMore = true
        while hasMore {
          let page = try await connector.page(of: stream.name, after: cursors[stream.name], window: window)
          cursors[stream.name] = page.cursor
          if contacts.count < 20_000 { contacts += page.contacts.map(\.id) }
          activities += page.activities.count
          hasMore = page.hasMore
        }
      }
    }
  }

  func prepare() async throws { try await run { try await $0.prepare(layout) } }

  func write(_ count: Int, hot: Bool) async throws {
    let ids = Array(Set(contacts.prefix(20_000))).sorted().prefix(count)
    try await run { connector in
      try await connector.prepare(layout)
      if let forecast = await connector.forecast(writes: ids.count) {
        print("  foretold: \(forecast.requests) requests, \(Int(forecast.seconds)) s")
      }
      let size = connector.capabilities.batchSize
      var written = 0
      for start in stride(from: 0, to: ids.count, by: size) {
        let batch = ids[start..<min(start + size, ids.count)].map { id in
          ContactWrite(
            contact: id, email: nil, score: hot ? 42 : 7, band: hot ? "hot" : "cold",
            reasons: "Opened an e-mail +5", addTags: [hot ? "lead_hot" : "lead_cold"],
            removeTags: hot ? [] : ["lead_hot"], asOf: window.now)
        }
        for outcome in try await connector.write(batch) {
          if case .written = outcome { written += 1 } else { print("  \(outcome)") }
        }
      }
      _ = try await connector.commit()
      guard written == ids.count else {
        throw ConnectorFailure(.badData, "\(written) of \(ids.count) were written")
      }
    }
  }

  /// Something the stand-in knows.
  func told(_ say: @Sendable (Server) -> String) {
    network.withServer { server, _ in
      let line = say(server)
      if !line.isEmpty { print("  \(line)") }
    }
  }

  /// Does something and prints what it cost.
  func phase(_ name: String, _ body: () async throws -> Void) async throws {
    _ = tally.take()
    activities = 0
    let (start, began) = (clock.now(), Date())
    try await body()
    let cost = tally.take()
    let seconds = clock.now() - start
    let real = Date().timeIntervalSince(began)
    let times = String(format: "%.0f s by the limits, %.1f s of work", seconds, real)
    print("\(name): \(cost.requests) requests, \(cost.refused) refused, \(times), \(activities) activities")
    for route in cost.routes.prefix(6) { print("    \(route.count)  \(route.route)") }
  }
}

import Foundation
import LossModel
import WebAPI

/// Writes over real connections to a server that loses answers, and shows what became of every contact.
///
/// Usage: `bench-lost [writes]`. Ends with 1 if a value was lost or a contact was given two different values.
@main
struct BenchLost {
  private static let reset = LossRates(lost: 0.05, unheard: 0.01)
  private static let rough = LossRates(lost: 0.05, unheard: 0.01, late: 0.01, brokenAfterwards: 0.05)
  private static let busy = LossRates(busy: 0.05)

  static func main() async throws {
    let arguments = Array(CommandLine.arguments.dropFirst())
    if arguments.first == KilledRun.word {
      exit(try await KilledRun.goOn(Array(arguments.dropFirst())) ? 0 : 1)
    }
    var bench = BenchLost(writes: arguments.first.flatMap { Int($0) } ?? 10_000)
    try await bench.run()
    exit(bench.isSound ? 0 : 1)
  }

  private let writes: Int
  private var isSound = true

  private init(writes: Int) {
    self.writes = writes
  }

  private mutating func run() async throws {
    print(
      "\(writes) writes in each run. reset: 5 % of all requests lose their answer, 1 % are dropped; late: 1 % are "
        + "done after the reset; broken: 5 % of all connections are reset behind an answer; 503: 5 %")
    print(
      row(
        "run", "way", "at once", "sent", "arrived", "no answer", "repeated", "unknown", "done", "not done",
        "twice", "lost", "two values", "s"))
    for way in [LossTrial.Way.repeatable, .once] {
      for together in [1, 8] { try await trial("reset", Self.reset, way, together) }
    }
    for way in [LossTrial.Way.repeatable, .once] {
      try await trial("reset, late, broken", Self.rough, way, 8)
      try await trial("done, then 503", Self.busy, way, 8)
    }
    try await trial(
      "reset, no repetitions", Self.reset, .repeatable, 8, RetryPolicy(budgetMinimum: 0, budgetShare: 0))
    for way in [LossTrial.Way.repeatable, .once] { try await killed(way) }
    print(isSound ? "nothing lost, no contact given two values" : "FAILED")
  }

  private mutating func trial(
    _ name: String, _ rates: LossRates, _ way: LossTrial.Way, _ together: Int,
    _ policy: RetryPolicy = .standard
  ) async throws {
    let server = try LossyServer(rates)
    let transport = try CurlTransport(TransportSettings(connectionsPerHost: together))
    let client = APIClient(
      base: server.url, authorization: NoAuthorization(), policy: policy,
      governor: Governor([RateLimit("in flight", .inFlight(together))]),
      surroundings: WebSurroundings(transport: transport, clock: HurriedClock()))
    let wanted = (0..<writes).map { (contact: $0, value: $0 * 7 + 1) }
    let clock = ContinuousClock()
    let begun = clock.now
    let outcome = await LossTrial(client, way).run(wanted, together: together)
    let seconds = (clock.now - begun) / .seconds(1)
    await transport.close()
    await server.stop()
    let audit = server.ledger.audit(Dictionary(uniqueKeysWithValues: wanted.map { ($0.contact, $0.value) }))
    judge(audit, outcome.givenUp)
    let tally = server.tally
    print(
      row(
        name, way == .once ? "POST" : "PUT", "\(together)", "\(client.counters.requests)",
        "\(requests(tally))",
        "\(requests(tally) { !$0.isAnswered })", "\(client.counters.retries)", "\(outcome.unknown)",
        "\(outcome.foundDone)", "\(outcome.foundMissing)", "\(audit.repeated)",
        "\(audit.missing)", "\(audit.contradicted)", "\((seconds * 10).rounded() / 10)"))
    if let refusal = outcome.refusal { print("  refused: \(refusal)") }
  }

  private mutating func killed(_ way: LossTrial.Way) async throws {
    let journal = FileManager.default.temporaryDirectory.appendingPathComponent(
      "bench-lost-\(ProcessInfo.processInfo.processIdentifier)")
    let deaths = [writes / 5, writes / 2, writes * 4 / 5]
    let (audit, tally, doubtful) = try await KilledRun(writes: writes, way: way, journal: journal.path)
      .run(killedAfter: deaths)
    judge(audit, doubtful.count == deaths.count ? 0 : 1)
    print(
      row(
        "killed three times", way == .once ? "POST" : "PUT", "8", "-", "\(requests(tally))",
        "\(requests(tally) { !$0.isAnswered })", "-", "-", "-", "-", "\(audit.repeated)",
        "\(audit.missing)", "\(audit.contradicted)", "-")
        + "in doubt when killed: \(doubtful.map { "\($0)" }.joined(separator: ", "))")
  }

  private mutating func judge(_ audit: Ledger.Audit, _ givenUp: Int) {
    if audit.missing + audit.contradicted + givenUp > 0 { isSound = false }
  }

  private func requests(_ tally: LossyServer.Tally, _ isMeant: (Fate) -> Bool = { _ in true }) -> Int {
    ["GET", "PUT", "POST"].reduce(0) { $0 + tally.count($1, isMeant) }
  }

  private func row(_ cells: String...) -> String {
    zip(cells, [23, 6, 9, 8, 9, 11, 10, 9, 7, 10, 7, 6, 12, 6]).map { text, width in
      text + String(repeating: " ", count: max(1, width - text.count))
    }.joined()
  }
}

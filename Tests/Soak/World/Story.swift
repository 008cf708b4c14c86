import Bitrix24Connector
import FilesConnector
import Foundation
import GetResponseConnector
import HubSpotConnector
import MauticConnector
import PlainScorer
import Platform
import Scoring
import Store
import StrictYAML
import Sync
import WebAPI

/// What happens in the world of one seed: people act, the program runs and is disturbed, and in the end all is quiet
/// and has to be right.
final class Story: @unchecked Sendable {
  // All work of the process is done by one thread.

  /// What kind of run.
  enum Errand: String {
    case sync
    case plan
    case pull
    case backfill
    case twice
  }

  let world: World
  private var chance: Chance
  private var machine: Machine
  private let yaml: String
  private let pageSize: Int
  private(set) var runs = 0
  private(set) var stops = 0
  private(set) var requests = 0
  /// True if the state was deleted, after which people may be told of again.
  private var hasForgotten = false

  init(seed: UInt64, folder: String, keepsDiary: Bool) throws {
    world = World(seed: seed)
    world.keepsDiary = keepsDiary
    chance = Chance(seed ^ 0x5354_4F52_59)
    machine = try Machine(folder: folder)
    yaml = world.model.yaml
    pageSize = chance.one(of: [2, 3, 5, 100])
    settle(on: machine)
    world.populate()
    // Also where nobody came.
    for account in world.accounts { (account as? FilesAccount)?.export() }
    world.note("\(world.accounts.map(\.platform)), \(pageSize) a page\n\(yaml)")
  }

  private func settle(on machine: Machine) {
    for account in world.accounts { (account as? FilesAccount)?.folder = machine.folder }
  }

  /// Lives through all of it.
  func tell() async {
    for _ in 0..<chance.number(3...8) {
      world.clock.pass(Double(chance.number(300...150_000)))
      for _ in 0..<chance.number(0...8) { world.disturb() }
      await disturbedRun()
      if !world.violations.isEmpty { return }
    }
    await quieten()
  }

  private func disturbedRun() async {
    let weather: Trouble.Weather = chance.one(of: [.fine, .fine, .rain, .rain, .storm, .outage])
    let trouble = Trouble(weather, bustle: chance.happens(40) ? chance.number(1...15) : 0, chance.branch())
    let errand: Errand = chance.one(of: [
      .sync, .sync, .sync, .sync, .sync, .sync, .plan, .pull, .backfill, .twice,
    ])
    world.clock.error = chance.happens(12) ? Double(chance.number(-7_200...7_200)) : 0
    if chance.happens(30) {
      machine.stopsAt = machine.steps + chance.number(1...chance.one(of: [30, 120, 400]))
    }
    if chance.happens(15) { machine.writesLeft = chance.number(1...4) }
    if chance.happens(6) { machine.cancelsAt = machine.steps + chance.number(1...100) }
    machine.isFull = chance.happens(4)
    if chance.happens(3) { forgetState() }
    await run(errand, trouble)
    world.clock.error = 0
    machine.isFull = false
    if machine.isDead { stops += 1 }
    do { machine = try machine.restarted() } catch {
      world.accuse("the machine did not start again: \(error)")
    }
    settle(on: machine)
  }

  private func forgetState() {
    world.note("the state is deleted")
    hasForgotten = true
    world.forgetNews()
    // The file alone: tokens are the account's, and nobody gets them back.
    for end in ["", "-wal", "-shm"] {
      try? FileManager.default.removeItem(atPath: machine.folder + "/state/leadgauge.db" + end)
    }
  }

  // MARK: Runs

  /// Runs the program once.
  ///
  /// - Returns: What it said, unless it failed.
  @discardableResult
  private func run(_ errand: Errand, _ trouble: Trouble) async -> RunResult? {
    runs += 1
    let network = Network(world: world, machine: machine, trouble: trouble)
    world.beginRun(isDry: errand == .plan || errand == .pull)
    world.note(
      "\(errand), \(trouble.weather), clock \(world.clock.error), stops at \(machine.stopsAt ?? 0), full \(machine.isFull)"
    )
    FaultyDisk.machine = machine
    let files = world.accounts.filter { $0 is FilesAccount }
    let before = files.map { $0.seen() }
    let task = Task { try await self.process(errand, trouble, network) }
    machine.cancel = { task.cancel() }
    var result: RunResult?
    do {
      result = try await task.value
      world.note(
        "ended: \(result.map { "\(ExitStatus.of($0)), \($0.apply?.written ?? 0) written, \($0.apply?.refused ?? 0) refused, \($0.failures)" } ?? "")"
      )
    } catch {
      world.note("failed: \(error)")
      if ExitStatus.of(error) == .unexpected { world.accuse("an error of no known kind: \(error)") }
    }
    machine.cancel = {}
    FaultyDisk.machine = nil
    // What was written to files was seen by nobody on the way.
    for (file, old) in zip(files, before) {
      if trouble.bustle == 0 {
        world.compare(file, old, file.seen())
      } else {
        world.countEntries(file, old, file.seen())
      }
    }
    requests += network.requests
    return result
  }

  private func process(_ errand: Errand, _ trouble: Trouble, _ network: Network) async throws -> RunResult {
    let lock = try StoreLock(beside: machine.folder + "/state/leadgauge.db", holder: "\(errand)")
    defer { withExtendedLifetime(lock) {} }
    let configuration = try configuration(trouble, network)
    let key = trouble.draw { $0.branch() }
    let store = try LeadStore(path: configuration.statePath, random: Self.random(key))
    defer { store.close() }
    network.intended = { name in
      let connection = try? store.connections().first { $0.name == name }
      let open = connection.flatMap { try? store.openEntries(on: $0, limit: 10_000) } ?? []
      return Set(open.map(\.contact.text))
    }
    let context = try context(store, configuration, trouble)
    let outcome: Result<RunResult, any Error>
    do {
      outcome = .success(try await work(errand, context, trouble))
    } catch {
      outcome = .failure(error)
    }
    for connection in configuration.connections { await connection.connector.close() }
    return try outcome.get()
  }

  private func work(_ errand: Errand, _ context: RunContext, _ trouble: Trouble) async throws -> RunResult {
    let run = LeadRun(errand.rawValue, context: context)
    switch errand {
    case .sync: return try await run.sync(at: nil, approves: true)
    case .plan: return try await run.plan(at: nil, pulls: true, path: machine.folder + "/plan.jsonl")
    case .pull: return try await run.pull()
    case .backfill:
      return try await run.backfill(
        since: world.now - TimeSpan.days(Int64(trouble.number(1...500))), at: nil, writes: true)
    case .twice:
      async let first = run.sync(at: nil, approves: true)
      await SerialWork.shared.pause()
      do {
        _ = try StoreLock(beside: context.store.path, holder: "second")
        world.accuse("two runs at once had the lock")
      } catch {
        if ExitStatus.of(error) != .locked { world.accuse("the second run ended with \(error)") }
      }
      return try await first
    }
  }

  /// A source of random bits of a seed.
  private static func random(_ chance: Chance) -> @Sendable () -> UInt64 {
    let source = Source(chance)
    return { source.next() }
  }

  private final class Source: @unchecked Sendable {
    // All work of the process is done by one thread.
    private var chance: Chance
    init(_ chance: Chance) { self.chance = chance }
    func next() -> UInt64 { chance.next() }
  }

  private func configuration(_ trouble: Trouble, _ network: Network) throws -> Configuration {
    let random = Self.random(trouble.draw { $0.branch() })
    let surroundings = WebSurroundings(
      transport: network, clock: RunClock(world: world.clock, machine: machine),
      random: { Double(random() >> 11) / Double(1 << 53) })
    let size = pageSize == 100 ? nil : pageSize
    let portal = world.accounts.lazy.compactMap { ($0 as? Bitrix24Account)?.pageSize }.first
    return try Configuration(
      yaml: text, file: machine.folder + "/leadgauge.yaml",
      platforms: [
        FilesPlatform(), MauticPlatform(surroundings: surroundings, pageSize: size),
        HubSpotPlatform(surroundings: surroundings, pageSize: size),
        GetResponsePlatform(surroundings: surroundings, pageSize: size),
        Bitrix24Platform(surroundings: surroundings, pageSize: portal),
      ], secrets: SecretExpansion(environment: [:]))
  }

  /// The configuration as a user would write it.
  private var text: String {
    let connections = world.accounts.map { account in
      "  \(account.name):\n" + account.settings.map { "    \($0)\n" }.joined()
    }
    let head = """
      version: 1
      model: model.yaml
      state: state/leadgauge.db
      fuses: { maxChanges: 100%, maxWrites: 1000000, maxShrink: 100% }
      notify:
        handoff: { webhook: "https://sales.example/hook", first: true }
      connections:

      """
    return head + connections.joined()
  }

  private func context(
    _ store: LeadStore, _ configuration: Configuration, _ trouble: Trouble
  ) throws -> RunContext {
    let clock = RunClock(world: world.clock, machine: machine)
    return try RunContext(
      store: store, configuration: configuration,
      model: LoadedModel(
        model: Model(yaml: yaml, file: "model.yaml"), sha256: SHA256.hex(of: yaml.utf8), path: "model.yaml"),
      domains: DomainLists(free: "gmail.com", disposable: ""), chosen: [],
      environment: RunEnvironment(
        milliseconds: { Int64(clock.now() * 1_000) },
        random: Self.random(trouble.draw { $0.branch() }),
        messenger: SalesLine(world: world, machine: machine, trouble: trouble)))
  }

  // MARK: The end

  /// All faults stop, and the program may run as often as it takes.
  private func quieten() async {
    world.note("all is quiet")
    for account in world.accounts { account.calm() }
    var last: RunResult?
    for round in 0..<8 {
      // Those who left are looked for once a day, or once a week.
      world.clock.pass(round == 1 ? 8 * 86_400 : 90_000)
      last = await quietRun()
      if !world.violations.isEmpty { return }
      if round > 2, let last, last.failures.isEmpty, last.apply?.refused == 0 { break }
    }
    guard let result = last, let plan = result.plan else {
      return world.accuse("the last run failed though nothing was wrong any more")
    }
    guard result.failures.isEmpty, result.apply?.refused == 0 else {
      return world.accuse(
        "the last run could not read or write everything: \(result.failures) \(result.apply?.refusals ?? [])")
    }
    let judge = Judge(world: world, hasForgotten: hasForgotten)
    judge.compare(at: plan.header.asOf)
    judge.lookAtHandoffs(result)
    judge.lookAtCounts(result)
    await runOnceMore(judge, after: plan.header.asOf)
  }

  /// A run right after the last one finds nothing to do, unless somebody's moment has just come.
  private func runOnceMore(_ judge: Judge, after moment: Timestamp) async {
    world.clock.pass(60)
    guard let plan = await quietRun()?.plan else { return world.accuse("one more run failed") }
    if plan.changes > 0, judge.scores(at: moment) == judge.scores(at: plan.header.asOf) {
      world.accuse("runs never stop changing something: \(plan.changes)")
    }
  }

  private func quietRun() async -> RunResult? {
    let trouble = Trouble(.fine, bustle: 0, chance.branch())
    return await run(.sync, trouble)
  }
}

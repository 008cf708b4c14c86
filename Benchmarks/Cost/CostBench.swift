import Foundation
import HubSpotConnector
import HubSpotSimulator
import Platform
import Scoring
import SimulatedWeb
import StrictYAML
import WebAPI

/// Prints what runs of a platform cost in requests and time, with a stand-in whose answers take no time: what is
/// left is what the platform's limits make of it.
///
/// Usage: `bench-cost PLATFORM [people]`.
@main
struct CostBench {
  static func main() async throws {
    let arguments = CommandLine.arguments
    let platform = arguments.count > 1 ? arguments[1] : ""
    let people = arguments.count > 2 ? Int(arguments[2]) ?? 100_000 : 100_000
    switch platform {
    case "hubspot", "hubspot-counters":
      var settings = HubSpotServerSettings()
      settings.token = "t"
      settings.plan = .enterprise
      if platform != "hubspot" {
        for scope in ["content", "business-intelligence", "forms"] { settings.scopes.remove(scope) }
      }
      try await run(
        HubSpotServer(settings: settings), people, active: 0.03, push: 0.02,
        yaml: "auth: { token: t }\nplan: enterprise\n"
      ) { HubSpotPlatform(surroundings: $0) }
    default:
      print("Name a platform: hubspot, or hubspot-counters for an account that gives no events")
      exit(64)
    }
  }

  private static func run<Server: Simulator>(
    _ server: Server, _ people: Int, active: Double, push: Double, yaml: String,
    fields: WrittenFields = CostAccount<Server>.usualFields,
    entry: @escaping @Sendable (WebSurroundings) -> any PlatformEntry
  ) async throws {
    let now = Timestamp(1_795_000_000)
    let world = CostWorld(people: people, activeShare: active, days: 30, now: now)
    var server = server
    world.fill(&server)
    let account = try CostAccount(server, at: now, yaml: yaml, fields: fields, entry: entry)
    print("\(people) contacts, \(Int(active * 100)) % active a day, 30 days of history")
    try await account.phase("first pull") { try await account.pull() }
    account.pass(seconds: 3_600)
    try await account.phase("second run, which looks back a little") { try await account.pull() }
    account.pass(seconds: 3_600)
    try await account.phase("idle run") { try await account.pull() }
    for (batch, share) in [(1, 0.01), (2, active)] {
      account.pass(seconds: 3_600)
      account.act { world.act(Int(Double(people) * share), batch: batch, at: $1, &$0) }
      // Somewhat later, as everything takes a moment to be seen.
      account.pass(seconds: 600)
      try await account.phase("\(Int(share * 100)) % did something") { try await account.pull() }
    }
    let count = Int(Double(people) * push)
    try await account.phase("making fields and tags") { try await account.prepare() }
    try await account.phase("writing \(count) contacts") { try await account.write(count, hot: true) }
    try await account.phase("writing them again, one tag for another") {
      try await account.write(count, hot: false)
    }
    account.pass(seconds: 3_600)
    try await account.phase("the run after it") { try await account.pull() }
    try await account.phase("backfill of 60 more days") {
      try await account.pull(days: 90, fromStart: true)
    }
  }
}

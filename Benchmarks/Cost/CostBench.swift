import Bitrix24Connector
import Bitrix24Simulator
import Foundation
import GetResponseConnector
import GetResponseSimulator
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
        HubSpotServer(settings: settings), people, active: 0.03, pushes: [0.02],
        yaml: "auth: { token: t }\nplan: enterprise\n"
      ) { HubSpotPlatform(surroundings: $0) }
    case "getresponse":
      var settings = GetResponseServerSettings()
      settings.apiKey = "k"
      try await run(
        GetResponseServer(settings: settings), people, active: 0.05, pushes: [0.05],
        yaml: "auth: { apiKey: k }\n",
        fields: WrittenFields(score: .native, band: nil, reasons: nil, tags: true),
        modelFields: []
      ) { GetResponsePlatform(surroundings: $0) }
    case "bitrix24", "bitrix24-batch":
      var settings = Bitrix24ServerSettings()
      settings.webhookSecret = "s"
      if platform != "bitrix24" { settings.batchPayer = .batch }
      try await run(
        Bitrix24Server(settings: settings), people, active: 0.03, pushes: [0.01, 0.05],
        yaml: "webhook: https://portal.bitrix24.com/rest/1/s/\n",
        workingTime: { answer in
          let body = try? JSONValue.parse(answer.body)
          // A tenth of a second for the way.
          return (body?["time"]["duration"].number ?? 0) + 0.1
        },
        told: {
          "working time so far: \(Int($0.secondsWorked)) s; refused: \($0.operatingRefusals), \($0.rateRefusals)"
        }
      ) { Bitrix24Platform(surroundings: $0) }
    default:
      print(
        "Name a platform: hubspot, getresponse, bitrix24; hubspot-counters for an account that gives no events, "
          + "bitrix24-batch for a portal that charges working time to the batch")
      exit(64)
    }
  }

  private static func run<Server: Simulator>(
    _ server: Server, _ people: Int, active: Double, pushes: [Double], yaml: String,
    fields: WrittenFields = CostAccount<Server>.usualFields, modelFields: Set<String> = ["job_title"],
    workingTime: @escaping @Sendable (SimulatedAnswer) -> Double = { _ in 0 },
    told: @escaping @Sendable (Server) -> String = { _ in "" },
    entry: @escaping @Sendable (WebSurroundings) -> any PlatformEntry
  ) async throws {
    let now = Timestamp(1_795_000_000)
    let world = CostWorld(people: people, activeShare: active, days: 30, now: now)
    var server = server
    world.fill(&server)
    let account = try CostAccount(
      server, at: now, yaml: yaml, fields: fields, modelFields: modelFields, workingTime: workingTime,
      entry: entry)
    func phase(_ name: String, _ body: () async throws -> Void) async throws {
      try await account.phase(name, body)
      account.told(told)
    }
    print("\(people) contacts, \(Int(active * 100)) % active a day, 30 days of history")
    try await phase("first pull") { try await account.pull() }
    account.pass(seconds: 3_600)
    try await phase("second run, which looks back a little") { try await account.pull() }
    account.pass(seconds: 3_600)
    try await phase("idle run") { try await account.pull() }
    for (batch, share) in [(1, 0.01), (2, active)] {
      account.pass(seconds: 3_600)
      account.act { world.act(Int(Double(people) * share), batch: batch, at: $1, &$0) }
      // Somewhat later, as everything takes a moment to be seen.
      account.pass(seconds: 600)
      try await phase("\(Int(share * 100)) % did something") { try await account.pull() }
    }
    try await phase("making fields and tags") { try await account.prepare() }
    for push in pushes {
      let count = Int(Double(people) * push)
      account.pass(seconds: 3_600)
      try await phase("writing \(count) contacts") { try await account.write(count, hot: true) }
      account.pass(seconds: 3_600)
      try await phase("writing them again, one tag for another") {
        try await account.write(count, hot: false)
      }
    }
    account.pass(seconds: 3_600)
    try await phase("the run after it") { try await account.pull() }
    account.pass(seconds: 60)
    try await phase("backfill of 60 more days") {
      try await account.pull(days: 90, fromStart: true)
    }
  }
}

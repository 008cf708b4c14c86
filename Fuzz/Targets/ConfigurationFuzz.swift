import Bitrix24Connector
import FilesConnector
import GetResponseConnector
import HubSpotConnector
import MauticConnector
import Platform
import StrictYAML
import Sync
import WebAPI

/// The configuration file, with every platform there is.
enum ConfigurationFuzz {
  private static let platforms: [any PlatformEntry] = {
    let surroundings = WebSurroundings(
      transport: ScriptedWeb(WebScript([])), clock: FuzzClock(1_795_000_000), random: { 0.5 })
    return [
      FilesPlatform(), MauticPlatform(surroundings: surroundings),
      HubSpotPlatform(surroundings: surroundings),
      GetResponsePlatform(surroundings: surroundings), Bitrix24Platform(surroundings: surroundings),
    ]
  }()

  static func run(_ bytes: [UInt8]) throws(BrokenPromise) {
    let text = String(decoding: bytes, as: UTF8.self)
    let secret = "s3cret-of-the-environment"
    let secrets = SecretExpansion(environment: ["TOKEN": secret, "KEY": secret])
    let configuration: Configuration
    do throws(InputProblems) {
      configuration = try Configuration(
        yaml: text, file: "/nowhere/leadgauge.yaml", platforms: platforms, secrets: secrets)
    } catch {
      try ModelFuzz.check(error)
      for problem in error.problems {
        try demand(!problem.description.contains(secret), "a secret stands in a problem: \(problem)")
      }
      return
    }
    try demand(!configuration.connections.isEmpty, "a configuration without a connection")
    try demand(configuration.connections.count <= 64, "more connections than an engine can number")
    try demand(
      Set(configuration.connections.map(\.name)).count == configuration.connections.count,
      "two connections of one name")
    try demand(configuration.history.seconds > 0, "a history of \(configuration.history)")
    let fuses = configuration.fuses
    try demand(
      (0...10_000).contains(fuses.maxChanges) && (0...10_000).contains(fuses.maxShrink)
        && fuses.maxWrites > 0,
      "fuses of \(fuses)")
    for connection in configuration.connections {
      let capabilities = connection.connector.capabilities
      try demand(capabilities.batchSize > 0 && capabilities.readBackSize > 0, "batches of nothing")
      _ = connection.connector.contactURL(ContactID("7"))
    }
  }
}

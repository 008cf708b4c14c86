import ArgumentParser
import Foundation
import Report
import Scoring
import Sync

/// What every command takes.
struct SharedOptions: ParsableArguments {
  @Option(help: "The configuration file; else LEADGAUGE_CONFIG, else leadgauge.yaml in this folder.")
  var config: String?

  @Option(help: "Only this connection; may be given several times.")
  var connection: [String] = []

  @Flag(help: "Print JSON to stdout and nothing else.")
  var json = false

  @Flag(help: "Print errors only.")
  var quiet = false

  @Flag(help: "Say more of what is done, to stderr; one line for every request.")
  var verbose = false

  @Option(help: "Write all requests and answers into this file, as HAR 1.2, secrets masked.")
  var trace: String?

  var configPath: String {
    config ?? ProcessInfo.processInfo.environment["LEADGAUGE_CONFIG"].flatMap { $0.isEmpty ? nil : $0 }
      ?? "leadgauge.yaml"
  }
}

/// `--as-of`, for commands where time matters.
struct MomentOption: ParsableArguments {
  @Option(
    name: .customLong("as-of"),
    help: "Score as if it were this time: ISO 8601 (UTC without zone), a date, or Unix seconds.")
  var asOf: String?

  func validate() throws { _ = try moment() }

  func moment() throws -> Timestamp? { try asOf.map { try Self.parse($0, option: "--as-of") } }

  static func parse(_ text: String, option: String) throws -> Timestamp {
    guard let moment = Timestamp(text) else {
      throw ValidationError(
        "'\(text)' is no time for \(option). Write 2026-11-23, 2026-11-23T02:00:00Z or Unix seconds.")
    }
    return moment
  }
}

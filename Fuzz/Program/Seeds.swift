import Bitrix24Simulator
import Foundation
import GetResponseSimulator
import HubSpotSimulator
import MauticSimulator
import Platform
import Scoring
import SimulatedWeb
import Synchronization
import WebAPI

/// First inputs for the adapters: what their platforms' stand-ins answer, in the form in which it is fuzzed.
enum Seeds {
  static func write(to folder: String) throws {
    let sorts: [UInt8] = [0, 1, 2, 3, 4, 6, 8, 9, 16, 32, 41, 63]
    for sort in sorts {
      for steps: UInt8 in [0x01, 0x0E, 0x10, 0x2F] {
        try record("mautic", mautic(), MauticFuzz.subject, sort, steps, folder)
        try record("hubspot", hubSpot(), HubSpotFuzz.subject, sort, steps, folder)
        try record("getresponse", getResponse(), GetResponseFuzz.subject, sort, steps, folder)
        try record("bitrix24", bitrix24(), Bitrix24Fuzz.subject, sort, steps, folder)
      }
    }
  }

  private static func mautic() -> MauticServer {
    var settings = MauticServerSettings()
    settings.user = "api"
    settings.password = "pass-w0rd-s3cret"
    settings.clientID = "1_abc"
    settings.clientSecret = "client-s3cret"
    return filled(MauticServer(settings: settings))
  }

  private static func hubSpot() -> HubSpotServer {
    var settings = HubSpotServerSettings()
    settings.token = "pat-na1-s3cret"
    settings.clientSecret = "client-s3cret"
    settings.refreshToken = "refresh-s3cret"
    settings.plan = .enterprise
    return filled(HubSpotServer(settings: settings))
  }

  private static func getResponse() -> GetResponseServer {
    var settings = GetResponseServerSettings()
    settings.apiKey = "key-s3cret"
    settings.clientSecret = "client-s3cret"
    settings.refreshToken = "refresh-s3cret"
    return filled(GetResponseServer(settings: settings))
  }

  private static func bitrix24() -> Bitrix24Server {
    var settings = Bitrix24ServerSettings()
    settings.webhookSecret = "w3bh00ks3cret"
    settings.clientSecret = "client-s3cret"
    settings.refreshToken = "refresh-s3cret"
    settings.pageSize = 2
    return filled(Bitrix24Server(settings: settings))
  }

  /// Three people, and one activity of every kind.
  private static func filled<Server: Simulator>(_ empty: Server) -> Server {
    var server = empty
    for number in 1...3 {
      server.add(
        SimulatedContact(
          number: number, email: "p\(number)@example.test",
          fields: [ContactField("first_name", "An \(number)"), ContactField("company", "Acme")],
          createdAt: Timestamp(1_794_000_000 + Int64(number))))
    }
    for (place, kind) in KnownKind.allCases.enumerated() {
      server.add(
        SimulatedActivity(
          contact: place % 3 + 1, kind: .known(kind), time: Timestamp(1_794_500_000 + Int64(place)),
          target: "https://example.test/\(place)", campaign: "Spring", value: 12))
    }
    return server
  }

  private static func record<Server: Simulator>(
    _ name: String, _ server: Server, _ subject: WebSubject, _ sort: UInt8, _ steps: UInt8, _ folder: String
  ) throws {
    let clock = VirtualClock(1_795_000_000)
    let transport = RecordingWeb(SimulatedTransport(server, clock: clock))
    let choices = [0x40 | sort, 0x40 | steps, UInt8(ascii: "@")]
    try? WebFuzz.run(choices, subject, through: transport, clock: clock)
    let input = choices + transport.parts
    let place = "\(folder)/\(name)"
    try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
    try Data(input).write(to: URL(fileURLWithPath: "\(place)/stand-in-\(sort)-\(steps)"))
  }
}

/// Writes down what comes through.
private final class RecordingWeb: WebTransport {
  private let inner: any WebTransport
  private let recorded = Mutex<[UInt8]>([])

  init(_ inner: any WebTransport) { self.inner = inner }

  var parts: [UInt8] { recorded.withLock { $0 } }

  func send(_ request: WebRequest) async throws(TransportFailure) -> WebResponse {
    let answer = try await inner.send(request)
    let head = (["\(answer.status)"] + answer.headers.map { "\($0.name): \($0.value)" })
      .joined(separator: "|")
    recorded.withLock { $0 += [WebScript.separator] + Array(head.utf8) + [0x0A] + answer.body }
    return answer
  }
}

import Bitrix24Simulator
import Foundation
import GetResponseSimulator
import HubSpotSimulator
import MauticSimulator
import Platform
import Sandbox
import Scoring
import Testing

/// A folder with a connection to one stand-in, whose answers somebody spoils.
enum HostileWeb {
  /// The platforms that are spoken to over the web.
  static let platforms = ["mautic", "hubspot", "getresponse", "bitrix24"]

  /// Does something with a stand-in that is stopped afterwards.
  ///
  /// - Parameters:
  ///   - names: What people are called, and what they looked at; one person for each.
  ///   - spoil: Takes a request and its true answer, and gives what is sent.
  static func with(
    _ platform: String, names: [String] = ["An", "Ben"],
    spoil: @escaping @Sendable (SimulatedRequest, SimulatedAnswer) -> SimulatedAnswer = { $1 },
    _ body: (Workplace, SimulatorHost) async throws -> Void
  ) async throws {
    let now = Timestamp(Int64(Date().timeIntervalSince1970))
    var (server, connection) = server(platform)
    for (index, name) in names.enumerated() {
      server.add(
        SimulatedContact(
          number: index + 1, email: "p\(index + 1)@example.com",
          fields: [
            ContactField("first_name", name), ContactField("company", name), ContactField("job_title", name),
          ], createdAt: now - TimeSpan.days(90)))
      for kind in [KnownKind.pageVisit, .emailClick, .formSubmit, .purchase, .call] {
        server.add(
          SimulatedActivity(
            contact: index + 1, kind: .known(kind), time: now - TimeSpan.days(1), target: name,
            campaign: name, value: 120))
      }
    }
    let host = SimulatorHost(
      SpoilingServer(inner: server, spoil: spoil),
      clock: { Timestamp(Int64(Date().timeIntervalSince1970)) })
    let place = try Workplace()
    try place.write("model.yaml", Workplace.model)
    let port = try await host.start()
    let lines = connection.replacing("ADDRESS", with: "http://127.0.0.1:\(port)")
    try place.write("leadgauge.yaml", "version: 1\nmodel: model.yaml\nconnections:\n  web: \(lines)\n")
    do {
      try await body(place, host)
    } catch {
      await host.stop()
      throw error
    }
    await host.stop()
  }

  private static func server(_ platform: String) -> (any Simulator, String) {
    switch platform {
    case "mautic":
      let settings = MauticServerSettings()
      return (
        MauticServer(settings: settings),
        "{ platform: mautic, url: \"ADDRESS\", auth: { user: \(settings.user), password: \(settings.password) } }"
      )
    case "hubspot":
      var settings = HubSpotServerSettings()
      settings.token = "a-token"
      settings.plan = .enterprise
      return (
        HubSpotServer(settings: settings), "{ platform: hubspot, url: \"ADDRESS\", auth: { token: a-token } }"
      )
    case "getresponse":
      return (
        GetResponseServer(),
        "{ platform: getresponse, url: \"ADDRESS/v3\", auth: { apiKey: \(GetResponseServerSettings().apiKey) } }"
      )
    default:
      let settings = Bitrix24ServerSettings()
      return (
        Bitrix24Server(settings: settings),
        "{ platform: bitrix24, webhook: \"ADDRESS/rest/\(settings.webhookUser)/\(settings.webhookSecret)\" }"
      )
    }
  }
}

/// A server whose answers are changed on the way.
struct SpoilingServer: Simulator {
  var inner: any Simulator
  let spoil: @Sendable (SimulatedRequest, SimulatedAnswer) -> SimulatedAnswer

  mutating func answer(_ request: SimulatedRequest, at now: Timestamp) -> SimulatedAnswer {
    spoil(request, inner.answer(request, at: now))
  }

  mutating func add(_ contact: SimulatedContact) { inner.add(contact) }

  mutating func add(_ activity: SimulatedActivity) { inner.add(activity) }

  func mayChange(_ request: SimulatedRequest) -> Bool { inner.mayChange(request) }
}

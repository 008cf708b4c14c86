import Foundation
import MauticSimulator
import Platform
import Sandbox
import Scoring
import Synchronization
import Testing

/// A folder whose one connection is a stand-in of Mautic over real HTTP, with 120 people who looked at pages.
final class MauticPlace: Sendable {
  /// How the configuration logs in.
  enum Login: String {
    case password = #"{ user: api, password: "${MAUTIC_PASSWORD}" }"#
    case client = #"{ clientId: 1_client, clientSecret: "${MAUTIC_CLIENT_SECRET}" }"#
  }

  static let password = Canaries.mauticPassword.text
  static let people = 120
  let place: Workplace
  private let current: Mutex<SimulatorHost>
  private let login: Login

  /// The server as it runs now.
  var host: SimulatorHost { current.withLock { $0 } }

  /// Does something with a server that is stopped afterwards: each of them holds a thread.
  ///
  /// - Parameter wrap: puts something between the network and the server, or in its place.
  static func with(
    _ change: (inout MauticServerSettings) -> Void = { _ in }, login: Login = .password,
    behind wrap: (MauticServer) -> any Simulator = { $0 }, _ body: (MauticPlace) async throws -> Void
  ) async throws {
    let mautic = try MauticPlace(wrap(filled(change)), login)
    try await mautic.listen()
    do {
      try await body(mautic)
    } catch {
      await mautic.host.stop()
      throw error
    }
    await mautic.host.stop()
  }

  private static func filled(_ change: (inout MauticServerSettings) -> Void) -> MauticServer {
    var settings = MauticServerSettings()
    settings.user = "api"
    settings.password = password
    settings.clientSecret = Canaries.clientSecret.text
    change(&settings)
    var server = MauticServer(settings: settings)
    let now = Timestamp(Int64(Date().timeIntervalSince1970))
    for number in 1...people {
      server.add(
        SimulatedContact(
          number: number, email: "p\(number)@example.com", createdAt: now - TimeSpan.days(90)))
    }
    for number in 1...people {
      for visit in 0...(number % 5) {
        server.add(
          SimulatedActivity(
            contact: number, kind: .known(.pageVisit), time: now - TimeSpan.days(Int64(visit + 1)),
            target: "https://example.com/pricing"))
      }
    }
    return server
  }

  private init(_ simulator: any Simulator, _ login: Login) throws {
    place = try Workplace()
    self.login = login
    current = Mutex(Self.host(of: simulator))
    try place.write("model.yaml", Workplace.model)
  }

  private static func host(of simulator: any Simulator) -> SimulatorHost {
    SimulatorHost(simulator, clock: { Timestamp(Int64(Date().timeIntervalSince1970)) })
  }

  private func listen() async throws {
    let port = try await host.start()
    try place.write(
      "leadgauge.yaml",
      """
      version: 1
      model: model.yaml
      connections:
        web:
          platform: mautic
          url: http://127.0.0.1:\(port)
          auth: \(login.rawValue)

      """)
  }

  /// Starts the server again with what it holds; counters begin anew.
  func restart() async throws {
    let old = host
    await old.stop()
    let new = Self.host(of: old.withSimulator { $0 })
    current.withLock { $0 = new }
    try await listen()
  }

  /// Runs the program; no outcome may show the password.
  func run(_ arguments: String..., password: String = password) async throws -> Outcome {
    let outcome = try await place.run(arguments, environment: Self.environment(password: password))
    #expect(!outcome.out.contains(password) && !outcome.err.contains(password), "\(outcome)")
    return outcome
  }

  /// What the configuration names.
  static func environment(
    password: String = password, clientSecret: String = Canaries.clientSecret.text
  ) -> [String: String] {
    ["MAUTIC_PASSWORD": password, "MAUTIC_CLIENT_SECRET": clientSecret]
  }

  /// Acts on the server by another way than HTTP.
  func change<Result: Sendable>(_ body: (inout MauticServer) -> Result) throws -> Result {
    try #require(
      host.withSimulator { simulator -> Result? in
        guard var server = simulator as? MauticServer else { return nil }
        let result = body(&server)
        simulator = server
        return result
      })
  }

  /// How many contacts hold a score.
  func scored() throws -> Int {
    try change { server in
      (1...Self.people).count { server.held(server.id(ofContact: $0) ?? 0)?.fields["lead_score"] != nil }
    }
  }
}

extension Workplace {
  /// Runs the program in the folder.
  func run(_ arguments: [String], environment: [String: String]) async throws -> Outcome {
    try await Program.run(arguments, in: path, environment: environment)
  }
}

import Foundation
import Platform
import Sandbox
import Scoring
import Testing

/// A receiver of messages over real HTTP: keeps what it is sent, and answers with the status it is set to.
struct NotifyReceiver: Simulator {
  var status = 200
  var headers: [SimulatedPair] = []
  private(set) var asked: [SimulatedRequest] = []

  mutating func answer(_ request: SimulatedRequest, at now: Timestamp) -> SimulatedAnswer {
    asked.append(request)
    let isHook = request.path.hasPrefix("/hook")
    return SimulatedAnswer(status: isHook ? status : 200, headers: headers, body: Array("ok".utf8))
  }

  mutating func add(_ contact: SimulatedContact) {}

  mutating func add(_ activity: SimulatedActivity) {}

  /// Does something with a receiver that is stopped afterwards.
  ///
  /// - Parameter wrap: puts something between the network and the receiver.
  static func with(
    status: Int = 200, headers: [SimulatedPair] = [],
    behind wrap: (NotifyReceiver) -> any Simulator = { $0 },
    _ body: (SimulatorHost, Int) async throws -> Void
  ) async throws {
    let host = SimulatorHost(
      wrap(NotifyReceiver(status: status, headers: headers)),
      clock: { Timestamp(Int64(Date().timeIntervalSince1970)) })
    let port = try await host.start()
    do {
      try await body(host, port)
    } catch {
      await host.stop()
      throw error
    }
    await host.stop()
  }
}

extension SimulatorHost {
  /// What a receiver was sent.
  nonisolated func messages() -> [SimulatedRequest] {
    withSimulator { simulator in
      if let fatal = simulator as? FatalServer { return (fatal.inner as? NotifyReceiver)?.asked ?? [] }
      return (simulator as? NotifyReceiver)?.asked ?? []
    }
  }

  /// The handoffs among it: keys by the person's address.
  nonisolated func handoffs() throws -> [String: [String]] {
    struct Form: Decodable {
      struct Person: Decodable { let email: String }
      let person: Person
    }
    var keys: [String: [String]] = [:]
    for message in messages() where message.path.hasPrefix("/hook") {
      let form = try JSONDecoder().decode(Form.self, from: Data(message.body))
      keys[form.person.email, default: []].append(try #require(message.header("idempotency-key")))
    }
    return keys
  }
}

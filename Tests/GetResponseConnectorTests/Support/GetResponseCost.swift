import ConnectorConformance
import GetResponseSimulator
import Platform
import Scoring

@testable import GetResponseConnector

/// An account of so many contacts of whom a twentieth was active within the last day, and all of them two months
/// ago; what runs cost is counted in requests, and in seconds by a clock that stands still but for the limits.
struct GetResponseCost {
  /// What something cost.
  struct Bill: CustomStringConvertible {
    let requests: Int
    let seconds: Double

    var description: String { "\(requests) requests, \(Int(seconds)) s" }
  }

  let people: Int
  let account: GetResponseTestAccount
  private var pull = Pull()

  var active: Int { people / 20 }

  init(people: Int) {
    self.people = people
    let account = GetResponseTestAccount()
    self.account = account
    account.change { server, now in
      let start = now.seconds
      for number in 1...people {
        server.add(
          SimulatedContact(
            number: number, email: "p\(number)@example.test",
            createdAt: Timestamp(start - 200 * GetResponseTime.day + Int64(number))))
        var activity = SimulatedActivity(
          contact: number, kind: .known(.emailOpen), time: Timestamp(start - 60 * GetResponseTime.day),
          campaign: "Old")
        server.add(activity)
        guard number.isMultiple(of: 20) else { continue }
        (activity.time, activity.campaign) = (Timestamp(start - 7_200), "New")
        server.add(activity)
      }
      server.add(
        SimulatedActivity(
          contact: 1, kind: .known(.purchase), time: Timestamp(start - 9_000), value: 10))
    }
  }

  private var settings: GetResponseSettings { GetResponseSettings(login: account.settings.login) }

  private var connector: GetResponseConnector { account.getResponse(pageSize: 1_000, settings: settings) }

  private func bill(_ work: () async throws -> Void) async throws -> Bill {
    let (requests, start) = (account.network.requests.count, account.clock.now())
    try await work()
    return Bill(
      requests: account.network.requests.count - requests, seconds: account.clock.now() - start)
  }

  /// A run, in a process of its own, an hour after whatever was before.
  mutating func run(days: Int64 = 30) async throws -> Bill {
    account.clock.advance(3_600)
    let (connector, window) = (connector, account.window(days: days, needs: .model()))
    var pull = pull
    let bill = try await bill { try await pull.read(connector, window) }
    self.pull = pull
    return bill
  }

  /// Writes the active ones.
  func push(add: [String] = [], remove: [String] = []) async throws -> Bill {
    let connector = connector
    try await connector.prepare(account.layout)
    account.clock.advance(600)
    let ids = account.network.withServer { server, _ in
      (1...people / 20).compactMap { server.id(ofContact: $0 * 20) }
    }
    return try await bill {
      for start in stride(from: 0, to: ids.count, by: 100) {
        let batch = ids[start..<min(start + 100, ids.count)].map {
          ContactWrite(ContactID($0), 42, add: add, remove: remove)
        }
        let outcomes = try await connector.write(batch)
        guard outcomes.allSatisfy({ $0.isWritten }) else {
          throw ConnectorFailure(.badData, "not all were written: \(outcomes)")
        }
      }
    }
  }
}

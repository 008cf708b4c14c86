import ConnectorConformance
import MauticSimulator
import Platform
import Scoring
import Testing
import WebAPI

@testable import MauticConnector

@Suite("How batches follow the server's speed and its failures")
struct BatchTests {
  private let account = MauticTestAccount()

  private func states(_ ids: [Int], score: Int = 9) -> [ContactWrite] {
    ids.map { ContactWrite($0, score, band: "cold", reasons: "r") }
  }

  /// The connector, 50 contacts, and no batch sent yet.
  private func fifty() async throws -> (MauticConnector, [Int]) {
    let ids = try await account.people(50)
    return (try await account.prepared(), ids)
  }

  @Test("A batch that took long is halved, and grows again with quick ones, up to 50")
  func sizes() async throws {
    let (connector, ids) = try await fifty()
    let clock = account.clock
    account.network.decide { request in
      if request.method == "PATCH" { clock.advance(25) }
      return .answered
    }
    _ = try await connector.write(states(ids))
    account.network.decide { _ in .answered }
    for _ in 0..<3 { _ = try await connector.write(states(ids)) }
    #expect(account.batches.map(\.count) == [50, 25, 25, 38, 12, 50])
  }

  @Test("However slow the server, one contact a batch is the least")
  func smallest() async throws {
    let (connector, ids) = try await fifty()
    let clock = account.clock
    account.network.decide { request in
      if request.method == "PATCH" { clock.advance(100) }
      return .answered
    }
    let outcomes = try await connector.write(states(ids))
    for _ in 0..<4 { _ = try await connector.write(states(Array(ids.prefix(12)))) }
    #expect(outcomes.allSatisfy { $0 == .written(version: nil) })
    #expect(account.batches.map(\.count) == [50, 12, 12, 6, 3, 1, 1, 1] + Array(repeating: 1, count: 12))
  }

  @Test("No request has more than 50 contacts, whatever is asked for")
  func largest() async throws {
    let ids = try await account.people(120)
    let connector = try await account.prepared()
    let outcomes = try await connector.write(states(ids))
    #expect(outcomes.allSatisfy { $0 == .written(version: nil) })
    #expect(account.batches.map(\.count) == [50, 50, 20])
    #expect(connector.capabilities.batchSize == 50)
  }

  @Test("A contact that makes the whole batch fail is found; all others are written")
  func poison() async throws {
    let (connector, ids) = try await fifty()
    let needle = "\"id\":\(ids[32]),"
    account.network.decide { request in
      let body = String(decoding: request.body, as: UTF8.self)
      guard request.method == "PATCH", body.contains(needle) else { return .answered }
      return .altered { _ in .json("{\"errors\":[{\"message\":\"out of memory\",\"code\":500}]}", status: 500)
      }
    }
    let outcomes = try await connector.write(states(ids, score: 31))
    for (id, outcome) in zip(ids, outcomes) {
      guard id == ids[32] else {
        #expect(outcome == .written(version: nil))
        #expect(account.held(id)?.fields["lead_score"] == "31")
        continue
      }
      #expect(outcome == .refused(reason: "Mautic answered 500: out of memory"))
    }
    #expect(account.batches.count <= 13)
  }

  @Test("A 500 without JSON has the status alone as its reason")
  func page500() async throws {
    let (connector, ids) = try await fifty()
    account.answer("PATCH \(BatchWriter.batchPath)", with: .page(500))
    let outcomes = try await connector.write(states([ids[0]]))
    #expect(outcomes == [.refused(reason: "Mautic answered 500")])
  }

  @Test("A lost answer leaves its contacts unknown and is not sent again", arguments: [true, false])
  func lost(_ acted: Bool) async throws {
    let (connector, ids) = try await fifty()
    let needle = "\"id\":\(ids[0]),"
    let clock = account.clock
    account.network.decide { request in
      // Slow, so that the next call sends two batches, of which the first is lost.
      if request.method == "PATCH" { clock.advance(25) }
      return .answered
    }
    _ = try await connector.write(states(ids))
    let before = account.batches.count
    account.network.decide { request in
      let body = String(decoding: request.body, as: UTF8.self)
      return request.method == "PATCH" && body.contains(needle) ? .lost(acted: acted) : .answered
    }
    let outcomes = try await connector.write(states(ids, score: 31))
    #expect(outcomes.prefix(25).allSatisfy { $0 == .unknown })
    #expect(outcomes.suffix(25).allSatisfy { $0 == .written(version: nil) })
    let sent = account.batches.dropFirst(before).flatMap { $0 }.compactMap { $0["id"].integer }
    #expect(sent.count == 50)
    #expect(Set(sent).count == 50)
    #expect(account.held(ids[0])?.fields["lead_score"] == (acted ? "31" : "9"))
  }

  @Test("A gateway's timeout may have been a write", arguments: [502, 503, 504])
  func gateway(_ status: Int) async throws {
    let (connector, ids) = try await fifty()
    let before = account.network.requests.count
    account.answer("PATCH \(BatchWriter.batchPath)", with: .page(status))
    #expect(try await connector.write(states([ids[0]])) == [.unknown])
    #expect(account.network.requests.count == before + 1)
  }

  @Test("A server that cannot be reached fails the call")
  func unreachable() async throws {
    let (connector, ids) = try await fifty()
    account.network.decide { _ in .unreachable }
    let failed = await failure { _ = try await connector.write(states(ids)) }
    #expect(failed?.kind == .unavailable)
    #expect(failed?.cure.isEmpty == false)
    #expect(account.held(ids[0])?.fields["lead_score"] == nil)
  }

  @Test("A call that is stopped fails as cancelled")
  func cancelled() async throws {
    let (connector, ids) = try await fifty()
    let states = states(ids)
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return await failure { _ = try await connector.write(states) }
    }
    #expect(await task.value?.kind == .cancelled)
  }

  @Test(
    "An answer that is no batch's fails the call",
    arguments: [
      (SimulatedAnswer.page(200), ConnectorFailure.Kind.unavailable),
      (.json("{\"contacts\":[]}"), .badData),
      (.json("{\"errors\":[{\"message\":\"no\",\"code\":403}]}", status: 403), .forbidden),
      (.json("{\"errors\":[{\"message\":\"no\",\"code\":404}]}", status: 404), .configuration),
      (.json("{\"errors\":[{\"message\":\"no\",\"code\":400}]}", status: 400), .unavailable),
    ])
  func noBatch(_ answer: SimulatedAnswer, _ kind: ConnectorFailure.Kind) async throws {
    let (connector, ids) = try await fifty()
    account.answer("PATCH \(BatchWriter.batchPath)", with: answer)
    let failed = await failure { _ = try await connector.write(states([ids[0]])) }
    #expect(failed?.kind == kind)
    #expect(failed?.cure.isEmpty == false)
  }

  @Test("A code that nobody knows refuses the contact with what was said")
  func oddCode() async throws {
    let (connector, ids) = try await fifty()
    account.answer(
      "PATCH \(BatchWriter.batchPath)", with: .json("{\"contacts\":{},\"statusCodes\":{\"0\":409}}"))
    let outcomes = try await connector.write(states([ids[0]]))
    #expect(outcomes == [.refused(reason: "409: no reason given")])
  }

  @Test("A contact that is written without being shown is unknown")
  func notShown() async throws {
    let (connector, ids) = try await fifty()
    account.answer(
      "PATCH \(BatchWriter.batchPath)", with: .json("{\"contacts\":[],\"statusCodes\":[200]}"))
    #expect(try await connector.write(states([ids[0]])) == [.unknown])
  }
}

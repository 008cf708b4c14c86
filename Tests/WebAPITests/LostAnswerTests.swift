import LossModel
import Testing
import WebAPI

@Suite("Answers that are lost over real connections")
struct LostAnswerTests {
  private static let reset = LossRates(lost: 0.05, unheard: 0.01)
  private static let wanted = (0..<1_000).map { (contact: $0, value: $0 * 7 + 1) }

  /// What a trial left behind.
  private struct Result {
    let outcome: LossTrial.Outcome
    let audit: Ledger.Audit
    let tally: LossyServer.Tally
    let counters: APICounters
  }

  /// Runs with a client for a server, and closes both afterwards.
  private static func withClient<Value: Sendable>(
    of server: LossyServer, together: Int = 1, _ policy: RetryPolicy = .standard,
    _ body: (APIClient) async throws -> Value
  ) async throws -> Value {
    let transport = try CurlTransport(TransportSettings(connectionsPerHost: together))
    let client = APIClient(
      base: server.url, authorization: NoAuthorization(), policy: policy,
      governor: Governor([RateLimit("in flight", .inFlight(together))]),
      surroundings: WebSurroundings(transport: transport, clock: HurriedClock()))
    let value: Swift.Result<Value, any Error>
    do {
      value = .success(try await body(client))
    } catch {
      value = .failure(error)
    }
    await transport.close()
    await server.stop()
    return try value.get()
  }

  private static func trial(
    _ rates: LossRates, _ way: LossTrial.Way, together: Int = 8, _ policy: RetryPolicy = .standard
  ) async throws -> Result {
    let server = try LossyServer(rates)
    let (outcome, counters) = try await withClient(of: server, together: together, policy) { client in
      (await LossTrial(client, way).run(wanted, together: together), client.counters)
    }
    let audit = server.ledger.audit(Dictionary(uniqueKeysWithValues: wanted.map { ($0.contact, $0.value) }))
    return Result(outcome: outcome, audit: audit, tally: server.tally, counters: counters)
  }

  private static func failure(_ client: APIClient, _ call: APICall) async -> APIFailure? {
    do throws(APIFailure) {
      _ = try await client.send(call)
      return nil
    } catch {
      return error
    }
  }

  @Test(
    "writes that may be repeated all arrive, and only those are repeated that were lost", arguments: [1, 8])
  func repeatsWhatIsLost(together: Int) async throws {
    let result = try await Self.trial(Self.reset, .repeatable, together: together)
    let lost = result.tally.count("PUT") { $0.isLost }
    #expect(result.audit.missing == 0)
    #expect(result.audit.contradicted == 0)
    #expect(lost > 30)
    #expect(result.counters.retries == lost)
    #expect(result.tally.count("PUT") == result.counters.requests)
    #expect(result.outcome.writes == 1_000)
  }

  @Test(
    "writes that must not be repeated are each done once, for what is unknown is read back",
    arguments: [1, 8])
  func readsBackWhatIsUnknown(together: Int) async throws {
    let result = try await Self.trial(Self.reset, .once, together: together)
    let unheard = result.tally.count("POST") { $0 == .unheard }
    let lost = result.tally.count("POST") { $0.isLost }
    #expect(result.audit.missing == 0)
    #expect(result.audit.writes == 1_000)
    #expect(unheard > 0)
    #expect(result.outcome.unknown == lost)
    #expect(result.outcome.foundDone == lost - unheard)
    #expect(result.outcome.foundMissing == unheard)
    #expect(result.tally.count("POST") == result.outcome.writes)
  }

  @Test("a server that acts and then says 503 is given no value twice that must not be repeated")
  func readsBackAfterBusy() async throws {
    let result = try await Self.trial(LossRates(busy: 0.05), .once)
    let busy = result.tally.count("POST") { $0 == .doneThenBusy }
    #expect(result.audit.missing == 0)
    #expect(result.audit.writes == 1_000)
    #expect(busy > 30)
    #expect(result.outcome.foundDone == busy)
  }

  @Test("a server that acts and then says 503 is told the same value again where that may be repeated")
  func repeatsAfterBusy() async throws {
    let result = try await Self.trial(LossRates(busy: 0.05), .repeatable)
    #expect(result.audit.missing == 0)
    #expect(result.audit.contradicted == 0)
    #expect(result.outcome.unknown == 0)
    #expect(result.counters.retries == result.tally.count("PUT") { $0 == .doneThenBusy })
  }

  @Test("with no repetitions left every lost write is said to be unknown, with the reason, and none is lost")
  func survivesSpentBudget() async throws {
    let result = try await Self.trial(
      Self.reset, .repeatable, RetryPolicy(budgetMinimum: 0, budgetShare: 0))
    #expect(result.audit.missing == 0)
    #expect(result.audit.contradicted == 0)
    #expect(result.counters.retries == 0)
    #expect(result.outcome.unknown == result.tally.count("PUT") { $0.isLost })
    #expect(result.outcome.firstFailure?.contains("no more repetitions are made in this run") == true)
  }

  @Test(
    "nothing is lost where writes are done late and kept connections break",
    arguments: [LossTrial.Way.repeatable, .once])
  func survivesRoughServers(way: LossTrial.Way) async throws {
    let result = try await Self.trial(
      LossRates(lost: 0.05, unheard: 0.01, late: 0.02, brokenAfterwards: 0.05), way)
    #expect(result.audit.missing == 0)
    #expect(result.audit.contradicted == 0)
    #expect(result.outcome.givenUp == 0)
  }

  @Test("the ledger notices a caller that takes every failure for a success")
  func noticesLoss() async throws {
    let server = try LossyServer(Self.reset)
    try await Self.withClient(of: server) { client in
      for (contact, value) in Self.wanted {
        _ = await Self.failure(client, .write(value, to: contact, .once))
      }
    }
    let audit = server.ledger.audit(
      Dictionary(uniqueKeysWithValues: Self.wanted.map { ($0.contact, $0.value) }))
    #expect(audit.missing == server.tally.count("POST") { $0 == .unheard })
    #expect(audit.missing > 0)
  }

  @Test("the ledger notices a caller that writes another value without looking")
  func noticesContradiction() async throws {
    let server = try LossyServer(Self.reset)
    try await Self.withClient(of: server) { client in
      for (contact, value) in Self.wanted
      where await Self.failure(client, .write(value, to: contact, .once)) != nil {
        _ = await Self.failure(client, .write(value + 1, to: contact, .once))
      }
    }
    #expect(server.ledger.audit([:]).contradicted == 0)
    let audit = server.ledger.audit(
      Dictionary(uniqueKeysWithValues: Self.wanted.map { ($0.contact, $0.value) }))
    #expect(audit.contradicted > 0)
  }

  @Test(
    "a write on a kept connection that is reset may have been done, wherever its answer breaks off",
    arguments: Fate.allCases.filter { $0.isLost })
  func isUnknown(fate: Fate) async throws {
    let server = try LossyServer(first: [2: fate, 3: fate])
    try await Self.withClient(of: server) { client in
      for contact in [2, 3] {
        _ = try await client.send(.contact(1))
        let failure = await Self.failure(client, .write(5, to: contact, .once))
        #expect(failure?.kind == .lost)
        #expect(failure?.standing == .unknown)
        #expect(failure?.tries == 1)
      }
    }
    #expect(server.tally.count("POST") == 2)
  }

  @Test(
    "an answer that came whole counts, though the connection is reset right behind it", arguments: [2, 3])
  func countsWholeAnswers(contact: Int) async throws {
    let server = try LossyServer(first: [contact: .brokenAfterwards])
    let failure = try await Self.withClient(of: server) { client in
      await Self.failure(client, .write(5, to: contact, .once))
    }
    #expect(failure == nil)
  }
}

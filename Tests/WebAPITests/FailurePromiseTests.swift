import Testing
import WebAPI

@Suite("What a failure promises")
struct FailurePromiseTests {
  @Test("a call that may have been done is not unreachable, although the client rests before its next try")
  func restsAfterLoss() async throws {
    let bench = Bench([.none(.disconnected, .maybeReceived)], policy: RetryPolicy(restAfter: 1))
    let failure = await bench.failure(of: .update)
    #expect(failure?.mayHaveActed == true)
    #expect(failure?.kind == .lost)
  }

  @Test("a call that was refused until some time says so too when no repetitions are left")
  func keepsTimeWhenSpent() async throws {
    let bench = Bench(
      [.answer(429, [WebHeader("Retry-After", "60")])],
      policy: RetryPolicy(budgetMinimum: 0, budgetShare: 0))
    let failure = await bench.failure(of: .create)
    #expect(failure?.standing == .tryLater)
    #expect(failure?.freeAt == bench.clock.now() + 60)
  }

  @Test("a 500 that would have been repeated is the final answer when no repetitions are left")
  func accepts500WhenSpent() async throws {
    let bench = Bench(
      [.answer(500)],
      policy: RetryPolicy(retries500: true, budgetMinimum: 0, budgetShare: 0))
    #expect(try await bench.client.send(.update).status == 500)
  }
}

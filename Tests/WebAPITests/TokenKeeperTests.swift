import Testing

@testable import WebAPI

@Suite("One token for all who wait")
struct TokenKeeperTests {
  /// A log-in by a keeper, whose fetches a test plays.
  private struct Login: Authorization {
    let keeper: TokenKeeper

    init(_ fetch: @escaping @Sendable (Int, [WebHeader]?) async -> Result<AccessToken, APIFailure>) {
      let count = Log()
      keeper = TokenKeeper { (refused, _) async throws(APIFailure) -> AccessToken in
        count.add("fetch")
        return try await fetch(count.entries.count, refused).get()
      }
    }

    func headers(
      insteadOf refused: [WebHeader]?, through exchange: AuthorizationExchange
    ) async throws(APIFailure) -> [WebHeader] {
      try await keeper.headers(insteadOf: refused, through: exchange)
    }
  }

  private static func token(_ number: Int) -> AccessToken {
    AccessToken("token\(number)", asked: 1_795_779_660, life: nil, margin: 0)
  }

  private static let cancelled = APIFailure(kind: .cancelled, tries: 0, what: "the fetch was cancelled")

  private static func client(_ login: Login, _ transport: ScriptedTransport) -> APIClient {
    APIClient(
      base: "https://crm.example.test", authorization: login,
      surroundings: WebSurroundings(transport: transport, clock: VirtualClock(), random: { 0.5 }))
  }

  @Test("whoever asks while a refused token is replaced waits, and does not get it once more")
  func handsOutNoRefusedToken() async throws {
    let (latch, log) = (Latch(), Log())
    let login = Login { number, _ in
      if number > 1 { _ = await latch.wait() }
      return .success(Self.token(number))
    }
    let transport = ScriptedTransport { request, _ in
      log.add(request.headers.last?.value ?? "")
      return .answer(request.headers.last?.value == "Bearer token1" ? 401 : 200)
    }
    let client = Self.client(login, transport)
    let first = Task { try await client.send(.read).status }
    await latch.arrivals(1)
    let second = Task { try await client.send(.read).status }
    while login.keeper.waiterCount < 2 { await Task.yield() }
    latch.open()
    #expect(try await [first.value, second.value] == [200, 200])
    #expect(log.entries == ["Bearer token1", "Bearer token2", "Bearer token2"])
  }

  @Test(
    "a fetch that fails after a refusal is tried again by the next call, which is not sent off with the old")
  func forgetsRefusedToken() async throws {
    let login = Login { number, _ in
      number == 2
        ? .failure(APIFailure(kind: .lost, tries: 1, what: "it broke")) : .success(Self.token(number))
    }
    let transport = ScriptedTransport { request, _ in
      .answer(request.headers.last?.value == "Bearer token1" ? 401 : 200)
    }
    let client = Self.client(login, transport)
    await #expect(throws: APIFailure.self) { try await client.send(.read) }
    #expect(try await client.send(.read).status == 200)
    #expect(transport.requests.count == 2)
  }

  @Test("the last call that is cancelled waits until the fetch has come to its end")
  func lastWaiterStays() async {
    let (begun, end, log) = (Latch(), Latch(), Log())
    let login = Login { _, _ in
      // Cancelled, it still has something to do.
      _ = await begun.wait()
      await Task { _ = await end.wait() }.value
      log.add("ended")
      return .success(Self.token(1))
    }
    let client = Self.client(login, ScriptedTransport([]))
    let only = Task { () -> APIFailure? in
      do throws(APIFailure) {
        _ = try await client.send(.read)
        return nil
      } catch {
        log.add("let go")
        return error
      }
    }
    await begun.arrivals(1)
    only.cancel()
    await end.arrivals(1)
    #expect(log.entries == [])
    end.open()
    #expect(await only.value?.kind == .cancelled)
    #expect(log.entries == ["ended", "let go"])
  }

  @Test("of several calls that are cancelled all but the last are let go at once")
  func othersAreLetGo() async {
    let latch = Latch()
    let login = Login { _, _ in
      _ = await latch.wait()
      return .success(Self.token(1))
    }
    let client = Self.client(login, ScriptedTransport([.answer(200)]))
    let first = Task { try await client.send(.read).status }
    await latch.arrivals(1)
    let second = Task { try await client.send(.read).status }
    while login.keeper.waiterCount < 2 { await Task.yield() }
    first.cancel()
    await #expect(throws: APIFailure.self) { try await first.value }
    latch.open()
    await #expect(throws: Never.self) { try await second.value }
  }

  @Test("a call that comes after a fetch was cancelled begins another")
  func newcomerFetchesAnew() async throws {
    let (begun, end) = (Latch(), Latch())
    let login = Login { number, _ in
      if number > 1 { return .success(Self.token(number)) }
      _ = await begun.wait()
      await Task { _ = await end.wait() }.value
      return .failure(Self.cancelled)
    }
    let client = Self.client(login, ScriptedTransport([.answer(200)]))
    let first = Task { try await client.send(.read).status }
    await begun.arrivals(1)
    first.cancel()
    await end.arrivals(1)
    let second = Task { try await client.send(.read).status }
    while login.keeper.waiterCount < 2 { await Task.yield() }
    end.open()
    await #expect(throws: APIFailure.self) { try await first.value }
    #expect(try await second.value == 200)
  }

  @Test("a fetch that says it was cancelled, though nobody did, is not begun again for ever")
  func doesNotFetchForEver() async throws {
    let login = Login { _, _ in .failure(Self.cancelled) }
    let client = Self.client(login, ScriptedTransport([]))
    let failure = await #expect(throws: APIFailure.self) { try await client.send(.read) }
    #expect(failure?.what == "the fetch was cancelled")
  }
}

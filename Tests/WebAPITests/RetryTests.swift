import Testing
import WebAPI

@Suite("Repeating calls")
struct RetryTests {
  /// What one kind of trouble, met again and again, leads to.
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let call: APICall
    let trouble: ScriptedTransport.Outcome
    let tries: Int
    let kind: APIFailure.Kind
    let mayHaveActed: Bool

    init(
      _ name: String, _ call: APICall, _ trouble: ScriptedTransport.Outcome, tries: Int,
      _ kind: APIFailure.Kind, mayHaveActed: Bool = false
    ) {
      self.name = name
      self.call = call
      self.trouble = trouble
      self.tries = tries
      self.kind = kind
      self.mayHaveActed = mayHaveActed
    }

    var testDescription: String { name }
  }

  static let endlessTroubles: [Case] = [
    Case("read, refused connection", .read, .none(.unreachable, .neverSent), tries: 5, .unreachable),
    Case("create, refused connection", .create, .none(.unreachable, .neverSent), tries: 5, .unreachable),
    Case("create, other but never sent", .create, .none(.other, .neverSent), tries: 5, .unreachable),
    Case("create, too slow but never sent", .create, .none(.timedOut, .neverSent), tries: 5, .unreachable),
    Case("read, too slow", .read, .none(.timedOut, .maybeReceived), tries: 5, .lost),
    Case("update, too slow", .update, .none(.timedOut, .maybeReceived), tries: 5, .lost, mayHaveActed: true),
    Case("create, too slow", .create, .none(.timedOut, .maybeReceived), tries: 1, .lost, mayHaveActed: true),
    Case("read, torn off", .read, .none(.disconnected, .maybeReceived), tries: 5, .lost),
    Case(
      "create, torn off", .create, .none(.disconnected, .maybeReceived), tries: 1, .lost, mayHaveActed: true),
    Case("create, other", .create, .none(.other, .maybeReceived), tries: 1, .lost, mayHaveActed: true),
    Case("read, 429", .read, .answer(429), tries: 5, .busy(status: 429)),
    Case("create, 429", .create, .answer(429), tries: 5, .busy(status: 429)),
    Case("read, 502", .read, .answer(502), tries: 5, .busy(status: 502)),
    Case("read, 503", .read, .answer(503), tries: 5, .busy(status: 503)),
    Case("read, 504", .read, .answer(504), tries: 5, .busy(status: 504)),
    Case("update, 503", .update, .answer(503), tries: 5, .busy(status: 503), mayHaveActed: true),
    Case("create, 502", .create, .answer(502), tries: 1, .busy(status: 502), mayHaveActed: true),
    Case(
      "create, 503 with a time", .create, .answer(503, [WebHeader("Retry-After", "1")]), tries: 1,
      .busy(status: 503), mayHaveActed: true),
    Case("read, certificate", .read, .none(.certificate, .neverSent), tries: 1, .certificate),
    Case("read, bad request", .read, .none(.badRequest, .neverSent), tries: 1, .badRequest),
    Case("read, too large", .read, .none(.tooLarge, .maybeReceived), tries: 1, .tooLarge),
    Case(
      "update, too large", .update, .none(.tooLarge, .maybeReceived), tries: 1, .tooLarge, mayHaveActed: true),
    Case("read, cancelled", .read, .none(.cancelled, .maybeReceived), tries: 1, .cancelled),
    Case(
      "create, cancelled", .create, .none(.cancelled, .maybeReceived), tries: 1, .cancelled,
      mayHaveActed: true),
  ]

  @Test(
    "Trouble without end ends after as many tries as its kind and the call allow", arguments: endlessTroubles)
  func givesUp(trouble: Case) async {
    let bench = Bench(ScriptedTransport { _, _ in trouble.trouble })
    let failure = await bench.failure(of: trouble.call)
    #expect(failure?.kind == trouble.kind)
    #expect(failure?.tries == trouble.tries)
    #expect(failure?.mayHaveActed == trouble.mayHaveActed)
    #expect(bench.transport.requests.count == trouble.tries)
    #expect(bench.clock.sleeps.count == trouble.tries - 1)
  }

  static let passingTroubles: [Case] = endlessTroubles.filter { $0.tries == 5 }

  @Test("Trouble that may be repeated and passes ends in the answer", arguments: passingTroubles)
  func comesThrough(trouble: Case) async throws {
    let bench = Bench([trouble.trouble, trouble.trouble, .answer(200, body: "ok")])
    let response = try await bench.client.send(trouble.call)
    #expect(response.status == 200)
    #expect(response.body == Array("ok".utf8))
    #expect(bench.client.counters.requests == 3)
    #expect(bench.client.counters.retries == 2)
    #expect(bench.client.counters.bytesReceived == 2)
  }

  @Test(
    "Every other status is a final answer",
    arguments: [200, 201, 204, 301, 304, 400, 401, 403, 404, 409, 422, 500, 501])
  func acceptsFinalAnswers(status: Int) async throws {
    let bench = Bench([.answer(status, [WebHeader("X-A", "b")], body: "{}")])
    let response = try await bench.client.send(.read)
    #expect(response.status == status)
    #expect(response.header("x-a") == "b")
    #expect(response.isSuccess == (status < 300))
  }

  @Test("A repeatable call that is answered by 500 is repeated once if the policy says so")
  func repeats500Once() async throws {
    let policy = RetryPolicy(retries500: true)
    let twice = Bench([.answer(500), .answer(500)], policy: policy)
    #expect(try await twice.client.send(.read).status == 500)
    let once = Bench([.answer(500), .answer(200)], policy: policy)
    #expect(try await once.client.send(.update).status == 200)
    let never = Bench([.answer(500)], policy: policy)
    #expect(try await never.client.send(.create).status == 500)
  }

  @Test("A write that was answered by 500 and then not at all may have acted")
  func remembers500() async {
    let bench = Bench(
      ScriptedTransport { _, number in
        number == 1 ? .answer(500) : .none(.unreachable, .neverSent)
      }, policy: RetryPolicy(retries500: true))
    let failure = await bench.failure(of: .update)
    #expect(failure?.mayHaveActed == true)
  }

  @Test("A call that may have been received once is lost, though the last try was never sent")
  func isLostOnceReceived() async {
    let bench = Bench(
      ScriptedTransport { _, number in
        number == 1 ? .none(.timedOut, .maybeReceived) : .none(.unreachable, .neverSent)
      })
    let failure = await bench.failure(of: .update)
    #expect(failure?.kind == .lost)
    #expect(failure?.mayHaveActed == true)
  }

  @Test("A refusal by 429 after a lost try does not hide that the try may have acted")
  func keepsDoubt() async {
    let bench = Bench(
      ScriptedTransport { _, number in number == 1 ? .none(.timedOut, .maybeReceived) : .answer(429) })
    let failure = await bench.failure(of: .update)
    #expect(failure?.kind == .busy(status: 429))
    #expect(failure?.mayHaveActed == true)
  }

  @Test("The text names the call, the last error and the tries")
  func tellsTheLastError() async {
    let bench = Bench(
      ScriptedTransport { _, number in
        .none(.unreachable, .neverSent, what: "cannot connect, attempt \(number)")
      })
    let failure = await bench.failure(of: .read)
    #expect(failure?.what == "GET /api/contacts: cannot connect, attempt 5 (5 tries)")
    #expect(failure?.description == failure?.what)
    let once = await Bench([.none(.certificate, .neverSent, what: "not trusted")]).failure(of: .read)
    #expect(once?.what == "GET /api/contacts: not trusted (1 try)")
  }

  @Test("A policy of its own decides the statuses and the number of tries")
  func keepsToThePolicy() async throws {
    let policy = RetryPolicy(tries: 2, busyStatuses: [503, 522])
    let bench = Bench([.answer(522), .answer(522)], policy: policy)
    #expect(await bench.failure(of: .read)?.kind == .busy(status: 522))
    let other = Bench([.answer(502)], policy: policy)
    #expect(try await other.client.send(.read).status == 502)
    let never = Bench([.answer(429)], policy: .never)
    #expect(await never.failure(of: .read)?.tries == 1)
  }
}

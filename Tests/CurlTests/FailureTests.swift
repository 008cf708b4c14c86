import Testing

@testable import Curl

@Suite("Failures")
struct FailureTests {
  /// How a request, body included, fails.
  private func failure(
    of request: HTTPRequest, _ settings: HTTPSettings = HTTPSettings()
  ) async throws -> HTTPFailure? {
    let client = try HTTPClient(settings)
    let failure = await #expect(throws: HTTPFailure.self) {
      try await client.send(request).body.collect()
    }
    await client.close()
    return failure
  }

  /// A port where nobody listens.
  private static func closedPort() throws -> String {
    let server = try RawServer { _, _ in }
    server.stop()
    return server.url
  }

  @Test("nobody listens: refused, never sent")
  func refused() async throws {
    let failure = try await failure(of: HTTPRequest(url: Self.closedPort()))
    #expect(failure?.kind == .refused)
    #expect(failure?.reach == .neverSent)
    #expect(failure?.code == 7)
  }

  @Test("a name that cannot exist: unresolved, never sent")
  func unresolved() async throws {
    let name = String(repeating: "a", count: 64) + ".invalid"
    let failure = try await failure(of: HTTPRequest(url: "https://\(name)/"))
    #expect(failure?.kind == .unresolved)
    #expect(failure?.reach == .neverSent)
  }

  @Test("a reset after the request: disconnected, maybe received")
  func reset() async throws {
    let server = try RawServer { connection, _ in
      _ = connection.readRequest()
      connection.endWithReset()
    }
    defer { server.stop() }
    let failure = try await failure(of: HTTPRequest(method: "POST", url: server.url, body: [1]))
    #expect(failure?.kind == .disconnected)
    #expect(failure?.reach == .maybeReceived)
  }

  @Test("a close without an answer: disconnected, maybe received")
  func closedUnanswered() async throws {
    let server = try RawServer { connection, _ in _ = connection.readRequest() }
    defer { server.stop() }
    let failure = try await failure(of: HTTPRequest(url: server.url))
    #expect(failure?.kind == .disconnected)
    #expect(failure?.reach == .maybeReceived)
  }

  @Test(
    "a close in the middle of the body: disconnected, maybe received",
    arguments: ["Content-Length: 10\r\n\r\nhello", "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"])
  func closedMidway(rest: String) async throws {
    let server = try RawServer { connection, _ in
      _ = connection.readRequest()
      connection.write("HTTP/1.1 200 OK\r\n" + rest)
    }
    defer { server.stop() }
    let client = try HTTPClient()
    let response = try await client.send(HTTPRequest(url: server.url))
    #expect(response.status == 200)
    let failure = await #expect(throws: HTTPFailure.self) { try await response.body.collect() }
    #expect(failure?.kind == .disconnected)
    #expect(failure?.reach == .maybeReceived)
    await client.close()
  }

  @Test("bytes that came before a failure can still be read")
  func partialBody() async throws {
    let server = try RawServer { connection, _ in
      _ = connection.readRequest()
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello")
    }
    defer { server.stop() }
    let client = try HTTPClient()
    var iterator = try await client.send(HTTPRequest(url: server.url)).body.makeAsyncIterator()
    #expect(try await iterator.next() == Array("hello".utf8))
    await #expect(throws: HTTPFailure.self) { try await iterator.next() }
    await client.close()
  }

  @Test("a kept connection that dies under a POST is not tried again: the server may have acted")
  func keptConnectionDiesUnderPost() async throws {
    let server = try Self.dyingSecond()
    defer { server.stop() }
    let client = try HTTPClient()
    _ = try await client.send(HTTPRequest(url: server.url)).body.collect()
    let failure = await #expect(throws: HTTPFailure.self) {
      try await client.send(HTTPRequest(method: "POST", url: server.url, body: [1]))
    }
    #expect(failure?.kind == .disconnected)
    #expect(failure?.reach == .maybeReceived)
    await client.close()
  }

  @Test("a kept connection that dies under a GET is replaced")
  func keptConnectionDiesUnderGet() async throws {
    let server = try Self.dyingSecond()
    defer { server.stop() }
    let client = try HTTPClient()
    _ = try await client.send(HTTPRequest(url: server.url)).body.collect()
    let response = try await client.send(HTTPRequest(url: server.url))
    #expect(response.status == 200)
    #expect(server.count.accepted == 2)
    await client.close()
  }

  /// Answers on each connection; the first one dies when its second request has arrived.
  private static func dyingSecond() throws -> RawServer {
    try RawServer { connection, number in
      _ = connection.readRequest()
      connection.answer()
      guard connection.readRequest() != nil, number > 1 else { return }
      connection.answer()
    }
  }

  @Test("no answer at all: timed out, maybe received")
  func timedOut() async throws {
    let server = try RawServer.silent(Event())
    defer { server.stop() }
    let failure = try await failure(
      of: HTTPRequest(url: server.url, timeouts: HTTPTimeouts(total: 0.2, stall: 60)))
    #expect(failure?.kind == .timedOut)
    #expect(failure?.reach == .maybeReceived)
  }

  @Test("the wait for a free connection counts, and then nothing was sent")
  func timedOutInLine() async throws {
    let received = Event()
    let server = try RawServer.silent(received)
    defer { server.stop() }
    let client = try HTTPClient(HTTPSettings(connectionsPerHost: 1))
    let url = server.url
    let first = Task { try await client.send(HTTPRequest(url: url)) }
    await received.wait()
    let failure = await #expect(throws: HTTPFailure.self) {
      try await client.send(HTTPRequest(url: url, timeouts: HTTPTimeouts(total: 0.2)))
    }
    #expect(failure?.kind == .timedOut)
    #expect(failure?.reach == .neverSent)
    first.cancel()
    _ = await first.result
    await client.close()
  }

  @Test("nothing moves in the middle of the body: stalled, maybe received")
  func stalled() async throws {
    let server = try RawServer { connection, _ in
      _ = connection.readRequest()
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello")
      connection.waitForEnd()
    }
    defer { server.stop() }
    let failure = try await failure(
      of: HTTPRequest(url: server.url, timeouts: HTTPTimeouts(total: 60, stall: 0.2)))
    #expect(failure?.kind == .stalled)
    #expect(failure?.reach == .maybeReceived)
  }

  @Test("a server that takes no more of the body: stalled, maybe received")
  func stalledUpload() async throws {
    let done = Event()
    let server = try RawServer { _, _ in done.block() }
    defer {
      done.happen()
      server.stop()
    }
    let failure = try await failure(
      of: HTTPRequest(
        method: "POST", url: server.url, body: [UInt8](repeating: 1, count: 32 << 20),
        timeouts: HTTPTimeouts(total: 60, stall: 0.2)))
    #expect(failure?.kind == .stalled)
    #expect(failure?.reach == .maybeReceived)
  }

  @Test("a TLS handshake that never ends: connect timed out, never sent")
  func connectTimedOut() async throws {
    let server = try RawServer { connection, _ in connection.waitForEnd() }
    defer { server.stop() }
    let failure = try await failure(
      of: HTTPRequest(url: "https://127.0.0.1:\(server.port)", timeouts: HTTPTimeouts(connect: 0.2)))
    #expect(failure?.kind == .connectTimedOut)
    #expect(failure?.reach == .neverSent)
  }

  @Test("the wait for a free connection is no part of the connect timeout")
  func connectTimeoutStartsLate() async throws {
    let received = Event()
    let goOn = Event()
    let server = try RawServer { connection, _ in
      _ = connection.readRequest()
      received.happen()
      goOn.block()
      connection.answer(headers: ["Connection: close"])
    }
    defer { server.stop() }
    let client = try HTTPClient(HTTPSettings(connectionsPerHost: 1))
    let url = server.url
    let first = Task { try await client.send(HTTPRequest(url: url)).body.collect() }
    await received.wait()
    let second = Task {
      try await client.send(HTTPRequest(url: url, timeouts: HTTPTimeouts(connect: 0.2))).body.collect()
    }
    // The client's own clock says when longer than the connect timeout has passed.
    await #expect(throws: HTTPFailure.self) {
      try await client.send(HTTPRequest(url: url, timeouts: HTTPTimeouts(total: 0.4)))
    }
    goOn.happen()
    #expect(try await first.value == [])
    #expect(try await second.value == [])
    await client.close()
  }

  @Test(
    "what is not HTTP: unreadable",
    arguments: [
      "SSH-2.0-server\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 8\r\n\r\nnot gzip",
      "HTTP/1.1 200 OK\r\nContent-Encoding: gzip, gzip, gzip, gzip, gzip, gzip\r\nContent-Length: 1\r\n\r\nx",
    ])
  func unreadable(answer: String) async throws {
    let server = try RawServer { connection, _ in
      _ = connection.readRequest()
      connection.write(answer)
      connection.waitForEnd()
    }
    defer { server.stop() }
    let failure = try await failure(of: HTTPRequest(url: server.url))
    #expect(failure?.kind == .unreadable)
    #expect(failure?.reach == .maybeReceived)
  }

  @Test("no failure shows a password, a path, a query or a header")
  func secrets() async throws {
    let dying = try RawServer { connection, _ in _ = connection.readRequest() }
    let silent = try RawServer.silent(Event())
    let large = try RawServer.answering { _, connection in connection.answer("200 OK", [1, 2, 3]) }
    defer { [dying, silent, large].forEach { $0.stop() } }
    let places = [
      "http://user:hunter2@127.0.0.1:\(dying.port)", "http://user:hunter2@127.0.0.1:\(silent.port)",
      "http://user:hunter2@127.0.0.1:\(large.port)", "https://user:hunter2@127.0.0.1:\(dying.port)",
      "https://user:hunter2@\(String(repeating: "a", count: 64))", "http://user:hunter2@192.0.2.1",
      "file:///hunter2", "hunter2",
    ]
    for place in places {
      let request = HTTPRequest(
        url: place + "/hunter2?key=hunter2#hunter2", headers: [HTTPHeader("Authorization", "hunter2")],
        timeouts: HTTPTimeouts(total: 0.2), maxBodyBytes: 1)
      let failure = try await failure(of: request)
      #expect(failure.map { "\($0)\($0.what)".contains("hunter2") } == false)
      #expect(failure.map { "\($0)".contains("user") } == false)
    }
  }
}

import Testing

@testable import Curl

@Suite("Cancellation")
struct CancellationTests {
  @Test("a task that is cancelled before sends nothing")
  func beforeStart() async throws {
    let server = try RawServer.answering { _, connection in connection.answer() }
    defer { server.stop() }
    let client = try HTTPClient()
    let url = server.url
    let failure = await Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return await #expect(throws: HTTPFailure.self) { try await client.send(HTTPRequest(url: url)) }
    }.value
    #expect(failure?.kind == .cancelled)
    #expect(failure?.reach == .neverSent)
    #expect(await client.census().transfers == 0)
    #expect(server.count.accepted == 0)
    await client.close()
  }

  @Test("a task that waits for the head is resumed at once, and its connection is closed")
  func duringHead() async throws {
    let received = Event()
    let ended = Event()
    let server = try RawServer { connection, _ in
      _ = connection.readRequest()
      received.happen()
      connection.waitForEnd()
      ended.happen()
    }
    defer { server.stop() }
    let client = try HTTPClient()
    let url = server.url
    let task = Task {
      await #expect(throws: HTTPFailure.self) { try await client.send(HTTPRequest(url: url)) }
    }
    await received.wait()
    task.cancel()
    let failure = await task.value
    #expect(failure?.kind == .cancelled)
    #expect(failure?.reach == .maybeReceived)
    await ended.wait()
    #expect(await client.census().transfers == 0)
    await client.close()
  }

  @Test("a task that waits for the body is resumed at once")
  func duringBody() async throws {
    let firstRead = Event()
    let server = try RawServer { connection, _ in
      _ = connection.readRequest()
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello")
      connection.waitForEnd()
    }
    defer { server.stop() }
    let client = try HTTPClient()
    let url = server.url
    let task = Task {
      var iterator = try await client.send(HTTPRequest(url: url)).body.makeAsyncIterator()
      _ = try await iterator.next()
      firstRead.happen()
      return await #expect(throws: HTTPFailure.self) { try await iterator.next() }
    }
    await firstRead.wait()
    task.cancel()
    let failure = try await task.value
    #expect(failure?.kind == .cancelled)
    #expect(failure?.reach == .maybeReceived)
    await client.close()
  }

  @Test("a cancelled reader gets no more of a transfer that is done")
  func afterEnd() async throws {
    let server = try RawServer.answering { _, connection in connection.answer("200 OK", [1]) }
    defer { server.stop() }
    let client = try HTTPClient()
    let url = server.url
    let failure = try await Task {
      let response = try await client.send(HTTPRequest(url: url))
      withUnsafeCurrentTask { $0?.cancel() }
      return await #expect(throws: HTTPFailure.self) { try await response.body.collect() }
    }.value
    #expect(failure?.kind == .cancelled)
    #expect(await client.census().transfers == 0)
    await client.close()
  }

  @Test("letting go of an unread body frees its connection")
  func droppedBody() async throws {
    let server = try Self.endlessFirst()
    defer { server.stop() }
    let client = try HTTPClient(HTTPSettings(connectionsPerHost: 1))
    let status = try await client.send(HTTPRequest(url: server.url)).status
    #expect(status == 200)
    #expect(try await client.send(HTTPRequest(url: server.url)).body.collect() == [2])
    await client.close()
  }

  @Test("leaving the loop over a body frees its connection, though the answer is kept")
  func droppedIterator() async throws {
    let server = try Self.endlessFirst()
    defer { server.stop() }
    let client = try HTTPClient(HTTPSettings(connectionsPerHost: 1))
    let response = try await client.send(HTTPRequest(url: server.url))
    for try await _ in response.body { break }
    #expect(try await client.send(HTTPRequest(url: server.url)).body.collect() == [2])
    withExtendedLifetime(response) {}
    await client.close()
  }

  /// Sends without end on the first connection and answers on the others.
  private static func endlessFirst() throws -> RawServer {
    try RawServer { connection, number in
      _ = connection.readRequest()
      if number > 1 {
        connection.answer("200 OK", [2])
        connection.waitForEnd()
      } else {
        connection.write("HTTP/1.1 200 OK\r\n\r\n")
        while connection.write([UInt8](repeating: 1, count: 64 * 1024)) {}
      }
    }
  }

  @Test("many requests cancelled at any moment leave nothing behind")
  func storm() async throws {
    let server = try RawServer.answering { _, connection in
      connection.answer("200 OK", [UInt8](repeating: 1, count: 300_000))
    }
    defer { server.stop() }
    let client = try HTTPClient()
    let url = server.url
    await withTaskGroup(of: Void.self) { group in
      for number in 0..<300 {
        group.addTask {
          let task = Task { try await client.send(HTTPRequest(url: url)).body.collect() }
          for _ in 0..<(number % 40) { await Task.yield() }
          if number % 3 != 0 { task.cancel() }
          switch await task.result {
          case .success(let body): #expect(body.count == 300_000)
          case .failure(let error): #expect((error as? HTTPFailure)?.kind == .cancelled)
          }
        }
      }
    }
    #expect(await client.census().transfers == 0)
    await client.close()
  }
}

import Testing

@testable import Curl

@Suite("Lifetime of a client")
struct LifetimeTests {
  @Test("closing fails what runs as cancelled and what comes as closed")
  func close() async throws {
    let received = Event()
    let server = try RawServer.silent(received)
    defer { server.stop() }
    let client = try HTTPClient()
    let url = server.url
    let running = Task {
      await #expect(throws: HTTPFailure.self) { try await client.send(HTTPRequest(url: url)) }
    }
    await received.wait()
    await client.close()
    let failure = await running.value
    #expect(failure?.kind == .cancelled)
    #expect(failure?.reach == .maybeReceived)
    let later = await #expect(throws: HTTPFailure.self) { try await client.send(HTTPRequest(url: url)) }
    #expect(later?.kind == .closed)
    #expect(later?.reach == .neverSent)
    await client.close()
  }

  @Test("closing while many transfers run ends each of them once")
  func closeUnderLoad() async throws {
    let received = Event()
    let server = try RawServer.answering { _, connection in
      connection.answer("200 OK", [UInt8](repeating: 1, count: 100_000))
      received.happen()
    }
    defer { server.stop() }
    let client = try HTTPClient()
    let url = server.url
    await withTaskGroup(of: HTTPFailure.Kind?.self) { group in
      for _ in 1...100 {
        group.addTask {
          do {
            _ = try await client.send(HTTPRequest(url: url)).body.collect()
            return nil
          } catch {
            return (error as? HTTPFailure)?.kind ?? .other
          }
        }
      }
      await received.wait()
      async let once: Void = client.close()
      await client.close()
      await once
      for await kind in group { #expect(kind == nil || kind == .cancelled || kind == .closed) }
    }
  }

  @Test("a client that is dropped without being closed ends its thread")
  func dropped() async throws {
    let server = try RawServer.answering { _, connection in connection.answer() }
    defer { server.stop() }
    var client: HTTPClient? = try HTTPClient()
    let inbox = try #require(client?.inbox)
    _ = try await client?.send(HTTPRequest(url: server.url))
    client = nil
    await inbox.ended()
    #expect(!inbox.post(.census { _ in }))
  }

  @Test("a body outlives its client, and the thread ends with it")
  func bodyOutlivesClient() async throws {
    let goOn = Event()
    let server = try RawServer { connection, _ in
      _ = connection.readRequest()
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")
      goOn.block()
      connection.write("hello")
      connection.waitForEnd()
    }
    defer { server.stop() }
    var client: HTTPClient? = try HTTPClient()
    let inbox = try #require(client?.inbox)
    var response = try await client?.send(HTTPRequest(url: server.url))
    client = nil
    goOn.happen()
    #expect(try await response?.body.collect() == Array("hello".utf8))
    response = nil
    await inbox.ended()
  }

  @Test("a client that was never used closes")
  func unused() async throws {
    let client = try HTTPClient()
    await client.close()
    #expect(await client.census() == LoopCensus())
  }
}

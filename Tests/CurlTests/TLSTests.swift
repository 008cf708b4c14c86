import Testing

@testable import Curl

@Suite("TLS")
struct TLSTests {
  private static func hello() throws -> RawServer {
    try RawServer.answering { _, connection in connection.answer("200 OK", Array("hello".utf8)) }
  }

  private func failure(of url: String, _ settings: HTTPSettings) async throws -> HTTPFailure? {
    let client = try HTTPClient(settings)
    let failure = await #expect(throws: HTTPFailure.self) { try await client.send(HTTPRequest(url: url)) }
    await client.close()
    return failure
  }

  @Test("a certificate that is not trusted: certificate, never sent")
  func untrusted() async throws {
    let server = try Self.hello()
    let front = try TLSFront(server.port)
    defer {
      front.stop()
      server.stop()
    }
    let failure = try await failure(of: front.url, HTTPSettings())
    #expect(failure?.kind == .certificate)
    #expect(failure?.reach == .neverSent)
    #expect(failure?.what.contains("signed by itself") == true)
  }

  @Test("a certificate for another host: certificate, never sent")
  func otherHost() async throws {
    let server = try Self.hello()
    let front = try TLSFront(server.port, name: "DNS:elsewhere.example")
    defer {
      front.stop()
      server.stop()
    }
    let failure = try await failure(of: front.url, HTTPSettings(caFile: front.certificate))
    #expect(failure?.kind == .certificate)
    #expect(failure?.reach == .neverSent)
    #expect(failure?.what.contains("another host") == true)
  }

  @Test("a file of authorities that is not there: certificate, never sent")
  func noAuthorities() async throws {
    let server = try RawServer { connection, _ in connection.waitForEnd() }
    defer { server.stop() }
    let failure = try await failure(
      of: "https://127.0.0.1:\(server.port)", HTTPSettings(caFile: "/nowhere/authorities.pem"))
    #expect(failure?.kind == .certificate)
    #expect(failure?.reach == .neverSent)
  }

  @Test("a server without TLS: certificate, never sent")
  func plainServer() async throws {
    let server = try RawServer { connection, _ in connection.write("HTTP/1.1 400 Bad Request\r\n\r\n") }
    defer { server.stop() }
    let failure = try await failure(of: "https://127.0.0.1:\(server.port)", HTTPSettings())
    #expect(failure?.kind == .certificate)
    #expect(failure?.reach == .neverSent)
  }

  @Test("a server whose newest TLS is 1.1: certificate, never sent, and the failure says what it needs")
  func oldTLS() async throws {
    let server = try Self.hello()
    let front = try TLSFront(server.port, newest: "TLSv1_1")
    defer {
      front.stop()
      server.stop()
    }
    let failure = try await failure(of: front.url, HTTPSettings(caFile: front.certificate))
    #expect(failure?.kind == .certificate)
    #expect(failure?.reach == .neverSent)
    #expect(failure?.what.contains("1.2 or later") == true)
  }

  @Test("TLS 1.2 is enough")
  func twelve() async throws {
    let server = try Self.hello()
    let front = try TLSFront(server.port, newest: "TLSv1_2")
    defer {
      front.stop()
      server.stop()
    }
    let client = try HTTPClient(HTTPSettings(caFile: front.certificate))
    #expect(try await client.send(HTTPRequest(url: front.url)).status == 200)
    await client.close()
  }

  @Test("a trusted certificate carries the request, and the connection is used again")
  func trusted() async throws {
    let server = try Self.hello()
    let front = try TLSFront(server.port)
    defer {
      front.stop()
      server.stop()
    }
    let client = try HTTPClient(HTTPSettings(caFile: front.certificate))
    for _ in 1...3 {
      let response = try await client.send(HTTPRequest(url: front.url))
      #expect(response.version == "1.1")
      #expect(try await response.body.collect() == Array("hello".utf8))
    }
    #expect(server.count.accepted == 1)
    await client.close()
  }

  @Test("a connection cut in the middle of a body of known length: disconnected, maybe received")
  func truncated() async throws {
    let server = try RawServer { connection, _ in
      _ = connection.readRequest()
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello")
    }
    let front = try TLSFront(server.port)
    defer {
      front.stop()
      server.stop()
    }
    let client = try HTTPClient(HTTPSettings(caFile: front.certificate))
    let response = try await client.send(HTTPRequest(url: front.url))
    let failure = await #expect(throws: HTTPFailure.self) { try await response.body.collect() }
    #expect(failure?.kind == .disconnected)
    #expect(failure?.reach == .maybeReceived)
    await client.close()
  }

  @Test("two hundred requests at a time over HTTP/2 share one connection")
  func http2() async throws {
    let server = try RawServer { connection, _ in
      HTTP2Answers.serve(connection, together: 50, body: Array("hello".utf8))
    }
    let front = try TLSFront(server.port, protocols: ["h2", "http/1.1"])
    defer {
      front.stop()
      server.stop()
    }
    let client = try HTTPClient(HTTPSettings(connectionsPerHost: 1, caFile: front.certificate))
    let url = front.url
    let good = try await withThrowingTaskGroup(of: Bool.self) { group in
      for _ in 1...200 {
        group.addTask {
          let response = try await client.send(HTTPRequest(url: url))
          let body = try await response.body.collect()
          return response.version == "2" && body == Array("hello".utf8)
        }
      }
      return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
    }
    #expect(good == 200)
    #expect(server.count.accepted == 1)
    await client.close()
  }

  @Test("cancelling one of two requests on an HTTP/2 connection leaves the other alone")
  func http2Cancel() async throws {
    let opened = Event()
    let server = try RawServer { connection, _ in
      HTTP2Answers.serve(connection, together: 2, body: Array("hello".utf8), opened: opened)
    }
    let front = try TLSFront(server.port, protocols: ["h2"])
    defer {
      front.stop()
      server.stop()
    }
    let client = try HTTPClient(HTTPSettings(connectionsPerHost: 1, caFile: front.certificate))
    let url = front.url
    // The first stream waits for the second, and ends before it.
    let first = Task {
      await #expect(throws: HTTPFailure.self) { try await client.send(HTTPRequest(url: url)) }
    }
    await opened.wait()
    first.cancel()
    #expect(await first.value?.kind == .cancelled)
    let response = try await client.send(HTTPRequest(url: url))
    #expect(try await response.body.collect() == Array("hello".utf8))
    #expect(server.count.accepted == 1)
    await client.close()
  }
}

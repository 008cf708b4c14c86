import Testing

@testable import Curl

@Suite("Requests")
struct RequestTests {
  /// Answers with the request as it came.
  private static func echo() throws -> RawServer {
    try RawServer.answering { request, connection in
      let lines = ["\(request.method) \(request.target)"] + request.headerLines
      let text = lines.joined(separator: "\n") + "\n\n"
      connection.answer("200 OK", Array(text.utf8) + request.body)
    }
  }

  private func echoed(_ request: HTTPRequest, by server: RawServer) async throws -> String {
    let client = try HTTPClient(HTTPSettings(userAgent: "tester/1"))
    let body = try await client.send(request).body.collect()
    await client.close()
    return String(decoding: body, as: UTF8.self)
  }

  @Test("a body goes with any method that has one", arguments: ["POST", "PUT", "PATCH", "DELETE", "GET"])
  func methods(method: String) async throws {
    let server = try Self.echo()
    defer { server.stop() }
    let body: [UInt8] = [UInt8](repeating: 0, count: 3) + Array("tail".utf8)
    let text = try await echoed(
      HTTPRequest(method: method, url: server.url + "/a?b=c", body: body), by: server)
    #expect(text.hasPrefix("\(method) /a?b=c\n"))
    #expect(text.contains("\nContent-Length: 7\n"))
    #expect(text.hasSuffix("\n\n\0\0\0tail"))
  }

  @Test("a large body arrives whole, without asking first")
  func largeBody() async throws {
    let server = try RawServer.answering { request, connection in
      let isWhole = request.body == [UInt8](repeating: 7, count: 3 << 20)
      connection.answer(isWhole && request.header("Expect") == nil ? "200 OK" : "400 Bad Request")
    }
    defer { server.stop() }
    let client = try HTTPClient()
    let body = [UInt8](repeating: 7, count: 3 << 20)
    let response = try await client.send(HTTPRequest(method: "POST", url: server.url, body: body))
    #expect(response.status == 200)
    await client.close()
  }

  @Test("a method that should have a body says that it is empty", arguments: ["POST", "PUT", "PATCH"])
  func emptyBody(method: String) async throws {
    let server = try Self.echo()
    defer { server.stop() }
    let text = try await echoed(HTTPRequest(method: method, url: server.url), by: server)
    #expect(text.contains("\nContent-Length: 0\n"))
  }

  @Test("a GET has no body and no type of one")
  func get() async throws {
    let server = try Self.echo()
    defer { server.stop() }
    let text = try await echoed(HTTPRequest(url: server.url), by: server)
    #expect(!text.contains("Content-"))
    #expect(text.contains("\nUser-Agent: tester/1\n"))
  }

  @Test("a HEAD ends with the head, and its connection serves on")
  func head() async throws {
    let server = try RawServer.answering { request, connection in
      if request.method == "HEAD" {
        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 12345\r\n\r\n")
      } else {
        connection.answer()
      }
    }
    defer { server.stop() }
    let client = try HTTPClient()
    let response = try await client.send(HTTPRequest(method: "HEAD", url: server.url))
    #expect(response.header("Content-Length") == "12345")
    #expect(try await response.body.collect() == [])
    _ = try await client.send(HTTPRequest(url: server.url)).body.collect()
    #expect(server.count.accepted == 1)
    await client.close()
  }

  @Test("headers arrive as they were given, empty ones too")
  func headers() async throws {
    let server = try Self.echo()
    defer { server.stop() }
    let request = HTTPRequest(
      method: "POST", url: server.url,
      headers: [
        HTTPHeader("X-One", "a; b: c"), HTTPHeader("X-Empty", ""), HTTPHeader("Accept", "text/plain"),
      ],
      body: [1])
    let text = try await echoed(request, by: server)
    #expect(text.contains("\nX-One: a; b: c\n"))
    #expect(text.contains("\nX-Empty:\n"))
    #expect(text.contains("\nAccept: text/plain\n"))
    #expect(!text.contains("Content-Type"))
    #expect(!text.contains("Expect"))
  }

  @Test(
    "a header that would change the message is refused",
    arguments: [
      HTTPHeader("X-Evil", "a\r\nX-Other: b"), HTTPHeader("X-Evil", "a\nb"), HTTPHeader("X-Evil", "a\0b"),
      HTTPHeader("X Evil", "a"), HTTPHeader("X-Evil:", "a"), HTTPHeader("", "a"),
      HTTPHeader("content-length", "3"), HTTPHeader("Transfer-Encoding", "chunked"),
    ])
  func injection(header: HTTPHeader) async throws {
    try await expectRefusal(HTTPRequest(url: "http://127.0.0.1:9", headers: [header]))
  }

  @Test("a method that would change the message is refused", arguments: ["", "GET /x", "G\r\nET", "CONNECT"])
  func badMethod(method: String) async throws {
    try await expectRefusal(HTTPRequest(method: method, url: "http://127.0.0.1:9"))
  }

  @Test("a HEAD with a body is refused")
  func headWithBody() async throws {
    try await expectRefusal(HTTPRequest(method: "HEAD", url: "http://127.0.0.1:9", body: [1]))
  }

  @Test(
    "an address that may not be spoken is refused",
    arguments: [
      "file:///etc/hostname", "ftp://127.0.0.1/x", "http://192.0.2.1/", "http://example.com/",
      "http://127.evil.example/", "http://localhost.evil.example/", "http://128.0.0.1/", "http://[::2]/",
      "http://127.0.0.1@192.0.2.1/", "http://192.0.2.1#@127.0.0.1/", "http://127.0.0.1\\@192.0.2.1/",
      "127.0.0.1/", "/path", "", "https://", "http://127.0.0.1/a b", "http://127.0.0.1/\r\nX: y",
      "http://127.0.0.1\0.evil.example/", "gopher://127.0.0.1/", "http://127.0.0.1:99999/",
    ])
  func badAddress(url: String) async throws {
    try await expectRefusal(HTTPRequest(url: url))
  }

  @Test(
    "this machine goes by many names",
    arguments: [
      "http://127.0.0.1/", "http://127.1.2.3:81/", "http://localhost/", "http://LOCALHOST/", "http://[::1]/",
      "http://2130706433/", "http://0x7f.1/",
    ])
  func loopback(url: String) throws {
    #expect(try Destination(url).isLoopback)
  }

  private func expectRefusal(_ request: HTTPRequest) async throws {
    let client = try HTTPClient()
    let failure = await #expect(throws: HTTPFailure.self) { try await client.send(request) }
    #expect(failure?.kind == .badRequest)
    #expect(failure?.reach == .neverSent)
    await client.close()
  }
}

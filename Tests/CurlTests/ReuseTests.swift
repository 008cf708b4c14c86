import Testing

@testable import Curl

@Suite("One request after the other")
struct ReuseTests {
  private static let requests = [
    HTTPRequest(url: "", headers: [HTTPHeader("X-Secret", "one"), HTTPHeader("User-Agent", "other/2")]),
    HTTPRequest(url: ""), HTTPRequest(method: "POST", url: "", body: Array("posted".utf8)),
    HTTPRequest(method: "PATCH", url: "", headers: [HTTPHeader("Content-Type", "a/b")], body: [65]),
    HTTPRequest(method: "HEAD", url: ""), HTTPRequest(method: "POST", url: ""),
    HTTPRequest(method: "DELETE", url: "", headers: [HTTPHeader("Accept-Encoding", "identity")]),
  ]

  /// The bytes of a request as a client sends it.
  private static func sent(_ request: HTTPRequest, _ client: HTTPClient, _ server: RawServer) async throws
    -> String
  {
    var request = request
    request.url = server.url
    let response = try await client.send(request)
    _ = try await response.body.collect()
    return response.header("X-Seen") ?? ""
  }

  @Test("nothing of a request stays for the next one, whatever comes after what")
  func nothingStays() async throws {
    let server = try RawServer.answering { request, connection in
      let lines = ["\(request.method) \(request.target)"] + request.headerLines
      let seen = lines.joined(separator: "|") + "|" + String(decoding: request.body, as: UTF8.self)
      connection.answer(headers: ["X-Seen: \(seen)"])
    }
    defer { server.stop() }
    let settings = HTTPSettings(userAgent: "tester/1")
    var expected: [String] = []
    for request in Self.requests {
      let fresh = try HTTPClient(settings)
      expected.append(try await Self.sent(request, fresh, server))
      await fresh.close()
    }
    let client = try HTTPClient(settings)
    for first in Self.requests.indices {
      for second in Self.requests.indices {
        #expect(try await Self.sent(Self.requests[first], client, server) == expected[first])
        #expect(try await Self.sent(Self.requests[second], client, server) == expected[second])
      }
    }
    #expect(await client.census().spareHandles == 1)
    await client.close()
  }

  @Test(
    "an address that only looks like the last one is read anew",
    arguments: [
      "http://127.0.0.1@192.0.2.1/", "http://127.0.0.1.evil.example/", "http://127.0.0.1:81@192.0.2.1/",
      "http:///127.0.0.1/", "http://127.0.0.1\\@192.0.2.1/", "http://127.0.0.1/a b",
      "http://127.0.0.1/\r\nX: y",
      "http://127.0.0.1\0.evil.example/", "http://127.0.0.1:99999/", "http://192.0.2.1#@127.0.0.1/",
      "http://192.0.2.1?@127.0.0.1/", "http://127.0.0.1/@192.0.2.1", "http://127.0.0.1?x=/",
      "http://127.0.0.1#x",
      "HTTP://127.0.0.1/", "http://127.0.0.1", "http://127.0.0.1/ü", "https://127.0.0.1/", "http:/127.0.0.1/",
    ])
  func cachedDestination(url: String) throws {
    func read(_ body: () throws -> Destination) -> String {
      do {
        let destination = try body()
        return "\(destination.origin) \(destination.isLoopback) \(destination.isEncrypted)"
      } catch {
        return "\(error)"
      }
    }
    let cache = DestinationCache()
    for known in ["http://127.0.0.1/", "http://127.0.0.1:81/x"] { _ = try cache.destination(of: known) }
    _ = try cache.destination(of: "http://127.0.0.1/")
    for _ in 1...2 { #expect(read { try cache.destination(of: url) } == read { try Destination(url) }) }
  }

  @Test("a user agent that would change the message is refused")
  func badUserAgent() {
    let failure = #expect(throws: HTTPFailure.self) {
      try HTTPClient(HTTPSettings(userAgent: "a\r\nX-Evil: b"))
    }
    #expect(failure?.kind == .badRequest)
  }
}

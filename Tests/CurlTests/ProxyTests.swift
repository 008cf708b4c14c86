import Testing

@testable import Curl

@Suite("Proxies")
struct ProxyTests {
  @Test("a proxy carries a request through a tunnel, and its password goes no further")
  func tunnel() async throws {
    let seen = Guarded<[RawRequest]>([])
    let server = try RawServer.answering { request, connection in
      seen.withLock { $0.append(request) }
      connection.answer("200 OK", [1])
    }
    let front = try TLSFront(server.port, name: "DNS:far.example")
    let port = front.port
    let proxy = try RawServer { connection, _ in
      guard let request = connection.readRequest() else { return }
      seen.withLock { $0.append(request) }
      connection.write("HTTP/1.1 200 Established\r\n\r\n")
      connection.relay(to: port)
    }
    defer {
      [proxy, server].forEach { $0.stop() }
      front.stop()
    }
    let client = try HTTPClient(
      HTTPSettings(caFile: front.certificate, proxy: "http://user:hunter2@127.0.0.1:\(proxy.port)"))
    let request = HTTPRequest(url: "https://far.example/x", headers: [HTTPHeader("Authorization", "secret")])
    #expect(try await client.send(request).body.collect() == [1])
    let (asked, received) = seen.withLock { ($0[0], $0[1]) }
    #expect(asked.method == "CONNECT")
    #expect(asked.header("Proxy-Authorization") == "Basic dXNlcjpodW50ZXIy")
    #expect(asked.header("Authorization") == nil)
    #expect(asked.header("User-Agent") == "libcurl")
    #expect(received.header("Proxy-Authorization") == nil)
    #expect(received.header("Authorization") == "secret")
    await client.close()
  }

  @Test(
    "a proxy is asked for a tunnel; when it refuses, nothing was sent",
    arguments: ["403 Forbidden", "407 Proxy Authentication Required", "502 Bad Gateway"])
  func refusing(status: String) async throws {
    let asked = Guarded("")
    let proxy = try RawServer { connection, _ in
      guard let request = connection.readRequest() else { return }
      asked.withLock { $0 = "\(request.method) \(request.target)" }
      connection.answer(status, headers: ["X-Proxy: yes"])
      connection.waitForEnd()
    }
    defer { proxy.stop() }
    let client = try HTTPClient(HTTPSettings(proxy: "http://user:hunter2@127.0.0.1:\(proxy.port)"))
    let failure = await #expect(throws: HTTPFailure.self) {
      try await client.send(HTTPRequest(url: "https://far.example/"))
    }
    #expect(asked.withLock { $0 } == "CONNECT far.example:443")
    #expect(failure?.kind == .refused)
    #expect(failure?.reach == .neverSent)
    #expect(failure?.what.contains(status.hasPrefix("407") ? "user and password" : "its rules") == true)
    #expect(failure.map { "\($0)".contains("hunter2") } == false)
    await client.close()
  }

  @Test("what goes to this machine goes past the proxy")
  func loopback() async throws {
    let server = try RawServer.answering { _, connection in connection.answer("200 OK", [1]) }
    let proxy = try RawServer { connection, _ in connection.waitForEnd() }
    defer { [server, proxy].forEach { $0.stop() } }
    let client = try HTTPClient(HTTPSettings(proxy: proxy.url))
    #expect(try await client.send(HTTPRequest(url: server.url)).body.collect() == [1])
    #expect(proxy.count.accepted == 0)
    await client.close()
  }
}

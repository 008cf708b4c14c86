import Testing

@testable import Curl

@Suite("Proxies")
struct ProxyTests {
  @Test("a proxy is asked for a tunnel; when it refuses, nothing was sent")
  func refusing() async throws {
    let asked = Guarded("")
    let proxy = try RawServer { connection, _ in
      guard let request = connection.readRequest() else { return }
      asked.withLock { $0 = "\(request.method) \(request.target)" }
      connection.answer("403 Forbidden", headers: ["X-Proxy: yes"])
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
    #expect(failure?.what.contains("hunter2") == false)
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

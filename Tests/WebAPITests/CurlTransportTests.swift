import Testing
import WebAPI

@Suite("Over a real connection")
struct CurlTransportTests {
  private static func answer(_ status: String, _ body: String = "", headers: String = "")
    -> LoopbackServer.Script
  {
    .answer(
      "HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\n\(headers)Connection: close\r\n\r\n\(body)"
    )
  }

  /// Runs with a client for a server, and closes both afterwards.
  private func withClient(
    _ scripts: [LoopbackServer.Script], _ authorization: any Authorization = NoAuthorization(),
    _ test: (LoopbackServer, APIClient) async throws -> Void
  ) async throws {
    let server = try LoopbackServer(scripts)
    let transport = try CurlTransport()
    let client = APIClient(
      base: server.url, authorization: authorization, policy: RetryPolicy(tries: 3, base: 0.001),
      surroundings: WebSurroundings(transport: transport))
    let outcome: Result<Void, any Error>
    do {
      outcome = .success(try await test(server, client))
    } catch {
      outcome = .failure(error)
    }
    await server.stop()
    await transport.close()
    try outcome.get()
  }

  private func failure(_ client: APIClient, _ call: APICall) async -> APIFailure? {
    do throws(APIFailure) {
      _ = try await client.send(call)
      return nil
    } catch {
      return error
    }
  }

  @Test("A call is refused for a while and then answered; the request is as it was meant")
  func sendsAndRepeats() async throws {
    let scripts = [
      Self.answer("429 Too Many Requests", headers: "Retry-After: 0\r\n"),
      Self.answer("200 OK", #"{"contact":{"id":"7"}}"#, headers: "X-One: a\r\n"),
    ]
    try await withClient(scripts, BasicAuthorization(user: "u", password: "p")) { server, client in
      let call = APICall(
        method: "PATCH", path: "/api/contacts/7/edit", query: [("a[b]", "c d")],
        body: JSONOutput.object([("score", .integer(5))]).bytes)
      let response = try await client.send(call)
      #expect(response.status == 200)
      #expect(response.header("x-one") == "a")
      #expect(try JSONValue.parse(response.body)["contact"]["id"].integer == 7)
      #expect(server.requests.count == 2)
      let lines = server.requests[1].split(separator: "\r\n").map { String($0) }
      #expect(lines.first == "PATCH /api/contacts/7/edit?a%5Bb%5D=c%20d HTTP/1.1")
      #expect(lines.contains("Authorization: Basic dTpw"))
      #expect(lines.contains("Content-Type: application/json"))
      #expect(lines.contains("User-Agent: leadgauge"))
      #expect(lines.last == #"{"score":5}"#)
    }
  }

  @Test("An access token is fetched and used")
  func fetchesToken() async throws {
    let server = try LoopbackServer([
      Self.answer("200 OK", #"{"access_token":"t1","expires_in":3600}"#), Self.answer("204 No Content"),
    ])
    let transport = try CurlTransport()
    let client = APIClient(
      base: server.url,
      authorization: OAuth2ClientCredentials(
        tokenURL: server.url + "/oauth/v2/token", clientID: "i", clientSecret: "s"),
      surroundings: WebSurroundings(transport: transport))
    #expect(try await client.send(.read).status == 204)
    #expect(server.requests.last?.contains("Authorization: Bearer t1\r\n") == true)
    await server.stop()
    await transport.close()
  }

  @Test("A port where nobody listens is unreachable, and even a write is tried again")
  func findsNobody() async throws {
    try await withClient([]) { server, client in
      _ = await server.ended.wait()
      let failure = await failure(client, .create)
      #expect(failure?.kind == .unreachable)
      #expect(failure?.tries == 3)
      #expect(failure?.mayHaveActed == false)
    }
  }

  @Test("A server that hangs up after the request has perhaps acted")
  func isHungUpOn() async throws {
    try await withClient([.answer("")]) { _, client in
      let failure = await failure(client, .create)
      #expect(failure?.kind == .lost)
      #expect(failure?.tries == 1)
      #expect(failure?.mayHaveActed == true)
    }
  }

  @Test("An answer that does not come in time is lost")
  func timesOut() async throws {
    try await withClient([.silence]) { _, client in
      let failure = await failure(client, APICall(method: "POST", path: "/x", timeout: 0.3))
      #expect(failure?.kind == .lost)
      #expect(failure?.mayHaveActed == true)
    }
  }

  @Test("An answer that is too long is refused")
  func refusesLongAnswers() async throws {
    try await withClient([Self.answer("200 OK", String(repeating: "x", count: 5000))]) { _, client in
      #expect(await failure(client, APICall(path: "/x", maxBodyBytes: 4000))?.kind == .tooLarge)
    }
  }

  @Test("A call is cancelled while the server is silent")
  func isCancelled() async throws {
    try await withClient([.silence]) { server, client in
      let task = Task { await failure(client, .read) }
      _ = await server.silenceBegan.wait()
      task.cancel()
      #expect(await task.value?.kind == .cancelled)
    }
  }

  @Test("Plain http to another machine is refused before anything is sent")
  func refusesPlainHTTP() async throws {
    let transport = try CurlTransport()
    let client = APIClient(
      base: "http://crm.example.test", authorization: NoAuthorization(),
      surroundings: WebSurroundings(transport: transport))
    let failure = await failure(client, .read)
    #expect(failure?.kind == .badRequest)
    #expect(failure?.mayHaveActed == false)
    await transport.close()
  }

  @Test("A transport that was closed carries nothing any more")
  func staysClosed() async throws {
    let transport = try CurlTransport(TransportSettings(connectionsPerHost: 1, userAgent: "test"))
    await transport.close()
    let failure = await #expect(throws: TransportFailure.self) {
      try await transport.send(WebRequest(method: "GET", url: "http://127.0.0.1:1/"))
    }
    #expect(failure?.kind == .cancelled)
    #expect(failure?.reach == .neverSent)
  }

  @Test("An answer tells how its time was spent")
  func tellsTiming() async throws {
    let server = try LoopbackServer([Self.answer("200 OK", "hello")])
    let transport = try CurlTransport()
    let response = try await transport.send(WebRequest(method: "GET", url: server.url + "/x"))
    let timing = try #require(response.timing)
    #expect(timing.connect.map { $0 > 0 } == true)
    #expect(timing.tls == nil)
    #expect(timing.wait > 0)
    #expect(timing.bytesOnWire > 5)
    #expect(timing.remoteAddress == "127.0.0.1")
    #expect(timing.version == "1.1")
    #expect(!timing.isRepeated)
    await server.stop()
    await transport.close()
  }

  @Test(
    "A certificate of the client that cannot be read is a failure of the certificate and says what to check")
  func namesBadClientCertificate() async throws {
    let transport = try CurlTransport(
      TransportSettings(clientCertificate: "/nowhere/own.pem", clientKey: "/nowhere/own.key"))
    let server = try LoopbackServer([.silence])
    let address = server.url.replacing("http://", with: "https://")
    let failure = await #expect(throws: TransportFailure.self) {
      try await transport.send(WebRequest(method: "GET", url: address))
    }
    #expect(failure?.kind == .certificate)
    #expect(failure?.reach == .neverSent)
    #expect(failure?.what.contains("check that both files can be read") == true)
    await server.stop()
    await transport.close()
  }
}

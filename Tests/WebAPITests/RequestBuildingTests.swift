import Testing
import WebAPI

@Suite("Building requests")
struct RequestBuildingTests {
  private func request(_ call: APICall, base: String = "https://crm.example.test") async throws -> WebRequest
  {
    let transport = ScriptedTransport([.answer(200)])
    let client = APIClient(
      base: base, authorization: NoAuthorization(),
      surroundings: WebSurroundings(transport: transport, clock: VirtualClock(), random: { 0 }))
    _ = try await client.send(call)
    return try #require(transport.requests.first)
  }

  @Test(
    "The path follows the base, with or without a folder and slashes at its end",
    arguments: [
      ("https://a.test", "https://a.test/api/x"), ("https://a.test/", "https://a.test/api/x"),
      ("https://a.test/sub", "https://a.test/sub/api/x"),
      ("https://a.test/sub//", "https://a.test/sub/api/x"),
    ])
  func joinsPath(base: String, expected: String) async throws {
    #expect(try await request(APICall(path: "/api/x"), base: base).url == expected)
  }

  @Test("Names and values of a query are percent-encoded, brackets too, and keep their order")
  func encodesQuery() async throws {
    let call = APICall(
      path: "/api/contacts",
      query: [
        ("where[0][col]", "date_modified"), ("where[0][val]", "2026-11-23 01:12:30"), ("a", "x&y=z+%é/?#"),
        ("a", ""),
      ])
    #expect(
      try await request(call).url == "https://crm.example.test/api/contacts"
        + "?where%5B0%5D%5Bcol%5D=date_modified&where%5B0%5D%5Bval%5D=2026-11-23%2001%3A12%3A30"
        + "&a=x%26y%3Dz%2B%25%C3%A9%2F%3F%23&a=")
  }

  @Test("A path may carry a query of its own, to which others are added")
  func keepsQueryOfPath() async throws {
    let call = APICall(path: "/api/x?after=a%20b&n=1", query: [("m", "2")])
    #expect(try await request(call).url == "https://crm.example.test/api/x?after=a%20b&n=1&m=2")
  }

  @Test("What must not stand in a path is encoded, and one part of it can be made fit by itself")
  func encodesPath() async throws {
    let call = APICall(path: "/api/a b/é/" + APICall.segment("x/y?z#[%]"))
    #expect(
      try await request(call).url == "https://crm.example.test/api/a%20b/%C3%A9/x%2Fy%3Fz%23%5B%25%5D")
  }

  @Test("Dots that would lead to the folder above are encoded, others are not")
  func dots() {
    #expect(
      ["", ".", "..", "...", ".a", "a.b"].map(APICall.segment) == [
        "", "%2E", "%2E%2E", "%2E%2E%2E", ".a", "a.b",
      ])
  }

  @Test("A JSON body goes out as JSON")
  func sendsJSON() async throws {
    let sent = try await request(APICall(method: "PATCH", path: "/x", body: Array("{}".utf8)))
    #expect(sent.method == "PATCH")
    #expect(sent.body == Array("{}".utf8))
    #expect(
      sent.headers == [
        WebHeader("Accept", "application/json"), WebHeader("Content-Type", "application/json"),
      ])
  }

  @Test("A form goes out as a form")
  func sendsForm() async throws {
    let sent = try await request(APICall(method: "POST", path: "/x", form: [("a b", "c&d"), ("e[]", "f")]))
    #expect(sent.body == Array("a%20b=c%26d&e%5B%5D=f".utf8))
    #expect(sent.headers.last == WebHeader("Content-Type", "application/x-www-form-urlencoded"))
  }

  @Test("A call's own headers take the place of the usual ones")
  func replacesHeaders() async throws {
    let sent = try await request(
      APICall(
        method: "POST", path: "/x", body: [1],
        headers: [WebHeader(name: "content-type", value: "text/csv"), WebHeader("X-A", "1")]))
    #expect(
      sent.headers == [
        WebHeader("Accept", "application/json"), WebHeader("content-type", "text/csv"), WebHeader("X-A", "1"),
      ])
  }

  @Test("Time and size limits of a call reach the transport")
  func passesLimits() async throws {
    let sent = try await request(APICall(path: "/x", timeout: 5, maxBodyBytes: 99))
    #expect(sent.timeout == 5)
    #expect(sent.maxBodyBytes == 99)
    #expect(sent.body == nil)
  }

  @Test(
    "A call that cannot be meant so is refused before anything is sent",
    arguments: [
      APICall(path: "api"), APICall(path: ""), APICall(path: "/a#b"), APICall(path: "/a/../b"),
      APICall(path: "/./b"), APICall(method: "POST", path: "/a", body: [], form: []),
    ])
  func refusesBadCalls(call: APICall) async {
    let bench = Bench([])
    let failure = await bench.failure(of: call)
    #expect(failure?.kind == .badRequest)
    #expect(failure?.tries == 0)
    #expect(failure?.mayHaveActed == false)
  }

  @Test(
    "Only calls that read are repeatable by themselves",
    arguments: [
      ("GET", true), ("head", true), ("POST", false), ("PUT", false), ("PATCH", false), ("DELETE", false),
    ])
  func knowsRepeatable(method: String, expected: Bool) {
    #expect(APICall(method: method, path: "/").isRepeatable == expected)
    #expect(APICall(method: method, path: "/", isRepeatable: !expected).isRepeatable == !expected)
  }
}

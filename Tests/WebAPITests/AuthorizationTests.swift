import Testing
import WebAPI

@Suite("Logging in")
struct AuthorizationTests {
  @Test("By name and password, as in RFC 7617")
  func basic() async throws {
    let bench = Bench(
      ScriptedTransport([.answer(200)]),
      authorization: BasicAuthorization(user: "Aladdin", password: "open sesame"))
    _ = try await bench.client.send(.read)
    #expect(
      bench.transport.requests[0].headers.last
        == WebHeader("Authorization", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="))
  }

  @Test("By a token")
  func bearer() async throws {
    let bench = Bench(ScriptedTransport([.answer(200)]), authorization: BearerAuthorization(token: "t1"))
    _ = try await bench.client.send(.read)
    #expect(bench.transport.requests[0].headers.last == WebHeader("Authorization", "Bearer t1"))
  }

  @Test("By a header of one's own")
  func ownHeader() async throws {
    let bench = Bench(
      ScriptedTransport([.answer(200)]), authorization: HeaderAuthorization(name: "Api-Token", value: "t1"))
    _ = try await bench.client.send(.read)
    #expect(bench.transport.requests[0].headers.last == WebHeader("Api-Token", "t1"))
  }

  @Test(
    "A fixed log-in that is refused is not tried again",
    arguments: [
      BasicAuthorization(user: "u", password: "p"), BearerAuthorization(token: "t"),
      HeaderAuthorization(name: "A", value: "b"), NoAuthorization(),
    ] as [any Authorization])
  func handsOnRefusal(authorization: any Authorization) async throws {
    let bench = Bench(ScriptedTransport([.answer(401, body: "no")]), authorization: authorization)
    let response = try await bench.client.send(.read)
    #expect(response.status == 401)
    #expect(response.body == Array("no".utf8))
  }
}

import Testing

@testable import WebAPI

@Suite("Where the access token stands")
struct OAuth2TokenPlaceTests {
  private static let login = [WebHeader("Authorization", "Bearer to+ken\"1")]

  private static func authorization(
    place: OAuth2TokenService.TokenPlace = .bearerHeader, refusals: Set<String> = []
  ) -> OAuth2RefreshToken {
    OAuth2RefreshToken(
      service: OAuth2TokenService(tokenURL: "https://t.test", tokenPlace: place, refusals: refusals),
      clientID: "i", clientSecret: "s", refreshToken: "r", file: "/nowhere/token")
  }

  private static func signed(type: String?, body: String?, url: String = "https://p.test/m") -> WebRequest {
    var request = WebRequest(
      method: "POST", url: url, headers: type.map { [WebHeader("Content-Type", $0)] } ?? [],
      body: body.map { Array($0.utf8) })
    authorization(place: .parameter("auth")).sign(&request, with: login)
    return request
  }

  @Test("usually in a header")
  func header() {
    var request = WebRequest(method: "GET", url: "https://p.test/m")
    Self.authorization().sign(&request, with: Self.login)
    #expect(request.headers == Self.login)
  }

  @Test(
    "as a member of a map in the body",
    arguments: [
      (#"{"a":1}"#, #"{"auth":"to+ken\"1","a":1}"#), ("{}", #"{"auth":"to+ken\"1"}"#),
      (" { } ", #" {"auth":"to+ken\"1" } "#),
    ])
  func member(body: String, expected: String) {
    let request = Self.signed(type: "application/json; charset=utf-8", body: body)
    #expect(request.body == Array(expected.utf8))
    #expect(request.headers.count == 1)
    #expect(request.url == "https://p.test/m")
  }

  @Test("as a field of a form", arguments: [("a=1", "a=1&auth=to%2Bken%221"), ("", "auth=to%2Bken%221")])
  func field(body: String, expected: String) {
    let request = Self.signed(type: "application/x-www-form-urlencoded", body: body)
    #expect(request.body == Array(expected.utf8))
    #expect(request.url == "https://p.test/m")
  }

  @Test(
    "or else in the query",
    arguments: [
      (nil, nil, "https://p.test/m", "https://p.test/m?auth=to%2Bken%221"),
      (nil, nil, "https://p.test/m?a=1", "https://p.test/m?a=1&auth=to%2Bken%221"),
      ("application/json", "[1]", "https://p.test/m", "https://p.test/m?auth=to%2Bken%221"),
    ] as [(String?, String?, String, String)])
  func query(type: String?, body: String?, url: String, expected: String) {
    let request = Self.signed(type: type, body: body, url: url)
    #expect(request.url == expected)
    #expect(request.body == body.map { Array($0.utf8) })
  }

  @Test(
    "a 401 is worth a new token if its code is one of those that the service names",
    arguments: [
      (401, #"{"error":"expired_token"}"#, true), (401, #"{"error":"Expired_Token"}"#, true),
      (401, #"{"code":1014}"#, true), (401, #"{"error":"PAYMENT_REQUIRED"}"#, false), (401, "<html>", false),
      (403, #"{"error":"expired_token"}"#, false),
    ])
  func namedRefusals(status: Int, body: String, expected: Bool) {
    let response = WebResponse(status: status, body: Array(body.utf8))
    #expect(Self.authorization(refusals: ["expired_token", "1014"]).isRefusal(response) == expected)
  }

  @Test("without such codes every 401 is", arguments: [(401, true), (403, false), (200, false)])
  func allRefusals(status: Int, expected: Bool) {
    #expect(Self.authorization().isRefusal(WebResponse(status: status)) == expected)
    #expect(NoAuthorization().isRefusal(WebResponse(status: status)) == expected)
  }
}

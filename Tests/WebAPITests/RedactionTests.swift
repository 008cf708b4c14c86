import Foundation
import Testing
import WebAPI

@Suite("Masking secrets")
struct RedactionTests {
  /// With every kind of character that some encoder changes.
  private static let secret = #"pä$s/w"o r\d+=%&€😀"#

  @Test("The secret as it is")
  func masksLiteral() {
    let redactor = Redactor(secrets: [Self.secret])
    #expect(redactor.redact("a \(Self.secret) b") == "a *** b")
    #expect(redactor.redact(Self.secret) == "***")
    #expect(redactor.redact("\(Self.secret)\(Self.secret)x") == "***x")
  }

  @Test("The secret percent-encoded, in either case, wholly or in part")
  func masksPercentEncoded() throws {
    let redactor = Redactor(secrets: [Self.secret])
    let whole = Self.secret.utf8.map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    let query = try #require(Self.secret.addingPercentEncoding(withAllowedCharacters: .urlQueryAllowed))
    let path = try #require(Self.secret.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed))
    for form in [whole, whole.uppercased(), query, path, APICall.segment(Self.secret)] {
      #expect(redactor.redact("x=\(form)!") == "x=***!")
    }
    #expect(Redactor(secrets: ["a b c"]).redact("q=a+b%20c") == "q=***")
  }

  @Test("The secret escaped as in JSON, by encoders of each habit")
  func masksJSONEscaped() throws {
    let redactor = Redactor(secrets: [Self.secret])
    let own = String(decoding: JSONOutput.text(Self.secret).bytes, as: UTF8.self)
    let slashes = String(decoding: try JSONEncoder().encode(Self.secret), as: UTF8.self)
    let ascii =
      "\""
      + Self.secret.utf16.map { unit in
        let hex = String(unit, radix: 16)
        return "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      }.joined() + "\""
    for form in [own, slashes, ascii] {
      #expect(redactor.redact("{\"x\":\(form)}") == #"{"x":"***"}"#)
    }
  }

  @Test("The secret within Base64, wherever it begins", arguments: 0..<7)
  func masksBase64(shift: Int) {
    let user = String("userabc".prefix(shift))
    for secret in ["geheim", "four", "a?>~ÿþ😀secret"] {
      let encoded = Data("\(user):\(secret)".utf8).base64EncodedString()
      let other = encoded.replacing("+", with: "-").replacing("/", with: "_")
      let redactor = Redactor(secrets: [secret])
      #expect(redactor.redact("got \(encoded), no") == "got ***, no")
      #expect(redactor.redact("got \(other), no") == "got ***, no")
      #expect(redactor.redact(Data(secret.utf8).base64EncodedString()) == "***")
    }
  }

  @Test("A secret of fewer than four characters is not looked for, or every word would be masked")
  func leavesShortSecrets() {
    #expect(Redactor(secrets: ["abc", ""]).redact("abcd ab") == "abcd ab")
    #expect(Redactor(secrets: ["abcd"]).redact("xabcdx") == "x***x")
  }

  @Test("Several secrets are masked, and those that overlap as one")
  func masksSeveral() {
    let redactor = Redactor(secrets: ["hello"]).adding(["lower"])
    #expect(redactor.redact("hello and lower and hellower") == "*** and *** and ***")
  }

  @Test("Lines of headers that log in, whatever they hold")
  func masksHeaderLines() {
    let text =
      "GET /\r\nAuthorization: Basic eHg6eXk=\r\nHost: a.test\r\ncookie: sid=1; b=2\nX-Auth-Token:t\nend"
    #expect(
      Redactor().redact(text)
        == "GET /\r\nAuthorization: ***\r\nHost: a.test\r\ncookie: ***\nX-Auth-Token:***\nend")
  }

  @Test(
    "Headers that log in lose their value, others only the secrets in it",
    arguments: [
      ("Authorization", "Basic x", "***"), ("proxy-authorization", "x", "***"), ("Cookie", "a=b", "***"),
      ("Set-Cookie", "a=b", "***"), ("X-Auth-Token", "t", "***"), ("Api-Token", "t", "***"),
      ("X-Api-Key", "k", "***"), ("X-Client-Secret", "s", "***"), ("Location", "/x?y=geheim", "/x?y=***"),
      ("Host", "a.test", "a.test"),
    ])
  func masksHeaders(name: String, value: String, expected: String) {
    let redactor = Redactor(secrets: ["geheim"])
    #expect(redactor.redact([WebHeader(name, value)]) == [WebHeader(name, expected)])
  }

  @Test(
    "User and password of a URL",
    arguments: [
      ("see https://u:p@a.test/x", "see https://***@a.test/x"), ("https://u@a.test", "https://***@a.test"),
      ("http://u:p@q@a.test?x", "http://***@a.test?x"), ("https://a.test/@x", "https://a.test/@x"),
      ("https://a.test and b@c.test", "https://a.test and b@c.test"),
    ])
  func masksUserinfo(text: String, expected: String) {
    #expect(Redactor().redact(text) == expected)
  }

  @Test(
    "Values of a query whose names tell of a secret",
    arguments: [
      ("/x?access_token=abc&page=2", "/x?access_token=***&page=2"), ("/x?key=abc#y", "/x?key=***#y"),
      ("/x?api_key=a", "/x?api_key=***"), ("client_secret=a password=b", "client_secret=*** password=***"),
      ("/x?user[password]=a&b=c", "/x?user[password]=***&b=c"), ("/x?Token=a", "/x?Token=***"),
      ("/x?signature=a", "/x?signature=***"), ("/x?token=", "/x?token="), ("/x?page=2", "/x?page=2"),
      ("a=b", "a=b"), ("=x", "=x"),
    ])
  func masksQueryValues(text: String, expected: String) {
    #expect(Redactor().redact(text) == expected)
  }

  @Test(
    "Members of JSON whose names tell of a secret",
    arguments: [
      (#"{"access_token":"a\"b","x":"y"}"#, #"{"access_token":"***","x":"y"}"#),
      (#"{"password" : "a"}"#, #"{"password" : "***"}"#), (#"{"secret":"cut"#, #"{"secret":"***"#),
      (#"{"secret":"cut\"#, #"{"secret":"***"#), (#"{"key":5}"#, #"{"key":5}"#), (#""a":"b""#, #""a":"b""#),
      (#"{"secret":""}"#, #"{"secret":""}"#), (#"{"secret":"#, #"{"secret":"#),
    ])
  func masksMembers(text: String, expected: String) {
    #expect(Redactor().redact(text) == expected)
  }

  @Test(
    "Other text stays as it is", arguments: ["", "token: expired", "Größe: 5 €", "a:b", "://", ":", "12:30"])
  func leavesOtherText(text: String) {
    #expect(Redactor(secrets: ["geheim"]).redact(text) == text)
  }

  @Test("Nothing of a secret is left, whatever the text around it, for ten thousand texts made by chance")
  func leavesNothing() {
    var chance = SeededChance(99)
    let letters: [Unicode.Scalar] = ["a", "%", "4", "1", "\\", "u", "+", " ", "/", "é", "\""]
    func some(_ count: Int) -> String {
      String(
        String.UnicodeScalarView((0..<count).map { _ in letters.randomElement(using: &chance) ?? "a" }))
    }
    for _ in 0..<10_000 {
      let secret = some(Int.random(in: 4..<9, using: &chance))
      // Scalars may join to one character; a secret counts by characters.
      guard secret.count >= 4 else { continue }
      let text =
        some(Int.random(in: 0..<6, using: &chance)) + secret + some(Int.random(in: 0..<6, using: &chance))
      let redacted = Redactor(secrets: [secret]).redact(text)
      #expect(redacted.contains("***"))
      #expect(!redacted.unicodeScalars.contains(secret.unicodeScalars))
    }
  }

  @Test("A failure's text shows none of the secrets that the transport lets slip")
  func redactsFailures() async {
    let transport = ScriptedTransport { request, _ in
      let login = request.headers.last?.value ?? ""
      return .none(
        .badRequest, .neverSent, what: "bad: \(request.url) with \(login), \(login.split(separator: " ")[1])")
    }
    let bench = Bench(
      transport, authorization: BearerAuthorization(token: "slippery"),
      redactor: Redactor(secrets: ["geheim"]))
    let failure = await bench.failure(of: APICall(path: "/x", query: [("q", "geheim"), ("token", "abc")]))
    #expect(
      failure?.what
        == "GET /x: bad: https://crm.example.test/x?q=***&token=*** with ***, *** (1 try)")
  }
}

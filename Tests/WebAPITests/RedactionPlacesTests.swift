import Foundation
import Testing

@testable import WebAPI

@Suite("Masking secrets by where they stand")
struct RedactionPlacesTests {
  @Test(
    "Members of JSON that is a text within JSON",
    arguments: [
      (#"{"b":"{\"token\":\"abc\",\"x\":\"y\"}"}"#, #"{"b":"{\"token\":\"***\",\"x\":\"y\"}"}"#),
      (#"{"b":"{\"token\":\"a\\\"c\",\"x\":1}"}"#, #"{"b":"{\"token\":\"***\",\"x\":1}"}"#),
      (#""{\\\"token\\\":\\\"abc\\\"}""#, #""{\\\"token\\\":\\\"***\\\"}""#),
      (#"{"b":"cut {\"token\":\"abc","x":"y"}"#, #"{"b":"cut {\"token\":\"***","x":"y"}"#),
      (#"{'password': 'it is', 'x': 'y'}"#, #"{'password': '***', 'x': 'y'}"#),
    ])
  func masksNestedMembers(text: String, expected: String) {
    #expect(Redactor().redact(text) == expected)
  }

  @Test(
    "Members whose names are escaped or have spaces, and those that are numbers, lists and maps",
    arguments: [
      (#"{"p\u0061ssword":"a"}"#, #"{"p\u0061ssword":"***"}"#),
      (#"{"Client Secret":"a"}"#, #"{"Client Secret":"***"}"#),
      (#"{"password":123456}"#, #"{"password":***}"#), (#"{"tokens":12}"#, #"{"tokens":12}"#),
      (#"{"password":null,"a":[]}"#, #"{"password":null,"a":[]}"#),
      (#"{"tokens":["a]","b"],"c":"d"}"#, #"{"tokens":***,"c":"d"}"#),
      (#"{"auth":{"user":"u","pass":"}"},"c":"d"}"#, #"{"auth":***,"c":"d"}"#),
      (#"{"key":{"a":"b"}}"#, #"{"key":{"a":"b"}}"#), (#"{"tokens":["a"#, #"{"tokens":***"#),
    ])
  func masksOtherMembers(text: String, expected: String) {
    #expect(Redactor().redact(text) == expected)
  }

  @Test(
    "Values in quotes, with encoded signs, and under encoded names",
    arguments: [
      (#"client_secret="a b", x="y""#, #"client_secret="***", x="y""#),
      (#"{"b":"token=\"a b\" x"}"#, #"{"b":"token=\"***\" x"}"#),
      ("/x?%70assword=a&b=c", "/x?%70assword=***&b=c"),
      ("cmd=crm.list%3Fauth%3Dabc%26start%3D5&b=c", "cmd=crm.list%3Fauth%3D***%26start%3D5&b=c"),
      ("d=%7B%22token%22%3A%22a%5C%22c%22%2C%22x%22%3A1%7D", "d=%7B%22token%22%3A%22***%22%2C%22x%22%3A1%7D"),
    ])
  func masksParameters(text: String, expected: String) {
    #expect(Redactor().redact(text) == expected)
  }

  @Test("The whole value of a URL's parameter, where a running text would end it at a comma")
  func masksWholeParameters() {
    #expect(Redactor().redact("see token=a, and b") == "see token=***, and b")
    #expect(
      Redactor().redact(url: "https://a.test/x?token=a,b;c)&d=e,f") == "https://a.test/x?token=***&d=e,f")
    #expect(Redactor().redact(url: "/x?a=b&key=c,d#e") == "/x?a=b&key=***#e")
    #expect(Redactor(secrets: ["ab&cd"]).redact(url: "/x?password=ab&cd") == "/x?password=***")
  }

  @Test(
    "User and password of a URL whose signs are escaped or encoded",
    arguments: [
      (#"{"u":"https:\/\/u:p@a.test\/x"}"#, #"{"u":"https:\/\/***@a.test\/x"}"#),
      ("u=https%3A%2F%2Fu%3Ap%40a.test%2Fx", "u=https%3A%2F%2F***%40a.test%2Fx"),
      ("u=https%3a%2f%2fa.test%2f%40x", "u=https%3a%2f%2fa.test%2f%40x"),
    ])
  func masksEncodedUserinfo(text: String, expected: String) {
    #expect(Redactor().redact(text) == expected)
  }

  @Test(
    "The third part of a path that lets one in without a log-in",
    arguments: [
      ("https://a.test/rest/1/abcdefgh12/crm.list", "https://a.test/rest/1/***/crm.list"),
      (#"https:\/\/a.test\/rest\/17\/abcdefgh12\/"#, #"https:\/\/a.test\/rest\/17\/***\/"#),
      ("u=%2Frest%2F1%2Fabcdefgh12%2Fx", "u=%2Frest%2F1%2F***%2Fx"),
      ("/rest/1/abcdefgh12", "/rest/1/***"), ("/rest/1/abcdefgh12?a=b", "/rest/1/***?a=b"),
      ("/rest/1/abcdefgh1/x", "/rest/1/abcdefgh1/x"), ("/rest/1/departments.get", "/rest/1/departments.get"),
      ("/rest/one/abcdefgh12/x", "/rest/one/abcdefgh12/x"), ("/rest/departments/", "/rest/departments/"),
    ])
  func masksWebhooks(text: String, expected: String) {
    #expect(Redactor().redact(text) == expected)
  }

  @Test(
    "What follows Basic and Bearer, and web tokens, but no plain words",
    arguments: [
      ("sent Basic dXNlcjpwYXNz, no", "sent Basic ***, no"), ("bearer abcdefgh1234 x", "bearer *** x"),
      ("a=Bearer%20abcdefgh1234&b", "a=Bearer%20***&b"), ("Basic authentication", "Basic authentication"),
      ("Basic Authentication", "Basic Authentication"), ("XBasic dXNlcjpwYXNz", "XBasic dXNlcjpwYXNz"),
      ("got eyJhbGciOiJ9.eyJzdWIiOiJ9.c2ln-_x, no", "got ***, no"), ("eyJhbGciOiJ9", "eyJhbGciOiJ9"),
    ])
  func masksLogins(text: String, expected: String) {
    #expect(Redactor().redact(text) == expected)
  }

  @Test("A header line that stands in a text of JSON ends where it ends there")
  func endsHeaderLines() {
    #expect(
      Redactor().redact(#"{"sent":"Authorization: Basic x\r\nHost: a.test"}"#)
        == #"{"sent":"Authorization: ***\r\nHost: a.test"}"#)
  }

  @Test(
    "Secrets in spellings of more than one layer, and of other encoders",
    arguments: [
      ("a/b&c", "a%252Fb%2526c"), ("a/b&c", "a%25252fb&c"), (#"a"b\c"#, #"a\\\"b\\\\c"#),
      ("a/b&c", #"a\\u002fb\\\/c"#.replacing(#"\\\/"#, with: #"\\u0026"#)),
      ("a<b>&\"c'", "a&lt;b&gt;&amp;&quot;c&#39;"),
      ("a<b>&c", "a&#60;b&#x3e;&#038;c"), ("caf\u{E9}1", "caf%E91"), ("caf\u{E9}1", "cafe\u{301}1"),
      ("cafe\u{301}1", "caf%C3%A91"), ("😀abc", #"\\ud83d\\uDE00abc"#),
    ])
  func masksLayers(secret: String, text: String) {
    #expect(Redactor(secrets: [secret]).redact("x \(text) y") == "x *** y")
  }

  @Test("A secret that was read with a line end is masked where it stands without")
  func masksTrimmedSecrets() {
    #expect(Redactor(secrets: ["geheim\n"]).redact("a geheim b") == "a *** b")
  }

  @Test("Basic credentials of a client that encodes its secret first, or writes Latin-1")
  func masksEncodedCredentials() {
    let redactor = Redactor(secrets: ["ge/h+m%", "caf\u{E9}1"])
    #expect(redactor.redact(Data("id:ge%2Fh%2Bm%25".utf8).base64EncodedString()) == "***")
    #expect(redactor.redact(Data(Array("id:caf".utf8) + [0xE9, 0x31]).base64EncodedString()) == "***")
  }

  @Test("A name before a value in Base64 is kept")
  func keepsNames() {
    #expect(Redactor(secrets: ["geheim"]).redact("q=Z2VoZWlt&r=1") == "q=***&r=1")
    #expect(Redactor(secrets: ["geheim1"]).redact("q=Z2VoZWltMQ==&r=1") == "q=***&r=1")
  }

  @Test("Bytes that are no text lose the secret too, and one that begins before the limit is masked whole")
  func masksBytes() {
    let redactor = Redactor(secrets: ["geheim"])
    let bytes: [UInt8] = [0xFF, 0x00] + Array("geheim".utf8) + [0xFE]
    #expect(redactor.redact(bytes, isForm: false, upTo: 100) == [0xFF, 0x00] + Array("***".utf8) + [0xFE])
    #expect(redactor.redact(bytes, isForm: false, upTo: 4) == [0xFF, 0x00] + Array("***".utf8))
    let long = Array(String(repeating: "x", count: 100_000).utf8) + Array("geheim".utf8)
    #expect(redactor.redact(long, isForm: false, upTo: 10).count == 10)
  }

  @Test(
    "Hostile texts take time in proportion to their length",
    arguments: [
      "cookie:", "/eyJ", "basic+", #""tokens":["#, "%3D", #"\"#, #"\":"#, "://", "%2525", "token=", "&#x",
      #"":"#,
      "geheim", "Z2VoZWlt", #"\u0067"#, "/rest/1/", "Bearer ",
    ])
  func takesLinearTime(unit: String) {
    let redactor = Redactor(secrets: ["geheim", #"\\"#, "%25%25", "gggggggg"])
    func seconds(bytes: Int) -> Double {
      let text = String(repeating: unit, count: bytes / unit.utf8.count)
      // The time of this thread alone, whatever else runs meanwhile.
      var (begun, ended) = (timespec(), timespec())
      clock_gettime(CLOCK_THREAD_CPUTIME_ID, &begun)
      let redacted = redactor.redact(text)
      clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ended)
      #expect(redacted.utf8.count <= text.utf8.count)
      return Double(ended.tv_sec - begun.tv_sec) + Double(ended.tv_nsec - begun.tv_nsec) / 1e9
    }
    // Four times the length: four times the time, not sixteen times.
    let short = (0..<3).map { _ in seconds(bytes: 8_000) }.min() ?? 0
    #expect(seconds(bytes: 32_000) < short * 9 + 0.005)
  }
}

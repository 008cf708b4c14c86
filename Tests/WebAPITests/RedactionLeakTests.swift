import Foundation
import Testing

@testable import WebAPI

@Suite("No secret in a trace, a line or a table")
struct RedactionLeakTests {
  private static let nasty = [
    #"p+/=%&"\é1"#, "a+b/c=d", "100%25&more", #"back\slash\"quote"#, "a&b=c&d", "summer", "winter", "gate",
    "x1y2",
    "%41%42", #"\u0041bc"#, "äöü€", "pass word", "caf\u{E9}s", "0123456789abcdef0123456789abcdef", "9fT3-_zQ",
  ]

  /// Where a secret may stand in a request and in its answer.
  enum Place: CaseIterable, Sendable {
    case path, queryValue, queryName, form, formName, json, jsonName, text, header, basic, bearer, cookie
    case answerHeader, setCookie, location, answerJSON, nestedJSON, answerText, binary, error, route,
      connection
    case method, contentType
  }

  private static func exchange(_ place: Place, _ spelled: String, secret: String) -> WebExchange {
    var exchange = WebExchange.answered(secrets: [secret])
    var answer = WebResponse(status: 200, headers: [WebHeader("Content-Type", "application/json")])
    let base = "https://crm.example.test/api"
    func send(_ type: String, _ body: String) {
      exchange.request.headers.append(WebHeader("Content-Type", type))
      exchange.request.body = Array(body.utf8)
    }
    let basic = Data("user:\(secret)".utf8).base64EncodedString()
    switch place {
    case .path: exchange.request.url = "\(base)/\(spelled)/x"
    case .queryValue: exchange.request.url = "\(base)?a=1&b=\(spelled)&c=2"
    case .queryName: exchange.request.url = "\(base)?a=1&\(spelled)=2"
    case .form: send("application/x-www-form-urlencoded", "a=1&b=\(spelled)&c=2")
    case .formName: send("application/x-www-form-urlencoded", "a=1&\(spelled)=2")
    case .json: send("application/json", #"{"a":"\#(spelled)","b":1}"#)
    case .jsonName: send("application/json", #"{"\#(spelled)":1}"#)
    case .text: send("text/plain", "it is \(spelled), is it not")
    case .header: exchange.request.headers = [WebHeader("X-Note", "a \(spelled) b"), WebHeader(spelled, "x")]
    case .basic: exchange.request.headers = [WebHeader("authorization", "basic \(basic)")]
    case .bearer: exchange.request.headers = [WebHeader("X-Echo", "Bearer \(spelled)")]
    case .cookie: exchange.request.headers = [WebHeader("Cookie", "sid=\(spelled); a=b")]
    case .answerHeader: answer.headers = [WebHeader("X-Request", "Basic \(basic), \(spelled)")]
    case .setCookie: answer.headers = [WebHeader("Set-Cookie", "sid=\(spelled); Path=/")]
    case .location: answer.headers = [WebHeader("Location", "/x/\(spelled)?a=\(spelled)")]
    case .answerJSON: answer.body = Array(#"{"message":"no \#(spelled)"}"#.utf8)
    case .nestedJSON:
      let inner = JSONOutput.text(#"{"a":"\#(spelled)"}"#).bytes
      answer.body = Array(#"{"a":"#.utf8) + inner + Array("}".utf8)
    case .answerText: answer.body = Array("<p>\(spelled)</p>\r\n\(basic)".utf8)
    case .binary: answer.body = [0xFF, 0xFE, 0x00] + Array(spelled.utf8) + [0xC3]
    case .error:
      exchange.outcome = .failure(
        TransportFailure(reach: .neverSent, kind: .other, what: "bad: \(spelled) and \(basic)"))
      return exchange
    case .route: exchange.route = "GET /api/\(spelled)/{id}"
    case .connection: exchange.connection = "web \(spelled)"
    case .method: exchange.request.method = spelled
    case .contentType: answer.headers = [WebHeader("Content-Type", "text/\(spelled)")]
    }
    exchange.outcome = .success(answer)
    return exchange
  }

  /// A secret as some encoder writes it, which may mix its habits from one character to the next.
  private static func spelled(_ secret: String, _ chance: inout SeededChance) -> String {
    switch Int.random(in: 0..<8, using: &chance) {
    case 0: return secret
    case 1:
      return Data("\(["", "u:", "us:"].randomElement(using: &chance) ?? "")\(secret)".utf8)
        .base64EncodedString()
    case 2:
      return Data(secret.utf8).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
        .replacing("=", with: "")
    case 3: return PercentEncoding.encode(secret)
    case 4: return String(decoding: JSONOutput.text(secret).bytes.dropFirst().dropLast(), as: UTF8.self)
    case 5: return secret.unicodeScalars.map { percent($0, &chance) }.joined()
    case 6: return secret.unicodeScalars.map { escaped($0, &chance) }.joined()
    default:
      return secret.unicodeScalars.map { scalar in
        // Whoever encodes anything encodes the sign that says so.
        let isSign = scalar == "\\" || scalar == "%"
        return switch Int.random(in: 0..<3, using: &chance) {
        case 0 where !isSign: String(scalar)
        case 1: percent(scalar, &chance)
        default: escaped(scalar, &chance)
        }
      }.joined()
    }
  }

  private static func percent(_ scalar: Unicode.Scalar, _ chance: inout SeededChance) -> String {
    let isUpper = Bool.random(using: &chance)
    return String(scalar).utf8.map { byte in
      "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: isUpper)
    }.joined()
  }

  private static func escaped(_ scalar: Unicode.Scalar, _ chance: inout SeededChance) -> String {
    let isUpper = Bool.random(using: &chance)
    return String(scalar).utf16.map { unit in
      let digits = String(unit, radix: 16, uppercase: isUpper)
      return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }.joined()
  }

  @Test("Every nasty secret in every place, in spellings made by chance", arguments: Place.allCases)
  func leaksNothing(place: Place) throws {
    var chance = SeededChance(UInt64(Place.allCases.firstIndex(of: place) ?? 0))
    for secret in Self.nasty {
      let leak = SecretLeak(secret)
      for _ in 0..<8 {
        let spelled = Self.spelled(secret, &chance)
        let exchange = Self.exchange(place, spelled, secret: secret)
        #expect(!leak.stands(in: try entry(of: exchange)), "trace: \(secret) as \(spelled)")
        #expect(!leak.stands(in: RequestLine.text(exchange)), "line: \(secret) as \(spelled)")
        let log = TrafficLog()
        log.saw(exchange)
        #expect(!leak.stands(in: try JSONValue.parse(log.traffic.json.bytes)), "\(secret) as \(spelled)")
        #expect(!leak.stands(in: log.traffic.text()), "table: \(secret) as \(spelled)")
      }
    }
  }

  @Test("The search for leaks finds each spelling, or it would prove nothing", arguments: nasty)
  func findsLeaks(secret: String) {
    var chance = SeededChance(7)
    for _ in 0..<40 {
      let spelled = Self.spelled(secret, &chance)
      #expect(SecretLeak(secret).stands(in: "x=\(spelled)."), "\(secret) as \(spelled)")
    }
  }

  @Test("Secrets that nobody told of are masked by their names, in a request and in its answer")
  func masksByName() throws {
    var exchange = WebExchange.answered(
      method: "POST", url: "https://crm.example.test/rest/1/geheimgeheim/x?auth=geheim",
      headers: [
        WebHeader("Content-Type", "application/x-www-form-urlencoded"), WebHeader("Authorization", "geheim"),
      ], body: Array("grant_type=x&client_secret=geheim,2&refresh_token=geheim".utf8))
    exchange.outcome = .success(
      WebResponse(
        status: 200,
        headers: [WebHeader("Set-Cookie", "geheim"), WebHeader("Location", "/y?token=geheim;geheim")],
        body: Array(#"{"access_token":"geheim","refresh_token":"geheim","password":"geheim"}"#.utf8)))
    #expect(!SecretLeak("geheim").stands(in: try entry(of: exchange)))
    #expect(!RequestLine.text(exchange).contains("geheim"))
  }
}

/// A request that may be sent: nothing in it can change its framing or reach where it may not.
struct CheckedRequest: Sendable {
  let method: String
  let url: String
  let destination: Destination
  let headers: [HTTPHeader]
  let body: [UInt8]?
  let timeouts: HTTPTimeouts
  let maxBodyBytes: Int

  /// Whether the method only reads, so that repeating it changes nothing on the server.
  var onlyReads: Bool { method == "GET" || method == "HEAD" }

  /// Whether it says how long its body is, if only that there is none.
  var carriesBody: Bool { body != nil || method == "POST" || method == "PUT" || method == "PATCH" }

  /// Headers that frame the message or belong to the connection. A second opinion on them lets requests be
  /// smuggled into each other.
  private static let framing = [
    "Connection", "Content-Length", "Expect", "HTTP2-Settings", "Keep-Alive", "Proxy-Connection", "TE",
    "Trailer", "Transfer-Encoding", "Upgrade",
  ]

  init(_ request: HTTPRequest, _ cache: DestinationCache) throws(HTTPFailure) {
    let destination = try cache.destination(of: request.url)
    func refuse(_ why: String) -> HTTPFailure {
      HTTPFailure(reach: .neverSent, kind: .badRequest, what: "\(destination.origin): \(why)")
    }
    guard Self.isToken(request.method), request.method != "CONNECT" else {
      throw refuse("the method is not one of HTTP")
    }
    guard request.method != "HEAD" || request.body == nil else { throw refuse("HEAD has no body") }
    for header in request.headers {
      guard Self.isToken(header.name) else { throw refuse("the name of a header has a forbidden character") }
      guard Self.isValue(header.value) else {
        throw refuse("the value of the header \(header.name) has a forbidden character")
      }
      guard !Self.framing.contains(where: header.isNamed) else {
        throw refuse("the header \(header.name) is the client's own to write")
      }
    }
    self.destination = destination
    method = request.method
    url = request.url
    headers = request.headers
    body = request.body
    timeouts = request.timeouts
    maxBodyBytes = request.maxBodyBytes
  }

  /// A failure of this request that shows nothing of it but where it went.
  func failure(
    _ kind: HTTPFailure.Kind, _ reach: HTTPFailure.Reach, code: Int = 0, _ why: String
  ) -> HTTPFailure {
    HTTPFailure(reach: reach, kind: kind, code: code, what: "\(destination.origin): \(why)")
  }

  /// Whether a text is a token of RFC 9110, section 5.6.2.
  private static func isToken(_ text: String) -> Bool {
    !text.isEmpty
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"):
          true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
      }
  }

  /// Whether a text may stand in a header: no line break, no NUL and no other control character but the tab.
  static func isValue(_ text: String) -> Bool {
    text.utf8.allSatisfy { ($0 >= 0x20 && $0 != 0x7f) || $0 == 0x09 }
  }
}

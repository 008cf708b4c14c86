/// One request and its outcome as an entry of a HAR.
///
/// The format is the "HAR 1.2 Spec" of Jan Odvarka; names that begin with an underscore are additions, as it
/// allows. `_transferSize`, in bytes with the head, and `_error` are those that browsers write.
struct HAREntry {
  private let exchange: WebExchange
  private let bodyLimit: Int
  private let redactor: Redactor

  init(_ exchange: WebExchange, bodyLimit: Int) {
    self.exchange = exchange
    self.bodyLimit = bodyLimit
    redactor = exchange.redactor
  }

  /// The entry, with every secret masked.
  var json: JSONOutput {
    let times = HARTimings(exchange)
    var members: [(String, JSONOutput)] = [
      ("startedDateTime", .text(HARTimings.date(exchange.begun - max(0, exchange.waited)))),
      ("time", times.total), ("request", request), ("response", response), ("cache", .object([])),
      ("timings", times.json),
    ]
    if let address = timing?.remoteAddress, !address.isEmpty {
      members.append(("serverIPAddress", masked(address)))
    }
    members += [
      ("_connection", masked(exchange.connection)), ("_route", .text(redactor.redact(url: exchange.route))),
      ("_try", .integer(exchange.number)),
    ]
    return .object(members)
  }

  private var timing: WebTiming? {
    if case .success(let answer) = exchange.outcome { answer.timing } else { nil }
  }

  private var version: JSONOutput {
    masked(timing.map { "HTTP/\($0.version)" } ?? "unknown")
  }

  private var request: JSONOutput {
    let request = exchange.request
    var members: [(String, JSONOutput)] = [
      ("method", masked(request.method)), ("url", .text(redactor.redact(url: request.url))),
      ("httpVersion", version), ("cookies", .list([])), ("headers", headers(request.headers)),
      ("queryString", queryString), ("headersSize", .integer(-1)),
      ("bodySize", .integer(request.body?.count ?? 0)),
    ]
    if let body = request.body { members.append(("postData", postData(body))) }
    return .object(members)
  }

  private var queryString: JSONOutput {
    // Masked before it is taken apart, or half of a secret that was not encoded might be left.
    let url = redactor.redact(url: exchange.request.url)
    guard let mark = url.firstIndex(of: "?") else { return .list([]) }
    return pairs(url[url.index(after: mark)...].prefix { $0 != "#" }.utf8)
  }

  private func postData(_ body: [UInt8]) -> JSONOutput {
    let mimeType = exchange.request.headers.value(of: "Content-Type") ?? ""
    let masking = BodyMasking(body, mimeType: mimeType, limit: bodyLimit, redactor: redactor)
    var members: [(String, JSONOutput)] = [("mimeType", masked(mimeType)), ("text", .text(masking.text))]
    if BodyMasking.isForm(mimeType), masking.comment == nil, !masking.isBase64 {
      members.append(("params", pairs(masking.text.utf8)))
    }
    if masking.isBase64 { members.append(("_encoding", .text("base64"))) }
    if let comment = masking.comment { members.append(("comment", .text(comment))) }
    return .object(members)
  }

  private var response: JSONOutput {
    switch exchange.outcome {
    case .success(let answer): response(answer)
    case .failure(let failure): response(status: 0, headers: [], content: noContent, failure: failure.what)
    }
  }

  private func response(_ answer: WebResponse) -> JSONOutput {
    let isPacked = answer.header("Content-Encoding").map { $0.lowercased() != "identity" } ?? false
    let length = answer.header("Content-Length").flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil }
    let bodySize = isPacked ? length : answer.body.count
    return response(
      status: answer.status, headers: answer.headers, content: content(answer, bodySize: bodySize),
      redirect: answer.header("Location") ?? "", bodySize: bodySize ?? -1)
  }

  private func response(
    status: Int, headers list: [WebHeader], content: JSONOutput, redirect: String = "", bodySize: Int = -1,
    failure: String? = nil
  ) -> JSONOutput {
    var members: [(String, JSONOutput)] = [
      // Transports do not pass the words on that follow the status, and HTTP/2 has none.
      ("status", .integer(status)), ("statusText", .text("")), ("httpVersion", version),
      ("cookies", .list([])),
      ("headers", headers(list)), ("content", content),
      ("redirectURL", .text(redactor.redact(url: redirect))),
      ("headersSize", .integer(-1)), ("bodySize", .integer(bodySize)),
    ]
    if let timing { members.append(("_transferSize", .integer(timing.bytesOnWire))) }
    if let failure { members.append(("_error", masked(failure))) }
    return .object(members)
  }

  private var noContent: JSONOutput {
    .object([("size", .integer(0)), ("mimeType", .text("x-unknown"))])
  }

  private func content(_ answer: WebResponse, bodySize: Int?) -> JSONOutput {
    let mimeType = answer.header("Content-Type") ?? "x-unknown"
    let masking = BodyMasking(answer.body, mimeType: mimeType, limit: bodyLimit, redactor: redactor)
    var members: [(String, JSONOutput)] = [("size", .integer(answer.body.count))]
    if let bodySize, bodySize < answer.body.count {
      members.append(("compression", .integer(answer.body.count - bodySize)))
    }
    members += [("mimeType", masked(mimeType)), ("text", .text(masking.text))]
    if masking.isBase64 { members.append(("encoding", .text("base64"))) }
    if let comment = masking.comment { members.append(("comment", .text(comment))) }
    return .object(members)
  }

  private func headers(_ list: [WebHeader]) -> JSONOutput {
    .list(redactor.redact(list).map { .object([("name", .text($0.name)), ("value", .text($0.value))]) })
  }

  private func masked(_ text: String) -> JSONOutput {
    .text(redactor.redact(text))
  }

  /// The pairs of a query or a form, masked before and after they are decoded.
  private func pairs(_ text: some Collection<UInt8>) -> JSONOutput {
    .list(
      Array(text).split(separator: UInt8(ascii: "&")).map { pair in
        let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
        let name = HAREntry.decoded(parts[0])
        let value = parts.count > 1 ? HAREntry.decoded(parts[1]) : ""
        let isSecret = !value.isEmpty && SensitiveNames.isValue(name)
        return .object([
          ("name", masked(name)), ("value", isSecret ? .text(Redactor.mask) : masked(value)),
        ])
      })
  }

  private static func decoded(_ text: ArraySlice<UInt8>) -> String {
    var out: [UInt8] = []
    var at = text.startIndex
    while at < text.endIndex {
      if text[at] == UInt8(ascii: "%"), let (byte, end) = EscapedCharacter.byte(in: text, at: at) {
        out.append(byte)
        at = end
      } else {
        out.append(text[at] == UInt8(ascii: "+") ? 0x20 : text[at])
        at += 1
      }
    }
    return String(decoding: out, as: UTF8.self)
  }
}

/// An access token as a parameter beside those of a request.
struct TokenParameter: Sendable {
  let name: String
  let token: String

  /// Takes the token out of a Bearer header.
  init(name: String, bearer: WebHeader) {
    self.name = name
    token = bearer.value.split(separator: " ", maxSplits: 1).last.map { String($0) } ?? ""
  }

  /// Adds it to a JSON map or a form in the body, or else to the query.
  func add(to request: inout WebRequest) {
    let type = request.headers.value(of: "Content-Type")?.lowercased() ?? ""
    let pair = PercentEncoding.encode([(name, token)])
    if let body = request.body, type.hasPrefix("application/json"), let place = firstPlace(inMap: body) {
      request.body?.insert(contentsOf: member(before: body[place...]), at: place)
    } else if let body = request.body, type.hasPrefix("application/x-www-form-urlencoded") {
      request.body = body + Array((body.isEmpty ? pair : "&" + pair).utf8)
    } else {
      request.url += (request.url.contains("?") ? "&" : "?") + pair
    }
  }

  /// Behind the bracket that opens a map; nil if there is none.
  private func firstPlace(inMap body: [UInt8]) -> Int? {
    guard let start = body.firstIndex(where: { $0 > 0x20 }), body[start] == UInt8(ascii: "{") else {
      return nil
    }
    return start + 1
  }

  private func member(before rest: ArraySlice<UInt8>) -> [UInt8] {
    let member = JSONOutput.object([(name, .text(token))]).bytes.dropFirst().dropLast()
    let isLast = rest.first { $0 > 0x20 } == UInt8(ascii: "}")
    return Array(member) + (isLast ? [] : [UInt8(ascii: ",")])
  }
}

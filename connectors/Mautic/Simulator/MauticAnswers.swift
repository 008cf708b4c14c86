import Platform

/// The forms of answers that occur everywhere.
extension SimulatedAnswer {
  private static let jsonHeaders = [
    SimulatedPair("Content-Type", "application/json"), SimulatedPair("Cache-Control", "no-cache, private"),
  ]

  /// JSON bytes.
  static func json(_ status: Int, _ bytes: [UInt8]) -> SimulatedAnswer {
    SimulatedAnswer(status: status, headers: jsonHeaders + [controllerMark], body: bytes)
  }

  /// A JSON value.
  static func json(_ status: Int, _ value: JSONValue) -> SimulatedAnswer {
    json(status, JSONWriter.bytes(of: value))
  }

  /// An error of a controller: code, message and details; `details` is a list if it is empty.
  static func problem(_ problem: ItemProblem) -> SimulatedAnswer {
    json(
      problem.code,
      [
        "errors": [
          [
            "code": .integer(problem.code), "message": .text(problem.message), "details": problem.details,
          ]
        ]
      ])
  }

  /// An error from outside the controllers: with a type, and without the header `Mautic-Version`.
  static func bare(_ status: Int, _ message: String, _ type: String?) -> SimulatedAnswer {
    SimulatedAnswer(
      status: status, headers: jsonHeaders,
      body: JSONWriter.bytes(of: [
        "errors": [["message": .text(message), "code": .integer(status), "type": .text(orNull: type)]]
      ]))
  }

  /// The answer to whatever the server did not foresee; its text never says what it was.
  static func serverError(_ status: Int = 500) -> SimulatedAnswer {
    bare(
      status,
      "Looks like I encountered an error (error #\(status)). "
        + "If I do it again, please report me to the system administrator!", nil)
  }

  /// No such route, or not with this method.
  static func notFound(_ path: String) -> SimulatedAnswer {
    bare(404, "Requested URL not found: \(path)", nil)
  }

  /// A table that cannot be read, which the stats endpoint reports with status 200.
  static func statsProblem(_ message: String, _ code: Int) -> SimulatedAnswer {
    json(200, ["errors": [["message": .text(message), "code": .integer(code)]]])
  }

  /// Marks an answer of a controller until its version header is set; never leaves the server.
  private static let controllerMark = SimulatedPair("", "controller")

  /// Whether a controller gave it, and takes the mark away.
  var isOfController: Bool {
    mutating get {
      guard let place = headers.firstIndex(of: Self.controllerMark) else { return false }
      headers.remove(at: place)
      return true
    }
  }
}

/// Why one contact or field was not written.
struct ItemProblem: Error {
  let code: Int
  let message: String
  var details: JSONValue = []
  /// What a batch says of it instead: an error of the API itself rather than of a form.
  var isOfAPI = false

  /// A value that a form refuses; details name the field.
  static func invalid(_ alias: String, _ text: String, code: Int = 400) -> ItemProblem {
    ItemProblem(
      code: code, message: "\(alias): \(text)", details: .map([JSONMember(alias, [.text(text)])]))
  }

  /// No such contact.
  static let notFound = ItemProblem(code: 404, message: "Item was not found.", isOfAPI: true)
  /// The user may not.
  static let forbidden = ItemProblem(
    code: 403, message: "You do not have access to the requested area/action.", isOfAPI: true)
  /// A batch item without id.
  static let idMissing = ItemProblem(code: 400, message: "mautic.api.call.id_missing", isOfAPI: true)

  /// As it stands in a batch's `errors`.
  var batchValue: JSONValue {
    if isOfAPI { return ["message": .text(message), "code": .integer(code), "type": "api"] }
    return ["code": .integer(code), "message": .text(message), "details": details, "type": nil]
  }
}

extension MauticServer {
  static func failure(_ status: Int, html: Bool) -> SimulatedAnswer {
    guard html else { return .serverError(status) }
    let page = "<html>\r\n<head><title>\(status)</title></head>\r\n<body><h1>\(status)</h1></body></html>"
    return SimulatedAnswer(
      status: status, headers: [SimulatedPair("Content-Type", "text/html")], body: Array(page.utf8))
  }

  /// A slash at the end leads to a page that leads back.
  static func redirect(_ request: SimulatedRequest) -> SimulatedAnswer {
    let host = request.header("Host") ?? "localhost"
    var path = request.path
    while path.hasSuffix("/") { path.removeLast() }
    let target = "http://\(host)\(path)"
    let page = """
      <!DOCTYPE html>
      <html>
          <head>
              <meta charset="UTF-8" />
              <meta http-equiv="refresh" content="0;url='\(target)'" />

              <title>Redirecting to \(target)</title>
          </head>
          <body>
              Redirecting to <a href="\(target)">\(target)</a>.
          </body>
      </html>
      """
    return SimulatedAnswer(
      status: 301,
      headers: [
        SimulatedPair("Content-Type", "text/html; charset=UTF-8"), SimulatedPair("Location", target),
      ], body: Array(page.utf8))
  }

  /// A request's body as a value: JSON, or form pairs; nil if it is malformed JSON.
  static func body(of request: SimulatedRequest) -> JSONValue? {
    guard !request.body.isEmpty else { return .map([]) }
    if (request.header("Content-Type") ?? "").lowercased().contains("json") {
      return JSONParser.parse(request.body)
    }
    return QueryTree(FormText.pairs(request.body)).value
  }
}

/// `application/x-www-form-urlencoded`.
enum FormText {
  /// The pairs of a form's body, decoded.
  static func pairs(_ bytes: [UInt8]) -> [SimulatedPair] {
    bytes.split(separator: UInt8(ascii: "&")).map { pair in
      let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      return SimulatedPair(decode(parts[0]), parts.count > 1 ? decode(parts[1]) : "")
    }
  }

  /// A text without `+` and `%20`.
  static func decode(_ bytes: ArraySlice<UInt8>) -> String {
    var result: [UInt8] = []
    var place = bytes.startIndex
    while place < bytes.endIndex {
      let byte = bytes[place]
      if byte == UInt8(ascii: "%"), place + 2 < bytes.endIndex,
        let value = UInt8(String(decoding: bytes[(place + 1)...(place + 2)], as: UTF8.self), radix: 16)
      {
        result.append(value)
        place += 3
      } else {
        result.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
        place += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }
}

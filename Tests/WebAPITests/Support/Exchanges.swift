import Curl

@testable import WebAPI

extension WebExchange {
  /// An exchange with an answer of status 200 in which only what is given matters.
  static func answered(
    connection: String = "web", route: String = "GET /api/contacts", number: Int = 1,
    begun: Double = 1_795_779_660.25,
    seconds: Double = 0.25, waited: Double = 0, method: String = "GET",
    url: String = "https://crm.example.test/api/contacts", headers: [WebHeader] = [], body: [UInt8]? = nil,
    answer: WebResponse = WebResponse(status: 200), secrets: [String] = []
  ) -> WebExchange {
    WebExchange(
      connection: connection, route: route, number: number, begun: begun, seconds: seconds, waited: waited,
      request: WebRequest(method: method, url: url, headers: headers, body: body), outcome: .success(answer),
      redactor: Redactor(secrets: secrets))
  }

  /// An exchange without an answer.
  static func failed(
    _ what: String, url: String = "https://crm.example.test/api/contacts", number: Int = 1,
    secrets: [String] = []
  ) -> WebExchange {
    WebExchange(
      connection: "web", route: "GET /api/contacts", number: number, begun: 1_795_779_660, seconds: 30,
      request: WebRequest(method: "GET", url: url),
      outcome: .failure(TransportFailure(reach: .maybeReceived, kind: .timedOut, what: what)),
      redactor: Redactor(secrets: secrets))
  }
}

/// A file in memory, of which the writing can be made to fail.
final class MemoryFile: Sendable {
  private struct State {
    var bytes: [UInt8] = []
    var room = Int.max
    var writes = 0
  }

  private let state = Guarded(State())

  var bytes: [UInt8] { state.withLock { $0.bytes } }
  var writes: Int { state.withLock { $0.writes } }

  /// From now on the file cannot grow by more than so many bytes.
  func limitGrowth(to more: Int) {
    state.withLock { $0.room = $0.bytes.count + more }
  }

  /// As `pwrite` does: what does not fit is left out.
  var write: HARFile.Write {
    { source, offset in
      let source = Array(source)
      return self.state.withLock { state in
        state.writes += 1
        let count = min(source.count, max(0, state.room - offset))
        guard count > 0 else { return -1 }
        let missing = offset + count - state.bytes.count
        if missing > 0 { state.bytes += [UInt8](repeating: 0, count: missing) }
        state.bytes.replaceSubrange(offset..<(offset + count), with: source[..<count])
        return count
      }
    }
  }

  /// What a reader sees after so many bytes.
  func har(length: Int? = nil) throws -> JSONValue {
    try JSONValue.parse(Array(bytes.prefix(length ?? .max)))
  }
}

/// The only entry of the trace of one exchange.
func entry(of exchange: WebExchange) throws -> JSONValue {
  let file = MemoryFile()
  try HARTrace(path: "memory", version: "1.0", write: file.write).saw(exchange)
  return try file.har()["log"]["entries"][0]
}

import Curl
import Testing
import WebAPI

/// Answers by a script and remembers what was asked.
final class ScriptedTransport: WebTransport {
  typealias Outcome = Result<WebResponse, TransportFailure>

  private let script: @Sendable (WebRequest, Int) async -> Outcome
  private let asked = Guarded<[WebRequest]>([])

  /// Calls the script with each request and its number, from 1.
  init(_ script: @escaping @Sendable (WebRequest, Int) async -> Outcome) {
    self.script = script
  }

  /// Gives these outcomes, one after the other; one request more is a fault of the test.
  convenience init(_ outcomes: [Outcome]) {
    self.init { request, number in
      guard number <= outcomes.count else {
        Issue.record("request \(number) (\(request.method) \(request.url)) was not expected")
        return .failure(TransportFailure(reach: .neverSent, kind: .badRequest, what: "beyond the script"))
      }
      return outcomes[number - 1]
    }
  }

  /// All requests so far, in order.
  var requests: [WebRequest] {
    asked.withLock { $0 }
  }

  func send(_ request: WebRequest) async throws(TransportFailure) -> WebResponse {
    let number = asked.withLock { asked in
      asked.append(request)
      return asked.count
    }
    return try await script(request, number).get()
  }
}

extension Result where Success == WebResponse, Failure == TransportFailure {
  /// An answer with this status.
  static func answer(_ status: Int, _ headers: [WebHeader] = [], body: String = "") -> Self {
    .success(WebResponse(status: status, headers: headers, body: Array(body.utf8)))
  }

  /// No answer.
  static func none(
    _ kind: TransportFailure.Kind, _ reach: TransportFailure.Reach, what: String = "it broke"
  ) -> Self {
    .failure(TransportFailure(reach: reach, kind: kind, what: what))
  }
}

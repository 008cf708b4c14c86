import Foundation
import Platform
import Scoring
import Testing

/// A server that refuses everything, and shows in its answers what it was sent.
struct EchoingServer: Simulator {
  /// Where it shows it.
  enum Style: CaseIterable, CustomTestStringConvertible {
    case message, nested, decoded, page, plain, headers

    var testDescription: String { "in its \(self)" }
  }

  let style: Style
  let status: Int

  mutating func answer(_ request: SimulatedRequest, at now: Timestamp) -> SimulatedAnswer {
    let sent =
      request.headers.map { "\($0.name): \($0.value)" } + [String(decoding: request.body, as: UTF8.self)]
    let all = sent.joined(separator: ", ")
    switch style {
    case .message: return answer(object(["errors": [["code": status, "message": "No: " + all]]]))
    case .nested: return answer(object(["error": "x", "error_description": object(["sent": all])]))
    case .decoded: return answer(object(["errors": [["message": "No: " + Self.decoded(request)]]]))
    case .page: return answer("<html><title>\(all)</title><p>\(all)</p></html>", type: "text/html")
    case .plain: return answer(all + "\n" + Self.decoded(request), type: "text/plain")
    case .headers:
      return answer(
        object(["error": "no"]),
        more: [
          SimulatedPair("X-Echo", all), SimulatedPair("Set-Cookie", "session=" + Self.decoded(request)),
          SimulatedPair("WWW-Authenticate", "Basic realm=\"\(Self.encoded(request))\""),
          SimulatedPair("Location", "https://example.com/?from=" + Self.encoded(request)),
        ])
    }
  }

  mutating func add(_ contact: SimulatedContact) {}

  mutating func add(_ activity: SimulatedActivity) {}

  private func answer(
    _ text: String, type: String = "application/json", more: [SimulatedPair] = []
  ) -> SimulatedAnswer {
    SimulatedAnswer(
      status: status, headers: [SimulatedPair("Content-Type", type)] + more, body: Array(text.utf8))
  }

  private func object(_ members: [String: Any]) -> String {
    let data = try? JSONSerialization.data(withJSONObject: members)
    return String(decoding: data ?? Data(), as: UTF8.self)
  }

  /// User and password, or the body, as they are.
  private static func decoded(_ request: SimulatedRequest) -> String {
    let header = request.header("Authorization") ?? ""
    guard let data = Data(base64Encoded: String(header.dropFirst("Basic ".count))) else { return header }
    return header.isEmpty
      ? String(decoding: request.body, as: UTF8.self) : String(decoding: data, as: UTF8.self)
  }

  private static func encoded(_ request: SimulatedRequest) -> String {
    decoded(request).addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
  }
}

import Foundation
import Platform

/// The changing requests that a host was sent, word for word: who looks whether something was written twice reads them.
struct RequestRecord: Sendable {
  private struct Line: Encodable {
    let method: String
    let path: String
    let query: [[String]]
    /// Base 64, since a body need not be text.
    let body: Data
    /// What was answered, whether or not anybody heard of it; nil if the platform never saw the request.
    let status: Int?
  }

  /// A JSON document a line.
  private(set) var lines: [UInt8] = []

  mutating func add(_ request: SimulatedRequest, answer: SimulatedAnswer?) {
    let line = Line(
      method: request.method, path: request.path, query: request.query.map { [$0.name, $0.value] },
      body: Data(request.body), status: answer?.status)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let text = try? encoder.encode(line) else { return }
    lines.append(contentsOf: text)
    lines.append(0x0A)
  }
}

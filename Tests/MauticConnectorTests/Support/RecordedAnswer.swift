import Foundation
import Testing
import WebAPI

/// What a real Mautic 5.1.1 once answered.
enum RecordedAnswer {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures/mautic-5.1.1")

  /// The answer of the recording with this name.
  static func named(_ name: String) throws -> WebResponse {
    let text = try String(contentsOf: folder.appending(path: name + ".http"), encoding: .utf8)
    let mark = try #require(text.range(of: "\n===== RESPONSE"))
    let start = try #require(text[mark.upperBound...].firstIndex(of: "\n"))
    let parts = text[text.index(after: start)...]
      .split(separator: "\n\n", maxSplits: 1, omittingEmptySubsequences: false)
    let lines = parts[0].split(separator: "\n")
    let status = try #require(lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) })
    let headers = lines.dropFirst().compactMap { line -> WebHeader? in
      guard let colon = line.firstIndex(of: ":") else { return nil }
      return WebHeader(
        String(line[..<colon]), line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces))
    }
    return WebResponse(
      status: status, headers: headers, body: parts.count > 1 ? Array(parts[1].utf8) : [])
  }

  /// A JSON answer of 5.1.1 made by hand.
  static func json(_ text: String, status: Int = 200, version: String = "5.1.1") -> WebResponse {
    WebResponse(
      status: status,
      headers: [WebHeader("Content-Type", "application/json"), WebHeader("Mautic-Version", version)],
      body: Array(text.utf8))
  }

  /// Rows of a table.
  static func rows(_ rows: String...) -> WebResponse {
    json("{\"total\":\"\(rows.count)\",\"stats\":[\(rows.joined(separator: ","))]}")
  }
}

import Foundation
import Platform
import Testing

@testable import MauticSimulator

/// A recorded request and the answer that a real server gave.
struct RecordedExchange: CustomTestStringConvertible, Sendable {
  let name: String
  let request: SimulatedRequest
  let status: Int
  let headers: [SimulatedPair]
  let body: [UInt8]

  var testDescription: String { name }

  /// The number at the beginning of the file's name: they were recorded in this order.
  var number: Int { Int(name.prefix { $0.isNumber }) ?? 0 }

  /// A header of the answer.
  func header(_ name: String) -> String? {
    headers.first { $0.name.lowercased() == name.lowercased() }?.value
  }

  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Fixtures/mautic-5.1.1")

  /// All recordings, in their order.
  static let all: [RecordedExchange] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.filter { $0.hasSuffix(".http") }.sorted().compactMap { RecordedExchange(file: $0) }
  }()

  /// Reads a file: the request, a line of `=====`, the answer.
  init?(file: String) {
    let path = Self.folder.appending(path: file)
    guard let text = try? String(contentsOf: path, encoding: .utf8),
      let mark = text.range(of: "\n===== RESPONSE"),
      let answerStart = text[mark.upperBound...].firstIndex(of: "\n")
    else { return nil }
    name = String(file.dropLast(5))
    let (first, requestHeaders, requestBody) = Self.message(text[..<mark.lowerBound])
    let words = first.split(separator: " ")
    guard words.count >= 2 else { return nil }
    let target = words[1].split(separator: "?", maxSplits: 1)
    request = SimulatedRequest(
      method: String(words[0]), path: String(target[0]),
      query: target.count > 1 ? FormText.pairs(Array(target[1].utf8)) : [], headers: requestHeaders,
      body: Array(requestBody.utf8))
    let answer = Self.message(text[text.index(after: answerStart)...])
    guard let code = answer.first.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else {
      return nil
    }
    status = code
    headers = answer.headers
    body = Array(answer.body.utf8)
  }

  private static func message(_ text: Substring) -> (first: String, headers: [SimulatedPair], body: String) {
    let parts = text.split(separator: "\n\n", maxSplits: 1, omittingEmptySubsequences: false)
    let lines = parts[0].split(separator: "\n")
    let headers = lines.dropFirst().compactMap { line -> SimulatedPair? in
      guard let colon = line.firstIndex(of: ":") else { return nil }
      let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
      return SimulatedPair(String(line[..<colon]), value)
    }
    let body = parts.count > 1 ? parts[1].trimmingCharacters(in: .newlines) : ""
    return (lines.first.map { String($0) } ?? "", headers, body)
  }
}

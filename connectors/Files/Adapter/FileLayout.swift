import Foundation
import Platform

/// How a file is written: its format, its header, and where the rows begin.
struct FileLayout {
  /// CSV or JSON Lines.
  enum Format: Hashable, Sendable {
    case csv(delimiter: UInt8)
    case jsonLines

    /// For people.
    var words: String {
      switch self {
      case .jsonLines: return "JSON Lines"
      case .csv(UInt8(ascii: ",")): return "CSV with comma"
      case .csv(UInt8(ascii: ";")): return "CSV with semicolon"
      case .csv: return "CSV with tab"
      }
    }
  }

  /// A header, like any row, is at most so long.
  static let longestRow = 1 << 20

  let format: Format
  /// Names of the columns without blanks around; empty for JSON Lines.
  let header: [String]
  let plan: ColumnPlan
  /// Where the first row starts.
  let firstRow: Int64
  /// On which physical line.
  let firstLine: Int
  /// Changes when the same bytes would be read differently.
  let fingerprint: UInt64

  /// Looks at the start of a file; `name` is the file as the user named it.
  init(
    of file: borrowing OpenFile, kind: FileKind, name: String, mapping: ColumnMapping, times: TimeReader
  ) throws(ConnectorFailure) {
    let size = file.signature.size
    var wanted = min(size, 1 << 16)
    while true {
      var start = [UInt8](repeating: 0, count: Int(wanted))
      let count = try Self.fill(&start, from: file)
      start.removeLast(start.count - count)
      let isAll = wanted == size || wanted > Self.longestRow
      let found = try Self.head(of: start, isAll: isAll, kind: kind, file: file.path, name: name)
      guard let found else {
        wanted = min(size, Int64(Self.longestRow) + 4)
        continue
      }
      format = found.format
      header = found.header
      firstRow = Int64(found.end)
      firstLine = found.nextLine
      do throws(HeaderProblem) {
        switch format {
        case .jsonLines: plan = ColumnPlan(kind: kind, mapping: mapping)
        case .csv where header.isEmpty: plan = ColumnPlan(kind: kind, mapping: mapping)
        case .csv: plan = try ColumnPlan(header: header, kind: kind, mapping: mapping)
        }
      } catch {
        throw ConnectorFailure(.badData, "\(file.path):\(found.line): \(error.what)", cure: error.cure)
      }
      let parts = [
        format.words, header.joined(separator: "\u{1F}"), mapping.fingerprint, times.format?.pattern ?? "",
      ]
      fingerprint = ContentDigest.of(parts.joined(separator: "\u{1E}").utf8)
      return
    }
  }

  /// Rows of our own without a header.
  init(columns: Int) {
    (format, header, firstRow, firstLine, fingerprint) = (.csv(delimiter: UInt8(ascii: ",")), [], 0, 1, 0)
    plan = ColumnPlan(columns: columns)
  }

  private struct Head {
    var format: Format
    var header: [String] = []
    var line = 1
    var end: Int
    var nextLine: Int
  }

  private static func fill(_ buffer: inout [UInt8], from file: borrowing OpenFile) throws(ConnectorFailure)
    -> Int
  {
    var count = 0
    var failure: ConnectorFailure?
    buffer.withUnsafeMutableBytes { bytes in
      do throws(ConnectorFailure) { count = try file.read(into: bytes, at: 0) } catch { failure = error }
    }
    if let failure { throw failure }
    return count
  }

  /// What the first bytes tell; nil if more of them are needed.
  private static func head(
    of start: [UInt8], isAll: Bool, kind: FileKind, file: String, name: String
  ) throws(ConnectorFailure) -> Head? {
    func failure(_ line: Int, _ what: String, _ cure: String) -> ConnectorFailure {
      ConnectorFailure(.badData, "\(file):\(line): \(what)", cure: cure)
    }
    if start.starts(with: [0xFF, 0xFE]) || start.starts(with: [0xFE, 0xFF]) {
      throw failure(1, "the file is UTF-16", "Save it as UTF-8")
    }
    let begin = start.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x0A || $0 == 0x0D }
    let first = start[begin...].firstIndex { !isBlank($0) && $0 != 0x09 }
    let lower = name.lowercased()
    let isNamedJSON = lower.hasSuffix(".jsonl") || lower.hasSuffix(".ndjson")
    if kind != .output, isNamedJSON || first.map({ start[$0] }) == UInt8(ascii: "{") {
      return Head(format: .jsonLines, end: begin, nextLine: 1)
    }
    guard first != nil, let content = start[begin...].firstIndex(where: { !isBlank($0) }) else {
      guard isAll else { return nil }
      if kind == .output { return Head(format: .csv(delimiter: 0x2C), end: start.count, nextLine: 1) }
      throw failure(1, "the file has no header", "Write the names of the columns into the first line")
    }
    let skipped = start[..<content].count { $0 == 0x0A }
    let lineStart = start[..<content].lastIndex(of: 0x0A).map { $0 + 1 } ?? begin
    let line = skipped + 1
    return try start.withUnsafeBufferPointer { bytes throws(ConnectorFailure) in
      let rest = Bytes(rebasing: bytes[lineStart...])
      let delimiter = Self.delimiter(of: rest)
      var splitter = CSVSplitter(delimiter: delimiter)
      let ending = splitter.split(rest, isLast: isAll)
      guard case .complete = ending else {
        guard isAll else { return nil }
        throw failure(line, "the header has a quote that is never closed", "Close it")
      }
      guard splitter.contentEnd <= Self.longestRow, splitter.strayField == 0 else {
        throw failure(line, "the header cannot be read", "Write the names of the columns into the first line")
      }
      guard Bytes(rebasing: rest[..<splitter.contentEnd]).isUTF8 else {
        throw failure(line, "the header is not UTF-8", "Save the file as UTF-8")
      }
      let scratch = Scratch(capacity: splitter.contentEnd)
      let header = splitter.fields.map { field in
        let raw = Bytes(rebasing: rest[Int(field.start)..<Int(field.end)])
        return (field.hasDoubledQuotes ? scratch.undoubled(raw) : raw).trimmed.text
      }
      return Head(
        format: .csv(delimiter: delimiter), header: header, line: line, end: lineStart + splitter.next,
        nextLine: line + splitter.lineEnds)
    }
  }

  /// The most frequent of comma, semicolon and tab outside quotes in the first line; a comma if there is none.
  private static func delimiter(of bytes: Bytes) -> UInt8 {
    var counts: [UInt8: Int] = [:]
    var isQuoted = false
    for byte in bytes {
      if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
      if isQuoted { continue }
      if byte == UInt8(ascii: "\n") { break }
      counts[byte, default: 0] += 1
    }
    let comma = UInt8(ascii: ",")
    return [UInt8(ascii: ";"), UInt8(ascii: "\t")].reduce(comma) { best, candidate in
      counts[candidate, default: 0] > counts[best, default: 0] ? candidate : best
    }
  }
}

import Scoring

/// Why a pattern of dates cannot be used.
struct DateFormatProblem: Error, Equatable {
  let what: String
  let cure: String
}

/// A pattern of dates and times in UTC: `yyyy MM dd HH mm ss`, and other characters that stand for themselves.
struct DateFormat: Hashable, Sendable {
  /// As it was written.
  let pattern: String
  private let pieces: [Piece]

  private enum Piece: Hashable, Sendable {
    case number(Part)
    case literal(UInt8)
  }

  private enum Part: Int, CaseIterable, Sendable {
    case year, month, day, hour, minute, second

    var letters: String { ["yyyy", "MM", "dd", "HH", "mm", "ss"][rawValue] }
  }

  init(_ pattern: String) throws(DateFormatProblem) {
    let cure = "Use yyyy MM dd HH mm ss and the characters between them, as in yyyy-MM-dd HH:mm"
    func problem(_ what: String) -> DateFormatProblem { DateFormatProblem(what: what, cure: cure) }
    var pieces: [Piece] = []
    var rest = Substring(pattern)
    while let first = rest.first {
      if let part = Part.allCases.first(where: { rest.hasPrefix($0.letters) && $0.letters.first == first }) {
        guard !pieces.contains(.number(part)) else {
          throw problem("\(part.letters) stands twice in the pattern")
        }
        pieces.append(.number(part))
        rest = rest.dropFirst(part.letters.count)
        continue
      }
      guard !first.isASCII || !first.isLetter || first == "T" || first == "Z" else {
        throw problem("'\(first)' means nothing in a pattern of dates")
      }
      guard first != "'" else { throw problem("quotes are not needed in a pattern of dates") }
      pieces += first.utf8.map(Piece.literal)
      rest = rest.dropFirst()
    }
    for part in [Part.year, .month, .day] where !pieces.contains(.number(part)) {
      throw problem("\(part.letters) is missing from the pattern")
    }
    for (coarse, fine) in [(Part.hour, Part.minute), (.minute, .second)]
    where pieces.contains(.number(fine)) && !pieces.contains(.number(coarse)) {
      throw problem("the pattern has \(fine.letters) without \(coarse.letters)")
    }
    self.pattern = pattern
    self.pieces = pieces
  }

  /// The moment that a text names; nil if it does not follow the pattern or there is no such day.
  func parse(_ bytes: Bytes) -> Timestamp? {
    var (year, month, day, hour, minute, second) = (0, 1, 1, 0, 0, 0)
    var at = 0
    for piece in pieces {
      switch piece {
      case .literal(let byte):
        guard at < bytes.count, bytes[at] == byte else { return nil }
        at += 1
      case .number(let part):
        let width = part == .year ? 4 : 2
        guard at + width <= bytes.count else { return nil }
        var value = 0
        for offset in at..<at + width {
          let digit = bytes[offset] &- 0x30
          guard digit < 10 else { return nil }
          value = value * 10 + Int(digit)
        }
        at += width
        switch part {
        case .year: year = value
        case .month: month = value
        case .day: day = value
        case .hour: hour = value
        case .minute: minute = value
        case .second: second = value
        }
      }
    }
    guard at == bytes.count else { return nil }
    return Timestamp(year: year, month: month, day: day, hour: hour, minute: minute, second: second)
  }
}

/// How the times of one file are read.
struct TimeReader: Sendable {
  /// The configured pattern; nil for ISO 8601 and Unix seconds.
  let format: DateFormat?

  func parse(_ bytes: Bytes) -> Timestamp? {
    guard let format else { return Timestamp.parse(bytes) }
    return format.parse(bytes)
  }

  /// Why a value was not understood.
  func complaint(_ column: String, _ bytes: Bytes) -> String {
    let expected = format.map { "the pattern \($0.pattern)" } ?? "ISO 8601, a date or Unix seconds"
    return "\(column) is \(PlainText.quoted(bytes)), not a time by \(expected)"
  }
}

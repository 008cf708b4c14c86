import Scoring

@testable import FilesConnector
@testable import Report
@testable import WebAPI

/// Small readers of times, lengths of time and numbers, and what makes texts safe to show.
enum TextFuzz {
  static func run(_ bytes: [UInt8]) throws(BrokenPromise) {
    let text = String(decoding: bytes, as: UTF8.self)
    try moments(text)
    try shown(text)
    try formats(text)
  }

  private static func moments(_ text: String) throws(BrokenPromise) {
    if let time = Timestamp(text) {
      let written = time.description
      _ = time.date
      if time.seconds >= -62_167_219_200, time.seconds <= 253_402_300_799 {
        try demand(Timestamp(written) == time, "'\(text)' is \(time.seconds) and written '\(written)'")
      }
      if abs(time.seconds) < 100_000_000_000 {
        try demand(Timestamp("\(time.seconds)") == time, "\(time.seconds) is not read again")
      }
    }
    if let span = TimeSpan(text) {
      try demand(span.seconds > 0 && span <= .longest, "'\(text)' is \(span.seconds) s")
      try demand(TimeSpan(span.description) == span, "'\(text)' is written '\(span)'")
    }
    if let number = PlainNumber.parse(text) { try demand(number.isFinite, "'\(text)' is \(number)") }
    if let comparison = Comparison(text) { _ = comparison.holds(for: 1) }
    if let date = HTTPDate.parse(text) {
      let written = HTTPDate.text(date)
      try demand(
        date.isFinite && Timestamp(written).map { Double($0.seconds) == date } ?? (date < -62_135_596_800),
        "'\(text)' is \(date) and written '\(written)'")
    }
    let answer = WebResponse(
      status: 429, headers: [WebHeader("Retry-After", text), WebHeader("Reset", text)])
    if let wait = ServerWait.seconds(asked: answer, resetHeader: "Reset", now: 1_795_000_000) {
      try demand(wait >= 0 && !wait.isNaN, "'\(text)' is a wait of \(wait)")
      _ = ServerWait.text(wait)
    }
  }

  private static func shown(_ text: String) throws(BrokenPromise) {
    let safe = TerminalText.safe(text)
    for scalar in safe.unicodeScalars {
      let isHarmless = scalar.properties.generalCategory != .control && scalar.value != 0x202E
      try demand(isHarmless, "a terminal is shown \(scalar.value)")
    }
    try demand(TerminalText.safe(safe) == safe, "safe twice is not safe once")
    for columns in [1, 2, 7, 40] {
      let fitted = TerminalText.fitted(text, columns)
      try demand(TerminalText.width(fitted) <= columns, "'\(fitted)' is wider than \(columns)")
      let left = TerminalText.left(text, columns)
      try demand(TerminalText.width(left) == columns, "'\(left)' does not fill \(columns)")
      let right = TerminalText.right(text, columns)
      try demand(TerminalText.width(right) == columns, "'\(right)' does not fill \(columns)")
      for line in TerminalText.wrapped(text, columns, indent: 2) {
        try demand(TerminalText.width(line) <= max(4, columns), "a line is wider than \(columns): '\(line)'")
      }
    }
    let html = HTMLText.escape(text)
    try demand(!html.contains(where: { "<>\"'".contains($0) }), "HTML gets '\(html)'")
    let script = HTMLText.json(text)
    try demand(!script.utf8.contains(UInt8(ascii: "<")), "a script gets '\(script)'")
    let read = try? JSONValue.parse(Array(script.utf8), strictly: true)
    try demand(
      read?.text.map { $0.unicodeScalars.elementsEqual(safe.unicodeScalars) } ?? false, "'\(script)'")
  }

  /// A pattern, a line end, a time.
  private static func formats(_ text: String) throws(BrokenPromise) {
    let parts = text.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, let format = try? DateFormat(String(parts[0])) else { return }
    var time = String(parts[1])
    _ = time.withUTF8 { TimeReader(format: format).parse($0) }
  }
}

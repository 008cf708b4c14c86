/// Splits one row of RFC 4180 text after the other into fields, without copying.
struct CSVSplitter {
  /// A field by its place relative to the start of the row, without quotes.
  struct Field {
    var start: Int32
    var end: Int32
    /// True if doubled quotes stand in it.
    var hasDoubledQuotes: Bool
  }

  /// How a row ends.
  enum Ending {
    /// At a line end, or at the end of the file.
    case complete
    /// The bytes at hand end before the row does.
    case incomplete
    /// So does the file: a quote was opened and not closed.
    case openQuote
  }

  let delimiter: UInt8
  /// The fields of the last row.
  private(set) var fields: ContiguousArray<Field> = []
  /// Where the last row's content ends, its line end left out.
  private(set) var contentEnd = 0
  /// Where the row after it starts.
  private(set) var next = 0
  /// How many line ends the last row has, the one that ends it included.
  private(set) var lineEnds = 0
  /// The first field, counted from 1, with text after its closing quote; 0 if there is none.
  private(set) var strayField = 0
  /// True if the bytes ended within quotes.
  private(set) var isInQuote = false

  init(delimiter: UInt8) {
    self.delimiter = delimiter
  }

  /// Splits the row at the start of the bytes; `isLast` if the file has no more bytes than these.
  mutating func split(_ bytes: Bytes, isLast: Bool) -> Ending {
    guard let base = bytes.baseAddress else { return .incomplete }
    let (limit, delimiter) = (bytes.count, delimiter)
    let (quote, newline, carriage) = (UInt8(ascii: "\""), UInt8(ascii: "\n"), UInt8(ascii: "\r"))
    fields.removeAll(keepingCapacity: true)
    lineEnds = 0
    strayField = 0
    isInQuote = false
    var at = 0
    while true {
      if at < limit, base[at] == quote {
        at += 1
        let first = at
        var doubled = false
        while true {
          while at < limit, base[at] != quote {
            if base[at] == newline { lineEnds += 1 }
            at += 1
          }
          if at == limit {
            isInQuote = true
            return isLast ? .openQuote : .incomplete
          }
          if at + 1 == limit {
            if isLast { break }
            return .incomplete
          }
          guard base[at + 1] == quote else { break }
          doubled = true
          at += 2
        }
        fields.append(Field(start: Int32(first), end: Int32(at), hasDoubledQuotes: doubled))
        at += 1
        if at < limit, base[at] == carriage {
          if at + 1 == limit {
            guard isLast else { return .incomplete }
            at += 1
          } else if base[at + 1] == newline {
            at += 1
          }
        }
        if at < limit, base[at] != delimiter, base[at] != newline {
          // Text after a closing quote spoils the row; the row ends with its line.
          strayField = fields.count
          while at < limit, base[at] != newline { at += 1 }
        }
      } else {
        let first = at
        while at < limit, base[at] != delimiter, base[at] != newline { at += 1 }
        var last = at
        if last > first, base[last - 1] == carriage, at == limit || base[at] == newline { last -= 1 }
        fields.append(Field(start: Int32(first), end: Int32(last), hasDoubledQuotes: false))
      }
      if at < limit, base[at] == delimiter {
        at += 1
        continue
      }
      guard at < limit || isLast else { return .incomplete }
      if at < limit { lineEnds += 1 }
      next = min(at + 1, limit)
      contentEnd = at > 0 && base[at - 1] == carriage ? at - 1 : at
      return .complete
    }
  }
}

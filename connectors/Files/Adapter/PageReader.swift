import Platform
import Scoring

/// Reads the rows of one page.
struct PageReader {
  /// A page ends with the row that reaches this many bytes, so that long rows do not fill the memory.
  static let bytesPerPage: Int64 = 24 << 20

  let source: FileSource
  let rowsPerPage: Int

  /// The page after a cursor.
  func page(
    of file: consuming OpenFile, layout: FileLayout, from start: FileCursor
  ) throws(ConnectorFailure) -> Page {
    var scanner = RowScanner(file, layout: layout, from: start.offset, line: start.line, to: start.size)
    var page = Page(reading: start.reading, cursor: Cursor(""), hasMore: false)
    switch source.kind {
    case .contacts:
      var rows = ContactRows(times: source.times)
      try read(&scanner, into: &rows, page: &page)
      page.contacts = rows.records
    case .output:
      var rows = HoldingRows()
      try read(&scanner, into: &rows, page: &page)
      page.holdings = rows.records
    case .activities:
      var rows = ActivityRows(times: source.times, since: Timestamp(start.since), capacity: rowsPerPage)
      try read(&scanner, into: &rows, page: &page)
      page.activities = rows.records
      page.skippedAsOlder = rows.older
    case .outcomes:
      var rows = OutcomeRows(times: source.times)
      try read(&scanner, into: &rows, page: &page)
      page.outcomes = rows.records
    }
    try finish(&page, start: start, scanner: scanner)
    return page
  }

  private func read<Rows: RowTaker>(
    _ scanner: inout RowScanner, into rows: inout Rows, page: inout Page
  ) throws(ConnectorFailure) {
    let limit = scanner.offset + Self.bytesPerPage
    var count = 0
    while count < rowsPerPage, scanner.offset < limit {
      switch try scanner.advance() {
      case .end:
        page.recordsRead = count
        return
      case .row:
        if let reason = rows.take(scanner.values) {
          page.rejected.append(source.rejected(scanner.rowLine, reason))
        }
      case .spoiled(let reason): page.rejected.append(source.rejected(scanner.rowLine, reason))
      }
      count += 1
    }
    page.recordsRead = count
  }

  private func finish(
    _ page: inout Page, start: FileCursor, scanner: borrowing RowScanner
  ) throws(ConnectorFailure) {
    var cursor = start
    cursor.offset = min(max(scanner.offset, start.offset), start.size)
    cursor.line = scanner.line
    cursor.endsInQuote = start.endsInQuote || scanner.endsInQuote
    cursor.isDone = scanner.offset >= start.size
    let mayHaveGrown = !cursor.isDone
    try scanner.withFile { file throws(ConnectorFailure) in
      let now = try file.currentSignature()
      if now != start.signature {
        let isGrowing = mayHaveGrown && now.size > start.size
        if !isGrowing {
          guard now.size >= start.size, try file.digests(upTo: [start.size]) == [start.digest] else {
            throw FileTrouble.changed(file.path)
          }
          cursor.signature = now
        }
      }
      if cursor.isDone, !cursor.endsInQuote { cursor.endsCleanly = try file.endsLine(at: start.size) }
    }
    page.cursor = cursor.encoded
    page.hasMore = !cursor.isDone
    page.progress = start.size == 0 ? 1 : Double(cursor.offset) / Double(start.size)
    if source.kind.isComplete, !start.isContinuation {
      page.listing = cursor.isDone ? .everythingAndDone : .everything
    }
  }
}

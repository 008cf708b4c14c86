import Platform

/// A row of the output as it is.
struct HeldRow {
  /// The contact's id in UTF-8.
  let id: [UInt8]
  /// The row in CSV with commas, without line end.
  let line: [UInt8]
}

/// The rows of the old output in ascending order of contact id, each id once.
///
/// We keep the file in this order, so that it need not fit in memory. A file that somebody has sorted
/// otherwise is read as a whole; of rows with the same id the last one counts.
final class HeldRows {
  private var scanner: RowScanner
  private let isPlain: Bool
  private var sorted: [HeldRow]?
  private var position = 0

  /// Opens the rows of an output; `file` and `again` are the same file opened twice.
  init(
    _ file: consuming OpenFile, again: consuming OpenFile, layout: FileLayout
  ) throws(ConnectorFailure) {
    isPlain = layout.format == .csv(delimiter: UInt8(ascii: ","))
    let size = again.signature.size
    scanner = RowScanner(file, layout: layout, from: 0, line: 1, to: size)
    var look = RowScanner(again, layout: layout, from: 0, line: 1, to: size)
    var last: [UInt8] = []
    while let id = try Self.nextID(&look) {
      guard last.lexicographicallyPrecedes(id) else {
        sorted = try loadSorted()
        return
      }
      last = id
    }
  }

  /// The next row; rows that are no rows of ours at all are left out.
  func next() throws(ConnectorFailure) -> HeldRow? {
    guard let sorted else { return try readNext() }
    guard position < sorted.count else { return nil }
    position += 1
    return sorted[position - 1]
  }

  private func loadSorted() throws(ConnectorFailure) -> [HeldRow] {
    var rows: [[UInt8]: HeldRow] = [:]
    while let row = try readNext() { rows[row.id] = row }
    return rows.values.sorted { $0.id.lexicographicallyPrecedes($1.id) }
  }

  private func readNext() throws(ConnectorFailure) -> HeldRow? {
    guard let id = try Self.nextID(&scanner) else { return nil }
    if isPlain { return HeldRow(id: id, line: Array(scanner.values.raw)) }
    var encoder = RowEncoder()
    for slot in scanner.values.slots { encoder.plain(slot) }
    return HeldRow(id: id, line: encoder.bytes)
  }

  private static func nextID(_ scanner: inout RowScanner) throws(ConnectorFailure) -> [UInt8]? {
    while true {
      switch try scanner.advance() {
      case .end: return nil
      case .spoiled: continue
      case .row:
        let id = Array(HoldingRows.unguarded(scanner.values.slots[0]))
        if !id.isEmpty { return id }
      }
    }
  }
}

import Platform

/// Goes through the rows of a file from an offset to the end of the part that is read, in constant memory.
struct RowScanner: ~Copyable {
  /// What the next row is.
  enum Step {
    /// `values` holds it.
    case row
    /// It cannot be used, for this reason.
    case spoiled(String)
    /// There are no more.
    case end
  }

  /// The row that `advance` came to.
  private(set) var values: RowValues
  /// The physical line on which it starts.
  private(set) var rowLine: Int
  /// Where the row after it starts.
  private(set) var offset: Int64
  /// The physical line of the row after it.
  private(set) var line: Int
  /// True once a quote turned out to be open at the end of the file.
  private(set) var endsInQuote = false

  private let file: OpenFile
  private let end: Int64
  private let layout: FileLayout
  private let buffer: UnsafeMutableRawBufferPointer
  private let constants: UnsafeMutableBufferPointer<UInt8>
  private let template: RowValues
  private let scratch: Scratch
  private var splitter: CSVSplitter
  private var json: JSONLineReader
  /// The part of the file that is in the buffer.
  private var start: Int64
  private var filled = 0

  private static let capacity = 4 << 20

  /// Reads the rows of an open file from an offset on a line up to an end.
  init(_ file: consuming OpenFile, layout: FileLayout, from offset: Int64, line: Int, to end: Int64) {
    self.file = file
    self.layout = layout
    self.end = end
    self.line = line
    rowLine = line
    // Byte order mark and header are no rows.
    self.offset = max(offset, layout.firstRow)
    if offset < layout.firstRow { self.line = layout.firstLine }
    start = self.offset
    buffer = .allocate(byteCount: Int(max(64, min(Int64(Self.capacity), end - start + 1))), alignment: 64)
    scratch = Scratch(capacity: FileLayout.longestRow + 64)
    if case .csv(let delimiter) = layout.format {
      splitter = CSVSplitter(delimiter: delimiter)
    } else {
      splitter = CSVSplitter(delimiter: UInt8(ascii: ","))
    }
    json = JSONLineReader(plan: layout.plan, scratch: scratch)
    (constants, template) = Self.template(of: layout.plan)
    values = template
  }

  deinit {
    buffer.deallocate()
    constants.deallocate()
  }

  /// The file that is read.
  func withFile<Result>(
    _ body: (borrowing OpenFile) throws(ConnectorFailure) -> Result
  ) throws(ConnectorFailure) -> Result { try body(file) }

  /// Goes to the next row that is not blank.
  mutating func advance() throws(ConnectorFailure) -> Step {
    while offset < end {
      let at = Int(offset - start)
      if at >= filled {
        try fill()
        continue
      }
      let rest = Bytes(
        start: buffer.baseAddress?.advanced(by: at).assumingMemoryBound(to: UInt8.self), count: filled - at)
      let isLast = start + Int64(filled) == end
      rowLine = line
      if let blank = Self.blankLine(rest, isLast: isLast) {
        offset += Int64(blank)
        line += 1
        continue
      }
      let ending: CSVSplitter.Ending
      if case .jsonLines = layout.format {
        ending = rest.first(UInt8(ascii: "\n"), from: 0) == nil && !isLast ? .incomplete : .complete
      } else {
        ending = splitter.split(rest, isLast: isLast)
      }
      switch ending {
      case .complete: return take(rest)
      case .openQuote: return spoiledByQuote(rest, isAtEnd: true)
      case .incomplete:
        guard rest.count > FileLayout.longestRow else {
          try fill()
          continue
        }
        if case .csv = layout.format, splitter.isInQuote { return spoiledByQuote(rest, isAtEnd: false) }
        try skipLine()
        return .spoiled("is longer than \(FileLayout.longestRow) bytes")
      }
    }
    return .end
  }

  private mutating func take(_ rest: Bytes) -> Step {
    let content: Bytes
    if case .jsonLines = layout.format {
      let found = rest.first(UInt8(ascii: "\n"), from: 0)
      let length = found ?? rest.count
      offset += Int64(found.map { $0 + 1 } ?? rest.count)
      line += 1
      let isCarriage = length > 0 && rest[length - 1] == UInt8(ascii: "\r")
      content = Bytes(rebasing: rest[..<(isCarriage ? length - 1 : length)])
    } else {
      offset += Int64(splitter.next)
      line += splitter.lineEnds
      content = Bytes(rebasing: rest[..<splitter.contentEnd])
    }
    guard content.count <= FileLayout.longestRow else {
      return .spoiled("is longer than \(FileLayout.longestRow) bytes")
    }
    guard content.isUTF8 else { return .spoiled("is not UTF-8") }
    scratch.reset()
    values.raw = content
    if case .jsonLines = layout.format {
      for slot in values.slots.indices { values.slots[slot] = template.slots[slot] }
      values.fields.removeAll(keepingCapacity: true)
      let problem = json.read(content, into: &values)
      values.fields += template.fields
      return problem.map(Step.spoiled) ?? .row
    }
    return takeFields(content)
  }

  private mutating func takeFields(_ content: Bytes) -> Step {
    guard splitter.strayField == 0 else {
      return .spoiled("has text after the closing quote of field \(splitter.strayField)")
    }
    let count = splitter.fields.count
    guard count == layout.plan.columnCount else {
      return .spoiled("has \(count) field\(count == 1 ? "" : "s"), the header \(layout.plan.columnCount)")
    }
    for slot in values.slots.indices {
      let column = layout.plan.slotColumns[slot]
      if column >= 0 { values.slots[slot] = field(column, of: content) }
    }
    for index in layout.plan.fieldColumns.indices {
      values.fields[index].value = field(layout.plan.fieldColumns[index].column, of: content)
    }
    return .row
  }

  @inline(__always)
  private func field(_ column: Int, of content: Bytes) -> Bytes {
    let place = splitter.fields[column]
    let raw = Bytes(rebasing: content[Int(place.start)..<Int(place.end)])
    let value = place.hasDoubledQuotes ? scratch.undoubled(raw) : raw
    return layout.plan.trims ? value.trimmed : value
  }

  /// A quote that is never closed spoils its own line; the lines after it are read as if it were not there.
  private mutating func spoiledByQuote(_ rest: Bytes, isAtEnd: Bool) -> Step {
    if isAtEnd { endsInQuote = true }
    offset += Int64(rest.first(UInt8(ascii: "\n"), from: 0).map { $0 + 1 } ?? rest.count)
    line += 1
    return .spoiled("has a quote that is never closed")
  }

  private mutating func skipLine() throws(ConnectorFailure) {
    while offset < end {
      let at = Int(offset - start)
      if at >= filled {
        try fill()
        continue
      }
      let have = Bytes(start: buffer.baseAddress?.assumingMemoryBound(to: UInt8.self), count: filled)
      if let found = have.first(UInt8(ascii: "\n"), from: at) {
        offset = start + Int64(found) + 1
        break
      }
      offset = start + Int64(filled)
    }
    line += 1
  }

  private mutating func fill() throws(ConnectorFailure) {
    start = offset
    let wanted = Int(min(Int64(buffer.count), end - start))
    filled = try file.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted]), at: start)
    guard filled == wanted else { throw FileTrouble.changed(file.path) }
  }

  /// The length of a line with nothing but blanks on it; nil for any other.
  private static func blankLine(_ rest: Bytes, isLast: Bool) -> Int? {
    var at = 0
    while at < rest.count, rest[at] == 0x20 || rest[at] == 0x0D { at += 1 }
    if at < rest.count { return rest[at] == 0x0A ? at + 1 : nil }
    return isLast ? at : nil
  }

  private static func template(of plan: ColumnPlan) -> (UnsafeMutableBufferPointer<UInt8>, RowValues) {
    let bytes = plan.constants.map { Array($0.value.utf8) }
    let memory = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.reduce(1) { $0 + $1.count })
    var values = RowValues(slots: ContiguousArray(repeating: .none, count: plan.slotColumns.count))
    values.fields = ContiguousArray(plan.fieldColumns.map { ($0.name, Bytes.none) })
    var at = 0
    for (constant, text) in zip(plan.constants, bytes) {
      for (offset, byte) in text.enumerated() { memory[at + offset] = byte }
      let value = Bytes(rebasing: memory[at..<at + text.count]).trimmed
      if let slot = constant.slot {
        values.slots[slot] = value
      } else {
        values.fields.append((constant.name, value))
      }
      at += text.count
    }
    return (memory, values)
  }
}

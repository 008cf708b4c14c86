import Foundation
import Platform

/// Replaces the output by one with the staged writes in it: all of them or, if anything fails, none.
struct OutputMerge {
  let source: FileSource
  let staged: StagedWrites

  private var place: OutputPlace { staged.place }

  /// Writes the new output and gives the cursor by which the next pull knows it.
  ///
  /// - Parameter asRead: Where the output was last read to its end. If it is no longer so, or was not read, there
  ///   is no cursor: what others wrote into it has to be read.
  func run(asRead: FileCursor?) throws(ConnectorFailure) -> FileCursor? {
    let writer = try FileWriter(path: place.fresh, mode: 0o644)
    var held: HeldRows?
    var isAsRead = asRead != nil && asRead?.signature == nil
    let before = FileSignature(path: place.path)
    if !OutputPlace.isAbsent(place.path) {
      let file = try OpenFile(path: place.path, key: source.key)
      guard file.signature == before else { throw FileTrouble.changed(place.path) }
      try writer.adopt(mode: file.mode, owner: file.owner)
      let layout = try source.layout(of: file)
      isAsRead = try asRead.map { known throws(ConnectorFailure) in try known.covers(file) } ?? false
      held = try HeldRows(file, again: OpenFile(path: place.path, key: source.key), layout: layout)
    }
    let rows = try merge(held, into: writer)
    let (size, digest) = try writer.finish(synchronously: true)
    guard FileSignature(path: place.path) == before else { throw FileTrouble.changed(place.path) }
    guard rename(place.fresh, place.path) == 0 else { throw FileTrouble.creating(place.path, errno) }
    writer.keep()
    try synchronizeFolder()
    guard isAsRead, let asRead else { return nil }
    let file = try OpenFile(path: place.path, key: source.key)
    var cursor = FileCursor(
      number: asRead.number, isContinuation: false, offset: size, line: rows + 2, size: size, digest: digest,
      signature: file.signature, since: .init(0), fingerprint: try source.layout(of: file).fingerprint)
    cursor.isDone = true
    cursor.endsCleanly = true
    return cursor
  }

  private func merge(_ held: HeldRows?, into writer: FileWriter) throws(ConnectorFailure) -> Int {
    var encoder = RowEncoder()
    for name in FileKind.output.slots { encoder.plain(name) }
    encoder.endRow()
    try writer.append(encoder.bytes)
    var lines = 0
    var splitter = CSVSplitter(delimiter: UInt8(ascii: ","))
    var old = try held?.next()
    func copy(_ row: HeldRow) throws(ConnectorFailure) {
      try writer.append(row.line)
      try writer.append([UInt8(ascii: "\n")])
      lines += 1 + row.line.count { $0 == UInt8(ascii: "\n") }
    }
    var scanner = try staged.rows()
    while true {
      switch try scanner.advance() {
      case .end:
        while let row = old {
          try copy(row)
          old = try held?.next()
        }
        return lines
      case .spoiled(let reason):
        throw ConnectorFailure(
          .inputOutput, "a row of '\(place.staged)' \(reason)", cure: "Nothing was written; run again")
      case .row:
        let id = Array(scanner.values.slots[StagedWrites.Column.id.rawValue])
        while let row = old, row.id.lexicographicallyPrecedes(id) {
          try copy(row)
          old = try held?.next()
        }
        var before: HeldFields?
        if let row = old, row.id == id {
          before = HeldFields(row.line, splitter: &splitter)
          old = try held?.next()
        }
        encoder.removeAll()
        encode(scanner.values, over: before ?? HeldFields(), into: &encoder)
        try writer.append(encoder.bytes)
        lines += encoder.bytes.count { $0 == UInt8(ascii: "\n") }
      }
    }
  }

  private func encode(_ row: RowValues, over before: HeldFields, into encoder: inout RowEncoder) {
    func text(_ column: StagedWrites.Column) -> String { row.slots[column.rawValue].text }
    let email = text(.email)
    encoder.guarded(text(.id))
    encoder.guarded(email.isEmpty ? before.email : email)
    encoder.plain(text(.score))
    encoder.guarded(staged.layout.fields.band == nil ? before.band : text(.band))
    let gone = Set(text(.removeTags).split(separator: ";").map(String.init))
    let tags = Set(before.tags).subtracting(gone).union(text(.addTags).split(separator: ";").map(String.init))
    encoder.guarded(tags.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.joined(separator: ";"))
    encoder.guarded(staged.layout.fields.reasons == nil ? before.reasons : text(.reasons))
    encoder.plain(text(.asOf))
    encoder.endRow()
  }

  private func synchronizeFolder() throws(ConnectorFailure) {
    let folder = open(place.folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { throw FileTrouble.writing(place.folder, errno) }
    defer { close(folder) }
    // Some file systems know no such thing as a folder on the disk.
    guard fsync(folder) == 0 || errno == EINVAL else { throw FileTrouble.writing(place.folder, errno) }
  }
}

/// What a row of the old output says, without the marks against formulas.
private struct HeldFields {
  var email = ""
  var band = ""
  var tags: [String] = []
  var reasons = ""

  init() {}

  init(_ line: [UInt8], splitter: inout CSVSplitter) {
    let scratch = Scratch(capacity: line.count + 1)
    line.withUnsafeBufferPointer { bytes in
      guard case .complete = splitter.split(bytes, isLast: true), splitter.fields.count == 7 else { return }
      let values = splitter.fields.map { field in
        let raw = Bytes(rebasing: bytes[Int(field.start)..<Int(field.end)])
        return (field.hasDoubledQuotes ? scratch.undoubled(raw) : raw).trimmed
      }
      email = HoldingRows.text(values[1]) ?? ""
      band = HoldingRows.text(values[3]) ?? ""
      tags = HoldingRows.tags(values[4])
      reasons = HoldingRows.text(values[5]) ?? ""
    }
  }
}

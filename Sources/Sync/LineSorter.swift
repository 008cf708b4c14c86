import Foundation
import Platform

/// Sorts lines by contact id with a bounded piece of memory: sorted runs in a temporary file, merged at the end.
final class LineSorter {
  private static let mostBytes = 16 << 20
  private let path: String
  private let file: UnsafeMutablePointer<FILE>
  private var lines: [(id: ContactID, line: String)] = []
  private var bytes = 0
  private var runs: [Range<Int>] = []
  private var end = 0

  /// Sorts beside a file; the temporary file has no name as soon as it is open.
  init(beside path: String) throws(PlanFileFailure) {
    self.path = path
    let temporary = path + ".sort"
    let descriptor = FreshFile.open(temporary, reads: true)
    guard descriptor >= 0, let file = fdopen(descriptor, "w+") else {
      throw PlanFileFailure(
        kind: .cannotCreate, what: "no file can be made beside \(path) (\(String(cString: strerror(errno))))",
        cure: "Name a file in a folder that this user may write to")
    }
    unlink(temporary)
    self.file = file
  }

  deinit { fclose(file) }

  func add(_ line: String, under id: ContactID) throws {
    lines.append((id, line))
    bytes += line.utf8.count + id.text.utf8.count
    if bytes >= Self.mostBytes { try spill() }
  }

  /// Gives all lines in ascending order of their ids.
  func drain(_ emit: (String) throws -> Void) throws {
    if runs.isEmpty {
      lines.sort { $0.id < $1.id }
      for (_, line) in lines { try emit(line) }
      return
    }
    try spill()
    guard fflush(file) == 0 else { throw failed() }
    var heads = try runs.compactMap { range in try RunHead(descriptor: fileno(file), range: range) }
    while let least = heads.indices.min(by: { heads[$0].id < heads[$1].id }) {
      try emit(heads[least].line)
      if try !heads[least].advance() { heads.remove(at: least) }
    }
  }

  private func spill() throws {
    lines.sort { $0.id < $1.id }
    let start = end
    for (id, line) in lines {
      try put(id.text)
      try put(line)
    }
    runs.append(start..<end)
    lines.removeAll(keepingCapacity: true)
    bytes = 0
  }

  /// A length and the bytes.
  private func put(_ text: String) throws {
    var text = text
    var count = UInt32(text.utf8.count).littleEndian
    let wrote = fwrite(&count, 4, 1, file) == 1
    let size = text.withUTF8 { fwrite($0.baseAddress, 1, $0.count, file) }
    guard wrote, size == text.utf8.count else { throw failed() }
    end += 4 + size
  }

  private func failed() -> PlanFileFailure {
    PlanFileFailure(
      kind: .inputOutput, what: "sorting beside \(path) failed (\(String(cString: strerror(errno))))",
      cure: "Free some space, or name a file elsewhere")
  }
}

/// The next line of a run.
private struct RunHead {
  private let descriptor: Int32
  private var range: Range<Int>
  private var buffer: [UInt8] = []
  private var place = 0
  private(set) var id = ContactID("")
  private(set) var line = ""

  /// Nil for an empty run.
  init?(descriptor: Int32, range: Range<Int>) throws {
    self.descriptor = descriptor
    self.range = range
    guard try advance() else { return nil }
  }

  /// Goes to the next line; false at the end of the run.
  mutating func advance() throws -> Bool {
    guard place < buffer.count || !range.isEmpty else { return false }
    id = ContactID(try text())
    line = try text()
    return true
  }

  private mutating func text() throws -> String {
    try need(4)
    let count = (0..<4).reduce(0) { $0 | Int(buffer[place + $1]) << (8 * $1) }
    place += 4
    try need(count)
    defer { place += count }
    return String(decoding: buffer[place..<place + count], as: UTF8.self)
  }

  private mutating func need(_ count: Int) throws {
    guard buffer.count - place < count else { return }
    buffer.removeFirst(place)
    place = 0
    let wanted = min(range.count, max(count - buffer.count, 65_536))
    let have = buffer.count
    buffer.append(contentsOf: repeatElement(0, count: wanted))
    var done = 0
    while done < wanted {
      let read = buffer.withUnsafeMutableBytes { bytes in
        pread(
          descriptor, bytes.baseAddress.map { $0 + have + done }, wanted - done,
          off_t(range.lowerBound + done))
      }
      guard read > 0 else { break }
      done += read
    }
    guard done == wanted, buffer.count >= count else {
      throw PlanFileFailure(
        kind: .inputOutput, what: "a temporary file could not be read back", cure: "Check the disk")
    }
    range = (range.lowerBound + wanted)..<range.upperBound
  }
}

import Foundation
import Platform

/// What readings have fetched already, in a file beside the state, so that the next ones need not fetch it again.
///
/// Every line bears the moment at which its reading began. A line counts only if the cursor that the store gives
/// back names that reading: what is lost with the file only costs calls, but what were believed without the store
/// having taken it would be missed.
struct SeenFile: Sendable {
  let path: String
  /// Of which history and of which time the lines are; others do not count.
  let title: String
  private var readings: [String: Int64] = [:]

  /// Reads what these readings have fetched.
  init(path: String, title: String, confirmed: Set<Int64>) {
    self.path = path
    self.title = title
    guard let data = FileManager.default.contents(atPath: path) else { return }
    var lines = String(decoding: data, as: UTF8.self).split(separator: "\n")[...]
    // A line that was being written when the program ended has no end.
    if data.last != UInt8(ascii: "\n") { lines = lines.dropLast() }
    guard let first = lines.popFirst(), first == title else { return }
    for line in lines {
      let parts = line.split(separator: " ", maxSplits: 1)
      guard parts.count == 2, let reading = Int64(parts[0]), confirmed.contains(reading) else { continue }
      let key = String(parts[1])
      readings[key] = max(reading, readings[key] ?? reading)
    }
  }

  /// Whether a confirmed reading has fetched it.
  func has(_ key: String) -> Bool { readings[key] != nil }

  /// Writes the file anew, with those of its lines that count.
  func begin() throws(ConnectorFailure) {
    let lines = readings.map { "\($0.value) \($0.key)\n" }
    do {
      let url = URL(fileURLWithPath: path)
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o700])
      let descriptor = FreshFile.open(path + ".new")
      guard descriptor >= 0 else { throw CocoaError(.fileWriteUnknown) }
      let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
      try file.write(contentsOf: Data((title + "\n" + lines.sorted().joined()).utf8))
      try file.close()
      guard rename(path + ".new", path) == 0 else { throw CocoaError(.fileWriteUnknown) }
    } catch {
      throw failure
    }
  }

  /// Adds what a reading has fetched.
  func add(_ keys: [String], reading: Int64) throws(ConnectorFailure) {
    guard !keys.isEmpty else { return }
    if !FileManager.default.fileExists(atPath: path) { try begin() }
    do {
      let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
      defer { try? file.close() }
      try file.seekToEnd()
      try file.write(contentsOf: Data(keys.map { "\(reading) \($0)\n" }.joined().utf8))
    } catch {
      throw failure
    }
  }

  private var failure: ConnectorFailure {
    ConnectorFailure(
      .inputOutput, "the file \(path) cannot be read or written",
      cure: "Check its rights and the disk's space")
  }
}

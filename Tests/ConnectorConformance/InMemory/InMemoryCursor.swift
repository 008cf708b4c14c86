import Platform

/// What stands in a cursor of the platform in memory.
struct InMemoryCursor: Equatable {
  /// The number of the reading.
  var reading: Int64
  /// True if the reading goes on behind the last one.
  var isContinuation: Bool
  /// True behind the last page.
  var isDone: Bool
  /// What the list was like when the reading began.
  var generation: Int64
  /// The last change number or contact id that was given.
  var position: String

  var number: Int64 { Int64(position) ?? 0 }
  var readingValue: Reading { Reading(number: reading, isContinuation: isContinuation) }

  var cursor: Cursor {
    Cursor("\(reading)|\(isContinuation ? 1 : 0)|\(isDone ? 1 : 0)|\(generation)|\(position)")
  }

  init(reading: Int64, isContinuation: Bool, generation: Int64, position: String = "", isDone: Bool = false) {
    self.reading = reading
    self.isContinuation = isContinuation
    self.generation = generation
    self.position = position
    self.isDone = isDone
  }

  init(_ cursor: Cursor) throws(ConnectorFailure) {
    let parts = cursor.text.split(separator: "|", maxSplits: 4, omittingEmptySubsequences: false)
    guard parts.count == 5, let reading = Int64(parts[0]), let generation = Int64(parts[3]) else {
      throw ConnectorFailure(.badData, "A cursor of another connector was handed in")
    }
    self.init(
      reading: reading, isContinuation: parts[1] == "1", generation: generation, position: String(parts[4]),
      isDone: parts[2] == "1")
  }
}

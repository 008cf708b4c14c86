import Synchronization

/// Counts.
final class Tally: Sendable {
  private let value = Mutex(0)

  func next() -> Int {
    value.withLock {
      $0 += 1
      return $0
    }
  }
}

/// Remembers under which number a contact was added.
final class Numbers: Sendable {
  private let known = Mutex<[Int64: Int]>([:])

  func set(_ id: Int64, _ number: Int) { known.withLock { $0[id] = number } }

  func number(of id: Int64) -> Int? { known.withLock { $0[id] } }
}

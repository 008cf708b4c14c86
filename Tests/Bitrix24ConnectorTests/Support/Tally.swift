import Platform
import Synchronization

/// Counts.
final class Tally: Sendable {
  private let value = Mutex(0)

  @discardableResult
  func next() -> Int {
    value.withLock {
      $0 += 1
      return $0
    }
  }

  var count: Int { value.withLock { $0 } }
}

/// Remembers under which number a contact was added.
final class Numbers: Sendable {
  private let known = Mutex<[ContactID: Int]>([:])

  func set(_ id: ContactID, _ number: Int) { known.withLock { $0[id] = number } }

  func number(of id: ContactID) -> Int? { known.withLock { $0[id] } }
}

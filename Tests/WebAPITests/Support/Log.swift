import Curl

/// Remembers in which order things happened.
final class Log: Sendable {
  private let lines = Guarded<[String]>([])

  var entries: [String] {
    lines.withLock { $0 }
  }

  func add(_ line: String) {
    lines.withLock { $0.append(line) }
  }
}

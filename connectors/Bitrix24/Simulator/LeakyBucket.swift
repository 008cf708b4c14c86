/// Counts requests of one address: every request fills, time drains.
struct LeakyBucket: Sendable {
  private var level = 0.0
  private var last = 0.0

  /// Takes a request in, or tells that there were too many; one that is refused fills as well.
  mutating func take(at now: Double, drain: Double, size: Double) -> Bool {
    level = max(0, level - max(0, now - last) * drain)
    last = max(last, now)
    // Whoever goes on asking never sees the level beyond one request too many.
    level = min(level + 1, size + 1)
    return level <= size
  }
}

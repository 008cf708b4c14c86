/// Seconds of work of each method in the last ten minutes, kept in baskets of a minute.
///
/// A basket begins with the first call of its minute and leaves ten minutes after that call.
struct OperatingLedger: Sendable {
  private struct Basket: Sendable {
    let start: Double
    var seconds: Double
    var minute: Double { (start / 60).rounded(.down) }
  }

  private static let span = 600.0
  private var baskets: [String: [Basket]] = [:]
  /// All seconds ever, by method; those of calls too short to count as well.
  private(set) var spent: [String: Double] = [:]

  /// Seconds that are counted for a method now.
  func seconds(of method: String, at now: Double) -> Double {
    (baskets[method] ?? []).reduce(0) { $1.start + Self.span > now ? $0 + $1.seconds : $0 }
  }

  /// When the oldest basket leaves.
  func resetsAt(of method: String, at now: Double) -> Int64 {
    let oldest = (baskets[method] ?? []).first { $0.start + Self.span > now }
    return Int64((oldest?.start ?? now) + Self.span)
  }

  /// Counts a call that ended; one shorter than `free` is not counted.
  mutating func add(_ seconds: Double, to method: String, at now: Double, free: Double) {
    spent[method, default: 0] += seconds
    guard seconds >= free else { return }
    var known = (baskets[method] ?? []).filter { $0.start + Self.span > now }
    if let last = known.last, last.minute == (now / 60).rounded(.down) {
      known[known.count - 1].seconds += seconds
    } else {
      known.append(Basket(start: now, seconds: seconds))
    }
    baskets[method] = known
  }

  mutating func forgetSpent() { spent = [:] }
}

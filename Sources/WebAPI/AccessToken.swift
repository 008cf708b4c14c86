/// A token as the platform gave it.
struct AccessToken: Sendable {
  /// What goes with every request.
  let headers: [WebHeader]
  /// Unix seconds by our clock when it was asked for.
  let asked: Double
  /// Unix seconds by our clock from which on it is not used any more; infinite if only a refusal ends it.
  let goodUntil: Double

  /// Seconds by which a clock may be set back without a word.
  private static let clockStep = 60.0

  /// A token that gives up `margin` seconds of its life, but at most a tenth of it.
  ///
  /// - Parameters:
  ///   - asked: when it was asked for, which is earlier than when it was made.
  ///   - life: in seconds; nil if it is used until it is refused.
  init(_ text: String, asked: Double, life: Double?, margin: Double) {
    headers = [WebHeader("Authorization", "Bearer \(text)")]
    self.asked = asked
    goodUntil = life.map { asked + $0 - min(margin, $0 / 10) } ?? .infinity
  }

  /// Whether it may be used now.
  ///
  /// A token that was asked for in the future tells of a clock that was set back: nobody knows how old it is.
  func isGood(at now: Double) -> Bool {
    goodUntil == .infinity || (now < goodUntil && now > asked - AccessToken.clockStep)
  }
}

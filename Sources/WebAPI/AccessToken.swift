/// A token as the platform gave it.
struct AccessToken: Sendable {
  /// What goes with every request.
  let headers: [WebHeader]
  /// Unix seconds from which on it is not used any more.
  let goodUntil: Double
}

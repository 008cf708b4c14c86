/// How the generated people are spread over connections.
public enum SandboxConnections: Sendable {
  /// Everybody stands in `web`, and so does everything they do.
  case one
  /// People stand in `web`, in `shop`, or in both under different ids.
  case two
}

/// One of the two connections that a sandbox can have.
enum SandboxConnection: String, CaseIterable {
  case web
  case shop
}

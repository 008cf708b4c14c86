import Platform

/// A platform that a sandbox can stand in for.
public struct SimulatedPlatform: Sendable {
  /// As a configuration names it after `platform:`.
  public let name: String
  /// What stands in a setting for where the platform answers: `webhook: URL/rest/1/secret`. Without it the
  /// connection has `url:`.
  public static let address = "{address}"

  /// The lines of a connection beside `platform` and `url`, such as `auth: { user: demo, password: demo }`.
  public let settings: [String]
  /// The platform without contacts, set up for these settings.
  public let simulator: any Simulator

  /// A platform with its stand-in.
  public init(name: String, settings: [String], simulator: any Simulator) {
    self.name = name
    self.settings = settings
    self.simulator = simulator
  }
}

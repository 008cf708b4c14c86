import Platform
import WebAPI

/// HubSpot as a platform: contacts, what they did, and properties to write to, through the dated CRM API.
public struct HubSpotPlatform: PlatformEntry {
  /// `hubspot`.
  public let name = "hubspot"
  private let surroundings: WebSurroundings

  /// The entry for the registry.
  public init(surroundings: WebSurroundings) {
    self.surroundings = surroundings
  }

  /// Reads the settings, reporting problems to their collector; nil if they cannot be used.
  public func connector(settings: ConnectionSettings, context: ConnectorContext) -> (any Connector)? {
    HubSpotSettings.read(settings, context: context).map {
      HubSpotConnector(settings: $0, context: context, surroundings: surroundings)
    }
  }
}

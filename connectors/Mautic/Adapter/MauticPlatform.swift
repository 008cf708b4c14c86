import Platform
import WebAPI

/// Mautic as a platform: self-hosted, versions 4 to 7, through the REST API v1.
public struct MauticPlatform: PlatformEntry {
  /// `mautic`.
  public let name = "mautic"
  private let surroundings: WebSurroundings

  /// The entry for the registry.
  public init(surroundings: WebSurroundings) {
    self.surroundings = surroundings
  }

  /// Reads the settings, reporting problems to their collector; nil if they cannot be used.
  public func connector(settings: ConnectionSettings, context: ConnectorContext) -> (any Connector)? {
    MauticSettings.read(settings, context: context).map {
      MauticConnector(settings: $0, context: context, surroundings: surroundings)
    }
  }
}

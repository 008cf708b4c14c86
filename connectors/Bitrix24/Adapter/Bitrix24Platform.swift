import Platform
import WebAPI

/// Bitrix24 as a platform: contacts and leads, the CRM's activities and deals, and user fields to write to.
public struct Bitrix24Platform: PlatformEntry {
  /// `bitrix24`.
  public let name = "bitrix24"
  private let surroundings: WebSurroundings

  /// The entry for the registry.
  public init(surroundings: WebSurroundings) {
    self.surroundings = surroundings
  }

  /// Reads the settings, reporting problems to their collector; nil if they cannot be used.
  public func connector(settings: ConnectionSettings, context: ConnectorContext) -> (any Connector)? {
    Bitrix24Settings.read(settings, context: context).map {
      Bitrix24Connector(settings: $0, context: context, surroundings: surroundings)
    }
  }
}

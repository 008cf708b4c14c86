import Platform
import WebAPI

/// GetResponse as a platform: contacts of all lists, what they did with e-mails and shops, and its own score to
/// write to, through the API v3.
public struct GetResponsePlatform: PlatformEntry {
  /// `getresponse`.
  public let name = "getresponse"
  /// Its own score: one call a contact, where a custom field, a band or reasons cost another one.
  public let prefersNativeScore = true
  private let surroundings: WebSurroundings

  /// The entry for the registry.
  public init(surroundings: WebSurroundings) {
    self.surroundings = surroundings
  }

  /// Reads the settings, reporting problems to their collector; nil if they cannot be used.
  public func connector(settings: ConnectionSettings, context: ConnectorContext) -> (any Connector)? {
    GetResponseSettings.read(settings, context: context).map {
      GetResponseConnector(settings: $0, context: context, surroundings: surroundings)
    }
  }
}

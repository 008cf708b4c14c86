import Platform
import WebAPI

/// HubSpot as a platform: contacts, what they did, and properties to write to, through the dated CRM API.
public struct HubSpotPlatform: PlatformEntry {
  /// `hubspot`.
  public let name = "hubspot"
  private let surroundings: WebSurroundings
  private let pageSize: Int?

  /// The entry for the registry.
  ///
  /// - Parameter pageSize: Entries of a page where that is ours to choose, for trials with few people; nil: what
  ///   suits the platform.
  public init(surroundings: WebSurroundings, pageSize: Int? = nil) {
    self.surroundings = surroundings
    self.pageSize = pageSize
  }

  /// Reads the settings, reporting problems to their collector; nil if they cannot be used.
  public func connector(settings: ConnectionSettings, context: ConnectorContext) -> (any Connector)? {
    let sizes = pageSize.map {
      ContactReader.PageSizes(list: $0, search: $0, emailEvents: $0, events: $0, submissions: $0)
    }
    return HubSpotSettings.read(settings, context: context).map {
      HubSpotConnector(
        settings: $0, context: context, surroundings: surroundings, sizes: sizes ?? ContactReader.PageSizes())
    }
  }
}

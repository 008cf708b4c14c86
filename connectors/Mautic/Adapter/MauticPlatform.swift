import Platform
import WebAPI

/// Mautic as a platform: self-hosted, versions 4 to 7, through the REST API v1.
public struct MauticPlatform: PlatformEntry {
  /// `mautic`.
  public let name = "mautic"
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
      ContactReader.PageSizes(contacts: $0, audit: $0, rows: $0)
    }
    return MauticSettings.read(settings, context: context).map {
      MauticConnector(
        settings: $0, context: context, surroundings: surroundings, sizes: sizes ?? ContactReader.PageSizes())
    }
  }
}

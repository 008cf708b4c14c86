import Platform
import WebAPI

/// Bitrix24 as a platform: contacts and leads, the CRM's activities and deals, and user fields to write to.
public struct Bitrix24Platform: PlatformEntry {
  /// `bitrix24`.
  public let name = "bitrix24"
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
      ChainSizes(rows: $0, longest: 2)
    }
    return Bitrix24Settings.read(settings, context: context).map {
      Bitrix24Connector(
        settings: $0, context: context, surroundings: surroundings, sizes: sizes ?? ChainSizes())
    }
  }
}

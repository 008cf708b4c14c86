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
      ContactReader.PageSizes(list: $0, details: $0, activityContacts: $0)
    }
    return GetResponseSettings.read(settings, context: context).map {
      GetResponseConnector(
        settings: $0, context: context, surroundings: surroundings, sizes: sizes ?? ContactReader.PageSizes())
    }
  }
}

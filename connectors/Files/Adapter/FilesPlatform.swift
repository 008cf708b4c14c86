import Platform

/// Files as a platform: contacts, activities and outcomes are read from CSV or JSON Lines, scores are written
/// to a CSV of our own.
public struct FilesPlatform: PlatformEntry {
  /// `files`.
  public let name = "files"

  /// The entry for the registry.
  public init() {}

  /// Reads the settings, reporting problems to their collector; nil if they cannot be used.
  ///
  /// A file that is not there is no problem yet: reading it and `check` tell.
  public func connector(settings: ConnectionSettings, context: ConnectorContext) -> (any Connector)? {
    FilesSettings.read(settings, context: context).map { FilesConnector(settings: $0, context: context) }
  }
}

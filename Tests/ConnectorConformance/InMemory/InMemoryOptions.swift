import Platform

/// What kind of platform the one in memory is.
public struct InMemoryOptions: Sendable {
  /// How the platform lists its records.
  public enum Style: Sendable {
    /// Changes since a number, with platform ids; contacts carry what is held.
    case changeFeed
    /// Everything, every time, like a file: content identities, and what is held in a stream of its own.
    case fullListing
  }

  /// How the platform lists its records.
  public var style: Style
  /// Records on a page.
  public var pageSize: Int
  /// What the connector says that it can do.
  public var capabilities: ConnectorCapabilities
  /// True if writes become visible all at once with `commit`.
  public var isStaged: Bool
  /// True if a full listing that would say the same as the last one is left out.
  public var skipsUnchangedListings = true
  /// The platform's name.
  public var platform: String

  /// A platform.
  public init(
    _ style: Style, pageSize: Int = 100,
    capabilities: ConnectorCapabilities = ConnectorCapabilities(
      batchSize: 100, readBackSize: 100, canClearScore: true),
    isStaged: Bool = false, platform: String = "memory"
  ) {
    self.style = style
    self.pageSize = pageSize
    self.capabilities = capabilities
    self.isStaged = isStaged
    self.platform = platform
  }

  /// A web platform: a change feed, written at once.
  public static let web = InMemoryOptions(.changeFeed)

  /// A file that is replaced as a whole, its rows in order.
  public static let file = InMemoryOptions(
    .fullListing,
    capabilities: ConnectorCapabilities(
      batchSize: 100, readBackSize: 100, wantsWritesInOrder: true, canClearScore: true),
    isStaged: true)
}

extension WriteLayout {
  /// `lead_score`, `lead_band`, `lead_reasons`, the bands hot, warm and cold, and a tag for each.
  public static let standard = WriteLayout(
    fields: WrittenFields(
      score: .field("lead_score"), band: "lead_band", reasons: "lead_reasons", tags: true),
    bandNames: ["hot", "warm", "cold"], ownedTags: ["lead_hot", "lead_warm", "lead_cold"])
}

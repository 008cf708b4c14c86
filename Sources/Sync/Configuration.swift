import Platform
import Scoring
import StrictYAML

/// What a user wrote into `leadgauge.yaml`, with every connection ready to use.
public struct Configuration: Sendable {
  /// The file's path as the user named it.
  public var file: String
  /// The folder that paths in the file are relative to.
  public var folder: String
  /// The model file.
  public var modelPath: String
  /// The state file.
  public var statePath: String
  /// How far back a first pull reads.
  public var history: TimeSpan
  /// In the order of the file: it decides whose field values count.
  public var connections: [ConfiguredConnection]
  /// When a plan is not written.
  public var fuses: FuseLimits
  /// Who hears of runs and of people.
  public var notify: NotifySettings
  /// Files with secrets that other users of this machine can read.
  public var exposedSecrets: [String] = []

  /// A configuration made in code.
  public init(
    file: String, folder: String, modelPath: String, statePath: String, history: TimeSpan,
    connections: [ConfiguredConnection], fuses: FuseLimits, notify: NotifySettings = .none
  ) {
    self.file = file
    self.folder = folder
    self.modelPath = modelPath
    self.statePath = statePath
    self.history = history
    self.connections = connections
    self.fuses = fuses
    self.notify = notify
  }
}

/// One connection of the configuration.
public struct ConfiguredConnection: Sendable {
  /// As the user calls it.
  public let name: String
  /// The account's platform, ready to talk.
  public let connector: any Connector
  /// What is written to it; nil if nothing is.
  public let write: WritePolicy?

  /// One connection of the configuration.
  public init(name: String, connector: any Connector, write: WritePolicy?) {
    self.name = name
    self.connector = connector
    self.write = write
  }
}

/// What is written to a connection, and when it is worth a write.
public struct WritePolicy: Hashable, Sendable {
  /// Where the marks are kept.
  public var fields: WrittenFields
  /// A score alone is written when it moved at least so far.
  public var minDelta: Int
  /// A contact stays in the band it holds while score + slack is at least the band's `from`.
  public var bandSlack: Int

  /// What is written if the configuration does not say.
  public static let standard = WritePolicy(
    fields: WrittenFields(
      score: .field("lead_score"), band: "lead_band", reasons: "lead_reasons", tags: true),
    minDelta: 1, bandSlack: 0)

  /// What is written to a connection.
  public init(fields: WrittenFields, minDelta: Int = 1, bandSlack: Int = 0) {
    self.fields = fields
    self.minDelta = minDelta
    self.bandSlack = bandSlack
  }

  /// The same for a connector, with what the model may give.
  func layout(for model: Model) -> WriteLayout {
    WriteLayout(
      fields: fields, bandNames: model.bands.map(\.name), bandFloors: model.bands.map(\.from),
      ownedTags: model.ownedTags)
  }
}

/// When a plan is not written.
public struct FuseLimits: Hashable, Sendable {
  /// The largest share of a connection's contacts whose band may change, in hundredths of a percent.
  public var maxChanges: Int
  /// The most contacts a plan may write.
  public var maxWrites: Int
  /// The largest share of a connection's contacts that may be missing, in hundredths of a percent.
  public var maxShrink: Int

  /// The limits if the configuration does not say.
  public static let standard = FuseLimits(maxChanges: 2_500, maxWrites: 50_000, maxShrink: 2_000)

  /// Limits; shares in hundredths of a percent.
  public init(maxChanges: Int, maxWrites: Int, maxShrink: Int) {
    self.maxChanges = maxChanges
    self.maxWrites = maxWrites
    self.maxShrink = maxShrink
  }
}

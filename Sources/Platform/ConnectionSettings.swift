import StrictYAML

/// The keys under one connection of the configuration, read with `optional`, `required` and `finish`, which
/// report what is wrong with its line and column.
public typealias ConnectionSettings = YAMLMapping

/// One value of a connection's settings.
public typealias SettingValue = YAMLValue

/// What a connector is made from.
public struct ConnectorContext: Sendable {
  /// The connection's name in the configuration.
  public let name: String
  /// Paths in the settings are relative to this folder.
  public let folder: String
  /// Where marks of ours are kept on the connection; nil if nothing is written to it.
  public let fields: WrittenFields?
  /// A folder of the program's own, beside the state, for small files that a connector keeps from run to run;
  /// nil: nothing is kept. It need not exist yet.
  public let privateFolder: String?

  /// What a connector is made from.
  public init(
    name: String, folder: String, fields: WrittenFields? = nil, privateFolder: String? = nil
  ) {
    self.name = name
    self.folder = folder
    self.fields = fields
    self.privateFolder = privateFolder
  }
}

extension ConnectorContext {
  /// The path of this connection's own file of a kind, for example `limits.json`; nil: nothing is kept.
  public func privateFile(_ kind: String) -> String? {
    privateFolder.map { "\($0)/\(name).\(kind)" }
  }
}

/// A platform as the registry knows it: its name, and how its settings become a connector.
public protocol PlatformEntry: Sendable {
  /// As it stands under `platform:`.
  var name: String { get }

  /// True if the score goes into the platform's own unless the connection's `write:` names a field, with band and
  /// reasons left out unless they are named there, because each of them costs a call a contact.
  var prefersNativeScore: Bool { get }

  /// Reads the settings, reporting problems to their collector; nil if they cannot be used.
  func connector(settings: ConnectionSettings, context: ConnectorContext) -> (any Connector)?
}

extension PlatformEntry {
  /// Fields are as good.
  public var prefersNativeScore: Bool { false }
}

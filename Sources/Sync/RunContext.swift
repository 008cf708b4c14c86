import Foundation
import Platform
import Scoring
import Store

/// What a run gets from outside: time, randomness, and somebody to tell how far it is.
public struct RunEnvironment: Sendable {
  /// The time now, in Unix milliseconds.
  public var milliseconds: @Sendable () -> Int64
  /// 64 random bits.
  public var random: @Sendable () -> UInt64
  /// Hears how far the run is.
  public var progress: @Sendable (RunProgress) -> Void
  /// Carries messages to whoever hears of runs and people; nil if there is no way to reach anybody.
  public var messenger: (any Messenger)?

  /// What a run gets from outside.
  public init(
    milliseconds: @escaping @Sendable () -> Int64, random: @escaping @Sendable () -> UInt64,
    progress: @escaping @Sendable (RunProgress) -> Void = { _ in }, messenger: (any Messenger)? = nil
  ) {
    self.milliseconds = milliseconds
    self.random = random
    self.progress = progress
    self.messenger = messenger
  }

  /// The time now in whole seconds.
  public var now: Timestamp { Timestamp(milliseconds() / 1_000) }

  /// An id that sorts by time: 26 digits of Crockford's base 32, 48 bits of milliseconds first.
  public func makeID() -> String {
    SortableID.text(milliseconds: milliseconds(), random: (random(), random()))
  }
}

/// How far a run is.
public struct RunProgress: Sendable, Equatable {
  /// What is being done: `pull crm`, `score`, `write crm`.
  public let stage: String
  /// From 0 to 1; nil if it cannot be known.
  public let fraction: Double?
  /// How many were done.
  public let count: Int

  /// How far a run is.
  public init(stage: String, fraction: Double?, count: Int) {
    self.stage = stage
    self.fraction = fraction
    self.count = count
  }
}

/// Ids of runs and plans.
public enum SortableID {
  private static let digits = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")

  static func text(milliseconds: Int64, random: (UInt64, UInt64)) -> String {
    var text = ""
    let time = UInt64(max(0, milliseconds))
    for shift in stride(from: UInt64(45), through: 0, by: -5) { text.append(digits[Int(time >> shift & 31)]) }
    for word in [random.0, random.1] {
      for shift in stride(from: UInt64(35), through: 0, by: -5) {
        text.append(digits[Int(word >> shift & 31)])
      }
    }
    return text
  }

  /// When an id was made; nil if it is none.
  public static func madeAt(_ id: String) -> Timestamp? {
    guard id.utf8.count == 26 else { return nil }
    var time: UInt64 = 0
    for character in id.prefix(10) {
      guard let digit = digits.firstIndex(of: character) else { return nil }
      time = time << 5 | UInt64(digit)
    }
    return Timestamp(Int64(time / 1_000))
  }
}

/// A model with the name of its bytes.
public struct LoadedModel: Sendable {
  /// The rules.
  public let model: Model
  /// SHA-256 of the file's bytes.
  public let sha256: String
  /// Where it was read.
  public let path: String

  /// A model with the name of its bytes.
  public init(model: Model, sha256: String, path: String) {
    self.model = model
    self.sha256 = sha256
    self.path = path
  }
}

/// A connection that takes part in a run.
public struct ActiveConnection: Sendable {
  /// As it is configured.
  public let configured: ConfiguredConnection
  /// As the store numbers it.
  public let stored: StoredConnection

  /// As the user calls it.
  public var name: String { configured.name }
  /// The account's platform.
  public var connector: any Connector { configured.connector }
}

/// Everything a run works with.
public struct RunContext: Sendable {
  /// The state.
  public let store: LeadStore
  /// All connections of the configuration, in its order: scores depend on all of them.
  public let connections: [ActiveConnection]
  /// The connections that are pulled and written in this run.
  public let chosen: Set<String>
  /// The rules.
  public let model: LoadedModel
  /// Which mail domains are free or disposable.
  public let domains: DomainLists
  /// When a plan is not written.
  public let fuses: FuseLimits
  /// How far back a first pull reads.
  public let history: TimeSpan
  /// Who hears of runs and of people.
  public let notify: NotifySettings
  /// Time, randomness, progress.
  public let environment: RunEnvironment

  /// Everything a run works with; `chosen` is empty for all connections.
  public init(
    store: LeadStore, configuration: Configuration, model: LoadedModel, domains: DomainLists,
    chosen: Set<String>, environment: RunEnvironment
  ) throws(StoreFailure) {
    self.store = store
    self.model = model
    self.domains = domains
    self.environment = environment
    fuses = configuration.fuses
    history = configuration.history
    notify = configuration.notify
    var active: [ActiveConnection] = []
    for connection in configuration.connections {
      active.append(
        ActiveConnection(
          configured: connection,
          stored: try store.connection(named: connection.name, platform: connection.connector.platform)))
    }
    connections = active
    self.chosen = chosen.isEmpty ? Set(active.map(\.name)) : chosen
  }

  /// The connections of this run, in the order of the configuration.
  public var working: [ActiveConnection] { connections.filter { chosen.contains($0.name) } }

  /// The connections as rules name them.
  public var labels: [ConnectionLabel] {
    connections.map { ConnectionLabel(name: $0.name, platform: $0.connector.platform) }
  }

  /// What readers of persons have to know.
  var layout: ReadingLayout {
    ReadingLayout(connections: connections.map(\.stored), fields: model.model.profileFields)
  }

  /// What the model asks platforms for.
  var needs: PullNeeds {
    let model = model.model
    return PullNeeds(
      fields: Set(model.profileFields), kinds: model.countedKinds,
      namedKinds: model.namedKinds, tags: model.ownedTags,
      bands: model.bands.map(\.name))
  }

  /// Names everything that scores and differences depend on beside the data.
  var conditions: String {
    let parts = connections.map { connection in
      let zero = connection.connector.capabilities.storesZero
      return
        "\(connection.name)|\(connection.connector.platform)|\(String(describing: connection.configured.write))|\(zero)"
    }
    let lists = "\(domains.free.sorted())\(domains.disposable.sorted())"
    let text = ([model.sha256, Self.engineVersion] + parts + [lists]).joined(separator: "\n")
    return SHA256.hex(of: text.utf8)
  }

  /// Rises when the engine gives other digits than before for the same input.
  private static let engineVersion = "engine 1"
}

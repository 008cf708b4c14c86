import Platform
import Scoring

/// Lays a generated world down in a simulated platform and, for who stands in `shop`, in files or in a second one.
///
/// `web` is the platform, `shop` the second one or files; a world on one connection is in the platform alone.
/// Memory is the simulators' and about 24 bytes for each of the people.
public struct SimulatorSandbox: Sendable {
  /// What is laid down.
  public let world: GeneratedWorld
  /// The platform that `web` is.
  public let platform: SimulatedPlatform
  /// The platform that `shop` is; nil: files.
  public let second: SimulatedPlatform?

  /// A sandbox for a world.
  public init(world: GeneratedWorld, platform: SimulatedPlatform, second: SimulatedPlatform? = nil) {
    self.world = world
    self.platform = platform
    self.second = second
  }

  /// The connections that are files.
  private var inFiles: [SandboxConnection] {
    world.sandboxConnections.filter { $0 != .web && second == nil }
  }

  /// Fills the second simulator with what `shop` holds.
  @discardableResult
  public func fillSecond(_ simulator: inout some Simulator) -> SandboxSummary {
    var filling = SimulatorFilling(world: world, catalogue: Catalogue(), connection: .shop)
    filling.addContacts(to: &simulator)
    var log = ActivityLog(world: world)
    log.forEach(sorted: true) { row in
      if row.connection == .shop { filling.add(row, to: &simulator) }
    }
    return filling.summary
  }

  /// Fills the simulator and writes `leadgauge.yaml`, `model.yaml`, `shop-contacts.csv` and
  /// `shop-activities.csv`.
  ///
  /// The folder is made if it is missing, files in it that bear these names are replaced.
  /// - Parameters:
  ///   - folder: Where the files go.
  ///   - url: Where the platform answers.
  ///   - secondURL: Where the second one answers, which `fillSecond` fills; empty if there is none.
  ///   - simulator: The platform, without contacts.
  /// - Returns: How many contacts and activities went where.
  @discardableResult
  public func write(
    to folder: String, url: String, secondURL: String = "", filling simulator: inout some Simulator
  ) throws(SandboxFailure) -> SandboxSummary {
    let files = FileSandbox(world: world)
    try files.makeFolder(folder)
    var summary = SandboxSummary(people: world.people)
    for connection in inFiles {
      summary.contacts[connection.rawValue] = try files.writeContacts(of: connection, to: folder)
    }
    let catalogue = Catalogue()
    var filling = SimulatorFilling(world: world, catalogue: catalogue)
    filling.addContacts(to: &simulator)
    var rows = try ActivityFiles(
      folder: folder, world: world, catalogue: catalogue, connections: inFiles)
    var log = ActivityLog(world: world)
    try log.forEach(sorted: true) { (row) throws(SandboxFailure) in
      if row.connection == .web {
        filling.add(row, to: &simulator)
      } else if inFiles.contains(row.connection) {
        try rows.write(row)
      }
    }
    summary.activities = try rows.close()
    let filled = filling.summary
    summary.contacts.merge(filled.contacts) { $1 }
    summary.activities.merge(filled.activities) { $1 }
    var simulated = [SandboxConnection.web: SandboxConfiguration.Simulated(platform: platform, url: url)]
    if let second { simulated[.shop] = SandboxConfiguration.Simulated(platform: second, url: secondURL) }
    let configuration = SandboxConfiguration(
      world: world, contacts: summary.contacts,
      simulated: simulated)
    try files.write(configuration.text, to: folder, as: "leadgauge.yaml")
    try files.write(SandboxModel(now: world.now).text, to: folder, as: "model.yaml")
    return summary
  }

  /// Lets a share of the people do something at a moment: on `web` in the simulator, on `shop` in its file.
  ///
  /// - Parameters:
  ///   - folder: Where `write` has been.
  ///   - simulator: What `write` has filled.
  ///   - isSecond: Whether it is the second simulator, which has `shop`.
  ///   - share: Of the people, rounded to whole ones, at least one.
  ///   - batch: From 1. Another batch is about other people, as long as there are enough.
  ///   - now: When they do it, all at the same second: a program that reads while they do sees all or nothing.
  /// - Returns: How many activities went where.
  @discardableResult
  public func appendActivity(
    to folder: String, simulator: inout some Simulator, isSecond: Bool = false, share: Double = 0.01,
    batch: Int, at now: Timestamp
  ) throws(SandboxFailure) -> SandboxSummary {
    let connection = isSecond ? SandboxConnection.shop : .web
    let appended = AppendedActivity(
      world: world, share: share, batch: batch, after: now, span: .days(1))
    let moment = Int32(clamping: now.seconds - world.origin.seconds)
    let catalogue = Catalogue()
    var files = try ActivityFiles(
      folder: folder, world: world, catalogue: catalogue, batch: batch, connections: isSecond ? [] : inFiles)
    var filling = SimulatorFilling(world: world, catalogue: catalogue, connection: connection)
    for var row in appended.rows {
      row.time = moment
      if row.connection == connection {
        filling.add(row, to: &simulator)
      } else if connection == .web, inFiles.contains(row.connection) {
        try files.write(row)
      }
    }
    var summary = SandboxSummary(people: appended.people, activities: try files.close())
    summary.activities.merge(filling.summary.activities) { $1 }
    return summary
  }
}

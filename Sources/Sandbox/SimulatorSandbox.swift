import Platform
import Scoring

/// Lays a generated world down in a simulated platform and, for who stands in `shop`, in files.
///
/// `web` is the platform, `shop` stays files; a world on one connection is in the platform alone. Memory is the
/// simulator's and about 24 bytes for each of the people.
public struct SimulatorSandbox: Sendable {
  /// What is laid down.
  public let world: GeneratedWorld
  /// The platform that `web` is.
  public let platform: SimulatedPlatform

  /// A sandbox for a world.
  public init(world: GeneratedWorld, platform: SimulatedPlatform) {
    self.world = world
    self.platform = platform
  }

  /// Fills the simulator and writes `leadgauge.yaml`, `model.yaml`, `shop-contacts.csv` and
  /// `shop-activities.csv`.
  ///
  /// The folder is made if it is missing, files in it that bear these names are replaced.
  /// - Parameters:
  ///   - folder: Where the files go.
  ///   - url: Where the platform answers.
  ///   - simulator: The platform, without contacts.
  /// - Returns: How many contacts and activities went where.
  @discardableResult
  public func write(
    to folder: String, url: String, filling simulator: inout some Simulator
  ) throws(SandboxFailure) -> SandboxSummary {
    let files = FileSandbox(world: world)
    try files.makeFolder(folder)
    let inFiles = world.sandboxConnections.filter { $0 != .web }
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
      if row.connection == .web { filling.add(row, to: &simulator) } else { try rows.write(row) }
    }
    summary.activities = try rows.close()
    let filled = filling.summary
    summary.contacts.merge(filled.contacts) { $1 }
    summary.activities.merge(filled.activities) { $1 }
    let configuration = SandboxConfiguration(
      world: world, contacts: summary.contacts,
      simulated: SandboxConfiguration.Simulated(platform: platform, url: url))
    try files.write(configuration.text, to: folder, as: "leadgauge.yaml")
    try files.write(SandboxModel(now: world.now).text, to: folder, as: "model.yaml")
    return summary
  }

  /// Lets a share of the people do something at a moment: on `web` in the simulator, on `shop` in its file.
  ///
  /// - Parameters:
  ///   - folder: Where `write` has been.
  ///   - simulator: What `write` has filled.
  ///   - share: Of the people, rounded to whole ones, at least one.
  ///   - batch: From 1. Another batch is about other people, as long as there are enough.
  ///   - now: When they do it, all at the same second: a program that reads while they do sees all or nothing.
  /// - Returns: How many activities went where.
  @discardableResult
  public func appendActivity(
    to folder: String, simulator: inout some Simulator, share: Double = 0.01, batch: Int, at now: Timestamp
  ) throws(SandboxFailure) -> SandboxSummary {
    let appended = AppendedActivity(
      world: world, share: share, batch: batch, after: now, span: .days(1))
    let moment = Int32(clamping: now.seconds - world.origin.seconds)
    let catalogue = Catalogue()
    let inFiles = world.sandboxConnections.filter { $0 != .web }
    var files = try ActivityFiles(
      folder: folder, world: world, catalogue: catalogue, batch: batch, connections: inFiles)
    var filling = SimulatorFilling(world: world, catalogue: catalogue)
    for var row in appended.rows {
      row.time = moment
      if row.connection == .web { filling.add(row, to: &simulator) } else { try files.write(row) }
    }
    var summary = SandboxSummary(people: appended.people, activities: try files.close())
    summary.activities.merge(filling.summary.activities) { $1 }
    return summary
  }
}

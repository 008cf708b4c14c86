import Platform
import Scoring

/// Lays a generated world down in simulated platforms and, where there is one alone, in files for who stands in
/// `shop`.
///
/// The first platform is `web`, the second `shop`, the third `mail` and the fourth `crm`, with people in common; a
/// world on one connection is in the first alone. Memory is the simulators' and about 24 bytes for each person.
public struct SimulatorSandbox: Sendable {
  /// The most platforms that it can have.
  public static let mostPlatforms = SandboxPlace.most
  /// What is laid down.
  public let world: GeneratedWorld
  /// The platforms, in the order of the connections.
  public let platforms: [SimulatedPlatform]
  let places: [SandboxPlace]

  /// A sandbox for a world: one to four platforms.
  public init(world: GeneratedWorld, platforms: [SimulatedPlatform]) {
    self.world = world
    self.platforms = Array(platforms.prefix(SandboxPlace.most))
    places = SandboxPlace.places(of: self.platforms.count)
  }

  /// The names of the platforms' connections.
  public var names: [String] { places.map(\.name) }

  /// The connections that are files.
  private var inFiles: [SandboxConnection] {
    world.sandboxConnections.filter { connection in !places.contains { $0.name == connection.rawValue } }
  }

  /// Fills the simulator of a platform with its contacts, and with what they did there in the order of time.
  /// - Returns: How many contacts and activities the simulator was handed.
  @discardableResult
  public func fill(_ simulator: inout some Simulator, of platform: Int) -> SandboxSummary {
    let place = places[platform]
    var filling = SimulatorFilling(world: world, catalogue: Catalogue(), place: place)
    filling.addContacts(to: &simulator)
    var log = ActivityLog(world: world)
    log.forEach(sorted: true) { row in
      if place.takes(row, of: world, among: places) { filling.add(row, to: &simulator) }
    }
    return filling.summary
  }

  /// Writes `leadgauge.yaml`, `model.yaml` and, for a connection without platform, `shop-contacts.csv` and
  /// `shop-activities.csv`.
  ///
  /// The folder is made if it is missing, files in it that bear these names are replaced.
  /// - Parameters:
  ///   - folder: Where the files go.
  ///   - urls: Where the platforms answer.
  ///   - filled: What `fill` said of each.
  /// - Returns: How many contacts and activities went where, platforms included.
  @discardableResult
  public func write(
    to folder: String, urls: [String], filled: [SandboxSummary]
  ) throws(SandboxFailure) -> SandboxSummary {
    let files = FileSandbox(world: world)
    try files.makeFolder(folder)
    var summary = SandboxSummary(people: world.people)
    for part in filled {
      summary.contacts.merge(part.contacts) { $1 }
      summary.activities.merge(part.activities) { $1 }
    }
    if !inFiles.isEmpty {
      for connection in inFiles {
        summary.contacts[connection.rawValue] = try files.writeContacts(of: connection, to: folder)
      }
      var rows = try ActivityFiles(
        folder: folder, world: world, catalogue: Catalogue(), connections: inFiles)
      var log = ActivityLog(world: world)
      try log.forEach(sorted: true) { (row) throws(SandboxFailure) in
        if inFiles.contains(row.connection) { try rows.write(row) }
      }
      summary.activities.merge(try rows.close()) { $1 }
    }
    var configuration = SandboxConfiguration(world: world, contacts: summary.contacts)
    for (index, place) in places.enumerated() where index < urls.count {
      configuration.simulated.append(
        SandboxConfiguration.Simulated(name: place.name, platform: platforms[index], url: urls[index]))
    }
    configuration.files = inFiles
    try files.write(configuration.text, to: folder, as: "leadgauge.yaml")
    try files.write(SandboxModel(now: world.now).text, to: folder, as: "model.yaml")
    return summary
  }

  /// Lets a share of the people do something at a moment: on a platform in its simulator, and with the first one in
  /// the files.
  ///
  /// - Parameters:
  ///   - folder: Where `write` has been.
  ///   - simulator: What `fill` has filled.
  ///   - platform: Which of the platforms it is.
  ///   - share: Of the people, rounded to whole ones, at least one.
  ///   - batch: From 1. Another batch is about other people, as long as there are enough.
  ///   - now: When they do it, all at the same second: a program that reads while they do sees all or nothing.
  /// - Returns: How many activities went where.
  @discardableResult
  public func appendActivity(
    to folder: String, simulator: inout some Simulator, of platform: Int = 0, share: Double = 0.01,
    batch: Int, at now: Timestamp
  ) throws(SandboxFailure) -> SandboxSummary {
    let place = places[platform]
    let appended = AppendedActivity(world: world, share: share, batch: batch, after: now, span: .days(1))
    let moment = Int32(clamping: now.seconds - world.origin.seconds)
    let catalogue = Catalogue()
    var files = try ActivityFiles(
      folder: folder, world: world, catalogue: catalogue, batch: batch,
      connections: platform == 0 ? inFiles : [])
    var filling = SimulatorFilling(world: world, catalogue: catalogue, place: place)
    for var row in appended.rows {
      row.time = moment
      if place.takes(row, of: world, among: places) {
        filling.add(row, to: &simulator)
      } else {
        try files.write(row)
      }
    }
    var summary = SandboxSummary(people: appended.people, activities: try files.close())
    summary.activities.merge(filling.summary.activities) { $1 }
    return summary
  }
}

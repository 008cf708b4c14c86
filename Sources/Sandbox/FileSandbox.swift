import Foundation
import Scoring

/// Lays a generated world down as files: contacts and activities of each connection, a configuration, a model.
///
/// The same world gives the same bytes. Memory depends on the number of people, about 24 bytes for each, not on
/// how much they do.
public struct FileSandbox: Sendable {
  /// What is laid down.
  public let world: GeneratedWorld
  /// True if the logs are in the order of time; otherwise a row may stand up to a day too early or too late.
  public let sortedByTime: Bool

  /// A sandbox for a world.
  public init(world: GeneratedWorld, sortedByTime: Bool = true) {
    self.world = world
    self.sortedByTime = sortedByTime
  }

  /// Writes `leadgauge.yaml`, `model.yaml` and, for each connection, `web-contacts.csv`, `web-activities.csv`.
  ///
  /// The folder is made if it is missing, files in it that bear these names are replaced.
  /// - Returns: How many rows went where.
  @discardableResult
  public func write(to folder: String) throws(SandboxFailure) -> SandboxSummary {
    try makeFolder(folder)
    var summary = SandboxSummary(people: world.people)
    for connection in world.sandboxConnections {
      summary.contacts[connection.rawValue] = try writeContacts(of: connection, to: folder)
    }
    summary.activities = try writeActivities(to: folder)
    try write(
      SandboxConfiguration(world: world, contacts: summary.contacts).text, to: folder, as: "leadgauge.yaml")
    try write(SandboxModel(now: world.now).text, to: folder, as: "model.yaml")
    return summary
  }

  /// Lets a share of the people do something new and appends it to the activity files.
  ///
  /// - Parameters:
  ///   - folder: Where `write` has been.
  ///   - share: Of the people, rounded to whole ones, at least one.
  ///   - batch: From 1. Another batch is about other people, as long as there are enough, and gives its rows
  ///     other identities. The same batch appended twice repeats its rows.
  ///   - after: The new activity lies at this moment or later; without it, at the world's now.
  ///   - span: All of it lies within this span.
  /// - Returns: How many rows were appended.
  @discardableResult
  public func appendActivity(
    to folder: String, share: Double = 0.01, batch: Int = 1, after: Timestamp? = nil,
    within span: TimeSpan = .days(1)
  ) throws(SandboxFailure) -> SandboxSummary {
    let rows = AppendedActivity(
      world: world, share: share, batch: batch, after: after ?? world.now, span: span)
    var files = try ActivityFiles(folder: folder, world: world, catalogue: Catalogue(), batch: batch)
    for row in rows.rows { try files.write(row) }
    return SandboxSummary(people: rows.people, activities: try files.close())
  }

  func makeFolder(_ folder: String) throws(SandboxFailure) {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw SandboxFailure(path: folder, reason: error.localizedDescription)
    }
  }

  func writeContacts(of connection: SandboxConnection, to folder: String) throws(SandboxFailure)
    -> Int
  {
    var file = try BufferedFile(path: "\(folder)/\(connection.rawValue)-contacts.csv")
    file.add(plain: (["id", "email", "emails"] + GeneratedContact.fieldNames).joined(separator: ","))
    try file.endRow()
    var written = 0
    for place in 0..<world.people {
      // The two files list the people in different orders.
      let person = connection == .web ? place : world.people - 1 - place
      guard world.places(of: person).contains(connection) else { continue }
      let contact = world.contact(person, on: connection)
      file.add(plain: contact.id)
      for field in [contact.email, contact.otherAddresses.joined(separator: ";")] + contact.fields {
        file.add(0x2C)
        file.add(field: field)
      }
      try file.endRow()
      written += 1
    }
    try file.close()
    return written
  }

  private func writeActivities(to folder: String) throws(SandboxFailure) -> [String: Int] {
    var files = try ActivityFiles(folder: folder, world: world, catalogue: Catalogue())
    var log = ActivityLog(world: world)
    try log.forEach(sorted: sortedByTime) { (row) throws(SandboxFailure) in try files.write(row) }
    return try files.close()
  }

  func write(_ text: String, to folder: String, as name: String) throws(SandboxFailure) {
    var file = try BufferedFile(path: "\(folder)/\(name)")
    file.add(plain: text)
    try file.close()
  }
}

/// The activity files of connections of a world.
struct ActivityFiles {
  private var web: ActivityFile?
  private var shop: ActivityFile?

  /// Files of the connections that are named, or of all that the world has.
  init(
    folder: String, world: GeneratedWorld, catalogue: Catalogue, batch: Int? = nil,
    connections: [SandboxConnection]? = nil
  ) throws(SandboxFailure) {
    func file(_ connection: SandboxConnection) throws(SandboxFailure) -> ActivityFile? {
      guard (connections ?? world.sandboxConnections).contains(connection) else { return nil }
      return try ActivityFile(
        path: "\(folder)/\(connection.rawValue)-activities.csv", world: world, connection: connection,
        catalogue: catalogue, batch: batch)
    }
    web = try file(.web)
    shop = try file(.shop)
  }

  /// Writes a row to its connection's file, if that one is among them.
  mutating func write(_ row: GeneratedActivity) throws(SandboxFailure) {
    switch row.connection {
    case .web: try web?.write(row)
    case .shop: try shop?.write(row)
    }
  }

  /// How many rows each connection got.
  mutating func close() throws(SandboxFailure) -> [String: Int] {
    try web?.close()
    try shop?.close()
    var rows: [String: Int] = [:]
    if let web { rows[SandboxConnection.web.rawValue] = web.rows }
    if let shop { rows[SandboxConnection.shop.rawValue] = shop.rows }
    return rows
  }
}

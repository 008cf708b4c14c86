/// The activity files of all connections of a world.
struct ActivityFiles {
  private var web: ActivityFile
  private var shop: ActivityFile?

  init(folder: String, world: GeneratedWorld, catalogue: Catalogue, batch: Int? = nil) throws(SandboxFailure)
  {
    func file(_ connection: SandboxConnection) throws(SandboxFailure) -> ActivityFile {
      try ActivityFile(
        path: "\(folder)/\(connection.rawValue)-activities.csv", world: world, connection: connection,
        catalogue: catalogue, batch: batch)
    }
    web = try file(.web)
    shop = world.connections == .two ? try file(.shop) : nil
  }

  mutating func write(_ row: GeneratedActivity) throws(SandboxFailure) {
    switch row.connection {
    case .web: try web.write(row)
    case .shop: try shop?.write(row)
    }
  }

  /// How many rows each connection got.
  mutating func close() throws(SandboxFailure) -> [String: Int] {
    try web.close()
    try shop?.close()
    var rows = [SandboxConnection.web.rawValue: web.rows]
    if let shop { rows[SandboxConnection.shop.rawValue] = shop.rows }
    return rows
  }
}

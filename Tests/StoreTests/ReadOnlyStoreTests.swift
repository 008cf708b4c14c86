import Foundation
import GRDB
import Platform
import Scoring
import Store
import Testing

@Suite("A store that is only looked at")
struct ReadOnlyStoreTests {
  private func place() -> String {
    FileManager.default.temporaryDirectory.path + "/store-\(UUID().uuidString).db"
  }

  private func remove(_ path: String) {
    for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + end) }
  }

  @Test("it gives what is there and takes nothing, also while somebody else writes")
  func readsOnly() throws {
    let path = place()
    defer { remove(path) }
    let writer = try LeadStore(path: path)
    try writer.setNote("word", to: "first")
    let reader = try LeadStore(path: path, isReadOnly: true)
    #expect(try reader.note("word") == "first")
    #expect(throws: StoreFailure.self) { try reader.setNote("word", to: "second") }
    try writer.setNote("word", to: "third")
    #expect(try reader.note("word") == "third")
    reader.close()
    writer.close()
  }

  @Test("it makes no file, and leaves an older layout as it is")
  func leavesAlone() throws {
    let path = place()
    defer { remove(path) }
    #expect(throws: StoreFailure.self) { try LeadStore(path: path, isReadOnly: true) }
    #expect(!FileManager.default.fileExists(atPath: path))

    try LeadStore(path: path).close()
    let queue = try DatabaseQueue(path: path)
    try queue.write { try $0.execute(sql: "DELETE FROM grdb_migrations WHERE identifier NOT LIKE '1 %'") }
    try queue.close()
    let failure = #expect(throws: StoreFailure.self) { try LeadStore(path: path, isReadOnly: true) }
    #expect(
      failure?.what.contains("older version") == true && failure?.cure.contains("leadgauge pull") == true)
  }
}

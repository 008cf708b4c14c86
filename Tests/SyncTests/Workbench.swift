import ConnectorConformance
import Foundation
import Platform
import Scoring
import Store
import Sync
import Synchronization

/// A whole installation for tests: a platform in memory, a state file on disk, and a clock that stands still.
final class Workbench: Sendable {
  let connector: InMemoryConnector
  let folder: String
  let now: Timestamp
  private let serial = Mutex<UInt64>(0)

  static let model = """
    name: Test
    actions:
      - { id: visit, on: page_visit, points: 10, max: 8, within: 30d }
    profile:
      - { id: boss, field: job_title, contains: [ceo], points: 5 }
    bands:
      - { name: hot, from: 40, tag: lead_hot }
      - { name: warm, from: 20, tag: lead_warm }
      - { name: cold, from: 0, tag: lead_cold }
    """

  init(_ options: InMemoryOptions = .web, now: Timestamp = Timestamp(1_790_000_000)) throws {
    connector = InMemoryConnector(options)
    self.now = now
    folder = FileManager.default.temporaryDirectory.path + "/sync-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// A context as a new process would make it; the state file stays.
  func context(
    model text: String = Workbench.model, fuses: FuseLimits = .standard, policy: WritePolicy = .standard,
    history: TimeSpan = .days(365), also other: InMemoryConnector? = nil, chosen: Set<String> = [],
    otherPolicy: WritePolicy? = nil
  ) throws -> RunContext {
    let store = try LeadStore(path: folder + "/leadgauge.db")
    let configuration = Configuration(
      file: "test.yaml", folder: folder, modelPath: "model.yaml", statePath: store.path, history: history,
      connections: [("crm", connector), ("other", other)].compactMap { name, connector in
        connector.map {
          ConfiguredConnection(
            name: name, connector: $0, write: name == "other" ? otherPolicy ?? policy : policy)
        }
      }, fuses: fuses)
    let model = try Model(yaml: text, file: "model.yaml")
    let environment = RunEnvironment(
      milliseconds: { [now] in now.seconds * 1_000 },
      random: { [self] in
        serial.withLock {
          $0 += 1
          return $0
        }
      })
    return try RunContext(
      store: store, configuration: configuration,
      model: LoadedModel(model: model, sha256: SHA256.hex(of: text.utf8), path: "model.yaml"),
      domains: .empty,
      chosen: chosen, environment: environment)
  }
}

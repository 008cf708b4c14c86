import ConnectorConformance
import Foundation
import Platform
import Scoring
import Store
import Sync
import Synchronization

/// A receiver in memory: keeps what it is told, and answers as it is told to.
final class Receiver: Messenger {
  struct Told: Equatable {
    let key: String
    let body: String
    /// The person's address, as the plain JSON says it.
    var email: String? {
      let form = try? JSONDecoder().decode(HandoffNotice.self, from: Data(body.utf8))
      return form?.person.email
    }
  }

  private struct State {
    var accepted: [Told] = []
    var tried: [Told] = []
    var urls: [String] = []
    var answers: [MessageOutcome] = []
    var waited: [Double] = []
  }

  private let state = Mutex(State())
  /// Called before and after each message is taken.
  let step: @Sendable () -> Void

  init(accepted: [Told] = [], step: @escaping @Sendable () -> Void = {}) {
    self.step = step
    state.withLock { $0.accepted = accepted }
  }

  /// What it answered 2xx to.
  var accepted: [Told] { state.withLock { $0.accepted } }
  /// Every message that came.
  var tried: [Told] { state.withLock { $0.tried } }
  /// Where they went.
  var urls: [String] { state.withLock { $0.urls } }
  /// For how long it was left alone.
  var waited: [Double] { state.withLock { $0.waited } }

  /// The next answers; after them it takes everything.
  func answer(_ answers: MessageOutcome...) { state.withLock { $0.answers = answers } }

  func send(_ message: OutgoingMessage) async -> MessageOutcome {
    step()
    let told = Told(
      key: message.headers.first { $0.name == "Idempotency-Key" }?.value ?? "",
      body: String(decoding: message.body ?? [], as: UTF8.self))
    let outcome = state.withLock { state -> MessageOutcome in
      state.tried.append(told)
      state.urls.append(message.url)
      let outcome =
        state.answers.isEmpty
        ? .answered(status: 200, text: "ok", retryAfter: nil) : state.answers.removeFirst()
      if case .answered(200..<300, _, _) = outcome { state.accepted.append(told) }
      return outcome
    }
    step()
    return outcome
  }

  func wait(seconds: Double) async { state.withLock { $0.waited.append(seconds) } }
}

/// An installation whose sales people are told: a platform, a state file, a receiver and a clock that is set.
final class HandoffBench: Sendable {
  static let model = """
    name: Test
    actions:
      - { id: visit, label: Looked at a page, on: page_visit, points: 10, max: 8, within: 30d }
    bands:
      - { name: hot, from: 40, tag: lead_hot, handoff: true }
      - { name: warm, from: 20, tag: lead_warm }
      - { name: cold, from: 0, tag: lead_cold }
    """

  let connector: InMemoryConnector
  let other: InMemoryConnector?
  let receiver: Receiver
  let folder: String
  private let clock: Mutex<Int64>
  private let serial = Mutex<UInt64>(0)
  private let step: @Sendable () -> Void

  init(
    _ connector: InMemoryConnector = InMemoryConnector(.web), other: InMemoryConnector? = nil,
    receiver: Receiver = Receiver(), now: Int64 = 1_790_000_000, step: @escaping @Sendable () -> Void = {}
  ) throws {
    self.connector = connector
    self.other = other
    self.receiver = receiver
    self.step = step
    clock = Mutex(now)
    folder = FileManager.default.temporaryDirectory.path + "/handoff-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  var now: Timestamp { Timestamp(clock.withLock { $0 }) }
  var path: String { folder + "/leadgauge.db" }

  func pass(_ span: TimeSpan) { clock.withLock { $0 += span.seconds } }

  /// So many people who did nothing, `p1@example.com` and so on.
  func people(_ numbers: ClosedRange<Int>) {
    connector.edit { content in
      for number in numbers { content.contacts["\(number)"] = InMemoryContact("p\(number)@example.com") }
    }
  }

  /// Lets people do enough to be hot.
  func warmUp(_ numbers: Int...) {
    let now = now
    connector.edit { content in
      for number in numbers {
        for visit in 1...4 {
          content.addActivity(
            of: "\(number)", .pageVisit, at: Timestamp(now.seconds - 60 * Int64(visit)), target: "/pricing")
        }
      }
    }
  }

  func context(
    model text: String = HandoffBench.model, first: Bool = false,
    format: HandoffSettings.Format = .json, webhook: String? = "https://sales.example.com/hook",
    task: Bool = false, tells: Bool = true, slack: Int = 0, otherSlack: Int? = nil,
    fuses: FuseLimits = .standard
  ) throws -> RunContext {
    let store = try LeadStore(path: path)
    func policy(_ slack: Int) -> WritePolicy {
      var policy = WritePolicy.standard
      policy.bandSlack = slack
      return policy
    }
    let handoff = HandoffSettings(
      webhook: webhook.flatMap { NotifyAddress($0) }, format: format, first: first, task: task)
    let configuration = Configuration(
      file: "test.yaml", folder: folder, modelPath: "model.yaml", statePath: store.path,
      history: .days(365),
      connections: [("crm", connector, slack), ("other", other, otherSlack ?? slack)].compactMap {
        name, connector, slack in
        connector.map { ConfiguredConnection(name: name, connector: $0, write: policy(slack)) }
      }, fuses: fuses, notify: NotifySettings(handoff: tells ? handoff : nil))
    let environment = RunEnvironment(
      milliseconds: { [self] in
        step()
        return clock.withLock { $0 } * 1_000
      },
      random: { [self] in
        serial.withLock {
          $0 += 1
          return $0
        }
      }, messenger: receiver)
    return try RunContext(
      store: store, configuration: configuration,
      model: LoadedModel(
        model: try Model(yaml: text, file: "model.yaml"), sha256: SHA256.hex(of: text.utf8),
        path: "model.yaml"), domains: .empty, chosen: [], environment: environment)
  }

  @discardableResult
  func sync(_ context: RunContext? = nil, approves: Bool = true) async throws -> RunResult {
    let context = try context ?? self.context()
    defer { context.store.close() }
    return try await LeadRun("sync", context: context).sync(at: now, approves: approves)
  }
}

import ConnectorConformance
import Foundation
import Platform
import Scoring
import Store
import Sync
import Synchronization
import Testing

/// Takes a picture of everything that would be left if the machine stopped now, at every step of a run.
private final class Camera: Sendable {
  struct Picture: Sendable {
    let folder: String
    let platform: InMemoryConnector
    let told: [Receiver.Told]
  }

  private struct Scene {
    var pictures: [Picture] = []
    var isOn = false
  }

  private let scene = Mutex(Scene())
  private let subject = Mutex<HandoffBench?>(nil)

  var pictures: [Picture] { scene.withLock { $0.pictures } }

  func watch(_ bench: HandoffBench?) {
    subject.withLock { $0 = bench }
    scene.withLock { $0.isOn = bench != nil }
  }

  func take() {
    guard scene.withLock({ $0.isOn }), let bench = subject.withLock({ $0 }) else { return }
    let number = scene.withLock { $0.pictures.count }
    let folder = bench.folder + "/picture-\(number)"
    try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    for end in ["", "-wal"] {
      try? FileManager.default.copyItem(atPath: bench.path + end, toPath: folder + "/leadgauge.db" + end)
    }
    let picture = Picture(
      folder: folder, platform: bench.connector.copied(), told: bench.receiver.accepted)
    scene.withLock { $0.pictures.append(picture) }
  }
}

@Suite("Handoff under crashes")
struct HandoffCrashTests {
  @Test(
    "whatever step a run dies at, the next one has told of everybody, and repetitions carry the same key",
    arguments: [false, true])
  func everyStep(isStaged: Bool) async throws {
    let camera = Camera()
    let capabilities = ConnectorCapabilities(
      batchSize: 2, readBackSize: 2, wantsWritesInOrder: isStaged)
    let options = InMemoryOptions(
      isStaged ? .fullListing : .changeFeed, capabilities: capabilities, isStaged: isStaged)
    let bench = try HandoffBench(
      InMemoryConnector(options), receiver: Receiver(step: { camera.take() }), step: { camera.take() })
    bench.people(1...8)
    try await bench.sync()
    bench.warmUp(1, 2, 3, 4, 5)
    if !isStaged {
      bench.connector.refuse("2", "not today")
      bench.connector.loseAnswer("3", written: true)
      bench.connector.loseAnswer("4", written: false)
    }
    bench.receiver.answer(.answered(status: 503, text: "", retryAfter: nil))
    bench.connector.beforeEachCall { _, _ in camera.take() }
    camera.watch(bench)
    try await bench.sync()
    camera.watch(nil)
    bench.connector.beforeEachCall(nil)

    let hot = (1...5).map { "p\($0)@example.com" }
    #expect(camera.pictures.count > 20)
    for (number, picture) in camera.pictures.enumerated() {
      picture.platform.calm()
      let next = try HandoffBench(
        picture.platform, receiver: Receiver(accepted: picture.told), now: bench.now.seconds + 60)
      for end in ["", "-wal"] {
        try FileManager.default.copyItem(
          atPath: picture.folder + "/leadgauge.db" + end, toPath: next.path + end)
      }
      try await next.sync()
      var keys: [String: Set<String>] = [:]
      for told in next.receiver.accepted { keys[told.email ?? "", default: []].insert(told.key) }
      #expect(keys.keys.sorted() == hot, "step \(number)")
      #expect(keys.values.allSatisfy { $0.count == 1 }, "step \(number)")
      #expect(hot.indices.allSatisfy { next.connector.held("\($0 + 1)")?.band == "hot" }, "step \(number)")
    }
  }
}

import ConnectorConformance
import Platform
import Scoring
import Store
import Sync
import Testing

@Suite("Tasks of handoffs")
struct HandoffTaskTests {
  private static let withTasks = InMemoryOptions(
    .changeFeed,
    capabilities: ConnectorCapabilities(batchSize: 100, readBackSize: 100, createsTasks: true))

  private func bench(_ options: InMemoryOptions = withTasks) async throws -> HandoffBench {
    let other = InMemoryConnector(.web)
    other.edit { $0.contacts["x"] = InMemoryContact("p1@example.com") }
    let bench = try HandoffBench(InMemoryConnector(options), other: other)
    bench.people(1...5)
    try await bench.sync(bench.context(task: true))
    return bench
  }

  @Test("a task is made where the platform takes tasks, once, beside the webhook or without one")
  func once() async throws {
    for webhook in ["https://sales.example.com/hook", nil] {
      let bench = try await bench()
      bench.warmUp(1)
      for _ in 1...2 { try await bench.sync(bench.context(webhook: webhook, task: true)) }
      #expect(bench.connector.tasks.map(\.contact) == ["1"])
      #expect(bench.connector.tasks.first?.task.title == "p1@example.com is hot: 40 points")
      #expect(bench.other?.tasks.isEmpty == true)
      #expect(
        bench.receiver.accepted.map(\.key) == (webhook == nil ? [] : bench.connector.tasks.map(\.task.key)))
    }
  }

  @Test("a task whose answer was lost is asked for again, with the same key", arguments: [true, false])
  func lost(acted: Bool) async throws {
    let bench = try await bench()
    bench.warmUp(1)
    bench.connector.fail(.createTask, acted: acted)
    let first = try await bench.sync(bench.context(task: true))
    #expect(Sync.ExitStatus.of(first) == .done)
    #expect(first.handoff?.waiting.map(\.target) == ["task:crm"])
    let second = try await bench.sync(bench.context(task: true))
    #expect(second.handoff?.waiting.isEmpty == true)
    #expect(bench.connector.tasks.count == 1)
  }

  @Test("where nobody takes tasks they wait, and that is said")
  func nobody() async throws {
    let bench = try await bench(.web)
    bench.warmUp(1)
    let result = try await bench.sync(bench.context(task: true))
    #expect(result.handoff?.waiting.map(\.target) == ["task"])
    #expect(result.handoff?.troubles.map(\.needsSomebody) == [true])
    #expect(bench.receiver.accepted.count == 1)
  }
}

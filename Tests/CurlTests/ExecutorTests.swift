import Foundation
import Testing

@testable import Curl

@Suite("Tasks on the client's thread")
struct ExecutorTests {
  /// The thread that asks.
  private static func thread() -> pthread_t { pthread_self() }

  /// The thread on which the client works.
  private static func ownThread(_ client: HTTPClient) async -> pthread_t {
    await withCheckedContinuation { continuation in
      _ = client.inbox.post(.census { _ in continuation.resume(returning: Self.thread()) })
    }
  }

  private static func small() throws -> RawServer {
    try RawServer.answering { _, connection in connection.answer("200 OK", Array("hello".utf8)) }
  }

  @Test("a task that prefers the thread runs there before and after its request")
  func stays() async throws {
    let server = try Self.small()
    defer { server.stop() }
    let client = try HTTPClient()
    let url = server.url
    let (before, body, after) = try await withTaskExecutorPreference(client.executor) {
      let before = Self.thread()
      let body = try await client.send(HTTPRequest(url: url)).body.collect()
      return (before, body, Self.thread())
    }
    let own = await Self.ownThread(client)
    #expect(body == Array("hello".utf8))
    #expect(before == own)
    #expect(after == own)
    await client.close()
  }

  @Test("a task that never pauses for long holds up no transfer")
  func noStarvation() async throws {
    let server = try Self.small()
    defer { server.stop() }
    let client = try HTTPClient()
    let url = server.url
    let done = Event()
    let turns = try await withTaskExecutorPreference(client.executor) {
      try await withThrowingTaskGroup(of: Int.self) { group in
        group.addTask {
          var turns = 0
          while !done.hasHappened {
            turns += 1
            await Task.yield()
          }
          return turns
        }
        group.addTask {
          for _ in 1...20 { _ = try await client.send(HTTPRequest(url: url)).body.collect() }
          done.happen()
          return 0
        }
        return try await group.reduce(0, +)
      }
    }
    #expect(turns > 0)
    await client.close()
  }

  @Test("many tasks on the thread get their own answers")
  func many() async throws {
    let server = try RawServer.answering { request, connection in
      connection.answer("200 OK", Array(request.target.utf8))
    }
    defer { server.stop() }
    let client = try HTTPClient()
    let url = server.url
    let right = try await withTaskExecutorPreference(client.executor) {
      try await withThrowingTaskGroup(of: Bool.self) { group in
        for number in 1...200 {
          group.addTask {
            let body = try await client.send(HTTPRequest(url: "\(url)/\(number)")).body.collect()
            return body == Array("/\(number)".utf8)
          }
        }
        return try await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
      }
    }
    #expect(right == 200)
    await client.close()
  }

  @Test("a task closes the client from its own thread and goes on elsewhere")
  func closesItself() async throws {
    let client = try HTTPClient()
    let failure = await withTaskExecutorPreference(client.executor) {
      await client.close()
      await Task.yield()
      return await #expect(throws: HTTPFailure.self) {
        try await client.send(HTTPRequest(url: "http://127.0.0.1:9"))
      }
    }
    #expect(failure?.kind == .closed)
  }

  @Test("tasks that come after the end still run")
  func afterClose() async throws {
    let client = try HTTPClient()
    await client.close()
    let sum = await withTaskExecutorPreference(client.executor) {
      await withTaskGroup(of: Int.self) { group in
        for number in 1...100 { group.addTask { number } }
        return await group.reduce(0, +)
      }
    }
    #expect(sum == 5050)
  }

  @Test("tasks outlive the client whose thread they ran on")
  func outlives() async throws {
    var client: HTTPClient? = try HTTPClient()
    let (begun, goOn) = (Event(), Event())
    let task = Task(executorPreference: client?.executor) {
      begun.happen()
      await goOn.wait()
      return "done"
    }
    let inbox = try #require(client?.inbox)
    await begun.wait()
    client = nil
    await inbox.ended()
    goOn.happen()
    #expect(await task.value == "done")
  }

  @Test("closing under tasks on the thread loses none of them")
  func closeUnderLoad() async throws {
    let received = Event()
    let server = try RawServer.answering { _, connection in
      connection.answer("200 OK", [UInt8](repeating: 1, count: 50_000))
      received.happen()
    }
    defer { server.stop() }
    let client = try HTTPClient()
    let url = server.url
    let ended = await withTaskGroup(of: Int.self) { group in
      for _ in 1...100 {
        group.addTask(executorPreference: client.executor) {
          _ = try? await client.send(HTTPRequest(url: url)).body.collect()
          return 1
        }
      }
      await received.wait()
      await client.close()
      return await group.reduce(0, +)
    }
    #expect(ended == 100)
  }
}

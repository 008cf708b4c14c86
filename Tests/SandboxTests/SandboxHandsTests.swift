import Foundation
import Platform
import Sandbox
import Scoring
import Testing

@Suite(.serialized) struct SandboxHandsTests {
  private static let now = WrittenSandbox.now + .days(1)

  /// A filled sandbox that is hosted with hands, for as long as the body runs.
  private func hosting(
    _ body: (SimulatorHost, LoopbackClient, FilledSandbox) async throws -> Void
  ) async throws {
    let box = try FilledSandbox(
      GeneratedWorld(people: 1_000, activitiesPerPerson: 5, seed: 7, now: WrittenSandbox.now))
    var notebook = box.notebook
    notebook.lines = ["1,40,warm", "2,,"]
    let host = SimulatorHost(
      notebook, hands: SandboxHands(sandbox: box.sandbox, folder: box.folder), clock: { Self.now })
    let client = try LoopbackClient(port: try await host.start())
    do {
      try await body(host, client, box)
    } catch {
      await host.stop()
      throw error
    }
    await host.stop()
  }

  private func activities(_ host: SimulatorHost) -> [SimulatedActivity] {
    host.withSimulator { ($0 as? NotebookSimulator)?.activities ?? [] }
  }

  @Test func `one percent of the people do something at the platform's time`() async throws {
    try await hosting { host, client, box in
      let before = activities(host).count
      let rows = try box.rows("shop-activities.csv").count
      let answer = try await client.send("POST", "/_sandbox/append?batch=3")
      let new = activities(host).dropFirst(before)
      let newRows = try box.rows("shop-activities.csv").count - rows
      #expect(answer.text == "{\"people\":10,\"activities\":\(new.count + newRows)}\n")
      #expect(!new.isEmpty)
      #expect(new.allSatisfy { $0.time == Self.now })
    }
  }

  @Test(arguments: ["0", "-1", "x", "1000001"]) func `a batch that is no number from 1 is refused`(
    batch: String
  ) async throws {
    try await hosting { _, client, _ in
      let status = try await client.send("POST", "/_sandbox/append?batch=\(batch)").status
      #expect(status == 400)
    }
  }

  @Test func `the hands count the platform's requests and not their own`() async throws {
    try await hosting { _, client, _ in
      for method in ["GET", "GET", "PATCH"] { _ = try await client.send(method, "/api") }
      _ = try await client.send("GET", "/_sandbox/requests")
      let answer = try await client.send("GET", "/_sandbox/requests")
      #expect(answer.text == "{\"requests\":3,\"changing\":1}\n")
      #expect(answer.headers["content-type"] == "application/json")
    }
  }

  @Test func `what is held can be read as a table`() async throws {
    try await hosting { _, client, _ in
      let usual = try await client.send("GET", "/_sandbox/held.csv")
      #expect(
        usual.text
          == "id,lead_score,lead_band,tags\n1,40,warm,lead_score+lead_band\n2,,,lead_score+lead_band\n")
      let other = try await client.send("GET", "/_sandbox/held.csv?fields=points")
      #expect(other.text == "id,points,tags\n1,40,warm,points\n2,,,points\n")
    }
  }

  @Test func `changing requests are on record from the moment that somebody asks for it`() async throws {
    try await hosting { _, client, _ in
      _ = try await client.send("PUT", "/before")
      _ = try await client.send("POST", "/_sandbox/record")
      _ = try await client.send("GET", "/looked")
      _ = try await client.send("PATCH", "/api/7?a=1&b=%20", body: Array("x\"y".utf8))
      let text = try await client.send("GET", "/_sandbox/record").text
      let line =
        #"{"body":"eCJ5","method":"PATCH","path":"/api/7","query":[["a","1"],["b"," "]],"#
        + #""status":200}"#
      #expect(text == line + "\n")
    }
  }

  @Test func `what the hands do not know never reaches the platform`() async throws {
    try await hosting { host, client, _ in
      let status = try await client.send("GET", "/_sandbox/append").status
      #expect(status == 404)
      #expect(host.requests.all == 0)
    }
  }

  @Test func `without hands the platform sees such paths as well`() async throws {
    let host = SimulatorHost(NotebookSimulator(), clock: { Self.now })
    let client = try LoopbackClient(port: try await host.start())
    let answer = try await client.send("GET", "/_sandbox/requests").text
    #expect(answer == "answer 1")
    await host.stop()
  }
}

import Foundation
import Testing

@Suite("status, runs and sandbox")
struct StatusCommandTests {
  @Test("runs are an array, newest first, with the keys that are promised")
  func runs() async throws {
    let place = try Workplace.small()
    #expect(try await place.run("pull").status == 0)
    #expect(try await place.runAsOf("sync").status == 0)
    #expect(try await place.run("apply", "nowhere.plan").status == 64)
    let runs = try await place.run("runs", "--json")
    #expect(runs.status == 0, "\(runs)")
    let list = try runs.document([RunForm].self)
    #expect(list.map(\.command) == ["apply", "sync", "pull"])
    #expect(list.map(\.exit) == [64, 0, 0])
    #expect(list.map(\.run) == list.map(\.run).sorted(by: >))
    #expect(list[1].contacts == 3 && list[1].changes == 3 && list[1].written == 3 && list[1].refused == 0)
    let objects = try JSONSerialization.jsonObject(with: Data(runs.out.utf8)) as? [[String: Any]]
    let keys: Set = [
      "run", "command", "startedAt", "endedAt", "exit", "contacts", "changes", "written", "refused",
    ]
    #expect(objects?.allSatisfy { Set($0.keys) == keys } == true, "\(runs)")
    #expect(try await place.run("runs", "--json", "--limit", "1").document([RunForm].self).count == 1)
  }

  @Test("runs for people: a line each, in 80 columns, with whole numbers")
  func runsText() async throws {
    let place = try Workplace.crowd(1_234)
    #expect(try await place.runAsOf("sync").status == 0)
    let lines = try await place.run("runs").out.split(separator: "\n")
    #expect(lines.count == 2)
    #expect(lines.allSatisfy { $0.count <= 80 })
    #expect(lines.last?.split(separator: " ").suffix(4) == ["sync", "0", "1,234", "1,234"])
  }

  @Test("status tells of the last run, the connections, and what could not be used")
  func status() async throws {
    let place = try Workplace.small()
    try place.append("activities.csv", "ben@example.com,dance,2026-10-20,x\n")
    #expect(try await place.runAsOf("plan").status == 0)
    let status = try await place.run("status", "--json")
    #expect(status.status == 0, "\(status)")
    let form = try status.document(StatusForm.self)
    #expect(form.lastRun?.command == "plan")
    #expect(form.connections.map(\.contacts) == [3] && form.connections.map(\.pending) == [3])
    #expect(form.connections[0].rejectedRecords.map(\.place) == ["activities.csv:8"])
    #expect(form.fuses.isEmpty)
    let text = try await place.run("status")
    #expect(text.out.contains("list (files): 3 contacts, 3 to write"), "\(text)")
    #expect(text.out.contains("activities.csv:8: unknown kind 'dance'"), "\(text)")
  }

  @Test("before the first run there is nothing to tell, and nothing is made")
  func beforeAll() async throws {
    let place = try Workplace.small()
    for command in ["status", "runs"] {
      let outcome = try await place.run(command)
      #expect(outcome.status == 78, "\(outcome)")
      #expect(outcome.err.contains("leadgauge pull"))
    }
    #expect(!place.exists("state"))
  }

  @Test("a sandbox is the same to the byte for the same seed, and can be planned at once")
  func sandbox() async throws {
    let place = try Workplace()
    let made = try await place.runAsOf("sandbox", "--contacts", "40", "--json")
    #expect(made.status == 0, "\(made)")
    #expect(try made.keys() == ["people", "activities", "configuration"])
    #expect(try await place.runAsOf("sandbox", "--contacts", "40", "--directory", "again").status == 0)
    for name in ["leadgauge.yaml", "model.yaml", "web-contacts.csv", "shop-activities.csv"] {
      #expect(try place.text("sandbox/\(name)") == place.text("again/\(name)"))
    }
    let plan = try await place.runAsOf("plan", "--config", "sandbox/leadgauge.yaml", "--detailed-exitcode")
    #expect(plan.status == 2, "\(plan)")

    let more = try await place.runAsOf("sandbox", "--contacts", "40", "--append", "1")
    #expect(more.status == 0, "\(more)")
    let old = try place.text("again/web-activities.csv") + place.text("again/shop-activities.csv")
    let new = try place.text("sandbox/web-activities.csv") + place.text("sandbox/shop-activities.csv")
    #expect(new.count > old.count)
  }

  @Test("a sandbox on one connection, and none where no folder can be made")
  func sandboxPlaces() async throws {
    let place = try Workplace()
    #expect(try await place.run("sandbox", "--contacts", "5", "--single").status == 0)
    #expect(!place.exists("sandbox/shop-contacts.csv"))
    try place.write("file", "")
    let failed = try await place.run("sandbox", "--contacts", "5", "--directory", "file/box")
    #expect(failed.status == 73, "\(failed)")
    #expect(try await place.run("sandbox", "--platform", "abacus").status == 64)
  }
}

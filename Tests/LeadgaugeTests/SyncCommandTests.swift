import Foundation
import Testing

@Suite("sync and backfill write what the model says")
struct SyncCommandTests {
  @Test("a sync writes, and the next one touches nothing")
  func twice() async throws {
    let place = try Workplace.small()
    let first = try await place.runAsOf("sync")
    #expect(first.status == 0, "\(first)")
    #expect(
      first.out == "As of 2026-11-01T00:00:00Z: 3 changes among 3 contacts.\n3 contacts written.\n")
    #expect(first.err.isEmpty)
    #expect(try place.scores().mapValues(\.score) == ["1": 55, "2": 4, "3": 0])

    let before = try FileManager.default.attributesOfItem(atPath: place.at("scores.csv")) as NSDictionary
    let second = try await place.runAsOf("sync", "--json")
    #expect(second.status == 0, "\(second)")
    let result = try second.document(ResultForm.self)
    #expect(result.plan?.changes == 0 && result.written == 0 && result.refused == 0)
    let after = try FileManager.default.attributesOfItem(atPath: place.at("scores.csv")) as NSDictionary
    #expect(after == before)
  }

  @Test("rows and tags that are not ours stay as they are")
  func onlyOurs() async throws {
    let place = try Workplace.small()
    try place.write(
      "scores.csv",
      """
      id,email,score,band,tags,reasons,updated_at
      1,an.tran@acme.example,12,cold,vip;lead_cold,,2026-10-01T00:00:00Z
      77,who@example.com,5,cold,mine,by hand,2026-10-01T00:00:00Z

      """)
    #expect(try await place.runAsOf("sync").status == 0)
    let scores = try place.scores()
    #expect(Set(scores["1"]?.tags ?? []) == ["vip", "lead_hot", "saw_pages"])
    #expect(scores["77"]?.reasons == "by hand" && scores["77"]?.tags == ["mine"])
  }

  @Test("a connection with write: false is scored and never written")
  func readOnly() async throws {
    let place = try Workplace.small()
    try place.replace("output: scores.csv }", by: "output: scores.csv, write: false }", in: "leadgauge.yaml")
    let sync = try await place.runAsOf("sync")
    #expect(sync.status == 0, "\(sync)")
    #expect(!place.exists("scores.csv"))
    #expect(try await place.runAsOf("explain", "list/1", "--json").document(Explained.self).score == 55)
  }

  @Test("--verbose shows the plan as well")
  func verbose() async throws {
    let place = try Workplace.small()
    let sync = try await place.runAsOf("sync", "--verbose")
    #expect(sync.out.contains("Largest rises") && sync.out.contains("3 contacts written."), "\(sync)")
    #expect(!sync.out.contains("nothing has been written"))
  }

  @Test("backfill reads what is older than the history, scores it, and writes unless told not to")
  func backfill() async throws {
    let place = try Workplace.small()
    try place.replace("history: 36500d", by: "history: 30d", in: "leadgauge.yaml")
    try place.append("activities.csv", "chi@example.com,purchase,2025-03-01,Tea\n")
    let sync = try await place.runAsOf("sync", "--verbose")
    let words = sync.out.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
    #expect(words.contains("1 record of list is older than the history"), "\(sync)")
    #expect(words.contains("leadgauge backfill --since TIME"))
    #expect(try place.scores()["3"]?.score == 0)

    let dry = try await place.runAsOf("backfill", "--since", "2025-01-01", "--no-write", "--json")
    #expect(dry.status == 0, "\(dry)")
    let result = try dry.document(ResultForm.self)
    #expect(result.plan?.changes == 1 && result.written == nil && result.pull?.newActivities == 1)
    #expect(try place.scores()["3"]?.score == 0)

    let wet = try await place.runAsOf("backfill", "--since", "2025-01-01")
    #expect(wet.status == 0, "\(wet)")
    #expect(try place.scores()["3"]?.score == 7)
  }

  @Test("LEADGAUGE_CONFIG names the configuration, and --config goes before it")
  func configPath() async throws {
    let place = try Workplace.small()
    try FileManager.default.moveItem(atPath: place.at("leadgauge.yaml"), toPath: place.at("other.yaml"))
    #expect(try await place.runAsOf("sync").status == 78)
    let named = try await place.run("pull", environment: ["LEADGAUGE_CONFIG": "other.yaml"])
    #expect(named.status == 0, "\(named)")
    let both = try await place.run(
      "pull", "--config", "other.yaml", environment: ["LEADGAUGE_CONFIG": "nowhere.yaml"])
    #expect(both.status == 0, "\(both)")
  }

  @Test("paths in the configuration are relative to its file")
  func fromElsewhere() async throws {
    let place = try Workplace.small()
    let elsewhere = try Workplace()
    let sync = try await elsewhere.runAsOf("sync", "--config", place.at("leadgauge.yaml"))
    #expect(sync.status == 0, "\(sync)")
    #expect(try place.scores().count == 3)
    #expect(try elsewhere.names().isEmpty)
  }
}

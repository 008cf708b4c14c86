import Foundation
import Testing

@Suite("pull and plan write to no platform")
struct PlanCommandTests {
  @Test("pull brings contacts and activities and says how many")
  func pull() async throws {
    let place = try Workplace.small()
    let pull = try await place.run("pull", "--json")
    #expect(pull.status == 0, "\(pull)")
    let result = try pull.document(ResultForm.self)
    #expect(result.pull?.newContacts == 3)
    #expect(result.pull?.newActivities == 6)
    #expect(!place.exists("scores.csv"))
    let again = try await place.run("pull")
    #expect(again.out.contains("New: 0 contacts, 0 activities."), "\(again)")
  }

  @Test("pull reads only the connections that are chosen")
  func chosen() async throws {
    let place = try Workplace.small()
    try place.write("more.csv", "id,email\n9,ida@example.com\n")
    try place.append("leadgauge.yaml", "  more: { platform: files, contacts: more.csv }\n")
    let pull = try await place.run("pull", "--connection", "more", "--json")
    #expect(try pull.document(ResultForm.self).pull?.newContacts == 1)
  }

  @Test("the report tells totals, bands, and the largest moves with their reasons")
  func report() async throws {
    let place = try Workplace.small()
    let plan = try await place.runAsOf("plan")
    #expect(plan.status == 0, "\(plan)")
    #expect(plan.err.isEmpty)
    #expect(
      plan.out.hasPrefix("Plan as of 2026-11-01T00:00:00Z  model: Test model\n3 changes among 3 contacts"))
    #expect(plan.out.contains("Persons by band: hot 1, warm 0, cold 2."), "\(plan)")
    #expect(plan.out.contains("Looked at a page +50 · Decides on purchases +5"), "\(plan)")
    #expect(!place.exists("scores.csv"))
  }

  @Test("--detailed-exitcode is 2 with changes and 0 without")
  func detailedExitCode() async throws {
    let place = try Workplace.small()
    #expect(try await place.runAsOf("plan", "--detailed-exitcode").status == 2)
    #expect(try await place.runAsOf("sync").status == 0)
    #expect(try await place.runAsOf("plan", "--detailed-exitcode").status == 0)
  }

  @Test("--no-pull scores what was pulled before")
  func noPull() async throws {
    let place = try Workplace.small()
    #expect(try await place.run("pull").status == 0)
    try place.append("activities.csv", "chi@example.com,purchase,2026-10-20,Tea\n")
    try place.append("contacts.csv", "4,dao@example.com,Dao,,2026-09-01\n")
    let old = try await place.runAsOf("plan", "--no-pull", "--json")
    #expect(try old.document(ResultForm.self).plan?.changes == 3)
    let new = try await place.runAsOf("plan", "--json")
    #expect(try new.document(ResultForm.self).plan?.changes == 4)
  }

  @Test("--as-of gives the scores of another time")
  func asOf() async throws {
    let place = try Workplace.small()
    let plan = try await place.run("plan", "--as-of", "2026-10-28T10:03:00Z")
    #expect(plan.out.contains("- → 35  an.tran@acme.example"), "\(plan)")
  }

  @Test("-o keeps the plan, line by line as it is promised, for this user's eyes")
  func file() async throws {
    let place = try Workplace.small()
    let plan = try await place.runAsOf("plan", "-o", "monday.plan")
    #expect(plan.status == 0, "\(plan)")
    #expect(plan.out.contains("leadgauge apply monday.plan"))
    let attributes = try FileManager.default.attributesOfItem(atPath: place.at("monday.plan"))
    #expect((attributes[.posixPermissions] as? Int) == 0o600)

    let lines = try place.text("monday.plan").split(separator: "\n").map { line in
      try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? NSDictionary)
    }
    #expect(lines.count == 5)
    let head = try #require(lines.first)
    #expect(
      Set(head.allKeys as? [String] ?? []) == [
        "type", "version", "id", "asOf", "model", "connections", "totals",
      ])
    #expect(head["asOf"] as? String == "2026-11-01T00:00:00Z")
    #expect(head["totals"] as? NSDictionary == ["contacts": 3, "changes": 3])
    #expect(head["connections"] as? [String] == ["list"])
    let change = try #require(lines.first { $0["contact"] as? String == "1" })
    let expected: NSDictionary = [
      "type": "change", "connection": "list", "contact": "1", "email": "an.tran@acme.example",
      "score": ["from": NSNull(), "to": 55], "band": ["from": NSNull(), "to": "hot"],
      "addTags": ["lead_hot", "saw_pages"], "removeTags": [String](),
      "reasons": [
        ["rule": "visit", "points": 50, "count": 5, "last": "2026-10-28T10:05:00Z"],
        ["rule": "decides", "points": 5, "count": 1, "last": NSNull()],
      ],
    ]
    #expect(change == expected)
    #expect(lines.last == ["type": "end", "changes": 3])
  }

  @Test("a plan file where none can be made is 73, and nothing is left behind")
  func unwritable() async throws {
    let place = try Workplace.small()
    let plan = try await place.runAsOf("plan", "-o", "model.yaml/monday.plan")
    #expect(plan.status == 73, "\(plan)")
    #expect(plan.err.contains("model.yaml/monday.plan"))
    let names = try place.names().filter { $0.contains("plan") }
    #expect(names.isEmpty, "\(names)")
  }
}

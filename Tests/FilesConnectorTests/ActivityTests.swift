import Platform
import Scoring
import Testing

@testable import FilesConnector

@Suite("Activities and outcomes of files")
struct ActivityTests {
  private func pull(
    _ text: String, _ more: String = "", since: Int64 = 0, name: String = "activities.csv"
  ) async throws -> Pulled {
    let folder = try TemporaryFolder()
    try folder.write(name, text)
    return try await folder.connector("contacts: c.csv\nactivities: \(name)\n" + more)
      .pull("activities", since: since)
  }

  @Test("A full row becomes an activity with its own identity")
  func full() async throws {
    let pulled = try await pull(
      "contact,email,kind,at,target,campaign,value,id,other\n"
        + "7,a@b.c,page_visit,2026-11-22T20:11:00+07:00,https://example.com/pricing,News,12.5,x1,z\n")
    let expected = ActivityRecord(
      subject: .contact(ContactID("7")), kind: .known(.pageVisit), time: Timestamp(1_795_353_060),
      target: "https://example.com/pricing", campaign: "News", value: 12.5, identity: .id("x1"))
    #expect(pulled.activities == [expected])
    #expect(pulled.listings == [.changes])
  }

  @Test(
    "Without an id the bytes of the row are the identity, its line end left out", arguments: ["\n", "\r\n"])
  func content(_ lineEnd: String) async throws {
    let row = "Ann@b.c,custom:demo,1790000000,,"
    let pulled = try await pull("email,kind,at,target,value\(lineEnd)\(row)\(lineEnd)\(row)")
    let digest = StableHash.unkeyed.digest(row)
    let expected = ActivityRecord(
      subject: .address("Ann@b.c"), kind: .custom("demo"), time: Timestamp(1_790_000_000),
      identity: .content(digest))
    #expect(pulled.activities == [expected, expected])
  }

  @Test("Unusable rows are rejected with the reason")
  func rejected() async throws {
    let pulled = try await pull(
      """
      contact,email,kind,at,value
      1,,Page-Visit,1,
      1,,dance,1,
      1,,,1,
      1,,call,never,
      1,,call,,
      1,,call,1,"1,5"
      ,nobody,call,1,
      ,,call,1,
      1,,call,1,3

      """)
    #expect(pulled.activities.map(\.value) == [3])
    #expect(
      pulled.reasons == [
        "activities.csv:2: unknown kind 'Page-Visit'; did you mean 'page_visit'",
        "activities.csv:3: unknown kind 'dance'; a kind of your own is written custom:NAME",
        "activities.csv:4: has no kind",
        "activities.csv:5: at is 'never', not a time by ISO 8601, a date or Unix seconds",
        "activities.csv:6: has no time in 'at'",
        "activities.csv:7: value is '1,5', not a number such as 12.5",
        "activities.csv:8: 'nobody' is no e-mail address",
        "activities.csv:9: has neither contact nor email",
      ])
    #expect(pulled.read == 9)
  }

  @Test("Older activities are counted, future ones are kept")
  func window() async throws {
    let pulled = try await pull("contact,kind,at\n1,call,99\n1,call,100\n1,call,9000000000\n", since: 100)
    #expect(pulled.activities.map(\.time.seconds) == [100, 9_000_000_000])
    #expect(pulled.older == 1)
    #expect(pulled.read == 3)
  }

  @Test("Headers are mapped, the kind is always the same, dates have a pattern")
  func mapping() async throws {
    let pulled = try await pull(
      "contact,Purchase date,Amount,Order\n1,20261123,19.99,A-7\n1,20261131,1,A-8\n",
      """
      columns: { activities: { at: Purchase date, value: Amount, target: Order, kind: { always: purchase } } }
      dateFormat: { activities: "yyyyMMdd" }
      """)
    #expect(pulled.activities.count == 1)
    #expect(pulled.activities.first?.kind == .known(.purchase))
    #expect(pulled.activities.first?.time == Timestamp("2026-11-23"))
    #expect(pulled.activities.first?.value == 19.99)
    #expect(pulled.activities.first?.target == "A-7")
    #expect(pulled.reasons == ["activities.csv:3: at is '20261131', not a time by the pattern yyyyMMdd"])
  }

  @Test(
    "A header without kind, time or person is bad data",
    arguments: ["contact,at", "contact,kind", "kind,at", ""])
  func header(_ header: String) async throws {
    #expect(await failure { _ = try await pull(header + "\n") }?.kind == .badData)
  }

  @Test(
    "JSON Lines are read by extension or by their first byte", arguments: ["a.jsonl", "a.NDJSON", "a.csv"])
  func jsonLines(_ name: String) async throws {
    let pulled = try await pull(
      """

      {"contact": 7, "kind":"call","at":1790000000,"value":12.5,"target":null,"more":{"a":[1,"]"]}}
      {"email":"a@b.c","kind":"form_submit","at":"2026-11-23","target":"S\\u00fc\\ud83d\\ude00\\n\\"x\\"","id":"i1"}
      {}
      {"contact":"1","kind":"call","at":1

      {"contact":"1","kind":"call","at":true} x
      {"contact":"1","kind":"call","at":1}
      """, name: name)
    #expect(
      pulled.activities.map(\.subject) == [
        .contact(ContactID("7")), .address("a@b.c"), .contact(ContactID("1")),
      ])
    #expect(pulled.activities.map(\.target) == [nil, "Sü😀\n\"x\"", nil])
    #expect(pulled.activities.map(\.value) == [12.5, nil, nil])
    #expect(pulled.activities.map(\.time.seconds) == [1_790_000_000, 1_795_392_000, 1])
    #expect(
      pulled.reasons.map { String($0.dropFirst(name.count)) } == [
        ":4: has no time in 'at'", ":5: is no JSON object: '}' expected at byte 36",
        ":7: is no JSON object: more text after it at byte 41",
      ])
    #expect(pulled.read == 6)
  }

  @Test(
    "What is no flat JSON is rejected, never misread",
    arguments: [
      "[1]", "{\"a\" 1}", "{\"a\":}", "{\"a\":nope}", "{\"a\":\"x}", "{\"a\":[1}", "{\"a\":\"\\q\"}",
      "{\"a\":\"\\ud800\"}",
      "{\"a\":\"\\u12\"}", "{\"a\":1,}", "{a:1}", "{\"a\":[[1]", "{\"a\":[1 2]}", "{\"a\":{\"b\":\"\\\"}",
      "{",
    ])
  func noJSON(_ line: String) async throws {
    let pulled = try await pull(line + "\n{\"contact\":1,\"kind\":\"call\",\"at\":1}\n", name: "a.jsonl")
    #expect(pulled.activities.count == 1)
    #expect(pulled.reasons.first?.hasPrefix("a.jsonl:1: is no JSON object: ") == true)
  }

  @Test("An empty file of JSON Lines is a file without rows")
  func emptyJSON() async throws {
    #expect(try await pull("", name: "a.jsonl").read == 0)
  }

  @Test("Contacts may be JSON Lines with lists, deeper values and mapped keys")
  func contacts() async throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "c.jsonl",
      """
      {"Mail":"a@b.c","emails":["x@y.z","v@w.x"],"age":41,"vip":true,"tags":[],"address":{"city":"Huế"},"email":"n"}
      """)
    let connector = try folder.connector(
      "contacts: c.jsonl\ncolumns: { contacts: { email: Mail, source: { always: web } } }")
    let pulled = try await connector.pull("contacts")
    #expect(
      pulled.contacts == [
        ContactRecord(
          id: ContactID("a@b.c"), emails: ["a@b.c", "x@y.z", "v@w.x"],
          fields: [
            ContactField("email", "a@b.c"), ContactField("age", "41"), ContactField("vip", "true"),
            ContactField("address", "{\"city\":\"Huế\"}"), ContactField("source", "web"),
          ])
      ])
    #expect(pulled.listings == [.everythingAndDone])
  }

  @Test("Outcomes say won or lost, when and how much")
  func outcomes() async throws {
    let folder = try TemporaryFolder()
    try folder.write(
      "o.csv",
      "contact,email,outcome,at,amount\n1,,won,2026-11-23,99.5\n,a@b.c,lost,1790000000,\n1,,maybe,1,\n1,,won,,\n"
        + ",x,won,1,\n1,,won,1,much\n1,,,1,\n")
    let pulled = try await folder.connector("contacts: c.csv\noutcomes: o.csv").pull("outcomes")
    #expect(
      pulled.outcomes == [
        OutcomeRecord(
          subject: .contact(ContactID("1")), result: .won, time: Timestamp(1_795_392_000), amount: 99.5),
        OutcomeRecord(subject: .address("a@b.c"), result: .lost, time: Timestamp(1_790_000_000)),
      ])
    #expect(
      pulled.reasons == [
        "o.csv:4: outcome is 'maybe', not won or lost", "o.csv:5: has no time in 'at'",
        "o.csv:6: 'x' is no e-mail address", "o.csv:7: amount is 'much', not a number such as 12.5",
        "o.csv:8: has no outcome",
      ])
    #expect(pulled.listings == [.changes])
  }

  @Test("Outcomes may all be won by the mapping")
  func mappedOutcomes() async throws {
    let folder = try TemporaryFolder()
    try folder.write("o.csv", "email,at\na@b.c,2026-11-23\n")
    let connector = try folder.connector(
      "contacts: c.csv\noutcomes: o.csv\ncolumns: { outcomes: { outcome: { always: won } } }")
    #expect(try await connector.pull("outcomes").outcomes.map(\.result) == [.won])
  }
}

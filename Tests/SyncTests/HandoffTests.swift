import ConnectorConformance
import Foundation
import Platform
import Scoring
import Store
import Sync
import Testing

@Suite("Sales are told of people who come into a band")
struct HandoffTests {
  /// Ten people of whom everything was written once, and nobody is hot.
  private func bench(other: InMemoryConnector? = nil) async throws -> HandoffBench {
    let bench = try HandoffBench(other: other)
    bench.people(1...10)
    try await bench.sync()
    #expect(bench.receiver.tried.isEmpty)
    return bench
  }

  @Test("once for each person and entry, with name, score, band, reasons and what they did last")
  func once() async throws {
    let bench = try await bench()
    bench.connector.edit {
      $0.contacts["1"]?.fields = ["first_name": "An", "last_name": "Trần", "company": "<Acme>"]
    }
    bench.warmUp(1)
    let result = try await bench.sync()
    #expect(result.handoff?.told == 1 && result.handoff?.waiting.isEmpty == true)
    let told = try #require(bench.receiver.accepted.first)
    let notice = try JSONDecoder().decode(HandoffNotice.self, from: Data(told.body.utf8))
    #expect(notice.id == told.key && !told.key.isEmpty)
    #expect(notice.person.name == "An Trần" && notice.person.email == "p1@example.com")
    #expect(notice.person.company == "<Acme>" && notice.person.phone == nil)
    #expect(notice.score == 40 && notice.band == "hot")
    #expect(notice.contacts.map(\.id) == ["1"] && notice.contacts.map(\.connection) == ["crm"])
    #expect(notice.reasons.map(\.rule) == ["visit"] && notice.reasons.map(\.points) == [40])
    #expect(notice.actions.count == 4 && notice.actions.allSatisfy { $0.target == "/pricing" })
    #expect(notice.actions.map(\.at) == notice.actions.map(\.at).sorted(by: >))
    bench.connector.edit { $0.addActivity(of: "1", .pageVisit, at: bench.now) }
    #expect(try await bench.sync().apply?.written == 1)
    #expect(bench.receiver.tried.count == 1)
  }

  @Test("once for a person with contacts on two platforms")
  func twoContacts() async throws {
    let other = InMemoryConnector(.web)
    other.edit { $0.contacts["x"] = InMemoryContact("p1@example.com") }
    let bench = try await bench(other: other)
    bench.warmUp(1)
    #expect(try await bench.sync().apply?.written == 2)
    #expect(bench.receiver.accepted.count == 1)
  }

  @Test("those who are in the band at the first write of all are told of only with first: true")
  func first() async throws {
    for first in [false, true] {
      let bench = try HandoffBench()
      bench.people(1...3)
      bench.warmUp(1, 2)
      try await bench.sync(bench.context(first: first))
      #expect(bench.receiver.accepted.count == (first ? 2 : 0))
      bench.warmUp(1, 2, 3)
      try await bench.sync(bench.context(first: first))
      #expect(bench.receiver.accepted.count == (first ? 3 : 1))
    }
  }

  @Test("a first write that is cut off and goes on later is still the first one")
  func firstInTwoParts() async throws {
    let options = InMemoryOptions(
      .changeFeed, capabilities: ConnectorCapabilities(batchSize: 1, readBackSize: 1))
    let bench = try HandoffBench(InMemoryConnector(options))
    bench.people(1...4)
    bench.warmUp(1, 2, 3, 4)
    bench.connector.fail(.write, skipping: 2)
    #expect(try await bench.sync().failures.isEmpty == false)
    #expect(try await bench.sync().apply?.written == 2)
    #expect(bench.receiver.tried.isEmpty)
  }

  @Test("who was refused in the first write is not told of when it is written at last")
  func refusedAtFirst() async throws {
    let bench = try HandoffBench()
    bench.people(1...3)
    bench.warmUp(1)
    bench.connector.refuse("1", "not today")
    try await bench.sync()
    try await bench.sync()
    #expect(bench.connector.held("1")?.band == "hot")
    #expect(bench.receiver.tried.isEmpty)
  }

  @Test("people of a platform that is added later are not told of, but those who were known before are")
  func platformAdded() async throws {
    let alone = try await bench()
    let other = InMemoryConnector(.web)
    other.edit { content in
      for name in ["p1", "new"] {
        content.contacts[name] = InMemoryContact("\(name)@example.com")
        for visit in 1...4 {
          content.addActivity(of: name, .pageVisit, at: Timestamp(alone.now.seconds - Int64(visit)))
        }
      }
    }
    let bench = try HandoffBench(alone.connector, other: other, now: alone.now.seconds + 60)
    try FileManager.default.copyItem(atPath: alone.path, toPath: bench.path)
    try await bench.sync()
    #expect(other.held("new")?.band == "hot")
    #expect(bench.receiver.accepted.map(\.email) == ["p1@example.com"])
  }

  @Test("leaving and coming back is a new entry, with a key of its own")
  func comingBack() async throws {
    let bench = try await bench()
    bench.warmUp(1)
    try await bench.sync()
    bench.pass(.days(31))
    try await bench.sync()
    #expect(bench.connector.held("1")?.band == "cold")
    bench.warmUp(1)
    try await bench.sync()
    let keys = bench.receiver.accepted.map(\.key)
    #expect(keys.count == 2 && Set(keys).count == 2)
  }

  @Test("who was moved out by hand while they cooled down is told of when they come back")
  func movedByHand() async throws {
    let bench = try await bench()
    bench.warmUp(1)
    try await bench.sync()
    bench.pass(.days(31))
    bench.connector.edit { content in
      content.contacts["1"]?.fields["lead_score"] = "0"
      content.contacts["1"]?.fields["lead_band"] = "cold"
      content.contacts["1"]?.tags = ["lead_cold"]
    }
    #expect(try await bench.sync().plan?.changes == 0)
    bench.warmUp(1)
    try await bench.sync()
    #expect(bench.receiver.accepted.count == 2)
  }

  @Test("a contact whose write is refused is told of when it is written")
  func refused() async throws {
    let bench = try await bench()
    bench.warmUp(1, 2)
    bench.connector.refuse("1", "not today")
    try await bench.sync()
    #expect(bench.receiver.accepted.map(\.email) == ["p2@example.com"])
    try await bench.sync()
    #expect(bench.receiver.accepted.map(\.email) == ["p2@example.com", "p1@example.com"])
  }

  @Test("a lost answer is told of once it is known that the write arrived", arguments: [true, false])
  func lostAnswer(written: Bool) async throws {
    let bench = try await bench()
    bench.warmUp(1)
    bench.connector.loseAnswer("1", written: written)
    try await bench.sync()
    #expect(bench.receiver.accepted.count == (written ? 1 : 0))
    try await bench.sync()
    #expect(bench.receiver.accepted.count == 1)
  }

  @Test("a dry run, and a run that only pulls, tell nobody of anything")
  func dryRun() async throws {
    let bench = try await bench()
    bench.warmUp(1)
    bench.receiver.answer(.failed("down"))
    try await bench.sync()
    bench.warmUp(2)
    let context = try bench.context()
    _ = try await LeadRun("plan", context: context).plan(at: bench.now, pulls: true, path: nil)
    _ = try await LeadRun("pull", context: context).pull()
    _ = try await LeadRun("backfill", context: context).backfill(
      since: bench.now - .days(20), at: bench.now, writes: false)
    #expect(bench.receiver.tried.count == 1)
  }

  @Test("a plan that is applied tells of people as well")
  func applied() async throws {
    let bench = try await bench()
    bench.warmUp(1)
    let context = try bench.context()
    let path = bench.folder + "/monday.plan"
    _ = try await LeadRun("plan", context: context).plan(at: bench.now, pulls: true, path: path)
    #expect(bench.receiver.tried.isEmpty)
    _ = try await LeadRun("apply", context: context).apply(path)
    #expect(bench.receiver.accepted.count == 1)
  }

  @Test("switching a band's handoff on does not tell of those who are in it")
  func switchedOn() async throws {
    let bench = try HandoffBench()
    bench.people(1...3)
    bench.warmUp(1)
    let before = HandoffBench.model.replacing(", handoff: true", with: "")
    try await bench.sync(bench.context(model: before))
    bench.connector.edit { $0.addActivity(of: "1", .pageVisit, at: bench.now) }
    bench.warmUp(2)
    try await bench.sync()
    #expect(bench.receiver.accepted.map(\.email) == ["p2@example.com"])
  }

  @Test("a band that is called otherwise from now on is no new band for those who hold its tag")
  func renamed() async throws {
    let bench = try await bench()
    bench.warmUp(1)
    try await bench.sync()
    let renamed = HandoffBench.model.replacing("name: hot", with: "name: glowing")
    try await bench.sync(bench.context(model: renamed))
    #expect(bench.connector.held("1")?.band == "glowing")
    #expect(bench.receiver.accepted.count == 1)
  }

  @Test("a webhook that is named later hears only of those who come then")
  func namedLater() async throws {
    let bench = try await bench()
    bench.warmUp(1)
    try await bench.sync(bench.context(tells: false))
    bench.connector.edit { $0.addActivity(of: "1", .pageVisit, at: bench.now) }
    bench.warmUp(2)
    try await bench.sync()
    #expect(bench.receiver.accepted.map(\.email) == ["p2@example.com"])
  }

  @Test("when the state file is new, those who hold the band already are not told of")
  func newState() async throws {
    let old = try await bench()
    old.warmUp(1)
    try await old.sync()
    let bench = try HandoffBench(old.connector)
    try await bench.sync()
    bench.connector.edit { $0.addActivity(of: "1", .pageVisit, at: bench.now) }
    bench.warmUp(2)
    try await bench.sync()
    #expect(bench.receiver.accepted.map(\.email) == ["p2@example.com"])
  }

  @Test("two contacts that become one do not make a new entry")
  func merged() async throws {
    let bench = try await bench()
    bench.warmUp(1)
    try await bench.sync()
    bench.connector.edit { $0.merge("1", into: "2") }
    try await bench.sync()
    #expect(bench.connector.held("2")?.band == "hot")
    #expect(bench.receiver.accepted.count == 1)
  }

  @Test("with different slack on two connections a person is in one band, and told of once")
  func slack() async throws {
    let other = InMemoryConnector(.web)
    other.edit { $0.contacts["x"] = InMemoryContact("p1@example.com") }
    let bench = try await bench(other: other)
    bench.warmUp(1)
    try await bench.sync(bench.context(slack: 0, otherSlack: 20))
    // Three visits at most: 30 points, which is warm on one connection and still hot on the other.
    let lower = HandoffBench.model.replacing("max: 8", with: "max: 3")
    try await bench.sync(bench.context(model: lower, slack: 0, otherSlack: 20))
    #expect(bench.connector.held("1")?.band == "warm" && other.held("x")?.band == "hot")
    let least = HandoffBench.model.replacing("max: 8", with: "max: 2")
    try await bench.sync(bench.context(model: least, slack: 0, otherSlack: 20))
    #expect(other.held("x")?.band == "hot")
    #expect(bench.receiver.accepted.count == 1)
  }

  @Test("a state file of the version before keeps what it holds, and tells of nobody who was hot then")
  func olderState() async throws {
    let bench = try await bench()
    bench.warmUp(1)
    try await bench.sync(bench.context(tells: false))
    try HandoffState.takeBack(bench.path)
    bench.connector.edit { $0.addActivity(of: "1", .pageVisit, at: bench.now) }
    bench.warmUp(2)
    try await bench.sync()
    #expect(bench.receiver.accepted.map(\.email) == ["p2@example.com"])
  }
}

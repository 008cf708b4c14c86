import Platform
import Scoring
import Testing

@testable import GetResponseSimulator

/// How a sandbox's people and what they did become an account.
@Suite("Filling an account")
struct FillingTests {
  @Test("First and last name are one name, other fields are custom fields of their names")
  func fields() {
    var test = TestAccount(contacts: 0)
    test.server.add(
      SimulatedContact(
        number: 1, email: "Ann@Example.test",
        fields: [
          ContactField("first_name", "Ann"), ContactField("last_name", "Lee"),
          ContactField("company", "Acme"),
          ContactField("job_title", "CTO"), ContactField("Not Possible", "x"),
          ContactField("source", "webinar"),
        ], createdAt: test.now))
    let contact = test.get("/contacts/\(test.id(1))").body
    #expect(contact["name"] == "Ann Lee")
    #expect(contact["email"] == "Ann@Example.test")
    #expect(contact["origin"] == "webinar")
    #expect(test.held(1)?.fields == ["company": "Acme", "job_title": "CTO"])
    #expect(contact["customFieldValues"]?.elements.first?["value"] == ["Acme"])
  }

  @Test("Who has no address is no contact")
  func noAddress() {
    var test = TestAccount(contacts: 0)
    test.server.add(SimulatedContact(number: 1, email: "", createdAt: test.now))
    #expect(test.server.contactCount == 0)
    #expect(test.server.id(ofContact: 1) == nil)
  }

  @Test("People are spread over the lists, and some are on two under two ids")
  func lists() {
    var test = TestAccount(contacts: 6) {
      $0.lists = ["one", "two", "three"]
      $0.twoListsEvery = 4
    }
    #expect((1...6).map { test.held($0)?.list } == ["one", "two", "three", "one", "two", "three"])
    let ids = test.server.ids(ofContact: 4)
    #expect(ids.compactMap { test.server.held($0)?.list } == ["one", "two"])
    #expect(Set(ids.compactMap { test.server.held($0)?.email }) == ["p4@example.test"])
    #expect(test.get("/contacts").ids.count == 7)
  }

  @Test("Who is on two lists does what belongs to one message in one of them")
  func oneOfTwo() {
    var test = TestAccount(contacts: 1) {
      $0.lists = ["one", "two"]
      $0.twoListsEvery = 1
    }
    for kind in [KnownKind.emailSent, .emailOpen, .emailClick] { test.act(1, .known(kind), campaign: "News") }
    let counts = test.server.ids(ofContact: 1).map {
      test.get("/contacts/\($0)/activities").body.elements.count
    }
    #expect(counts.sorted() == [0, 3])
  }

  @Test(
    "Unsubscribing, complaining and bouncing end a contact",
    arguments: [
      (KnownKind.emailUnsubscribe, "removed", "unsubscribe"), (.emailComplaint, "removed", "complaint"),
      (.emailBounce, "undelivered", "bounce"),
    ])
  func ends(kind: KnownKind, type: String, reason: String) {
    var test = TestAccount(contacts: 2)
    test.act(1, .known(kind), hoursAgo: 2)
    let row = test.search([], type: .text(type)).body.elements.first
    #expect(row?["reason"] == .text(reason))
    #expect(row?["deletedOn"] == "2026-11-23T08:00:00+0000")
    #expect(test.get("/contacts").ids == test.ids([2]))
    test.act(1, .known(.emailSent))
    #expect(test.get("/newsletters").body == [])
  }

  @Test("Kinds that GetResponse does not know are ignored")
  func unknownKinds() {
    var test = TestAccount(contacts: 1)
    for kind in [ActivityKind.known(.pageVisit), .known(.call), .custom("webinar")] { test.act(1, kind) }
    #expect(test.get("/contacts/\(test.id(1))/activities").body == [])
    #expect(test.get("/shops").body == [])
  }

  @Test("Held lines tell native score, custom fields and tags of all subscribed contacts")
  func heldLines() {
    var test = TestAccount(contacts: 3)
    test.server.setScore(test.id(1), to: 42, at: test.now)
    test.server.setField(test.id(1), "lead_band", to: "a,b", at: test.now)
    test.server.addTag(test.id(1), "hot", at: test.now)
    test.server.addTag(test.id(1), "cold", at: test.now)
    test.server.remove(test.id(2), at: test.now)
    #expect(
      test.server.heldLines(of: ["native", "lead_band", "nosuch"]) == [
        "\(test.id(1)),42,\"a,b\",,cold hot", "\(test.id(3)),,,,",
      ])
  }
}

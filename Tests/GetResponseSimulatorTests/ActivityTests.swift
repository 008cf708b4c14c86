import Platform
import Scoring
import Testing

@testable import GetResponseSimulator

/// `GET /contacts/{contactId}/activities` and the deprecated feed of a newsletter.
@Suite("What contacts were sent, opened and clicked")
struct ActivityTests {
  private func path(_ test: TestAccount, _ number: Int = 1) -> String {
    "/contacts/\(test.id(number))/activities"
  }

  @Test("Only the last fourteen days come unless `from` is given")
  func fourteenDays() {
    var test = TestAccount(contacts: 1)
    for days in [1, 13, 15, 400] as [Int64] { test.act(1, .known(.emailOpen), hoursAgo: days * 24) }
    #expect(test.get(path(test)).body.elements.count == 2)
    let to = "\(path(test))?query[createdOn][to]=\(test.ago(10 * 86_400))"
    #expect(test.get(to).body.elements.count == 1)
    #expect(test.get("\(path(test))?query[createdOn][from]=2020-01-01").body.elements.count == 4)
  }

  @Test("Activities may be kept for some days only")
  func keptDays() {
    var test = TestAccount(contacts: 1) { $0.activityDays = 30 }
    for days in [1, 29, 31] as [Int64] { test.act(1, .known(.emailOpen), hoursAgo: days * 24) }
    #expect(test.get("\(path(test))?query[createdOn][from]=2020-01-01").body.elements.count == 2)
  }

  @Test("Rows have no id; a send has a preview, a click has a link")
  func form() {
    var test = TestAccount(contacts: 1)
    test.act(1, .known(.emailSent), hoursAgo: 3, campaign: "News")
    test.act(1, .known(.emailOpen), hoursAgo: 2, campaign: "News")
    test.act(1, .known(.emailClick), hoursAgo: 1, target: "https://a.example/", campaign: "News")
    let rows = test.get(path(test)).body.elements
    #expect(rows.map { $0["activity"] } == ["click", "open", "send"])
    let names = ["activity", "subject", "createdOn", "previewUrl", "resource", "clickTrack"]
    #expect(rows.allSatisfy { $0.members.map { $0.name } == names })
    #expect(rows.map { $0["previewUrl"] != .null } == [false, false, true])
    #expect(rows[0]["clickTrack"]?["url"] == "https://a.example/")
    #expect(rows.map { $0["clickTrack"] == .null } == [false, true, true])
    #expect(Set(rows.map { $0["resource"]?["resourceId"]?.string }).count == 1)
    #expect(rows[2]["createdOn"] == "2026-11-23T07:00:00+0000")
  }

  @Test("Two clicks of one link in one second are two equal rows")
  func twins() {
    var test = TestAccount(contacts: 1)
    for _ in 0..<2 { test.act(1, .known(.emailClick), target: "https://a.example/", campaign: "News") }
    let rows = test.get(path(test)).body.elements
    #expect(rows.count == 2)
    #expect(rows.first == rows.last)
  }

  @Test("A message that is gone has no id, and other messages have their type")
  func otherMessages() {
    var test = TestAccount(contacts: 1)
    test.server.addActivity(test.id(1), .emailOpen, subject: nil, at: test.now)
    test.server.addActivity(
      test.id(1), .emailOpen, subject: "Hello", type: "autoresponders", at: Timestamp(test.now.seconds - 60))
    let rows = test.get(path(test)).body.elements
    #expect(rows.first?["resource"]?["resourceId"] == .null)
    #expect(rows.last?["resource"]?["resourceType"] == "autoresponders")
  }

  @Test("Activities come in pages")
  func pages() {
    var test = TestAccount(contacts: 1)
    for hours in 1...5 as ClosedRange<Int64> { test.act(1, .known(.emailOpen), hoursAgo: hours) }
    let first = test.get("\(path(test))?perPage=3")
    #expect(first.body.elements.count == 3)
    #expect(first.header("totalcount") == "5")
    #expect(test.get("\(path(test))?perPage=3&page=2").body.elements.count == 2)
  }

  @Test(
    "There is no order to ask for, and no filter by kind",
    arguments: [
      "sort[createdOn]=ASC", "query[activity]=open",
    ])
  func unknownParameters(query: String) {
    var test = TestAccount(contacts: 1)
    #expect(test.get("\(path(test))?\(query)").code == 1000)
  }

  @Test("Who was removed has no activities any more")
  func removed() {
    var test = TestAccount(contacts: 1)
    let path = path(test)
    test.act(1, .known(.emailOpen))
    test.server.remove(test.id(1), at: test.now)
    #expect(test.get(path).code == 1013)
  }

  @Test("An open moves changedOn only if it is said to", arguments: [false, true])
  func changedOn(moves: Bool) {
    var test = TestAccount(contacts: 1) { $0.activityMovesChanged = moves }
    test.act(1, .known(.emailOpen), hoursAgo: 1)
    let changed = test.get("/contacts").body.elements.first?["changedOn"]
    #expect(changed == (moves ? "2026-11-23T09:00:00+0000" : "2026-11-22T10:00:00+0000"))
  }

  @Test("The feed of a newsletter goes back fourteen days, or thirty at most, and may be gone")
  func feed() {
    var test = TestAccount(contacts: 2)
    test.act(1, .known(.emailSent), hoursAgo: 40 * 24, campaign: "News")
    for days in [1, 20, 35] as [Int64] {
      test.act(2, .known(.emailOpen), hoursAgo: days * 24, campaign: "News")
    }
    let letter = test.get("/newsletters").body.elements.first
    #expect(letter?["subject"] == "News")
    let feed = "/newsletters/\(letter?["newsletterId"]?.string ?? "")/activities"
    let rows = test.get(feed).body.elements
    #expect(rows.map { $0["contact"]?["contactId"] } == [.text(test.id(2))])
    #expect(test.get("\(feed)?query[createdOn][from]=2026-01-01").body.elements.count == 2)
    #expect(test.get("\(feed)?query[createdOn][from]=2026-01-01&query[activity]=send").body == [])
    test.server.settings.hasNoNewsletterFeed = true
    #expect(test.get(feed).status == 404)
  }

  @Test("Newsletters are filtered by when they were sent")
  func newsletters() {
    var test = TestAccount(contacts: 1)
    test.act(1, .known(.emailSent), hoursAgo: 48, campaign: "Old")
    test.act(1, .known(.emailSent), hoursAgo: 1, campaign: "New")
    #expect(test.get("/newsletters?query[sendOn][from]=2026-11-23").texts("subject") == ["New"])
    #expect(
      test.get("/newsletters?sort[sendOn]=DESC&query[type]=broadcast").texts("subject") == ["New", "Old"])
  }
}

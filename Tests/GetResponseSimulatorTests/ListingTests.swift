import Platform
import Scoring
import Testing

@testable import GetResponseSimulator

/// The rules of lists, and the list of contacts.
@Suite("The list of contacts")
struct ListingTests {
  @Test("A page has a hundred contacts if nothing is said, and a thousand at most")
  func pageSize() {
    var test = TestAccount(contacts: 130)
    #expect(test.get("/contacts").ids.count == 100)
    #expect(test.get("/contacts?perPage=1000").ids.count == 130)
    #expect(test.get("/contacts?perPage=1001").code == 1000)
    #expect(test.get("/contacts?perPage=0").code == 1000)
    #expect(test.get("/contacts?page=0").code == 1000)
  }

  @Test("Pages lead through all contacts, and one past the end is empty")
  func pages() {
    var test = TestAccount(contacts: 7)
    let ids = (1...3).flatMap { test.get("/contacts?perPage=3&page=\($0)").ids }
    #expect(ids == test.ids(Array(1...7)))
    let past = test.get("/contacts?perPage=3&page=4")
    #expect(past.status == 200)
    #expect(past.body == [])
  }

  @Test("How long the list is stands in headers of an odd case")
  func totals() {
    var test = TestAccount(contacts: 7)
    let names = test.get("/contacts?perPage=3&page=2").headers.map { "\($0.name): \($0.value)" }
    #expect(names.contains("Totalcount: 7"))
    #expect(names.contains("Totalpages: 3"))
    #expect(names.contains("Currentpage: 2"))
  }

  @Test("The list of custom fields never tells how long it is, and others need not")
  func noTotals() {
    var test = TestAccount()
    #expect(test.get("/custom-fields").header("totalcount") == nil)
    #expect(test.get("/custom-fields").header("currentpage") == "1")
    test.server.settings.tellsTotals = false
    #expect(test.get("/contacts").header("totalcount") == nil)
  }

  @Test("Both ends of a range of changedOn count, by the second")
  func changedOn() {
    var test = TestAccount(contacts: 5)
    let answer = test.get(
      "/contacts?query[changedOn][from]=\(test.ago(86_399))&query[changedOn][to]=\(test.ago(86_397))"
        + "&sort[changedOn]=DESC")
    #expect(answer.ids == test.ids([4, 3, 2]))
    #expect(answer.header("totalcount") == "3")
  }

  @Test("A range that ends before it begins is empty")
  func emptyRange() {
    var test = TestAccount()
    let answer = test.get(
      "/contacts?query[changedOn][from]=\(test.ago(0))&query[changedOn][to]=\(test.ago(90_000))")
    #expect(answer.body == [])
  }

  @Test("The order of changes follows what happens, and pages stay whole", arguments: ["ASC", "desc"])
  func order(_ direction: String) {
    var test = TestAccount(contacts: 5)
    test.server.rename(test.id(2), to: "New", at: test.now)
    let pages = (1...3).flatMap {
      test.get("/contacts?sort[changedOn]=\(direction)&perPage=2&page=\($0)").ids
    }
    let ascending = test.ids([1, 3, 4, 5, 2])
    #expect(pages == (direction == "ASC" ? ascending : ascending.reversed()))
  }

  @Test("Who returns to an earlier moment stands there once")
  func backAndForth() {
    var test = TestAccount(contacts: 2)
    test.server.rename(test.id(1), to: "A", at: test.now)
    test.server.rename(test.id(1), to: "B", at: Timestamp(test.now.seconds - 60))
    test.server.rename(test.id(1), to: "C", at: test.now)
    #expect(test.get("/contacts?sort[changedOn]=ASC").ids == test.ids([2, 1]))
  }

  @Test("A thousand contacts of one second fill pages of their own")
  func oneSecond() {
    var test = TestAccount(contacts: 0)
    for number in 1...1_200 {
      test.server.add(
        SimulatedContact(number: number, email: "p\(number)@example.test", createdAt: test.now))
    }
    let query = "/contacts?query[changedOn][from]=\(test.ago(0))&sort[changedOn]=ASC&perPage=1000"
    let ids = test.get(query).ids + test.get(query + "&page=2").ids
    #expect(Set(ids).count == 1_200)
  }

  @Test(
    "Dates need an offset, with or without colon; a bare date is a day; a plus that became a blank is refused",
    arguments: [
      ("2026-11-22T10:00:02%2B0000", 200), ("2026-11-22T10:00:02%2B00:00", 200), ("2026-11-22", 200),
      ("2026-11-22T10:00:02+0000", 400), ("2026-11-22T10:00:02", 400), ("1763800000", 400), ("soon", 400),
    ])
  func dates(date: String, status: Int) {
    var test = TestAccount()
    #expect(test.get("/contacts?query[changedOn][from]=\(date)").status == status)
  }

  @Test("A bare date at the end of a range takes the whole day in")
  func wholeDay() {
    var test = TestAccount(contacts: 2)
    test.server.rename(test.id(2), to: "New", at: test.now)
    #expect(test.get("/contacts?query[changedOn][to]=2026-11-22").ids == test.ids([1]))
  }

  @Test(
    "Unknown filters and orders are refused",
    arguments: ["query[score]=1", "sort[scoring]=ASC", "sort[name]=up"])
  func unknown(query: String) {
    var test = TestAccount()
    let answer = test.get("/contacts?\(query)")
    #expect(answer.status == 400)
    #expect(answer.code == 1000)
    #expect(answer.body["context"]?["validationType"] == "query")
  }

  @Test("An address is looked for within others, unless it has to match exactly")
  func email() {
    var test = TestAccount(contacts: 12)
    #expect(test.get("/contacts?query[email]=P1@example.test").ids == test.ids([1]))
    #expect(test.get("/contacts?query[email]=1").ids == test.ids([1, 10, 11, 12]))
    #expect(test.get("/contacts?query[email]=1&additionalFlags=exactMatch").ids == [])
    #expect(
      test.get("/contacts?query[email]=p1@EXAMPLE.test&additionalFlags=exactMatch").ids == test.ids([1]))
  }

  @Test("fields picks fields, and the id always comes along")
  func fields() {
    var test = TestAccount(contacts: 1)
    let names = test.get("/contacts?fields=email,scoring").body.elements.first?.members.map { $0.name }
    #expect(names == ["contactId", "email", "scoring"])
  }

  @Test("Neither tags nor custom fields are in the list")
  func listForm() {
    var test = TestAccount(contacts: 1)
    let names = test.get("/contacts").body.elements.first?.members.map { $0.name }
    #expect(
      names == [
        "contactId", "href", "name", "email", "note", "origin", "dayOfCycle", "changedOn", "timeZone",
        "ipAddress", "activities", "campaign", "createdOn", "scoring", "engagementScore",
      ])
  }

  @Test("Dates are written without colon, an untouched contact was changed when it was created")
  func dateForm() {
    var test = TestAccount(contacts: 1)
    let contact = test.get("/contacts").body.elements.first
    #expect(contact?["changedOn"] == "2026-11-22T10:00:00+0000")
    #expect(contact?["createdOn"] == "2026-11-22T10:00:00+0000")
    #expect(contact?["scoring"] == .null)
  }

  @Test("Only subscribed contacts are listed")
  func onlySubscribed() {
    var test = TestAccount(contacts: 4)
    let ids = test.ids([1, 2, 3, 4])
    test.server.remove(ids[0], at: test.now)
    test.server.bounce(ids[1], at: test.now)
    test.server.unconfirm(ids[2], at: test.now)
    #expect(test.get("/contacts").ids == [ids[3]])
    #expect(test.get("/contacts?sort[changedOn]=ASC").ids == [ids[3]])
    #expect(test.get("/contacts?query[name]=p").ids == [ids[3]])
    #expect(test.get("/contacts/\(ids[0])").status == 404)
  }

  @Test("The list of one campaign knows no filter for changes")
  func ofCampaign() {
    var test = TestAccount(contacts: 4) { $0.lists = ["one", "two"] }
    let path = "/campaigns/\(test.list("two").string ?? "")/contacts"
    #expect(test.get(path).ids == test.ids([2, 4]))
    #expect(test.get("\(path)?query[changedOn][from]=2026-11-22").status == 400)
    #expect(test.get("/contacts?query[campaignId]=\(test.list("two").string ?? "")").ids == test.ids([2, 4]))
  }

  @Test("Ids are short, and neighbours differ by case alone")
  func idsByCase() {
    var test = TestAccount(contacts: 40)
    let ids = test.get("/contacts").ids
    #expect(ids.allSatisfy { $0.utf8.count == 4 })
    #expect(Set(ids).count == 40)
    #expect(Set(ids.map { $0.lowercased() }).count < 40)
    let pair = ids.first { id in ids.contains { $0 != id && $0.lowercased() == id.lowercased() } } ?? ""
    #expect(test.get("/contacts/\(pair)").body["contactId"] == .text(pair))
  }

  @Test(
    "An id is read back as the number that it was made of",
    arguments: [0, 1, 61, 62, 14_200_000, 916_360_000])
  func identifiers(number: Int) {
    #expect(Identifier.number(Identifier.text(number)) == number)
  }

  @Test("What is no id has no number", arguments: ["", "aa", "p-3", "abcdefghij", "ä"])
  func noIdentifiers(text: String) {
    #expect(Identifier.number(text) == nil)
  }
}

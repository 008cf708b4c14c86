import Platform
import Scoring
import Testing

@testable import MauticSimulator

@Suite("Lists of contacts")
struct ContactListTests {
  @Test("come by last activity, latest first, unless they are ordered")
  func defaultOrder() {
    var test = TestServer()
    test.act(2, "page_visit", minutesAgo: 20)
    test.act(4, "page_visit", minutesAgo: 10)
    #expect(test.get("/api/contacts?limit=2").ids == [4, 2])
    #expect(test.get("/api/contacts?orderBy=id&orderByDir=DESC&limit=2").ids == [5, 4])
  }

  @Test(
    "fail on an order by a column in camel case or by none that exists",
    arguments: ["dateModified", "nosuch"])
  func badOrder(column: String) {
    var test = TestServer()
    #expect(test.get("/api/contacts?orderBy=\(column)").status == 500)
  }

  @Test("fail on a select without id, and on one of what is no field")
  func badSelect() {
    var test = TestServer()
    #expect(test.get("/api/contacts?select[]=email").status == 500)
    #expect(test.get("/api/contacts?select[]=id&select[]=date_modified").status == 500)
  }

  @Test("leave null out where fields are selected")
  func selectLeavesNullOut() {
    var test = TestServer()
    let answer = test.get("/api/contacts?orderBy=id&limit=1&select[]=id&select[]=email&select[]=score")
    let contact = answer.body["contacts"]?["1"]
    #expect(contact?["fields"]?["all"] == ["id": "1", "email": "p1@example.test"])
    #expect(contact?["dateModified"] == nil)
    #expect(contact?["tags"] == [])
  }

  @Test("page by id, with the rest of a condition kept", arguments: [1, 2, 3])
  func keyset(limit: Int) {
    var test = TestServer(contacts: 9)
    for id in [2, 3, 5, 8] { test.server.setPoints(id, to: 7, at: test.now) }
    var seen: [Int] = []
    repeat {
      let page = test.get(
        "/api/contacts?orderBy=id&limit=\(limit)&where[0][col]=points&where[0][expr]=eq&where[0][val]=7"
          + "&where[1][col]=id&where[1][expr]=gt&where[1][val]=\(seen.last ?? 0)")
      #expect(page.total == "\(4 - seen.count)")
      if page.ids.isEmpty { break }
      seen += page.ids
    } while seen.count < 10
    #expect(seen == [2, 3, 5, 8])
  }

  @Test("see a change between two pages")
  func changeBetweenPages() {
    var test = TestServer()
    let target = "/api/contacts?orderBy=id&where[0][col]=points&where[0][expr]=gt&where[0][val]=0"
    #expect(test.get(target).ids == [])
    test.server.setPoints(3, to: 1, at: test.now)
    #expect(test.get(target).ids == [3])
  }

  @Test(
    "pass every operator",
    arguments: [
      ("[col]=id&W[expr]=in&W[val]=2,4,9", [2, 4]), ("[col]=id&W[expr]=notIn&W[val]=2,4", [1, 3, 5]),
      ("[col]=id&W[expr]=between&W[val][]=2&W[val][]=3", [2, 3]),
      ("[col]=id&W[expr]=neq&W[val]=1", [2, 3, 4, 5]),
      ("[col]=id&W[expr]=lte&W[val]=2", [1, 2]), ("[col]=id&W[expr]=gte&W[val]=5", [5]),
      ("[col]=id&W[expr]=lt&W[val]=2", [1]), ("[col]=email&W[expr]=like&W[val]=P3@%25", [3]),
      ("[col]=email&W[expr]=eq&W[val]=P2@EXAMPLE.test", [2]), ("[col]=score&W[expr]=isNotNull", [5]),
      ("[col]=score&W[expr]=isNull", [1, 2, 3, 4]), ("[col]=score&W[expr]=gt&W[val]=9", [5]),
      ("[col]=dateAdded&W[expr]=gt&W[val]=2026-11-22 10:00:00", []),
      ("[col]=date_added&W[expr]=gte&W[val]=2026-11-22T10:00:00", [1, 2, 3, 4, 5]),
      ("[col]=date_added&W[expr]=gte&W[val]=2026-11-22T12:00:00%2B02:00", []),
      ("[col]=city&W[expr]=isEmpty", [1, 2, 3, 4, 5]),
      ("[col]=email&W[expr]=notLike&W[val]=%253%25", [1, 2, 4, 5]),
    ])
  func operators(clause: String, ids: [Int]) {
    var test = TestServer()
    _ = test.patch(5, #"{"score": 10}"#)
    let query = "where[0]" + clause.replacing("W[", with: "where[0][")
    #expect(test.get("/api/contacts?orderBy=id&\(query)").ids == ids)
  }

  @Test("are searched by command and by plain text")
  func search() {
    var test = TestServer()
    let visitor = test.server.addAnonymousVisitor(at: test.now)
    test.server.addTag(3, "hot", at: test.now)
    func ids(_ search: String) -> [Int] { test.get("/api/contacts?orderBy=id&search=\(search)").ids }
    #expect(ids("is:anonymous") == [visitor])
    #expect(ids("!is:anonymous") == [1, 2, 3, 4, 5])
    #expect(ids("ids:2,5") == [2, 5])
    #expect(ids("email:p4@example.test") == [4])
    #expect(ids("tag:hot") == [3])
    #expect(ids("P5") == [5])
    #expect(ids("date_modified:2026") == [])
  }
}

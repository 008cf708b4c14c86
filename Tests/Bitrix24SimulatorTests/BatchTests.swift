import Platform
import Scoring
import SimulatorJSON
import Testing

@testable import Bitrix24Simulator

@Suite("Batches")
struct BatchTests {
  @Test("A chain of pages takes the last id of the page before it")
  func chain() {
    var portal = TestPortal(contacts: 7) { $0.pageSize = 3 }
    let rest = "&order[ID]=ASC&select[]=ID&start=-1"
    let answer = portal.batch([
      "p1": "crm.contact.list?filter[>ID]=0" + rest,
      "p2": "crm.contact.list?filter[%3EID]=%24result%5Bp1%5D%5B2%5D%5BID%5D" + rest,
      "p3": "crm.contact.list?filter[>ID]=$result[p2][2][ID]" + rest,
    ])
    let pages = answer.results.values.map { $0.values.compactMap { $0["ID"]?.phpWhole } }
    #expect(pages.map { $0.count } == [3, 3, 1])
    #expect(Set(pages.joined()).count == 7)
    #expect(answer.result["result_total"] == ["p1": 0, "p2": 0, "p3": 0])
    #expect(answer.result["result_next"] == [])
  }

  @Test("A bound that leads nowhere reads the first page again")
  func emptyBound() {
    var portal = TestPortal(contacts: 4) { $0.pageSize = 3 }
    let answer = portal.batch([
      "p1": "crm.contact.list?filter[>ID]=\(portal.id(2))&start=-1",
      "p2": "crm.contact.list?filter[>ID]=$result[p1][2][ID]&start=-1",
    ])
    #expect(answer.results["p1"]?.values.count == 2)
    #expect(answer.results["p2"]?.values.first?["ID"]?.phpWhole == portal.id(1))
  }

  @Test("A wrapped list is reached through its wrap, and a number stays one")
  func wrapped() {
    var portal = TestPortal(contacts: 3)
    let answer = portal.batch([
      "a": "crm.item.list?entityTypeId=3&order[id]=ASC",
      "b": "crm.item.get?entityTypeId=3&id=$result[a][items][1][id]",
    ])
    #expect(answer.results["b"]?["item"]?["id"]?.phpWhole == portal.id(2))
  }

  @Test("All commands may fail and the batch succeeds, with lists where maps would be")
  func allFail() {
    var portal = TestPortal()
    let answer = portal.batch(["0": "crm.contact.get?id=x", "1": "crm.contact.get?id=999"])
    #expect(answer.status == 200)
    #expect(answer.results == [])
    #expect(
      answer.errors == [
        ["error": "", "error_description": "ID is not defined or invalid."],
        ["error": "", "error_description": "Not found"],
      ])
    #expect(answer.result["result_time"] == [])
  }

  @Test("A command begins when the one before it has ended")
  func times() {
    var portal = TestPortal { $0.seconds.other = 0.75 }
    let answer = portal.batch(["a": "server.time", "b": "server.time"])
    let start = Double(portal.now.seconds)
    #expect(answer.result["result_time"]?["b"]?["start"] == .number(start + 0.75))
    #expect(answer.body["time"]?["finish"] == .number(start + 1.5))
    #expect(answer.results["b"] == "2026-11-23T13:00:00+03:00")
  }

  @Test("Keys that are numbers are kept apart unless they count from 0")
  func numericKeys() {
    var portal = TestPortal()
    let counted = portal.batch(["0": "server.time", "1": "server.time"])
    #expect(counted.text.contains("\"result\":[\"2026"))
    let named = portal.batch(["1": "server.time", "2": "server.time"])
    #expect(named.text.contains("\"result\":{\"1\":\"2026"))
    let letters = portal.batch(["c0": "server.time"])
    #expect(letters.results["c0"] != nil)
  }

  @Test("Commands beyond the fiftieth are refused one by one, and so is a batch in a batch")
  func tooMany() {
    var portal = TestPortal()
    let commands = (0..<52).map { JSON.Member("c\($0)", "server.time") }
    let answer = portal.call("batch", ["cmd": .map(commands)])
    #expect(answer.results.entries.count == 50)
    #expect(answer.errors.entries.map { $0.name } == ["c50", "c51"])
    #expect(answer.errors["c51"]?["error"] == "ERROR_BATCH_LENGTH_EXCEEDED")
    let nested = portal.batch(["a": "batch?cmd[x]=server.time"])
    #expect(nested.errors["a"]?["error"] == "ERROR_BATCH_METHOD_NOT_ALLOWED")
  }

  @Test("With halt the first error ends it, and the rest is in no map")
  func halt() {
    var portal = TestPortal()
    let answer = portal.batch(["a": "server.time", "b": "no.such", "c": "server.time"], halt: true)
    #expect(answer.results.entries.map { $0.name } == ["a"])
    #expect(answer.errors.entries.map { $0.name } == ["b"])
  }

  @Test("A batch that is cut tells nothing of the commands it left out")
  func cut() {
    var portal = TestPortal()
    portal.server.cutNextBatch(after: 1)
    let answer = portal.batch(["a": "server.time", "b": "server.time"])
    #expect(answer.results.entries.map { $0.name } == ["a"])
    #expect(answer.errors == [])
    #expect(portal.batch(["a": "server.time", "b": "server.time"]).results.entries.count == 2)
  }

  @Test("A request that works longer than a minute is cut off, and what was done stays done")
  func longRequest() {
    var portal = TestPortal { $0.seconds.update = 25 }
    portal.addFields()
    let answer = portal.batch([
      "a": "crm.contact.update?id=\(portal.id(1))&fields[UF_CRM_LEAD_SCORE]=1",
      "b": "crm.contact.update?id=\(portal.id(2))&fields[UF_CRM_LEAD_SCORE]=2",
      "c": "crm.contact.update?id=\(portal.id(3))&fields[UF_CRM_LEAD_SCORE]=3",
      "d": "crm.contact.update?id=\(portal.id(4))&fields[UF_CRM_LEAD_SCORE]=4",
    ])
    #expect(answer.status == 504)
    #expect(portal.server.held(portal.id(1))?.value("UF_CRM_LEAD_SCORE") == "1")
    #expect(portal.server.held(portal.id(4))?.value("UF_CRM_LEAD_SCORE") == nil)
  }
}

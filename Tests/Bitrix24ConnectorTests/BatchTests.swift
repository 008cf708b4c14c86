import Platform
import Scoring
import Testing
import WebAPI

@testable import Bitrix24Connector

@Suite("Batches of Bitrix24")
struct BatchTests {
  private func json(_ text: String) throws -> JSONValue { try JSONValue.parse(Array(text.utf8)) }

  @Test("A command is a method and a query as PHP reads it; brackets and references stay as they are")
  func command() {
    let command = Command(
      "crm.contact.list",
      [("filter[>ID]", "$result[p1][49][ID]"), ("filter[>=DATE_MODIFY]", "2026-08-21T10:00:00+03:00")])
    #expect(
      command.text
        == "crm.contact.list?filter[%3EID]=$result[p1][49][ID]"
        + "&filter[%3E%3DDATE_MODIFY]=2026-08-21T10%3A00%3A00%2B03%3A00")
    #expect(Command("scope").text == "scope")
  }

  @Test("Somebody's text cannot refer to another command")
  func reference() {
    #expect(Command.plain("$result[a][0] and $result[b]") == "$ result[a][0] and $ result[b]")
    #expect(Command.plain("a result of 5 $") == "a result of 5 $")
  }

  @Test("A command is named after its method and begins with a letter, and the method is known again")
  func names() {
    let named = NamedCommand("c253", Command("crm.item.update"))
    #expect(named.name == "crm_item_update__c253")
    #expect(CommandName.method(of: named.name) == "crm.item.update")
    #expect(CommandName.method(of: "253") == nil)
  }

  @Test("A command in neither map is missing; an empty map comes as a list; null and true are results")
  func maps() throws {
    let answer = BatchAnswer(
      try json(#"{"result":{"result":{"a":true,"b":null},"result_error":[],"result_time":[]}}"#))
    guard case .result = answer["a"], case .result = answer["b"], case .missing = answer["c"] else {
      Issue.record("a and b are results, c is missing")
      return
    }
    let failed = BatchAnswer(
      try json(#"{"result":{"result":[],"result_error":{"a":{"error":"","error_description":"Not found"}}}}"#)
    )
    guard case .trouble(let trouble) = failed["a"], case .missing = failed["0"] else {
      Issue.record("a is trouble, and 0 is missing")
      return
    }
    #expect(trouble.kind == .notFound)
  }

  @Test("Errors that lost their commands, as lists, are nobody's")
  func lists() throws {
    let answer = BatchAnswer(
      try json(
        #"{"result":{"result":{"x":1},"result_error":[{"error":"","error_description":"Not found"}]}}"#))
    guard case .missing = answer["crm_item_update__c1"] else {
      Issue.record("it is not missing")
      return
    }
  }

  @Test(
    "Errors are known in all their forms",
    arguments: [
      (400, #"{"error":"","error_description":"Access denied."}"#, Bitrix24Trouble.Kind.rights),
      (400, #"{"error":"","error_description":"access denied"}"#, .rights),
      (400, #"{"error":0,"error_description":"Not found"}"#, .notFound),
      (400, #"{"error":100,"error_description":"Expected iterable value"}"#, .validation),
      (400, #"{"error":"NOT_FOUND","error_description":"Элемент не найден"}"#, .notFound),
      (401, #"{"error":"NO_AUTH_FOUND","error_description":"Wrong authorization data"}"#, .authentication),
      (401, #"{"error":"insufficient_scope","error_description":""}"#, .scope),
      (403, #"{"error":"insufficient_scope"}"#, .scope), (403, #"{"error":"ACCESS_DENIED"}"#, .plan),
      (404, #"{"error":"ERROR_METHOD_NOT_FOUND"}"#, .noMethod),
      (410, #"{"error":"PORTAL_DELETED"}"#, .deleted),
      (500, #"{"error":"PORTAL_DELETED"}"#, .deleted),
      (400, #"{"error":{"code":"BITRIX_REST_V3_EXCEPTION","message":"x"}}"#, .validation),
      (429, "<html>", .limit), (500, "", .server),
    ])
  func troubles(status: Int, body: String, kind: Bitrix24Trouble.Kind) {
    #expect(Bitrix24Trouble(status: status, try? json(body)).kind == kind)
  }

  // MARK: Chains

  private let list = KeysetList(method: "crm.contact.list", parameters: [("select[0]", "ID")])

  private func answer(_ pages: [String]) throws -> BatchAnswer {
    let members = pages.enumerated().map { "\"crm_contact_list__p\($0 + 1)\":\($1)" }
    return BatchAnswer(
      try json("{\"result\":{\"result\":{\(members.joined(separator: ","))},\"result_error\":[]}}"))
  }

  private func rows(_ ids: ClosedRange<Int>) -> String {
    "[" + ids.map { "{\"ID\":\"\($0)\"}" }.joined(separator: ",") + "]"
  }

  @Test("Each page of a chain goes on from the last row of the one before, and nothing is counted")
  func chained() {
    let commands = list.commands(after: 7, count: 2)
    #expect(commands[0].command.text.contains("filter[%3EID]=7&order[ID]=ASC&start=-1"))
    #expect(commands[1].command.text.contains("filter[%3EID]=$result[crm_contact_list__p1][49][ID]"))
  }

  @Test("The universal lists wrap their rows")
  func wrapped() {
    var universal = list
    universal.isUniversal = true
    #expect(
      universal.commands(after: 0, count: 2)[1].command.text
        .contains("filter[%3Eid]=$result[crm_contact_list__p1][items][49][id]"))
  }

  @Test("A chain ends at the first short page: what comes after it is the first page over again")
  func short() throws {
    let chain = try list.chain(answer([rows(1...50), rows(51...60), rows(1...50)]), after: 0, count: 3)
    #expect(chain.rows.count == 60)
    #expect(chain.last == 60)
    #expect(chain.isEnd)
  }

  @Test("A last page that is full is followed by the first page over again, and is not the end for sure")
  func full() throws {
    let chain = try list.chain(answer([rows(1...50), rows(1...50)]), after: 0, count: 2)
    #expect(chain.last == 50)
    #expect(!chain.isEnd)
    #expect(!chain.isFull)
  }

  @Test("A page that is missing in the middle ends the chain, and it goes on from there")
  func missing() throws {
    let chain = try list.chain(answer([rows(1...50)]), after: 0, count: 3)
    #expect(chain.last == 50)
    #expect(!chain.isEnd)
  }

  @Test("A list that gives the same rows whatever it is asked for does not go on for ever")
  func standstill() throws {
    #expect(throws: ConnectorFailure.self) { try list.chain(answer([rows(1...50)]), after: 50, count: 1) }
  }

  @Test("A chain grows from 1 to 5, 25 and 50 pages, and stays within twenty seconds")
  func growth() {
    let pace = CommandPace(budget: 480)
    let sizes = ChainSizes()
    #expect(sizes.next(after: 1, pace: pace, method: "crm.contact.list") == 5)
    #expect(sizes.next(after: 5, pace: pace, method: "crm.contact.list") == 25)
    #expect(sizes.next(after: 25, pace: pace, method: "crm.contact.list") == 50)
    pace.note("crm.contact.list", seconds: 2)
    #expect(sizes.next(after: 25, pace: pace, method: "crm.contact.list") == 10)
  }

  // MARK: Times

  @Test("A moment is written in the portal's own zone")
  func zones() throws {
    let time = try #require(PortalTime(try json(#""2026-09-03T13:19:00+03:00""#)))
    #expect(time.seconds == 1_788_430_740)
    #expect(time.offset == 180)
    #expect(time.text == "2026-09-03T13:19:00+03:00")
    #expect(PortalTime.text(1_788_430_740, offset: -210) == "2026-09-03T06:49:00-03:30")
  }

  // MARK: Limits

  @Test(
    "Answers tell of the working time of each method of a batch, and of a portal that charges the batch itself"
  )
  func operating() throws {
    let signs = Bitrix24Limits.signs(operating: 480, charge: BatchCharge())
    let demand = RequestDemand(methods: ["batch": 10, "crm.contact.list": 2])
    func told(_ outer: Double) -> [LimitObservation] {
      let body =
        #"{"result":{"result":[],"result_error":[],"result_time":{"#
        + #""crm_contact_list__p1":{"operating":1.5,"operating_reset_at":100},"#
        + #""crm_contact_list__p2":{"operating":2.5,"operating_reset_at":100}}},"#
        + #""time":{"operating":\#(outer),"operating_reset_at":160}}"#
      return signs.more?(demand, WebResponse(status: 200, body: Array(body.utf8))) ?? []
    }
    let list = LimitObservation.operating(
      limit: "operating", method: "crm.contact.list", used: 2.5, leavesAt: 88)
    // The second of the minute is moved close to the clock's minute.
    #expect(told(2.5) == [list])
    #expect(
      told(7) == [.operating(limit: "operating", method: "batch", used: 7, leavesAt: 148), list])
  }

  @Test(
    "Whether a batch or its methods are charged shows by commands of different methods in a row",
    arguments: [
      // One running sum.
      ([("a.b__p1", 3.0, 0.5), ("c.d__p1", 3.25, 0.25)], true),
      ([("a.b__p1", 3.0, 0.5), ("c.d__p1", 3.0, 0.01)], true),
      // Each its own.
      ([("a.b__p1", 3.0, 0.5), ("c.d__p1", 0.0, 0.01)], false),
      ([("a.b__p1", 3.0, 0.5), ("c.d__p1", 9.0, 0.25)], false),
      // Nobody can tell.
      ([("a.b__p1", 3.0, 0.5), ("a.b__p2", 3.5, 0.5)], false),
      ([("a.b__p1", 0.0, 0.01), ("c.d__p1", 0.0, 0.01)], false),
    ])
  func charge(times: [(String, Double, Double)], isToBatch: Bool) throws {
    let charge = BatchCharge()
    charge.learn(
      try times.map { ($0.0, try json(#"{"operating":\#($0.1),"duration":\#($0.2)}"#)) })
    #expect(charge.isToBatch == isToBatch)
  }
}

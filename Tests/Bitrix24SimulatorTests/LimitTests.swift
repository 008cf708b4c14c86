import Platform
import Scoring
import SimulatorJSON
import Testing

@testable import Bitrix24Simulator

@Suite("Limits")
struct LimitTests {
  @Test("Fifty requests may come at once, then two a second")
  func bucket() {
    var portal = TestPortal()
    for _ in 0..<50 { #expect(portal.call("profile").status == 200) }
    let refused = portal.call("profile")
    #expect(refused.status == 503)
    #expect(refused.body == ["error": "QUERY_LIMIT_EXCEEDED", "error_description": "Too many requests"])
    portal.pass(2)
    // The one that was refused counts as well.
    let answers = (0..<4).map { _ in portal.call("profile").status }
    #expect(answers == [200, 200, 200, 503])
    #expect(portal.server.rateRefusals == 2)
  }

  @Test("A method that worked too long is blocked until its oldest minute is ten minutes old; others are not")
  func operating() {
    var portal = TestPortal { ($0.operatingBudget, $0.seconds.update) = (1, 0.4) }
    portal.addFields()
    func update(_ score: Int64) -> TestPortal.Answer {
      portal.call(
        "crm.contact.update",
        ["id": .integer(portal.id(1)), "fields": ["UF_CRM_LEAD_SCORE": .integer(score)]])
    }
    #expect(update(1).operating == 0.4)
    portal.pass(70)
    #expect(update(2).status == 200)
    // The call that crosses the line is still answered.
    let third = update(3)
    #expect(third.status == 200)
    #expect(third.operating > 1)
    #expect(third.body["time"]?["operating_reset_at"] == .integer(portal.now.seconds - 70 + 600))
    let refused = update(4)
    #expect(refused.status == 429)
    #expect(refused.error == "OPERATION_TIME_LIMIT")
    #expect(portal.call("crm.item.update", ["entityTypeId": 3, "id": 1, "fields": [:]]).status == 400)
    portal.pass(529)
    #expect(update(4).status == 429)
    portal.pass(1)
    // The seconds of the second minute are still counted.
    #expect(abs(update(4).operating - 1.2) < 1e-9)
    #expect(portal.server.operatingRefusals == 2)
  }

  @Test("A method that worked just as long as it may is not blocked yet")
  func exactBudget() {
    var portal = TestPortal { ($0.operatingBudget, $0.seconds.update) = (0.5, 0.5) }
    let update: JSON = ["id": 7, "fields": ["NAME": "x"]]
    #expect((0..<3).map { _ in portal.call("crm.contact.update", update).status } == [200, 200, 429])
  }

  @Test("Calls that are short cost nothing")
  func free() {
    var portal = TestPortal()
    _ = portal.call("crm.contact.list", ["start": -1])
    #expect(portal.call("crm.contact.list", ["start": -1]).operating == 0)
    #expect(abs(portal.server.secondsWorked(by: "crm.contact.list") - 0.12) < 1e-9)
  }

  @Test("Commands pay for themselves, or the batch pays for all of them")
  func payers() {
    var own = TestPortal { $0.operatingBudget = 0.5 }
    let commands: KeyValuePairs = [
      "a": "crm.contact.update?id=7&fields[NAME]=a", "b": "crm.contact.update?id=7&fields[NAME]=b",
      "c": "crm.contact.update?id=7&fields[NAME]=c", "d": "server.time",
    ]
    let first = own.batch(commands)
    #expect(first.errors.entries.map { $0.name } == ["c"])
    #expect(first.errors["c"]?["error"] == "OPERATION_TIME_LIMIT")
    #expect(first.operating == 0)
    #expect(first.result["result_time"]?["b"]?["operating"] == .number(0.6))

    var shared = TestPortal { ($0.operatingBudget, $0.batchPayer) = (0.5, .batch) }
    let whole = shared.batch(commands)
    #expect(whole.errors == [])
    #expect(whole.operating > 0.8)
    #expect(whole.result["result_time"]?["d"]?["operating"] != 0)
    #expect(shared.batch(["a": "server.time"]).status == 429)
    #expect(shared.call("crm.contact.update", ["id": 7, "fields": ["NAME": "x"]]).status == 200)
  }

  @Test("A portal of one's own tells nothing of the seconds worked")
  func silent() {
    var portal = TestPortal { $0.tellsOperating = false }
    let time = portal.call("profile").body["time"]
    #expect(time?["operating"] == nil)
    #expect(time?["operating_reset_at"] == nil)
    #expect(time?["date_start"] == "2026-11-23T13:00:00+03:00")
  }
}

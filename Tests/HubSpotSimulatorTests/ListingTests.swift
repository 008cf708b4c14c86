import Platform
import Scoring
import SimulatorJSON
import Testing

@testable import HubSpotSimulator

/// Section 2.1 of HubSpot's documentation of the CRM objects: lists, and single records.
@Suite("The list of contacts")
struct ListingTests {
  private let path = TestAccount.contacts

  @Test("A page has ten contacts if nothing is said, and a hundred at most")
  func pageSize() {
    var test = TestAccount(contacts: 120)
    #expect(test.get(path).ids.count == 10)
    #expect(test.get("\(path)?limit=100").ids.count == 100)
    #expect(test.get("\(path)?limit=101").status == 400)
    #expect(test.get("\(path)?limit=51&propertiesWithHistory=email").status == 400)
  }

  @Test("Cursors lead through all contacts in the order of their ids, and the last page has none")
  func cursors() {
    var test = TestAccount(contacts: 7)
    let first = test.get("\(path)?limit=3")
    let second = test.get("\(path)?limit=3&after=\(Escaping.encode(first.after ?? ""))")
    let third = test.get("\(path)?limit=3&after=\(Escaping.encode(second.after ?? ""))")
    #expect(first.ids + second.ids + third.ids == (1...7).map { test.id($0) })
    #expect(third.body["paging"] == nil)
    #expect(first.body["paging"]?["next"]?["link"]?.string?.hasPrefix("https://api.hubapi.com") == true)
  }

  @Test("A cursor is no number, and a number is no cursor")
  func cursorIsOpaque() {
    var test = TestAccount(contacts: 4)
    #expect(test.get("\(path)?limit=2").after.flatMap { Int($0) } == nil)
    let wrong = test.get("\(path)?after=2")
    #expect(wrong.status == 400)
    #expect(wrong.message.contains("Cannot deserialize value of type"))
  }

  @Test(
    "Date of creation, id and date of change come unasked; what is empty is null, what is unknown is left out"
  )
  func properties() {
    var test = TestAccount(contacts: 1)
    let answer = test.get("\(path)?properties=jobtitle,nosuch,firstname")
    let properties = answer.body["results"]?.elements.first?["properties"]?.members
    #expect(
      properties?.map { $0.name } == [
        "createdate", "firstname", "hs_object_id", "jobtitle", "lastmodifieddate",
      ])
    #expect(answer.property("jobtitle") == .null)
    #expect(answer.property("hs_object_id") == .text("\(test.id(1))"))
    #expect(answer.property("createdate") == "2026-11-22T10:00:00.000Z")
  }

  @Test("An address is held in small letters, and canonical fields under HubSpot's names")
  func filling() {
    var test = TestAccount(contacts: 0)
    test.server.add(
      SimulatedContact(
        number: 1, email: "Ann@Example.TEST",
        fields: [
          ContactField("job_title", "CTO"), ContactField("lifecycle_stage", "Lead"),
          ContactField("nosuch", "x"), ContactField("additional_emails", "ann@b.test;a@c.test"),
        ], createdAt: test.now))
    let answer = test.get("\(path)?properties=email,jobtitle,lifecyclestage,hs_additional_emails")
    #expect(answer.property("email") == "ann@example.test")
    #expect(answer.property("jobtitle") == "CTO")
    #expect(answer.property("lifecyclestage") == "lead")
    #expect(answer.property("hs_additional_emails") == "ann@b.test;a@c.test")
    let other = test.call("POST", path, ["properties": ["email": "A@c.test"]])
    #expect(other.status == 409)
  }

  @Test("Archived contacts stand in a list of their own for ninety days")
  func archived() {
    var test = TestAccount(contacts: 3)
    let id = test.id(2)
    test.server.archive(id, at: test.now)
    #expect(!test.get(path).ids.contains(id))
    let gone = test.get("\(path)?archived=true")
    #expect(gone.ids == [id])
    #expect(gone.body["results"]?.elements.first?["archivedAt"] == "2026-11-23T10:00:00.000Z")
    #expect(test.get("\(path)/\(id)").status == 404)
    test.pass(90 * 86_400)
    #expect(test.get("\(path)?archived=true").ids == [])
  }

  @Test("A target that is too long is refused with 414")
  func tooLong() {
    var test = TestAccount(contacts: 1)
    let names = (0..<2_000).map { "property_\($0)" }.joined(separator: ",")
    #expect(test.get("\(path)?properties=\(names)").status == 414)
  }

  @Test(
    "The number of a type and older versions lead to the same records",
    arguments: [
      "/crm/v3/objects/contacts", "/crm/objects/2026-09/contacts", "/crm/objects/2026-03/0-1",
    ])
  func sameResource(path: String) {
    var test = TestAccount(contacts: 2)
    #expect(test.get(path).ids == [test.id(1), test.id(2)])
  }

  @Test("An unknown type is refused without a category, an unknown version is no path")
  func unknownType() {
    var test = TestAccount(contacts: 1)
    let answer = test.get("/crm/objects/2026-03/unicorns")
    #expect(answer.status == 400)
    #expect(answer.message == "Unable to infer object type from: unicorns")
    #expect(answer.category == nil)
    #expect(test.get("/crm/objects/2024-01/contacts").status == 404)
  }

  @Test("A batch is read by id or address; who is missing is told of, and stops nothing")
  func batchRead() {
    var test = TestAccount(contacts: 3)
    let answer = test.call(
      "POST", "\(path)/batch/read",
      ["idProperty": "email", "inputs": [["id": "P2@Example.test"], ["id": "nobody@example.test"]]])
    #expect(answer.status == 207)
    #expect(answer.ids == [test.id(2)])
    #expect(answer.body["errors"]?.elements.first?["context"]?["ids"] == ["nobody@example.test"])
    #expect(answer.body["errors"]?.elements.first?["status"] == "error")
    let many = JSON.list((0..<101).map { ["id": .text("\($0)")] })
    #expect(test.call("POST", "\(path)/batch/read", ["inputs": many]).status == 400)
  }
}

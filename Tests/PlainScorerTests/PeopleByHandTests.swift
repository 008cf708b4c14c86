import PlainScorer
import Testing

/// Who is one person, counted by hand.
@Suite struct `The plain scorer's people` {
  private func contact(
    _ connection: String, _ id: String, _ addresses: [String], fields: [String: String] = [:]
  ) -> PlainContact {
    PlainContact(connection: connection, platform: "files", id: id, addresses: addresses, fields: fields)
  }

  private func ids(_ contacts: [PlainContact]) -> [[String]] {
    PlainWorld(connections: ["crm", "web"], contacts: contacts, activities: []).people().map { person in
      person.contacts.map { $0.connection + "/" + $0.id }
    }
  }

  @Test func `contacts are joined over a third one's further address`() {
    #expect(
      ids([
        contact("web", "1", ["b@x.example"]), contact("crm", "9", ["a@x.example"]),
        contact("crm", "10", [" A@X.example", "B@x.EXAMPLE"]), contact("web", "2", ["a.b@x.example"]),
        contact("web", "3", []), contact("web", "4", [""]),
      ]) == [["crm/10", "crm/9", "web/1"], ["web/2"], ["web/3"], ["web/4"]])
  }

  @Test func `an address that eleven contacts of a connection share joins nobody anywhere`() {
    let many = (10..<21).map { contact("crm", "\($0)", ["info@x.example"]) }
    let other = contact("web", "1", ["info@x.example"])
    #expect(ids(many + [other]).count == 12)
    #expect(ids(many.dropLast() + [other]).count == 1)
  }

  @Test(
    arguments: [
      ("an@BÜCHER.example", "an@xn--bcher-kva.example"),
      ("an@đà-lạt.example", "an@xn---lt-8ka8vx53n.example"),
      ("ĐỨC+x@A.example ", "đức+x@a.example"), ("e\u{301}@a.example", "\u{E9}@a.example"),
    ])
  func `addresses are normalised`(written: String, normalised: String) {
    #expect(PlainAddress.normalised(written).map { Array($0.utf8) } == Array(normalised.utf8))
  }

  @Test func `what has no name or no domain is no address`() {
    #expect(["", "nobody", "@a.example", "a@"].compactMap(PlainAddress.normalised) == [])
  }

  @Test func `each field is the first that is filled, by connection and by id as text`() {
    let world = PlainWorld(
      connections: ["crm", "web"],
      contacts: [
        contact("web", "1", ["a@x.example"], fields: ["phone": "3", "city": "Huế"]),
        contact("crm", "2", ["a@x.example"], fields: ["phone": "2", "company": "Two"]),
        contact("crm", "10", ["a@x.example"], fields: ["phone": "1", "company": " "]),
      ], activities: [])
    #expect(world.people().map(\.profile) == [["phone": "1", "company": "Two", "city": "Huế"]])
  }

  @Test func `an activity that is read twice counts once, and on another connection again`() {
    let call = PlainActivity(connection: "crm", contact: "1", identity: "7", kind: "call", time: 5)
    var same = call
    same.connection = "web"
    var strange = call
    strange.contact = "2"
    let world = PlainWorld(
      connections: ["crm", "web"],
      contacts: [contact("crm", "1", ["a@x.example"]), contact("web", "1", ["a@x.example"])],
      activities: [call, call, same, strange])
    #expect(world.people().map(\.activities) == [[call, same]])
  }
}

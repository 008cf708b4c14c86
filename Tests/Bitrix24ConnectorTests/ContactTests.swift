import Bitrix24Simulator
import ConnectorConformance
import Platform
import Scoring
import Testing
import WebAPI

@testable import Bitrix24Connector

@Suite("Reading contacts from Bitrix24")
struct ContactTests {
  @Test("Fields get their canonical names; sources and companies come by name, titles never")
  func fields() async throws {
    let portal = Bitrix24TestPortal()
    let id = portal.person(
      1,
      [
        ContactField("first_name", "Ada"), ContactField("last_name", "Byron"),
        ContactField("job_title", "CEO"),
        ContactField("phone", "+44 1"), ContactField("company", "Engines Ltd"), ContactField("source", "Web"),
        ContactField("website", "https://a.example"), ContactField("city", "London"),
      ])
    portal.act { server, now in
      server.addField("UF_CRM_LEVEL", type: "enumeration", options: ["gold", "silver"])
      server.setField(Int64(id.text) ?? 0, "UF_CRM_LEVEL", to: "silver", at: now)
      server.addField("UF_CRM_SINCE", type: "date")
      server.setField(Int64(id.text) ?? 0, "UF_CRM_SINCE", to: "2024-04-19", at: now)
      server.setValues(Int64(id.text) ?? 0, "UF_CRM_TOPICS", to: ["a", "b"], at: now)
    }
    var pull = Pull()
    try await pull.read(portal.bitrix24(), portal.window())
    let record = try #require(pull.contacts().first)
    #expect(record.emails == ["a@example.test"])
    #expect(record.value("first_name") == "Ada")
    #expect(record.value("job_title") == "CEO")
    #expect(record.value("phone") == "+44 1")
    #expect(record.value("company") == "Engines Ltd")
    #expect(record.value("source") == "Web")
    #expect(record.value("website") == "https://a.example")
    #expect(record.value("city") == "London")
    #expect(record.value("UF_CRM_LEVEL") == "silver")
    #expect(record.value("UF_CRM_SINCE") == "2024-04-19")
    #expect(record.value("UF_CRM_TOPICS") == "a;b")
    #expect(record.createdAt != nil)
    let names = Set(record.fields.map(\.name))
    #expect(names.isDisjoint(with: ["TITLE", "DATE_MODIFY", "COMPANY_ID", "SOURCE_ID", "ID"]))
  }

  @Test("The universal methods tell the same of a contact")
  func universal() async throws {
    var found: [[ContactRecord]] = []
    for sort in [Bitrix24Subject.Sort.usual, .universal] {
      let portal = Bitrix24TestPortal(sort)
      _ = portal.person(
        1,
        [
          ContactField("first_name", "Ada"), ContactField("job_title", "CEO"), ContactField("phone", "+44 1"),
          ContactField("company", "Engines Ltd"), ContactField("source", "Web"),
        ])
      portal.act { server, now in
        let id = server.id(ofContact: 1) ?? 0
        server.setField(id, "UF_CRM_1721244707107", to: "odd name", at: now)
        server.addField("UF_CRM_LEAD_BAND", type: "enumeration", options: ["hot", "cold"])
        server.setField(id, "UF_CRM_LEAD_BAND", to: "cold", at: now)
        server.addValue(id, "UF_CRM_LEAD_TAGS", "vip", at: now)
      }
      var pull = Pull()
      try await pull.read(portal.bitrix24(), portal.window())
      found.append(pull.contacts())
    }
    #expect(found[0].count == 1)
    #expect(found[0].first?.held?.band == "cold")
    #expect(found[0].first?.held?.tags == ["vip"])
    #expect(found[0] == found[1])
  }

  @Test("In classic mode leads are people, too, with an L before their numbers")
  func leads() async throws {
    let portal = Bitrix24TestPortal(.classic)
    let ids = try await portal.people(6)
    portal.clock.advance(3_600)
    var pull = Pull()
    try await pull.read(portal.bitrix24(), portal.window())
    #expect(Set(pull.ids()) == Set(ids.map(\.text)))
    #expect(pull.ids().filter { $0.hasPrefix("L") }.count == 2)
    portal.clock.advance(3_600)
    try await portal.rename(ids[2], firstName: "Other")
    let start = portal.network.requests.count
    portal.clock.advance(60)
    try await pull.read(portal.bitrix24(), portal.window())
    #expect(pull.ids() == [ids[2].text])
    // Their first page came along with that of the contacts.
    #expect(portal.network.requests.count - start == 1, "\(portal.routes(since: start))")
  }

  @Test("Leads are left out where the configuration says so, and read in simple mode where it says so")
  func chosenLeads() async throws {
    let portal = Bitrix24TestPortal(.classic)
    _ = try await portal.people(6)
    var settings = portal.settings
    settings.leads = .no
    var pull = Pull()
    try await pull.read(portal.bitrix24(settings: settings), portal.window())
    #expect(pull.ids().count == 4)
    #expect(portal.commands(of: "crm.lead.list").isEmpty)
    // Once they are wanted everybody is listed anew.
    portal.clock.advance(3_600)
    settings.leads = .yes
    try await pull.read(portal.bitrix24(settings: settings), portal.window())
    #expect(pull.ids().count == 6)
    #expect(pull.pages["contacts"]?.last?.listing == .everythingAndDone)
  }

  @Test("Names of companies are asked for only if the model wants them, and everybody is listed once it does")
  func companies() async throws {
    let portal = Bitrix24TestPortal()
    _ = portal.person(1, [ContactField("company", "Engines Ltd")])
    func window(_ fields: Set<String>) -> PullWindow {
      let window = portal.window()
      return PullWindow(
        since: window.since, now: window.now,
        needs: PullNeeds(fields: fields, kinds: nil, tags: [], bands: []))
    }
    var pull = Pull()
    try await pull.read(portal.bitrix24(), window([]))
    #expect(portal.commands(of: "crm.company.list").isEmpty)
    #expect(pull.contacts().first?.value("company") == nil)
    portal.clock.advance(3_600)
    try await pull.read(portal.bitrix24(), window(["company"]))
    #expect(pull.contacts().first?.value("company") == "Engines Ltd")
    #expect(pull.pages["contacts"]?.last?.listing == .everythingAndDone)
    portal.clock.advance(3_600)
    try await pull.read(portal.bitrix24(), window(["company"]))
    #expect(pull.pages["contacts"]?.last?.listing == .changes)
  }

  @Test("Everybody is listed once a week, and whoever is missing then is gone")
  func sweep() async throws {
    let portal = Bitrix24TestPortal()
    let ids = try await portal.people(3)
    var settings = portal.settings
    settings.sweep = .days(7)
    var pull = Pull()
    try await pull.read(portal.bitrix24(settings: settings), portal.window())
    try await portal.remove(ids[1])
    portal.clock.advance(6 * 86_400)
    try await pull.read(portal.bitrix24(settings: settings), portal.window())
    #expect(pull.pages["contacts"]?.last?.listing == .changes)
    portal.clock.advance(86_400)
    try await pull.read(portal.bitrix24(settings: settings), portal.window())
    #expect(pull.pages["contacts"]?.last?.listing == .everythingAndDone)
    #expect(Set(pull.ids()) == [ids[0].text, ids[2].text])
  }

  @Test("Changes are asked for from five minutes before the last reading on, in the portal's own zone")
  func bound() async throws {
    let portal = Bitrix24TestPortal()
    _ = try await portal.people(1)
    var pull = Pull()
    let connector = portal.bitrix24()
    try await pull.read(connector, portal.window())
    portal.clock.advance(3_600)
    let start = portal.network.requests.count
    try await pull.read(connector, portal.window())
    let expected = PortalTime.text(1_795_000_000 - 300, offset: 180)
    let command = try #require(portal.commands(of: "crm.contact.list", since: start).first)
    let decoded = try #require(command.removingPercentEncoding)
    #expect(decoded.contains("filter[>=DATE_MODIFY]=\(expected)"), "\(decoded)")
  }

  @Test("An empty list in place of a row is reported, and stops no other")
  func emptyRows() async throws {
    let portal = Bitrix24TestPortal()
    let ids = try await portal.people(3)
    portal.answer("crm.contact.list") {
      $0.replacing("\"crm_contact_list__p1\":[{", with: "\"crm_contact_list__p1\":[[],{")
    }
    var pull = Pull()
    try await pull.read(portal.bitrix24(), portal.window())
    #expect(Set(pull.ids()) == Set(ids.map(\.text)))
    #expect(pull.rejected("contacts").first?.reason == "a record has no id")
  }

  @Test("A batch that was cut off goes on where it ended")
  func cut() async throws {
    let portal = Bitrix24TestPortal()
    let ids = try await portal.people(9)
    let connector = portal.bitrix24()
    let name = StreamName("contacts")
    let window = portal.window(days: 365)
    let first = try await connector.page(of: name, after: nil, window: window)
    portal.act { server, _ in server.cutNextBatch(after: 1) }
    let second = try await connector.page(of: name, after: first.cursor, window: window)
    #expect(second.contacts.count == 2)
    #expect(second.hasMore)
    var found = (first.contacts + second.contacts).map(\.id)
    var cursor = second.cursor
    while true {
      let page = try await connector.page(of: name, after: cursor, window: window)
      found += page.contacts.map(\.id)
      cursor = page.cursor
      if !page.hasMore { break }
    }
    #expect(found == ids)
  }

  @Test("A last page that is full is followed by one that is empty")
  func fullPage() async throws {
    let portal = Bitrix24TestPortal()
    let ids = try await portal.people(4)
    var pull = Pull()
    try await pull.read(portal.bitrix24(), portal.window())
    #expect(pull.ids() == ids.map(\.text))
  }

  @Test("Somebody's sentinel for no tags is no tag")
  func sentinel() async throws {
    let portal = Bitrix24TestPortal()
    let id = try await portal.people(1)[0]
    try await portal.addForeignTag(id, "-")
    var pull = Pull()
    try await pull.read(portal.bitrix24(), portal.window())
    #expect(pull.contacts().first?.held?.tags == [])
  }

  @Test("Our own write comes back with the version that was given, and nothing else about it")
  func version() async throws {
    let portal = Bitrix24TestPortal()
    let id = try await portal.people(1)[0]
    let connector = try await portal.prepared()
    var pull = Pull()
    try await pull.read(connector, portal.window())
    portal.clock.advance(600)
    let outcomes = try await connector.write([ContactWrite(id, 42, band: "hot", add: ["lead_hot"])])
    portal.clock.advance(600)
    try await pull.read(connector, portal.window())
    let held = try #require(pull.contacts().first?.held)
    #expect(outcomes == [.written(version: held.version)])
    #expect(held.version != nil)
    #expect(held.score == 42)
  }
}

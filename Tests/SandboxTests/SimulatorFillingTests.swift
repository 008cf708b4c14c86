import Foundation
import Platform
import Sandbox
import Scoring
import Testing

@Suite struct SimulatorFillingTests {
  private func world(
    people: Int = 2_000, activitiesPerPerson: Double = 10, connections: SandboxConnections = .two
  ) -> GeneratedWorld {
    GeneratedWorld(
      people: people, activitiesPerPerson: activitiesPerPerson, seed: 7, now: WrittenSandbox.now,
      connections: connections)
  }

  /// Fills the platform of this number among so many.
  @discardableResult
  private static func fill(
    _ notebook: inout NotebookSimulator, _ world: GeneratedWorld, number: Int = 0, of count: Int = 1
  ) -> SandboxSummary {
    let platform = SimulatedPlatform(name: "notebook", settings: [], simulator: notebook)
    return SimulatorSandbox(world: world, platforms: Array(repeating: platform, count: count))
      .fill(&notebook, of: number)
  }

  @Test
  func `of four platforms the third has the mail and the fourth what sales does, and nothing is seen twice`()
  {
    func filled(_ number: Int, of count: Int) -> NotebookSimulator {
      var notebook = NotebookSimulator()
      Self.fill(&notebook, world(), number: number, of: count)
      return notebook
    }
    let two = (0..<2).map { filled($0, of: 2) }
    let four = (0..<4).map { filled($0, of: 4) }
    #expect(two.reduce(0) { $0 + $1.activities.count } == four.reduce(0) { $0 + $1.activities.count })
    #expect(four[0].contacts.map(\.number) == two[0].contacts.map(\.number))
    let web = Dictionary(uniqueKeysWithValues: four[0].contacts.map { ($0.number, $0.email) })
    #expect(four[2].contacts.allSatisfy { web[$0.number] == $0.email })
    #expect((900...1_200).contains(four[2].contacts.count))
    #expect(Set(four[2].activities.map(\.kind.name)) == ["email_sent", "email_open", "email_click"])
    let onMail = Set(four[2].contacts.map(\.number))
    #expect(!four[0].activities.contains { $0.kind == .known(.emailOpen) && onMail.contains($0.contact) })
    #expect(four[0].activities.contains { $0.kind == .known(.emailOpen) })
    #expect(
      Set(four[3].activities.map(\.kind.name)) == ["chat", "call", "email_reply", "meeting", "deal_won"])
    #expect(four[1].activities.contains { $0.kind == .known(.purchase) })
  }

  @Test(arguments: [SandboxConnections.one, .two])
  func `as much is handed over as is said, and as stands in files`(
    connections: SandboxConnections
  ) throws {
    var notebook = NotebookSimulator()
    let summary = Self.fill(&notebook, world(connections: connections))
    #expect(summary.contacts == ["web": notebook.contacts.count])
    #expect(summary.activities == ["web": notebook.activities.count])
    let written = try WrittenSandbox(people: 2_000, connections: connections)
    #expect(
      Set(try written.contacts("web").compactMap { $0["id"] })
        == Set(notebook.contacts.map { "\($0.number)" }))
    let rows = try written.activities("web")
    let happened = Set(rows.filter { $0["id"] != "" }).count + rows.count { $0["id"] == "" }
    #expect(happened == notebook.activities.count)
    #expect(happened < rows.count)
  }

  @Test func `contacts come in the order of their number and activities in the order of time`() throws {
    var notebook = NotebookSimulator()
    Self.fill(&notebook, world())
    let numbers = notebook.contacts.map(\.number)
    #expect(numbers == numbers.sorted())
    #expect(Set(numbers).count == numbers.count)
    let times = notebook.activities.map(\.time)
    #expect(times == times.sorted())
    #expect(times.allSatisfy { $0 < WrittenSandbox.now })
  }

  @Test func `everybody is known before the first thing they do`() throws {
    var notebook = NotebookSimulator()
    Self.fill(&notebook, world())
    let known = Dictionary(uniqueKeysWithValues: notebook.contacts.map { ($0.number, $0.createdAt) })
    for activity in notebook.activities {
      #expect(try #require(known[activity.contact]) <= activity.time)
    }
  }

  @Test func `an activity says what its row in the file says`() throws {
    var notebook = NotebookSimulator()
    Self.fill(&notebook, world(people: 300, connections: .one))
    func line(_ parts: [String?]) -> String { parts.map { $0 ?? "" }.joined(separator: "|") }
    let told = Set(
      notebook.activities.map {
        line(["\($0.contact)", $0.kind.name, $0.time.description, $0.target, $0.campaign, number($0.value)])
      })
    let written = try WrittenSandbox(people: 300, connections: .one)
    let rows = try written.activities("web").filter { $0["contact"] != "" }
    #expect(rows.count > 2_000)
    let strange = rows.filter { row in
      !told.contains(
        line([
          row["contact"], row["kind"], row["at"], row["target"], row["campaign"],
          number(row["value"].flatMap(Double.init)),
        ]))
    }
    #expect(strange.isEmpty, "\(strange.prefix(3))")
  }

  private func number(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }

  @Test func `a contact has what the file has`() throws {
    var notebook = NotebookSimulator()
    Self.fill(&notebook, world(people: 200))
    let rows = Dictionary(
      uniqueKeysWithValues: try WrittenSandbox(people: 200).contacts("web").map {
        ($0["id", default: ""], $0)
      })
    for contact in notebook.contacts {
      let row = try #require(rows["\(contact.number)"])
      #expect(contact.createdAt.description == row["created_at"])
      #expect(Set(contact.fields.map(\.name)).count == contact.fields.count)
      for field in contact.fields { #expect(row[field.name] == field.value) }
      let filled = row.filter {
        !$0.value.isEmpty && !["id", "email", "emails", "created_at"].contains($0.key)
      }
      #expect(contact.fields.count == filled.count)
    }
  }

  @Test func `who stands on both connections has the same address there, and no other contact has it`() throws
  {
    let box = try FilledSandbox(world())
    let web = box.notebook.contacts.map { EmailAddress($0.email) }
    #expect(Set(web).count == web.count)
    #expect(!web.contains(nil))
    let shop = try box.rows("shop-contacts.csv").map { row in
      Set(
        ([row["email", default: ""]] + row["emails", default: ""].split(separator: ";").map(String.init))
          .compactMap { EmailAddress($0) })
    }
    let known = Set(web.compactMap { $0 })
    let joined = shop.count { !$0.isDisjoint(with: known) }
    // Every person is on at least one of the two.
    #expect(web.count + shop.count - joined == 2_000)
    #expect((720...880).contains(joined))
  }

  @Test func `what happens in the shop stands in its file as ever`() throws {
    let box = try FilledSandbox(world())
    let written = try WrittenSandbox(people: 2_000)
    for name in ["shop-contacts.csv", "shop-activities.csv", "model.yaml"] {
      let isSame = try box.text(name) == written.text(name)
      #expect(isSame, "\(name)")
    }
    #expect(box.summary.contacts["web"] == box.notebook.contacts.count)
    #expect(box.summary.activities["web"] == box.notebook.activities.count)
    #expect(box.summary.contacts["shop"] == written.summary.contacts["shop"])
    #expect(box.summary.activities["shop"] == written.summary.activities["shop"])
    #expect(try box.names == ["leadgauge.yaml", "model.yaml", "shop-activities.csv", "shop-contacts.csv"])
  }

  @Test func `the configuration names the platform, where it is, and the files`() throws {
    let text = try FilledSandbox(world(people: 20)).text("leadgauge.yaml")
    #expect(
      text.contains(
        """
          web:
            platform: notebook
            url: http://127.0.0.1:18080
            auth: { user: demo, password: demo-password }
          shop:
            platform: files
            contacts: shop-contacts.csv

        """))
    #expect(!text.contains("web-contacts.csv"))
  }

  @Test func `a world on one connection is in the platform alone`() throws {
    let box = try FilledSandbox(world(people: 100, connections: .one))
    #expect(box.notebook.contacts.count == 100)
    #expect(try box.names == ["leadgauge.yaml", "model.yaml"])
  }

  @Test func `people who do something new do it now, on both connections`() throws {
    var box = try FilledSandbox(world())
    let before = (box.notebook.activities.count, try box.rows("shop-activities.csv").count)
    let now = WrittenSandbox.now + .days(2)
    let summary = try box.append(batch: 1, at: now)
    let web = box.notebook.activities.dropFirst(before.0)
    let shop = try box.rows("shop-activities.csv").dropFirst(before.1)
    #expect(summary.people == 20)
    #expect(!web.isEmpty && !shop.isEmpty)
    #expect(summary.activities == ["web": web.count, "shop": shop.count])
    #expect(web.allSatisfy { $0.time == now })
    #expect(shop.allSatisfy { Timestamp($0["at", default: ""]) == now })
    _ = try box.append(batch: 2, at: now)
    let others = box.notebook.activities.dropFirst(before.0 + web.count).map(\.contact)
    #expect(Set(others).isDisjoint(with: web.map(\.contact)))
  }

  @Test func `a folder that cannot be made is reported with its path`() throws {
    let failure = #expect(throws: SandboxFailure.self) {
      try FilledSandbox(world(), folder: "/dev/null/sandbox")
    }
    #expect(failure?.path == "/dev/null/sandbox")
  }
}

import Foundation
import Sandbox
import Scoring
import Testing

@Suite struct FileSandboxTests {
  @Test func `the same seed gives the same bytes`() throws {
    let (first, second) = (try WrittenSandbox(people: 400), try WrittenSandbox(people: 400))
    #expect(try first.names == second.names)
    for name in try first.names { #expect(try first.text(name) == second.text(name)) }
  }

  @Test func `writing again replaces what is there`() throws {
    let written = try WrittenSandbox(people: 100)
    let before = try written.text("web-activities.csv")
    try written.sandbox.appendActivity(to: written.folder)
    try written.sandbox.write(to: written.folder)
    #expect(try written.text("web-activities.csv") == before)
  }

  @Test func `another seed gives other people and other activity`() throws {
    let (first, second) = (try WrittenSandbox(people: 400), try WrittenSandbox(people: 400, seed: 8))
    for name in try first.names where name.hasSuffix(".csv") {
      #expect(try first.text(name) != second.text(name))
    }
  }

  @Test func `two connections give six files and one gives four`() throws {
    let (two, one) = (try WrittenSandbox(people: 50), try WrittenSandbox(people: 50, connections: .one))
    #expect(
      try two.names == [
        "leadgauge.yaml", "model.yaml", "shop-activities.csv", "shop-contacts.csv", "web-activities.csv",
        "web-contacts.csv",
      ])
    #expect(try one.names == ["leadgauge.yaml", "model.yaml", "web-activities.csv", "web-contacts.csv"])
    #expect(try one.contacts("web").count == 50)
  }

  @Test(arguments: [SandboxConnections.one, .two]) func `as many rows stand in the files as were asked for`(
    connections: SandboxConnections
  ) throws {
    let written = try WrittenSandbox(connections: connections)
    var activities = 0
    for name in written.sandbox.world.connectionNames {
      let rows = try written.activities(name).count
      #expect(rows == written.summary.activities[name])
      #expect(try written.contacts(name).count == written.summary.contacts[name])
      activities += rows
    }
    #expect(activities == 30_000)
    #expect(written.sandbox.world.activities == 30_000)
  }

  @Test func `a world of nobody and a world of people who do nothing can be written`() throws {
    #expect(try WrittenSandbox(people: 0).contacts("web").isEmpty)
    let idle = try WrittenSandbox(people: 20, activitiesPerPerson: 0)
    #expect(try idle.activities("web").isEmpty)
    #expect(try idle.activities("shop").isEmpty)
  }

  @Test func `ids are unique within a connection`() throws {
    let written = try WrittenSandbox(activitiesPerPerson: 0)
    for name in ["web", "shop"] {
      let ids = try written.contacts(name).map { $0["id", default: ""] }
      #expect(Set(ids).count == ids.count)
      #expect(!ids.contains(""))
    }
  }

  @Test func `every row of activity has a kind, a time before now and a contact that exists`() throws {
    let written = try WrittenSandbox(people: 1_500)
    for name in ["web", "shop"] {
      let contacts = try written.contacts(name)
      let ids = Set(contacts.compactMap { $0["id"] })
      let addresses = Set(contacts.compactMap { EmailAddress($0["email", default: ""]) })
      let oldest = WrittenSandbox.now - .days(200)
      let good = try written.activities(name).allSatisfy { row in
        guard let time = Timestamp(row["at", default: ""]), ActivityKind(row["kind", default: ""]) != nil
        else {
          return false
        }
        let isKnown =
          ids.contains(row["contact", default: ""])
          || EmailAddress(row["email", default: ""]).map(addresses.contains) == true
        return isKnown && time >= oldest && time < WrittenSandbox.now
      }
      #expect(good)
    }
  }

  @Test func `logs are in the order of time unless that is not wanted`() throws {
    let sorted = try times(WrittenSandbox(people: 500).activities("web"))
    let loose = try times(WrittenSandbox(people: 500, sortedByTime: false).activities("web"))
    #expect(sorted == sorted.sorted())
    #expect(loose != sorted)
    #expect(loose.sorted() == sorted)
  }

  @Test func `some rows have no identity and some stand twice`() throws {
    let rows = try WrittenSandbox().activities("web")
    let nameless = rows.count { $0["id"] == "" }
    #expect((rows.count / 20...rows.count / 4).contains(nameless))
    let repeated = Dictionary(grouping: rows) { $0 }.values.filter { $0.count > 1 }
    #expect(repeated.contains { $0[0]["id"] == "" })
    #expect(repeated.contains { $0[0]["id"] != "" })
    let byIdentity = Dictionary(grouping: rows.filter { $0["id"] != "" }) { $0["id"] }
    #expect(byIdentity.values.allSatisfy { Set($0).count == 1 })
  }

  @Test func `mail scanners click three links within ten seconds`() throws {
    let clicks = try WrittenSandbox().activities("web").filter { $0["kind"] == "email_click" }
    let bursts = Dictionary(grouping: clicks) { [$0["contact"], $0["campaign"]] }.values.filter { group in
      let moments = times(group)
      return Set(group.map { $0["target"] }).count >= 3
        && moments.indices.dropFirst(2).contains { moments[$0].seconds - moments[$0 - 2].seconds <= 10 }
    }
    #expect(bursts.count >= 3)
  }

  @Test func `a few people do most`() throws {
    let rows = try WrittenSandbox(connections: .one).activities("web")
    let counts = Dictionary(grouping: rows) { $0["contact"] }.values.map(\.count).sorted(by: >)
    let busiest = counts.prefix(3_000 / 20).reduce(0, +)
    #expect(busiest > rows.count / 4)
    #expect(counts[counts.count / 2] < 10)
  }

  @Test func `targets are a few hundred`() throws {
    let targets = Set(try WrittenSandbox().activities("web").compactMap { $0["target"] })
    #expect((150...600).contains(targets.count))
    #expect(targets.contains("https://www.example.com/bang-gia"))
  }

  @Test func `a folder that cannot be made is reported with its path`() throws {
    let folder = "/dev/null/sandbox"
    let world = GeneratedWorld(people: 1, activitiesPerPerson: 1, seed: 1, now: WrittenSandbox.now)
    let failure = #expect(throws: SandboxFailure.self) { try FileSandbox(world: world).write(to: folder) }
    #expect(failure?.path == folder)
    #expect(failure?.reason.isEmpty == false)
  }

  private func times(_ rows: [[String: String]]) -> [Timestamp] {
    rows.compactMap { $0["at"].flatMap { Timestamp($0) } }
  }
}

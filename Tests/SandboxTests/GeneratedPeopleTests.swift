import Sandbox
import Scoring
import Testing

@Suite struct GeneratedPeopleTests {
  @Test func `two of five people stand in both connections and addresses join them`() throws {
    let people = try PeopleOfFiles(WrittenSandbox(activitiesPerPerson: 0))
    #expect(people.people.count == 3_000)
    #expect((1_080...1_320).contains(people.shared))
  }

  @Test func `some are joined by a secondary address alone`() throws {
    let people = try PeopleOfFiles(WrittenSandbox(activitiesPerPerson: 0))
    let joined = people.people.filter { $0.count == 2 }.count { person in
      let first = EmailAddress(people.records[person[0]].row["email", default: ""])
      return first != EmailAddress(people.records[person[1]].row["email", default: ""])
    }
    #expect((200...700).contains(joined))
  }

  @Test func `all mail domains are reserved for examples`() throws {
    for record in try PeopleOfFiles(WrittenSandbox(activitiesPerPerson: 0)).records {
      for address in record.addresses {
        let isReserved =
          ["example.com", "example.org", "example.net"].contains(address.domain)
          || address.domain.hasSuffix(".example")
        #expect(isReserved, "\(address.normalized)")
      }
    }
  }

  @Test func `every address that is written can be read`() throws {
    for record in try PeopleOfFiles(WrittenSandbox(activitiesPerPerson: 0)).records {
      let row = record.row
      let count = (row["email"] == "" ? 0 : 1) + row["emails", default: ""].split(separator: ";").count
      #expect(record.addresses.count == count)
    }
  }

  @Test func `the same address is written in different letter cases`() throws {
    let written = try WrittenSandbox(activitiesPerPerson: 0)
    let web = Set(try written.contacts("web").compactMap { $0["email"] })
    let shop = try written.contacts("shop").compactMap { $0["email"] }
    let lower = Set(web.map { $0.lowercased() })
    #expect(shop.contains { !web.contains($0) && lower.contains($0.lowercased()) })
  }

  @Test func `some mailboxes are shared by more than ten contacts`() throws {
    let records = try PeopleOfFiles(WrittenSandbox(activitiesPerPerson: 0)).records
    var users: [EmailAddress: Int] = [:]
    for record in records where record.connection == "web" {
      for address in record.addresses { users[address, default: 0] += 1 }
    }
    let shared = users.filter { $0.value > 10 }
    #expect(shared.count == 3)
    #expect(shared.keys.allSatisfy { $0.normalized.hasPrefix("info@") })
  }

  @Test func `names and titles come with Vietnamese letters`() throws {
    let rows = try WrittenSandbox(activitiesPerPerson: 0).contacts("web")
    #expect(rows.contains { $0["last_name"] == "Nguyễn" })
    #expect(rows.contains { $0["first_name", default: ""].hasPrefix("Đ") })
    #expect(rows.contains { $0["job_title"] == "Giám đốc" })
    #expect(rows.contains { $0["job_title"] == "Intern" })
  }

  @Test func `everybody is known before the first activity of theirs`() throws {
    let written = try WrittenSandbox(people: 1_000)
    let known = Dictionary(
      uniqueKeysWithValues: try written.contacts("web").map { ($0["id"], $0["created_at"]) })
    for row in try written.activities("web") where row["contact"] != "" {
      let created = known[row["contact"]].flatMap { $0 }.flatMap { Timestamp($0) }
      #expect(try #require(created) <= #require(Timestamp(row["at", default: ""])))
    }
  }
}

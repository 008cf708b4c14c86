import Foundation
import Testing

@Suite("explain shows how a score came about")
struct ExplainCommandTests {
  private func pulled() async throws -> Workplace {
    let place = try Workplace.small()
    #expect(try await place.run("pull").status == 0)
    return place
  }

  @Test("every rule that gave points, with its activities, for salespeople")
  func text() async throws {
    let place = try await pulled()
    let explain = try await place.runAsOf("explain", "an.tran@acme.example")
    #expect(explain.status == 0, "\(explain)")
    #expect(explain.err.isEmpty)
    #expect(
      explain.out == """
        an.tran@acme.example  score 55, hot
        an.tran@acme.example is hot with a score of 55 on 1 November 2026. What counts
        most: Looked at a page (+50), Decides on purchases (+5). The last activity that
        counts was on 28 October. Without new activity it falls to 45 on 27 November,
        because “Looked at a page” gives 40 points instead of 50. On 27 November it is
        35 and warm.

        as of 2026-11-01T00:00:00Z: actions 50 + profile 5
          list/1 an.tran@acme.example
          tags: lead_hot, saw_pages

              +50  Looked at a page
                   2026-10-28T10:05:00Z  page_visit  /pricing
                   2026-10-28T10:04:00Z  page_visit  /pricing
                   2026-10-28T10:03:00Z  page_visit  /pricing
                   2026-10-28T10:02:00Z  page_visit  /pricing
                   2026-10-28T10:01:00Z  page_visit  /pricing
               +5  Decides on purchases

        Without new activity
          2026-11-27T10:01:00Z  55 → 45
              +50 → +40  Looked at a page
          2026-11-27T10:02:00Z  55 → 35, warm
              +50 → +30  Looked at a page

        """)
  }

  @Test("in JSON with the keys that are promised, and the same by address in any case and by CONNECTION/ID")
  func json() async throws {
    let place = try await pulled()
    let explain = try await place.runAsOf("explain", "AN.Tran@Acme.Example", "--json")
    #expect(explain.status == 0, "\(explain)")
    #expect(
      try explain.keys() == [
        "person", "asOf", "score", "actions", "profile", "band", "tags", "rules", "changesAt", "summary",
        "next",
        "nextBand", "wayUp",
      ])
    let person = try explain.document(Explained.self)
    #expect(person.score == 55 && person.actions == 50 && person.profile == 5 && person.band == "hot")
    #expect(person.tags == ["lead_hot", "saw_pages"])
    #expect(person.asOf == "2026-11-01T00:00:00Z")
    #expect(person.rules.map(\.rule) == ["visit", "decides"])
    #expect(person.rules.map(\.points) == [50, 5])
    #expect(person.rules.map(\.count) == [5, 1])
    #expect(person.rules.map(\.last) == ["2026-10-28T10:05:00Z", nil])
    #expect(try await place.runAsOf("explain", "list/1", "--json").out == explain.out)
  }

  @Test("at another time, and true to the second about when the score changes next")
  func otherTimes() async throws {
    let place = try await pulled()
    func score(_ moment: String) async throws -> Explained {
      try await place.run("explain", "list/2", "--as-of", moment, "--json").document(Explained.self)
    }
    #expect(try await score("2026-10-29").score == 0)
    let now = try await score("2026-11-01")
    #expect(now.score == 4 && now.changesAt == "2026-11-29T00:00:00Z")
    #expect(try await score("2026-11-28T23:59:59Z").score == 4)
    #expect(try await score("2026-11-29T00:00:00Z").score == 2)
  }

  @Test("contacts on two connections are one person")
  func twoConnections() async throws {
    let place = try Workplace.small()
    try place.write("more.csv", "id,email,emails\nx/9,other@example.com,Ben@Example.com\n")
    try place.append("leadgauge.yaml", "  more: { platform: files, contacts: more.csv }\n")
    #expect(try await place.run("pull").status == 0)
    let person = try await place.runAsOf("explain", "more/x/9", "--json").document(Explained.self)
    #expect(person.person.contacts.map { "\($0.connection)/\($0.contact)" } == ["list/2", "more/x/9"])
    #expect(person.score == 4)
  }

  @Test("an address that more than ten share names them all, one JSON document a line")
  func sharedAddress() async throws {
    let place = try Workplace.small()
    for number in 10...20 { try place.append("contacts.csv", "\(number),info@acme.example,,,2026-09-01\n") }
    #expect(try await place.run("pull").status == 0)
    let explain = try await place.runAsOf("explain", "info@acme.example", "--json")
    #expect(explain.status == 0, "\(explain)")
    let people = try explain.out.split(separator: "\n").map {
      try JSONDecoder().decode(Explained.self, from: Data($0.utf8))
    }
    #expect(people.flatMap(\.person.contacts).map(\.contact).sorted() == (10...20).map(String.init))
  }

  @Test(
    "somebody who is not known is 65, and says what may be asked for",
    arguments: ["nobody@example.com", "list/99", "nowhere/1", "An", ""])
  func unknown(who: String) async throws {
    let place = try await pulled()
    let explain = try await place.runAsOf("explain", who)
    #expect(explain.status == 65, "\(explain)")
    #expect(explain.out.isEmpty)
    #expect(explain.err.contains("nobody is known as '\(who)'") && explain.err.contains("CONNECTION/ID"))
  }

  @Test("before the first pull it says to pull, and makes no state")
  func noState() async throws {
    let place = try Workplace.small()
    let explain = try await place.run("explain", "an.tran@acme.example", "--json")
    #expect(explain.status == 78, "\(explain)")
    #expect(try explain.document(FailureForm.self).error.contains("leadgauge pull"))
    #expect(!place.exists("state"))
  }
}

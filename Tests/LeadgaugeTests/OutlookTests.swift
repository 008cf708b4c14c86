import Foundation
import Testing

@Suite("explain says what comes and what would help, and it comes true")
struct OutlookTests {
  fileprivate struct Outlook: Decodable {
    struct Turn: Decodable {
      struct Rule: Decodable {
        let rule: String
        let from: Double
        let to: Double
      }
      let at: String
      let score: Int
      let band: String?
      let rules: [Rule]
    }
    struct WayUp: Decodable {
      struct Step: Decodable {
        let rule: String
        let kind: String?
        let activities: Int
        let fields: [String]
        let score: Int
        let band: String?
      }
      let band: String
      let missing: Int
      let steps: [Step]
      let most: [Step]
    }
    let score: Int
    let band: String?
    let summary: String
    let next: Turn?
    let nextBand: Turn?
    let wayUp: WayUp?
  }

  private func explain(_ place: Workplace, _ who: String, _ moment: String = "2026-11-01") async throws
    -> Outlook
  {
    let outcome = try await place.run("explain", who, "--as-of", moment, "--json")
    #expect(outcome.status == 0, "\(outcome)")
    return try outcome.document(Outlook.self)
  }

  private func pulled(_ model: String? = nil) async throws -> Workplace {
    let place = try Workplace.small()
    if let model { try place.write("model.yaml", model) }
    #expect(try await place.run("pull").status == 0)
    return place
  }

  @Test("the score is as foretold at that second, and as before a second earlier")
  func nextScore() async throws {
    let place = try await pulled()
    let now = try await explain(place, "list/1")
    let next = try #require(now.next)
    #expect(next.at == "2026-11-27T10:01:00Z" && next.score == 45)
    #expect(next.rules.map(\.rule) == ["visit"] && next.rules.first?.to == 40)
    #expect(try await explain(place, "list/1", "2026-11-27T10:00:59Z").score == now.score)
    #expect(try await explain(place, "list/1", next.at).score == next.score)
    let band = try #require(now.nextBand)
    let then = try await explain(place, "list/1", band.at)
    #expect(then.band == band.band && then.score == band.score && band.band == "warm")
    #expect(now.summary.contains("Without new activity it falls to 45 on 27 November"), "\(now.summary)")
  }

  @Test("a change of points that leaves the score alone is not told as one")
  func hiddenChange() async throws {
    let place = try await pulled(
      Workplace.model.replacing("name: Test model", with: "name: T\nscore: { max: 41 }"))
    let next = try #require(try await explain(place, "list/1").next)
    #expect(next.at == "2026-11-27T10:02:00Z" && next.score == 35)
  }

  @Test("activities later than the moment do not exist, neither for the score nor for what comes")
  func past() async throws {
    let place = try await pulled()
    let then = try await explain(place, "list/1", "2026-10-28T10:03:00Z")
    #expect(then.score == 35 && then.next?.score == 25)
    let before = try await explain(place, "list/2", "2026-10-01")
    #expect(before.score == 0 && before.next == nil)
  }

  @Test("each way up comes true when just that happens")
  func wayUp() async throws {
    let place = try await pulled()
    let way = try #require(try await explain(place, "list/2").wayUp)
    #expect(way.band == "warm" && way.missing == 16)
    #expect(way.steps.map { "\($0.activities) \($0.rule)" } == ["2 visit", "3 bought", "4 click"])
    for step in way.steps {
      let other = try Workplace.small()
      for number in 0..<step.activities {
        try other.append(
          "activities.csv",
          "ben@example.com,\(try #require(step.kind)),2026-10-31T23:\(10 + number):00Z,/x\(number)\n")
      }
      #expect(try await other.run("pull").status == 0)
      let then = try await explain(other, "list/2")
      #expect(then.score == step.score && then.band == step.band, "\(step)")
    }
  }

  @Test("a field that is empty may become known, and one that says something else does not change")
  func profile() async throws {
    let place = try await pulled(
      Workplace.model.replacing("points: 5 }", with: "points: 25 }").replacing("from: 40", with: "from: 80"))
    let way = try #require(try await explain(place, "list/3").wayUp)
    #expect(way.steps.first?.rule == "decides" && way.steps.first?.fields == ["job_title"])
    #expect(try await explain(place, "list/1").wayUp?.steps.contains { $0.rule == "decides" } == false)
  }

  @Test("different targets are counted as the engine counts them, and what one has seen is not seen anew")
  func distinct() async throws {
    let model = """
      name: t
      actions:
        - { id: read, label: Read 3 pages, on: page_visit, where: { target: ["/pricing", "/a", "/b"] }, distinct: target, atLeast: 3, points: 40 }
      bands: [{ name: hot, from: 40 }, { name: cold, from: 0 }]
      """
    let place = try await pulled(model)
    let way = try #require(try await explain(place, "list/1").wayUp)
    #expect(way.steps.map(\.activities) == [2], "/a and /b; /pricing was seen")
    let seen = try await pulled(model.replacing("[\"/pricing\", \"/a\", \"/b\"]", with: "[/pricing, /a]"))
    #expect(try await explain(seen, "list/1").wayUp?.steps.isEmpty == true)
    let open = try await pulled(model.replacing("\"/b\"", with: "\"/p*\""))
    #expect(try await explain(open, "list/1").wayUp?.steps.map(\.activities) == [2])
  }

  @Test("a demand on the actions counts as missing, and where no single rule would do, the best are shown")
  func demands() async throws {
    let place = try await pulled(
      Workplace.model.replacing("from: 40, tag: lead_hot", with: "from: 40, requires: { actions: 90 }"))
    let way = try #require(try await explain(place, "list/1").wayUp)
    #expect(way.band == "hot" && way.missing == 0 && way.steps.first?.rule == "bought")
    let text = try await place.runAsOf("explain", "list/1")
    #expect(text.out.contains("it asks for 90 points of actions, and there are 50"), "\(text)")
    let far = try await pulled(Workplace.model.replacing("from: 40", with: "from: 5000"))
    let none = try #require(try await explain(far, "list/1").wayUp)
    #expect(none.steps.isEmpty && none.most.first?.rule == "visit")
  }

  @Test("whoever is in the highest band has no way up, and kinds that nobody ever did can be tried")
  func ends() async throws {
    let place = try await pulled(
      Workplace.model.replacing("on: purchase", with: "on: custom:signed").replacing(
        "points: 7", with: "points: 70"))
    #expect(try await explain(place, "list/1").wayUp == nil)
    let way = try #require(try await explain(place, "list/3").wayUp)
    #expect(way.steps.first?.kind == "custom:signed" && way.steps.first?.score == 70)
  }
}

extension OutlookTests.Outlook.WayUp.Step: CustomStringConvertible {
  fileprivate var description: String { "\(activities) \(rule) → \(score)" }
}

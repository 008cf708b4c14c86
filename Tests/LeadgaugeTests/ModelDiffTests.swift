import Foundation
import Testing

@Suite("model diff shows who would move, and touches nothing")
struct ModelDiffTests {
  private struct Diff: Decodable {
    struct Move: Decodable {
      let from: String?
      let to: String?
      let persons: Int
    }
    struct Largest: Decodable {
      struct Scores: Decodable {
        let from: Int
        let to: Int
      }
      struct Rule: Decodable {
        let rule: String
        let from: Double
        let to: Double
      }
      struct Person: Decodable {
        let name: String
      }
      let person: Person
      let score: Scores
      let rules: [Rule]
    }
    let persons: Int
    let higher: Int
    let lower: Int
    let moved: Int
    let moves: [Move]
    let largest: [Largest]
  }

  /// A second model: visits give less, clicks more, another field is asked for, and a band has another name.
  private func ready() async throws -> Workplace {
    let place = try Workplace.small()
    let other = Workplace.model.replacing("points: 10", with: "points: 3").replacing(
      "points: 4", with: "points: 30"
    )
    .replacing("field: job_title, contains: [giam doc]", with: "field: first_name, is: chi")
    .replacing("name: warm", with: "name: lukewarm")
    try place.write("other.yaml", other)
    #expect(try await place.run("pull").status == 0)
    return place
  }

  @Test("totals, bands and the largest moves with the rules that make them")
  func moves() async throws {
    let place = try await ready()
    let outcome = try await place.runAsOf("model", "diff", "other.yaml", "--json")
    #expect(outcome.status == 0, "\(outcome)")
    let diff = try outcome.document(Diff.self)
    #expect(diff.persons == 3 && diff.higher == 2 && diff.lower == 1 && diff.moved == 2, "\(outcome)")
    #expect(
      diff.moves.map { "\($0.from ?? "-")>\($0.to ?? "-"):\($0.persons)" } == [
        "hot>cold:1", "cold>lukewarm:1", "cold>cold:1",
      ])
    #expect(
      diff.largest.map(\.person.name) == ["an.tran@acme.example", "ben@example.com", "chi@example.com"])
    #expect(diff.largest.first?.score.from == 55 && diff.largest.first?.score.to == 15)
    #expect(
      diff.largest.first?.rules.map { "\($0.rule) \($0.from) \($0.to)" } == [
        "visit 50.0 15.0", "decides 5.0 0.0",
      ])
    let explained = try await place.runAsOf("explain", "list/1", "--json").document(Explained.self)
    #expect(explained.score == diff.largest.first?.score.from)
  }

  @Test("as text for people; two files named are compared with each other")
  func text() async throws {
    let place = try await ready()
    let diff = try await place.runAsOf("model", "diff", "other.yaml", "model.yaml")
    #expect(diff.status == 0 && diff.err.isEmpty, "\(diff)")
    #expect(
      diff.out.contains("Of 3 persons, 2 would be in another band; 1 would have a higher score"), "\(diff)")
    #expect(diff.out.contains("15 → 55  an.tran@acme.example"), "\(diff)")
    let same = try await place.runAsOf("model", "diff", "model.yaml")
    #expect(same.out.contains("No difference: 3 persons would keep score and band."), "\(same)")
  }

  @Test("the state is the same to the byte afterwards, and another run may hold the lock")
  func touchesNothing() async throws {
    let place = try await ready()
    let before = try Data(contentsOf: URL(fileURLWithPath: place.at("state/leadgauge.db")))
    let lock = open(place.at("state/leadgauge.db.lock"), O_RDWR)
    defer { close(lock) }
    try #require(flock(lock, LOCK_EX | LOCK_NB) == 0)
    #expect(try await place.runAsOf("model", "diff", "other.yaml").status == 0)
    #expect(try await place.run("model", "lint").status == 0)
    #expect(try Data(contentsOf: URL(fileURLWithPath: place.at("state/leadgauge.db"))) == before)
  }

  @Test("before the first pull it says to pull, and a model that is broken is 65")
  func trouble() async throws {
    let place = try Workplace.small()
    try place.write("broken.yaml", "name: t\nactions: [{ id: a, on: vist, points: 1 }]\n")
    let early = try await place.run("model", "diff", "model.yaml")
    #expect(early.status == 78 && early.err.contains("leadgauge pull"), "\(early)")
    #expect(!place.exists("state"))
    let broken = try await place.run("model", "diff", "broken.yaml")
    #expect(broken.status == 65 && broken.err.contains("broken.yaml:2:"), "\(broken)")
  }
}

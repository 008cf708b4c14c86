import Foundation
import Testing

@Suite("What is written is what is explained")
struct TruthTests {
  private let asOf = ["--as-of", "2026-11-20"]

  /// 300 generated people on two connections, written.
  private func synced() async throws -> Workplace {
    let place = try Workplace()
    for command in [["sandbox", "--contacts", "300", "--directory", "."], ["sync"]] {
      let outcome = try await Program.run(command + asOf, in: place.path)
      #expect(outcome.status == 0, "\(outcome)")
    }
    return place
  }

  private func explained(_ who: String, _ place: Workplace) async throws -> Explained {
    try await Program.run(["explain", who, "--json"] + asOf, in: place.path).document(Explained.self)
  }

  @Test("scores, bands and tags of a sample of people agree on every contact they have")
  func sample() async throws {
    let place = try await synced()
    let outputs = ["web": try place.scores("web-scores.csv"), "shop": try place.scores("shop-scores.csv")]
    let web = try #require(outputs["web"])
    let ids = web.keys.sorted { (Int($0) ?? 0) < (Int($1) ?? 0) }
    #expect(ids.count > 150)
    let sample = stride(from: 0, to: ids.count, by: ids.count / 20).map { ids[$0] }
    #expect(sample.count >= 20)
    var bands: Set<String> = []
    for id in sample {
      let person = try await explained("web/\(id)", place)
      #expect(person.person.contacts.contains { $0.connection == "web" && $0.contact == id })
      #expect(person.score == min(100, max(0, person.actions + person.profile)))
      for contact in person.person.contacts {
        let row = try #require(outputs[contact.connection]?[contact.contact])
        #expect(row.score == person.score, "\(contact)")
        #expect(row.band == person.band, "\(contact)")
        #expect(Set(row.tags) == Set(person.tags) && row.tags.count == person.tags.count, "\(contact)")
        #expect(row.updatedAt == "2026-11-20T00:00:00Z")
      }
      bands.formUnion(person.band.map { [$0] } ?? [])
    }
    #expect(bands.count >= 2, "\(bands)")
  }

  @Test("new activity changes the persons who did it, on both connections, and nobody else")
  func onlyThose() async throws {
    let place = try await synced()
    let names = ["web-scores.csv", "shop-scores.csv"]
    let before = try names.map { try place.scores($0) }
    let cold = before[0].filter { $0.value.score < 20 && Int($0.key) != nil }.keys.sorted().prefix(3)
    var expected: [Set<String>] = [[], []]
    for id in cold {
      try place.append("web-activities.csv", "\(id),,meeting,2026-11-18T09:00:00Z,,,,extra-\(id)\n")
      for contact in try await explained("web/\(id)", place).person.contacts {
        expected[contact.connection == "web" ? 0 : 1].insert(contact.contact)
      }
    }
    let sync = try await Program.run(["sync", "--json"] + asOf, in: place.path)
    #expect(sync.status == 0, "\(sync)")
    let result = try sync.document(ResultForm.self)
    #expect(result.pull?.newActivities == 3)
    #expect(result.written == expected[0].count + expected[1].count)
    for (index, name) in names.enumerated() {
      let after = try place.scores(name)
      let changed = after.filter { $0.value != before[index][$0.key] }
      #expect(Set(changed.keys) == expected[index], "\(name)")
      #expect(Set(after.keys) == Set(before[index].keys))
      for (id, row) in changed {
        let old = try #require(before[index][id])
        #expect(row.score > old.score)
      }
    }
  }

  @Test("a new state file reads everything anew and finds nothing to write")
  func newState() async throws {
    let place = try await synced()
    try place.remove("state")
    let sync = try await Program.run(["sync", "--json"] + asOf, in: place.path)
    #expect(sync.status == 0, "\(sync)")
    #expect(try sync.document(ResultForm.self).plan?.changes == 0)
  }
}

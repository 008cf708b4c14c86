import ConnectorConformance
import Platform
import Scoring
import Store
import Sync
import Testing

@Suite("Another model, on the people that are there")
struct ModelComparisonTests {
  private static let other = """
    name: Other
    actions:
      - { id: visit, label: Looked around, on: page_visit, points: 4 }
      - { id: talked, on: call, points: 3 }
    profile:
      - { id: local, field: city, is: [hue], points: 30 }
    bands:
      - { name: hot, from: 30, tag: lead_hot, handoff: true }
      - { name: cold, from: 0, tag: lead_cold }
    """

  /// 30 people: each made number mod 5 visits; those of a number that 10 divides live in Huế.
  private func bench() async throws -> Workbench {
    let bench = try Workbench()
    bench.connector.edit { content in
      for number in 1...30 {
        let fields = number.isMultiple(of: 10) ? ["city": "Huế"] : [:]
        content.contacts["\(number)"] = InMemoryContact(
          "p\(number)@example.com", fields: fields, tags: ["vip"])
        for visit in 0..<(number % 5) {
          content.addActivity(
            of: "\(number)", .pageVisit, at: Timestamp(bench.now.seconds - 60 * Int64(visit + 1)))
        }
      }
      content.contacts["nameless"] = InMemoryContact()
      for _ in 0..<9 {
        content.addActivity(of: "nameless", .pageVisit, at: Timestamp(bench.now.seconds - 60))
      }
    }
    _ = try await LeadRun("sync", context: bench.context()).sync(at: bench.now, approves: false)
    return bench
  }

  private func configuration(_ bench: Workbench) -> Configuration {
    Configuration(
      file: "test.yaml", folder: bench.folder, modelPath: "model.yaml",
      statePath: bench.folder + "/leadgauge.db",
      history: .days(365),
      connections: ["crm", "new"].map {
        ConfiguredConnection(name: $0, connector: bench.connector, write: .standard)
      }, fuses: .standard)
  }

  private func loaded(_ text: String) throws -> LoadedModel {
    LoadedModel(model: try Model(yaml: text, file: "m.yaml"), sha256: "0", path: "m.yaml")
  }

  @Test("is compared for everybody, with the largest moves and the rules that make them")
  func compare() async throws {
    let bench = try await bench()
    let store = try bench.context().store
    let diff = try ModelDiff(store: store, configuration: configuration(bench), domains: .empty)
    var steps = 0
    let summary = try diff.compare(
      loaded(Workbench.model), with: loaded(Self.other), at: bench.now, progress: { _ in steps += 1 })
    #expect(summary.persons == 31)
    // Whoever made visits has fewer points; those in Huế made none, and have 30 more.
    #expect(summary.higher == 3 && summary.lower == 25)
    // By the first model: 6 with four visits and the nameless one are hot, 12 warm, 12 cold.
    #expect(summary.sizesFrom == [0: 7, 1: 12, 2: 12])
    #expect(summary.sizesTo == [0: 4, 1: 27])
    #expect(summary.moved == 6 + 12 + 3)
    #expect(summary.handoffs == 4)
    let largest = summary.largest
    #expect(largest.count == ModelDiffSummary.largestCount)
    #expect(largest[0].name == "crm/nameless")
    #expect([largest[0].scoreFrom, largest[0].scoreTo] == [80, 36])
    #expect(largest[1...3].map(\.name) == ["p10@example.com", "p20@example.com", "p30@example.com"])
    #expect(largest[1].rules.map(\.id) == ["local"])
    #expect(
      largest[4].name == "p14@example.com" && largest[4].bandFrom == "hot" && largest[4].bandTo == "cold")
    #expect(largest[4].rules.map { [$0.from, $0.to] } == [[40 * 1024, 16 * 1024]])
    #expect(largest[4].contacts.map(\.connection) == ["crm"])
  }

  @Test("is surveyed: whom its rules are about, its bands, and the names that people have")
  func survey() async throws {
    let bench = try await bench()
    let survey = try ModelSurvey(
      store: bench.context().store, configuration: configuration(bench), domains: .empty)
    let model = try loaded(Self.other).model
    let data = try survey.data(for: model, at: bench.now)
    #expect(data.persons == 31)
    #expect(data.matched == [25, 0])
    #expect(data.bandSizes == [4, 27])
    #expect(data.fields.isSuperset(of: ["city", "job_title"]))
    #expect(data.tags.isSuperset(of: ["vip", "lead_hot", "lead_cold"]))
    #expect(survey.reach(at: bench.now) == .days(365))
  }

  @Test("knows no reach before everything was read once")
  func noReach() async throws {
    let bench = try Workbench()
    let store = try bench.context().store
    let survey = try ModelSurvey(store: store, configuration: configuration(bench), domains: .empty)
    #expect(survey.reach(at: bench.now) == nil)
  }

  @Test("may ask for kinds of the user's own, which are explained by an address in any case")
  func customKinds() async throws {
    let bench = try await bench()
    bench.connector.edit {
      $0.activities.append(
        ActivityRecord(
          subject: .contact(ContactID("5")), kind: .custom("quiz"), time: Timestamp(bench.now.seconds - 60),
          identity: .id("quiz 1")))
    }
    let model = Workbench.model.replacing(
      "profile:", with: "  - { id: quiz, on: custom:quiz, points: 7 }\nprofile:")
    _ = try await LeadRun("pull", context: bench.context(model: model)).pull()
    let explainer = Explainer(context: try bench.context(model: model))
    let people = try explainer.explain(" P5@Example.com", at: bench.now)
    #expect(people.map(\.explanation.score) == [7])
    #expect(
      people.first?.explanation.rules.first { $0.id == "quiz" }?.activities.map(\.kind) == [.custom("quiz")])
    #expect(try explainer.explain("nobody@example.com", at: bench.now).isEmpty)
    #expect(try explainer.explain("no address", at: bench.now).isEmpty)
    let other = try explainer.explain("p6@example.com", at: bench.now)
    #expect(other.map(\.explanation.score) == [10])
  }

  @Test("keeps the band that a tag says where no band is written", arguments: [10, 9])
  func slackByTag(slack: Int) async throws {
    let bench = try await bench()
    let fields = WrittenFields(score: .field("lead_score"), band: nil, reasons: nil, tags: true)
    let policy = WritePolicy(fields: fields, bandSlack: slack)
    let lower = Workbench.model.replacing("points: 10", with: "points: 10, max: 3").replacing(
      ", max: 8", with: "")
    _ = try await LeadRun("sync", context: bench.context(model: lower, fuses: .open, policy: policy)).sync(
      at: bench.now, approves: false)
    #expect(bench.connector.held("4")?.score == 30)
    #expect(bench.connector.held("4")?.tags == ["vip", slack == 10 ? "lead_hot" : "lead_warm"])
  }
}

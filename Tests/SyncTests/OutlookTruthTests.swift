import ConnectorConformance
import Platform
import Scoring
import Store
import Sync
import Testing

@Suite("What an explanation foretells, against the scores themselves")
struct OutlookTruthTests {
  private static let model = """
    name: Test
    score: { max: 60 }
    groups: { mail: { max: 15 } }
    actions:
      - { id: visits, label: Visits, on: page_visit, within: 5d, atLeast: 3, points: 20 }
      - { id: pages, label: Pages, on: page_visit, distinct: target, within: 9d, atLeast: 2, points: 9 }
      - { id: click, label: Click, on: email_click, group: mail, points: 7, max: 3, halvesEvery: 2d }
      - { id: call, label: Call, on: call, where: { value: "> 60" }, points: 13, halvesEvery: 3d }
      - { id: quiet, label: Quiet, on: any, absentFor: 6d, points: -10 }
    profile:
      - { id: boss, label: Boss, field: job_title, contains: [ceo], points: 5 }
    bands:
      - { name: hot, from: 40, requires: { actions: 20 } }
      - { name: warm, from: 12 }
      - { name: cold, from: 0 }
    """

  private let hours: [Int64] = [1, 7, 20, 26, 49, 50, 71, 95, 100, 119, 130, 200]

  /// Twelve people who did this and that in the last days.
  private func ready() async throws -> (Workbench, RunContext) {
    let bench = try Workbench()
    let kinds: [KnownKind] = [.pageVisit, .emailClick, .call, .pageVisit, .pageVisit]
    bench.connector.edit { content in
      for person in 1...12 {
        content.contacts["\(person)"] = InMemoryContact(
          "p\(person)@example.com", createdAt: bench.now - .days(90))
        for (index, hour) in hours.enumerated() where (index * 7 + person * 3) % 5 < 1 + person % 3 {
          content.addActivity(
            of: "\(person)", kinds[(index + person) % kinds.count],
            at: Timestamp(bench.now.seconds - hour * 3_600), target: "/\(index % 4)", value: 90)
        }
      }
    }
    let context = try bench.context(model: Self.model)
    _ = try await LeadRun("pull", context: context).pull()
    return (bench, context)
  }

  @Test("until the moment foretold nothing changes, and then it is as was said")
  func turns() async throws {
    let (bench, context) = try await ready()
    let explainer = Explainer(context: context)
    func state(_ person: Int, _ moment: Timestamp) throws -> ExplainedPerson {
      try #require(try explainer.explain("crm/\(person)", at: moment).first)
    }
    var turned = 0
    for person in 1...12 {
      let now = try state(person, bench.now)
      let next = now.nextScore
      let end = next?.at ?? bench.now + .days(8)
      for moment in stride(from: bench.now.seconds, to: end.seconds, by: 4 * 3_600) {
        let then = try state(person, Timestamp(moment)).explanation
        #expect(
          then.score == now.explanation.score && then.band == now.explanation.band, "\(person) at \(moment)")
      }
      guard let next else { continue }
      turned += 1
      let then = try state(person, next.at).explanation
      #expect(then.score == next.score && then.band == next.band)
      #expect(then.score != now.explanation.score || then.band != now.explanation.band)
      for rule in next.rules {
        #expect(now.explanation.rules.first { $0.id == rule.id }?.units == rule.from)
        #expect(then.rules.first { $0.id == rule.id }?.units == rule.to)
      }
      if let band = now.nextBand { #expect(try state(person, band.at).explanation.band == band.band) }
    }
    #expect(turned >= 6, "most of them have something before them")
  }

  @Test("explaining asks the platform nothing and changes nothing in the state")
  func changesNothing() async throws {
    let (bench, context) = try await ready()
    let before = try context.store.bandSizes()
    for person in 1...12 { _ = try Explainer(context: context).explain("crm/\(person)", at: bench.now) }
    #expect(try context.store.bandSizes() == before)
    #expect(bench.connector.requests.isEmpty)
  }
}

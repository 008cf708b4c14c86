import Platform
import Scoring
import Store

@testable import Sync

/// Summaries as runs give them.
enum Samples {
  static let moment = Timestamp(1_790_000_000)

  static func connection(_ name: String = "crm", contacts: Int = 100) -> PlanSummary.Connection {
    PlanSummary.Connection(
      name: name, platform: "files", contacts: contacts, isFirstWrite: false, isReadOnly: false)
  }

  static func plan(
    _ connections: [PlanSummary.Connection] = [connection()], bands: [String] = ["hot", "warm", "cold"],
    name: String = "Test"
  ) -> PlanSummary {
    let header = PlanHeader(
      id: "01", asOf: moment, modelName: name, modelSHA256: "ab", connections: connections.map(\.name),
      contacts: connections.reduce(0) { $0 + $1.contacts }, changes: 0)
    return PlanSummary(header: header, connections: connections, bandNames: bands)
  }

  static func change(
    _ contact: String, connection: String = "crm", from: Int? = 0, to: Int, email: String? = nil,
    reasons: [PlannedReason] = []
  ) -> PlannedChange {
    PlannedChange(
      connection: connection, contact: contact, email: email, scoreFrom: from, scoreTo: to, bandFrom: nil,
      bandTo: nil, addTags: [], removeTags: [], reasons: reasons)
  }

  /// A plan in which every text is wild and every part of the report is there.
  static func wildPlan() -> PlanSummary {
    var parts = WildText.names.prefix(4).map { connection($0, contacts: 12_345_678) }
    parts[0].rejected = 7
    parts[0].rejectedSamples = WildText.names.map { RejectedRecord(place: $0 + ".csv:3", reason: $0) }
    parts[1].failure = ConnectorFailure(.unavailable, WildText.long, cure: WildText.long)
    parts[2].isReadOnly = true
    parts[3].refused = 9
    parts[3].refusedSamples = WildText.names.map { RefusedWrite(contact: ContactID($0), reason: $0) }
    parts[0].forecast = WriteForecast(requests: 1_234, seconds: 99_999, heldBy: WildText.long)
    parts[0].quotas = WildText.names.map {
      Quota(name: $0, unit: $0, left: 1_234, count: 5_678, resetsAt: moment, asOf: moment)
    }
    var plan = plan(parts, bands: WildText.names.map { String($0.prefix(60)) }, name: WildText.long)
    plan.insight = PlanInsight(rules: (0..<20).map { "r\($0)" }, targets: [0, 1, 2])
    for index in plan.insight.rules.indices where index < 17 {
      plan.insight.rules[index].persons = 1_234_567 + index
      plan.insight.rules[index].units = index.isMultiple(of: 2) ? 1 << 50 : -(1 << 50)
    }
    plan.insight.distribution = ScoreDistribution(over: -1_000_000...1_000_000)
    plan.insight.distribution?.add(held: -5, count: 12_345_678)
    plan.insight.distribution?.add(held: nil, count: 12_345_678)
    for (index, name) in WildText.names.enumerated() {
      var change = change(
        name, connection: name, from: index.isMultiple(of: 2) ? nil : 1_000_000, to: -1_000_000,
        email: index == 3 ? nil : name + "@example.com",
        reasons: [PlannedReason(rule: "r\(index)", units: 9_999_999, count: 1, last: nil)])
      change.bandFrom = name
      change.bandTo = name + "!"
      plan.labels["r\(index)"] = name
      plan.add(change, from: index, to: (index + 1) % 9, isHandoff: true, connection: 0)
      plan.insight.add(change, held: index, wanted: (index + 1) % 9)
      plan.header.changes += 1
      plan.bandSizes[index] = 1_234_567
    }
    plan.bandSizes[-1] = 3
    plan.fuses = [
      FuseReading(
        fuse: "maxChanges", connection: WildText.long, count: 9, total: 10, limit: 1_250, isBlown: true)
    ]
    var pulled = PullSummary.Connection(name: WildText.long)
    pulled.skippedAsOlder = 1_234
    plan.pull = PullSummary(connections: [pulled])
    return plan
  }
}

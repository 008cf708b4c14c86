import Platform
import Scoring
import Store
import Sync

/// The same reports as JSON: one document each.
public enum ReportJSON {
  /// `explain --json`.
  public static func explanation(_ person: ExplainedPerson) -> String {
    let explanation = person.explanation
    let contacts = person.contacts.map {
      #"{"connection":\#(PlanJSON.quote($0.connection)),"contact":\#(PlanJSON.quote($0.id.text)),"emails":\#(PlanJSON.list($0.emails))}"#
    }.joined(separator: ",")
    let rules = explanation.rules.filter { $0.units != 0 || $0.count > 0 }.map {
      PlanJSON.reason(PlannedReason(rule: $0.id, units: $0.units, count: $0.count, last: $0.last))
    }.joined(separator: ",")
    return
      #"{"person":{"name":\#(PlanJSON.quote(person.name)),"contacts":[\#(contacts)]},"asOf":"\#(explanation.asOf)","#
      + #""score":\#(explanation.score),"actions":\#(explanation.actions),"profile":\#(explanation.profile),"#
      + #""band":\#(PlanJSON.optional(explanation.band)),"tags":\#(PlanJSON.list(explanation.tags)),"rules":[\#(rules)],"#
      + #""changesAt":\#(time(explanation.changesAt))\#(ExplanationJSON.more(person))}"#
  }

  /// The summary of a run.
  public static func result(_ result: RunResult, traffic: String? = nil) -> String {
    var parts = [
      #""run":\#(PlanJSON.quote(result.record.id))"#, #""command":\#(PlanJSON.quote(result.record.command))"#,
      #""exit":\#(result.record.exit ?? 0)"#,
    ]
    if let pull = result.pull { parts.append(#""pull":\#(self.pull(pull))"#) }
    if let plan = result.plan { parts.append(#""plan":\#(self.plan(plan))"#) }
    if let apply = result.apply {
      let refusals = apply.refusals.map {
        #"{"connection":\#(PlanJSON.quote($0.connection)),"contact":\#(PlanJSON.quote($0.contact)),"reason":\#(PlanJSON.quote($0.reason))}"#
      }.joined(separator: ",")
      parts.append(#""written":\#(apply.written),"refused":\#(apply.refused),"refusals":[\#(refusals)]"#)
      if apply.leftByLimit > 0 { parts.append(#""leftByLimit":\#(apply.leftByLimit)"#) }
    }
    let blown = result.blown.map {
      #"{"fuse":"\#($0.fuse)","connection":\#(PlanJSON.quote($0.connection)),"message":\#(PlanJSON.quote($0.message)),"cure":\#(PlanJSON.quote($0.cure))}"#
    }.joined(separator: ",")
    parts.append(#""heldBack":\#(result.isHeldBack),"fuses":[\#(blown)]"#)
    let failures = result.failures.sorted { $0.key < $1.key }.map {
      #"{"connection":\#(PlanJSON.quote($0.key)),"message":\#(PlanJSON.quote($0.value.what)),"cure":\#(PlanJSON.quote($0.value.cure))}"#
    }.joined(separator: ",")
    parts.append(#""failures":[\#(failures)]"#)
    if let handoff = result.handoff { parts.append(#""handoff":\#(HandoffReport.json(handoff))"#) }
    if let planned = result.planned { parts.append(#""planned":\#(planned)"#) }
    if let approval = result.approval { parts.append(FuseReport.json(approval)) }
    if let undo = result.undo { parts.append(#""undo":\#(UndoReport.json(undo))"#) }
    if let traffic { parts.append(#""traffic":\#(traffic)"#) }
    return "{" + parts.joined(separator: ",") + "}"
  }

  static func pull(_ pull: PullSummary) -> String {
    let connections = pull.connections.map {
      #"{"connection":\#(PlanJSON.quote($0.name)),"read":\#($0.recordsRead),"rejected":\#($0.rejected),"#
        + #""older":\#($0.skippedAsOlder),"leftOut":\#($0.leftOut),"missing":\#($0.missing)}"#
    }.joined(separator: ",")
    let merge = pull.merge
    return
      #"{"connections":[\#(connections)],"newContacts":\#(merge.newContacts),"changedContacts":\#(merge.changedContacts),"#
      + #""goneContacts":\#(merge.forgottenContacts),"newActivities":\#(merge.newActivities)}"#
  }

  static func plan(_ plan: PlanSummary) -> String {
    let connections = plan.connections.map { connection -> String in
      let rejected = connection.rejectedSamples.map {
        #"{"place":\#(PlanJSON.quote($0.place)),"reason":\#(PlanJSON.quote($0.reason))}"#
      }.joined(separator: ",")
      return
        #"{"connection":\#(PlanJSON.quote(connection.name)),"platform":\#(PlanJSON.quote(connection.platform)),"#
        + #""contacts":\#(connection.contacts),"changes":\#(connection.changes),"bandChanges":\#(connection.bandChanges),"#
        + #""firstScores":\#(connection.firstScores),"forecast":\#(connection.forecast.map(QuotaText.json) ?? "null"),"#
        + #""quotas":[\#(connection.quotas.map(QuotaText.json).joined(separator: ","))],"#
        + #""refusedLastTime":\#(connection.refused),"refusals":[\#(refusals(connection))],"#
        + #""rejected":\#(connection.rejected),"rejectedRecords":[\#(rejected)]}"#
    }.joined(separator: ",")
    func name(_ place: Int) -> String { place < 0 ? "null" : PlanJSON.quote(plan.bandNames[place]) }
    let moves = plan.moves.sorted { ($0.key.from, $0.key.to) < ($1.key.from, $1.key.to) }.map {
      #"{"from":\#(name($0.key.from)),"to":\#(name($0.key.to)),"contacts":\#($0.value)}"#
    }.joined(separator: ",")
    let sizes = plan.bandSizes.sorted { $0.key < $1.key }.map {
      #"{"band":\#($0.key < 0 || $0.key >= plan.bandNames.count ? "null" : PlanJSON.quote(plan.bandNames[$0.key])),"persons":\#($0.value)}"#
    }.joined(separator: ",")
    let fuses = plan.fuses.map {
      #"{"fuse":"\#($0.fuse)","connection":\#(PlanJSON.quote($0.connection)),"count":\#($0.count),"total":\#($0.total.map(String.init) ?? "null"),"limit":\#($0.limit),"blown":\#($0.isBlown)}"#
    }.joined(separator: ",")
    let header = plan.header
    return
      #"{"id":\#(PlanJSON.quote(header.id)),"asOf":"\#(header.asOf)","model":{"name":\#(PlanJSON.quote(header.modelName)),"sha256":"\#(header.modelSHA256)"},"#
      + #""contacts":\#(header.contacts),"changes":\#(header.changes),"connections":[\#(connections)],"moves":[\#(moves)],"#
      + #""bands":[\#(sizes)],"rescored":\#(plan.rescoring.persons),\#(insight(plan)),"fuses":[\#(fuses)]}"#
  }

  private static func refusals(_ connection: PlanSummary.Connection) -> String {
    connection.refusedSamples.map {
      #"{"contact":\#(PlanJSON.quote($0.contact.text)),"reason":\#(PlanJSON.quote($0.reason))}"#
    }.joined(separator: ",")
  }

  /// What the changes mean for people, as members of an object.
  private static func insight(_ plan: PlanSummary) -> String {
    let insight = plan.insight
    func list(_ changes: [PlannedChange]) -> String { changes.map(PlanJSON.line).joined(separator: ",") }
    let rules = insight.rules.map {
      #"{"rule":\#(PlanJSON.quote($0.rule)),"label":\#(PlanJSON.quote(plan.labels[$0.rule] ?? $0.rule)),"#
        + #""points":\#(PointsText.format(units: $0.units)),"persons":\#($0.persons),"count":\#($0.count)}"#
    }.joined(separator: ",")
    let targets = insight.targets.compactMap {
      plan.bandNames.indices.contains($0) ? plan.bandNames[$0] : nil
    }
    let distribution = insight.distribution.map { distribution -> String in
      let bars = distribution.bars.map {
        #"{"from":\#($0.from),"to":\#($0.to),"before":\#($0.before),"after":\#($0.after)}"#
      }.joined(separator: ",")
      return
        #"{"bars":[\#(bars)],"none":{"before":\#(distribution.noneBefore),"after":\#(distribution.noneAfter)}}"#
    }
    return
      #""persons":\#(insight.persons),"entries":{"bands":\#(PlanJSON.list(targets)),"entered":\#(insight.entered),"#
      + #""left":\#(insight.left),"highest":[\#(list(insight.entries))]},"rises":[\#(list(insight.rises))],"#
      + #""falls":[\#(list(insight.falls))],"rules":[\#(rules)],"distribution":\#(distribution ?? "null")"#
  }

  /// `runs --json`.
  public static func runs(_ runs: [RunRecord]) -> String {
    let items = runs.map {
      #"{"run":\#(PlanJSON.quote($0.id)),"command":\#(PlanJSON.quote($0.command)),"startedAt":"\#($0.startedAt)","#
        + #""endedAt":\#(time($0.endedAt)),"exit":\#($0.exit.map(String.init) ?? "null"),"contacts":\#($0.contacts),"#
        + #""changes":\#($0.changes),"written":\#($0.written),"refused":\#($0.refused)}"#
    }
    return "[" + items.joined(separator: ",") + "]"
  }

  static func time(_ time: Timestamp?) -> String { time.map { "\"\($0)\"" } ?? "null" }

  /// A number without a needless fraction.
  static func number(_ value: Double) -> String {
    Int64(exactly: value).map(String.init) ?? "\(value)"
  }
}

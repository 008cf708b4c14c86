import Scoring
import Sync

/// What `explain --json` says beside the score itself.
enum ExplanationJSON {
  /// Further keys of the document, with a comma before each.
  static func more(_ person: ExplainedPerson) -> String {
    #","summary":\#(PlanJSON.quote(ExplanationWords.paragraph(person)))"#
      + #","next":\#(turn(person.nextScore)),"nextBand":\#(turn(person.nextBand)),"wayUp":\#(wayUp(person.wayUp))"#
  }

  private static func turn(_ turn: ScoreTurn?) -> String {
    guard let turn else { return "null" }
    let rules = turn.rules.map {
      #"{"rule":\#(PlanJSON.quote($0.id)),"from":\#(PointsText.format(units: $0.from)),"to":\#(PointsText.format(units: $0.to))}"#
    }.joined(separator: ",")
    return
      #"{"at":"\#(turn.at)","score":\#(turn.score),"band":\#(PlanJSON.optional(turn.band)),"rules":[\#(rules)]}"#
  }

  private static func wayUp(_ way: WayUp?) -> String {
    guard let way else { return "null" }
    return
      #"{"band":\#(PlanJSON.quote(way.band)),"from":\#(way.from),"missing":\#(way.missing),"#
      + #""steps":[\#(steps(way.steps))],"most":[\#(steps(way.most))]}"#
  }

  private static func steps(_ steps: [WayUp.Step]) -> String {
    steps.map {
      #"{"rule":\#(PlanJSON.quote($0.rule)),"kind":\#(PlanJSON.optional($0.kind?.name)),"activities":\#($0.kind == nil ? 0 : $0.count),"#
        + #""fields":\#(PlanJSON.list($0.fields)),"score":\#($0.score),"band":\#(PlanJSON.optional($0.band))}"#
    }.joined(separator: ",")
  }
}

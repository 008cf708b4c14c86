import PlainScorer

/// A model of a seed: rules about what the world's people do and are.
enum WorldModel {
  static func make(_ chance: inout Chance, connections: [String]) -> PlainModel {
    var model = PlainModel(name: "World")
    model.skipsRobots = chance.happens(70)
    if chance.happens(30) { model.scoreMin = Int64(chance.number(-20...0)) }
    model.scoreMin = nil
    if chance.happens(60) { model.scoreMax = 100 }
    if chance.happens(30) { model.actionLimits = PlainBounds(max: Int64(chance.number(20...80))) }
    if chance.happens(30) { model.groups["email"] = PlainBounds(max: Int64(chance.number(5...30))) }
    for number in 0..<chance.number(3...7) {
      model.actions.append(action("act-\(number)", &chance, connections, groups: Array(model.groups.keys)))
    }
    for number in 0..<chance.number(1...3) { model.profile.append(profile("fit-\(number)", &chance)) }
    var hot = PlainBand(name: "hot", from: Int64(chance.number(20...45)), tag: "lead_hot")
    hot.handoff = true
    if chance.happens(30) { hot.actions = PlainComparison(.atLeast, Double(chance.number(5...20))) }
    model.bands = [
      hot, PlainBand(name: "warm", from: Int64(chance.number(8...18)), tag: "lead_warm"),
      PlainBand(name: "cold", from: 0, tag: chance.happens(70) ? "lead_cold" : nil),
    ]
    if chance.happens(50) {
      var segment = PlainSegment(tag: "intent_pricing")
      segment.rule = "act-0"
      model.segments.append(segment)
    }
    return model
  }

  private static func action(
    _ id: String, _ chance: inout Chance, _ connections: [String], groups: [String]
  ) -> PlainActionRule {
    let kinds = [
      "page_visit", "email_open", "email_click", "email_sent", "form_submit", "download", "call", "meeting",
      "purchase", "email_reply", "chat", "event_attendance", "video_view",
    ]
    let on: [String] =
      chance.happens(15)
      ? [] : chance.happens(40) ? [chance.one(of: kinds), "call", "email_click"] : [chance.one(of: kinds)]
    var rule = PlainActionRule(
      id: id, on: Array(Set(on)).sorted(), points: Int64(chance.happens(15) ? -5 : chance.number(1...20)))
    rule.label = "Did \(id)"
    if chance.happens(25) { rule.demands.target = ["*pricing*", "*giá*"] }
    if chance.happens(10) { rule.demands.campaign = ["news*"] }
    if chance.happens(15) { rule.demands.connection = [chance.one(of: connections)] }
    if chance.happens(10) { rule.demands.value = PlainComparison(.atLeast, 60) }
    if chance.happens(10) {
      rule.absentFor = Int64(chance.number(2...30)) * 86_400
      return rule
    }
    if chance.happens(50) { rule.within = Int64(chance.number(1...60)) * 43_200 }
    if chance.happens(30) {
      rule.atLeast = chance.number(1...3)
      rule.distinctTargets = chance.happens(40)
    } else if chance.happens(60) {
      rule.max = chance.number(1...4)
    }
    if chance.happens(40) { rule.halvesEvery = Int64(chance.number(1...20)) * 86_400 }
    if chance.happens(30) { rule.group = groups.first }
    return rule
  }

  private static func profile(_ id: String, _ chance: inout Chance) -> PlainProfileRule {
    switch chance.number(0...3) {
    case 0: PlainProfileRule(id: id, field: "job_title", test: .contains(["ceo", "giám đốc"]), points: 8)
    case 1: PlainProfileRule(id: id, field: "email", test: .emailDomain("business"), points: 4)
    case 2: PlainProfileRule(id: id, field: nil, test: .filled(["first_name", "job_title"]), points: 3)
    default: PlainProfileRule(id: id, field: "first_name", test: .equals(["Ada", "Bình"]), points: 5)
    }
  }
}

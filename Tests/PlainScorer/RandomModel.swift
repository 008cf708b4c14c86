/// Valid models by chance. Over some hundred seeds every key of the model file occurs, and every way to leave it out.
public enum RandomModel {
  /// The model of a seed.
  public static func make(seed: UInt64) -> PlainModel {
    var dice = PlainDice(seed: seed &* 2 &+ 1)
    var model = PlainModel(name: "Random \(seed)")
    model.skipsRobots = !dice.once(in: 4)
    if dice.once(in: 3) { model.scoreMin = Int64(dice.one(of: [-100, -5, 0, 3])) }
    if dice.once(in: 3) { model.scoreMax = Int64(dice.one(of: [5, 40, 100])) }
    model.actionLimits = bounds(oneIn: 3, &dice)
    model.profileLimits = bounds(oneIn: 3, &dice)
    for name in dice.some(0, 3, of: ["email", "visits", "fit-1"]) {
      let bounds = bounds(oneIn: 1, &dice)
      if !bounds.isEmpty { model.groups[name] = bounds }
    }
    let groups = model.groups.keys.sorted()
    let count = dice.number(1...6)
    model.actions = (0..<count).map { actionRule(id: "a\($0)", groups, &dice) }
    model.profile = (0..<dice.number(0...5)).map { profileRule(id: "p\($0)", groups, &dice) }
    model.bands = bands(least: model.scoreMin ?? 0, &dice)
    let ids = model.actions.map(\.id) + model.profile.map(\.id)
    model.segments = (0..<dice.number(0...4)).map { segment(tag: "seg_\($0)", rules: ids, &dice) }
    return model
  }

  private static func bounds(oneIn chance: Int, _ dice: inout PlainDice) -> PlainBounds {
    guard dice.once(in: chance) else { return PlainBounds() }
    switch dice.number(0...2) {
    case 0: return PlainBounds(min: Int64(dice.number(-30...0)), max: Int64(dice.number(0...30)))
    case 1: return PlainBounds(max: Int64(dice.number(-10...30)))
    default: return PlainBounds(min: Int64(dice.number(-30...10)))
    }
  }

  private static func points(_ dice: inout PlainDice) -> Int64 {
    dice.once(in: 30) ? 1_000_000 : Int64(dice.number(-20...40))
  }

  private static func actionRule(id: String, _ groups: [String], _ dice: inout PlainDice) -> PlainActionRule {
    var rule = PlainActionRule(id: id, on: kinds(&dice), points: points(&dice))
    if dice.once(in: 2) { rule.label = dice.one(of: RandomWords.labels) }
    if dice.once(in: 2) { rule.demands = demands(&dice) }
    if dice.once(in: 6) {
      rule.absentFor = dice.one(of: RandomWords.lengths)
      return rule
    }
    if !groups.isEmpty, dice.once(in: 2) { rule.group = dice.one(of: groups) }
    if dice.once(in: 2) { rule.within = dice.one(of: RandomWords.lengths) }
    if dice.once(in: 2) { rule.halvesEvery = dice.one(of: RandomWords.lengths) }
    switch dice.number(0...4) {
    case 0: rule.max = dice.number(1...5)
    case 1: rule.once = true
    case 2: rule.atLeast = dice.number(1...5)
    case 3:
      rule.atLeast = dice.number(1...4)
      rule.distinctTargets = true
    default: break
    }
    return rule
  }

  private static func kinds(_ dice: inout PlainDice) -> [String] {
    switch dice.number(0...5) {
    case 0: []
    case 1: [dice.one(of: RandomWords.mailKinds)]
    case 2: [dice.one(of: RandomWords.kinds)]
    case 3: dice.some(2, 3, of: RandomWords.mailKinds)
    case 4: dice.some(2, 8, of: RandomWords.kinds)
    default: ["page_visit"]
    }
  }

  private static func demands(_ dice: inout PlainDice) -> PlainDemands {
    var demands = PlainDemands()
    while demands.isEmpty {
      if dice.once(in: 2) { demands.target = dice.some(1, 3, of: RandomWords.targetPatterns) }
      if dice.once(in: 4) { demands.campaign = dice.some(1, 2, of: RandomWords.campaignPatterns) }
      if dice.once(in: 6) { demands.platform = dice.some(1, 3, of: RandomWords.connections.map(\.1)) }
      if dice.once(in: 6) { demands.connection = dice.some(1, 3, of: RandomWords.connections.map(\.0)) }
      if dice.once(in: 5) { demands.value = comparison(&dice) }
    }
    return demands
  }

  private static func comparison(_ dice: inout PlainDice) -> PlainComparison {
    let sign = dice.once(in: 4) ? nil : dice.one(of: PlainComparison.Sign.allCases)
    return PlainComparison(sign, dice.one(of: RandomWords.numbers))
  }

  private static func profileRule(id: String, _ groups: [String], _ dice: inout PlainDice) -> PlainProfileRule
  {
    let field = dice.one(of: RandomWords.fields)
    var rule = PlainProfileRule(id: id, field: field, test: .filled([]), points: points(&dice))
    switch dice.number(0...9) {
    case 0: rule.test = .equals(dice.some(1, 3, of: RandomWords.wantedTexts))
    case 1: rule.test = .equalsNone(dice.some(1, 3, of: RandomWords.wantedTexts))
    case 2: rule.test = .contains(dice.some(1, 3, of: RandomWords.wantedTexts))
    case 3: rule.test = .containsNone(dice.some(1, 3, of: RandomWords.wantedTexts))
    case 4: rule.test = .matches(dice.some(1, 3, of: RandomWords.fieldPatterns))
    case 5: rule.test = .atLeast(dice.one(of: RandomWords.numbers))
    case 6: rule.test = .atMost(dice.one(of: RandomWords.numbers))
    case 7:
      rule.test = .emailDomain(dice.one(of: ["business", "free", "disposable"]))
      rule.field = dice.once(in: 8) ? field : "email"
    case 8:
      rule.field = nil
      rule.test = .filled(dice.some(1, 3, of: RandomWords.fields))
    default:
      rule.field = nil
      rule.test = .missing(dice.some(1, 3, of: RandomWords.fields))
    }
    if dice.once(in: 2) { rule.label = dice.one(of: RandomWords.labels) }
    if !groups.isEmpty, dice.once(in: 3) { rule.group = dice.one(of: groups) }
    return rule
  }

  private static func bands(least: Int64, _ dice: inout PlainDice) -> [PlainBand] {
    var from = least + Int64(dice.one(of: [0, 0, 0, 4]))
    var bands: [PlainBand] = []
    for (number, name) in ["cold", "warm", "hot", "nóng quá"].prefix(dice.number(0...4)).enumerated() {
      var band = PlainBand(name: name, from: from)
      if !dice.once(in: 4) { band.tag = "lead_\(number)" }
      if number > 0, dice.once(in: 3) { band.actions = comparison(&dice) }
      if number > 0, dice.once(in: 4) { band.profile = comparison(&dice) }
      band.handoff = dice.once(in: 3)
      bands.append(band)
      from += Int64(dice.number(1...25))
    }
    return bands.reversed()
  }

  private static func segment(tag: String, rules: [String], _ dice: inout PlainDice) -> PlainSegment {
    var segment = PlainSegment(tag: tag)
    while segment == PlainSegment(tag: tag) {
      if dice.once(in: 2) { segment.rule = dice.one(of: rules) }
      if dice.once(in: 4) { segment.score = comparison(&dice) }
      if dice.once(in: 4) { segment.actions = comparison(&dice) }
      if dice.once(in: 4) { segment.profile = comparison(&dice) }
    }
    return segment
  }
}

import Scoring

/// Models and persons made up from a seed: small windows and few distinct times, so that boundaries, ties and
/// overlaps are hit all the time.
struct RandomCase {
  /// So many seeds in a row are persons before the same model.
  static let personsPerModel = 4

  let seed: UInt64
  let model: Model
  let person: Person
  let connections = [
    ConnectionLabel(name: "web", platform: "mautic"), ConnectionLabel(name: "crm", platform: "bitrix24"),
    ConnectionLabel(name: "mail", platform: "mautic"),
  ]
  let free: Set<String> = ["gmail.com", "both.example"]
  let disposable: Set<String> = ["trash.example", "both.example"]

  init(seed: UInt64) {
    self.seed = seed
    var forModel = SeededRandom(seed: 1_000_000 + seed / UInt64(Self.personsPerModel))
    model = Self.model(&forModel)
    var forPerson = SeededRandom(seed: seed)
    person = Self.person(&forPerson)
  }

  var domains: DomainLists {
    DomainLists(free: free.joined(separator: "\n"), disposable: disposable.joined(separator: "\n"))
  }

  var plain: PlainScorer {
    PlainScorer(
      model: model, free: free, disposable: disposable,
      platforms: Dictionary(uniqueKeysWithValues: connections.map { ($0.name, $0.platform) }))
  }

  var scorer: Scorer { Scorer(model: model, domains: domains, connections: connections) }

  // MARK: Models

  private static func model(_ random: inout SeededRandom) -> Model {
    var model = Model(name: "random")
    model.robots = random.chance(75) ? .skip : .count
    if random.chance(70) {
      model.scoreLimits = Limits(
        min: random.chance(50) ? 0 : random.number(-60...5),
        max: random.chance(50) ? random.number(6...80) : nil)
    }
    if random.chance(40) { model.actionLimits = limits(&random) }
    if random.chance(40) { model.profileLimits = limits(&random) }
    for index in 0..<random.number(0...3) {
      model.groups.append(RuleGroup(name: "g\(index)", limits: limits(&random)))
    }
    for index in 0..<random.number(0...7) { model.actions.append(action(index, model.groups, &random)) }
    for index in 0..<random.number(0...4) {
      var rule = ProfileRule(id: "p\(index)", test: test(&random), points: random.number(-15...15))
      rule.group = group(model.groups, &random)
      model.profile.append(rule)
    }
    var from = random.number(0...60)
    for index in 0..<random.number(0...4) {
      var band = Band(name: "b\(index)", from: from, tag: random.chance(70) ? "band_\(index)" : nil)
      if random.chance(30) { band.requiresActions = comparison(&random, -20...40) }
      if random.chance(30) { band.requiresProfile = comparison(&random, -10...20) }
      model.bands.append(band)
      from -= random.number(0...25)
    }
    for index in 0..<random.number(0...3) {
      var segment = Segment(tag: random.chance(85) ? "segment_\(index)" : "band_0")
      if random.chance(50), !model.ruleIDs.isEmpty { segment.rule = random.pick(model.ruleIDs) }
      if random.chance(40) { segment.score = comparison(&random, -20...60) }
      if random.chance(40) { segment.actions = comparison(&random, -20...40) }
      if random.chance(40) { segment.profile = comparison(&random, -10...20) }
      model.segments.append(segment)
    }
    return model
  }

  private static func limits(_ random: inout SeededRandom) -> Limits {
    let min = random.number(-30...5)
    let max = random.number(min...40)
    switch random.number(0...2) {
    case 0: return Limits(min: min, max: nil)
    case 1: return Limits(min: nil, max: max)
    default: return Limits(min: min, max: max)
    }
  }

  private static func comparison(_ random: inout SeededRandom, _ range: ClosedRange<Int>) -> Comparison {
    Comparison(random.pick(Comparison.Relation.allCases), Double(random.number(range)))
  }

  private static func group(_ groups: [RuleGroup], _ random: inout SeededRandom) -> String? {
    groups.isEmpty || random.chance(50) ? nil : random.pick(groups).name
  }

  private static func action(_ index: Int, _ groups: [RuleGroup], _ random: inout SeededRandom) -> ActionRule
  {
    let span = TimeSpan(seconds: Int64(random.pick([1, 2, 3, 5, 8, 10, 11, 15, 30, 60])))
    let halves = random.chance(55) ? TimeSpan(seconds: Int64(random.pick([1, 2, 3, 4, 7, 10, 25]))) : nil
    let form: RuleForm
    switch random.number(0...9) {
    case 0...3: form = .each(max: random.chance(60) ? random.number(1...5) : nil, halvesEvery: halves)
    case 4...5: form = .threshold(atLeast: random.number(1...5), distinctTargets: false, halvesEvery: halves)
    case 6...7: form = .threshold(atLeast: random.number(1...4), distinctTargets: true, halvesEvery: halves)
    default: form = .absence(span)
    }
    var rule = ActionRule(id: "a\(index)", kinds: kinds(&random), form: form, points: random.number(-20...20))
    if case .absence = form {
    } else {
      if random.chance(50) { rule.within = span }
      rule.group = group(groups, &random)
    }
    if random.chance(40) { rule.filter.target = globs(&random) }
    if random.chance(15) { rule.filter.campaign = globs(&random) }
    if random.chance(15) { rule.filter.value = comparison(&random, 0...5) }
    if random.chance(10) { rule.filter.platform = [random.pick(["mautic", "bitrix24", "hubspot"])] }
    if random.chance(10) {
      rule.filter.connection = random.chance(50) ? [random.pick(["web", "crm", "none"])] : ["web", "mail"]
    }
    return rule
  }

  static let kinds: [ActivityKind] = [
    .known(.pageVisit), .known(.emailClick), .known(.emailClick), .known(.emailOpen), .known(.emailSent),
    .known(.note),
    .known(.call), .custom("fair"), .custom("webinar"),
  ]

  private static func kinds(_ random: inout SeededRandom) -> KindSelection {
    switch random.number(0...3) {
    case 0: return .any
    case 1: return .any(and: [random.pick(kinds)])
    default: return .kinds((0..<random.number(1...3)).map { _ in random.pick(kinds) })
    }
  }

  private static func globs(_ random: inout SeededRandom) -> [Glob] {
    (0..<random.number(1...2)).map { _ in
      Glob(
        random.pick(["*", "/a", "/A*", "/?", "*/b*", "*á", "/d", "Đ*", "?", "", "*?b?*", "🙂*", "c*", "*a*a*"])
      )
    }
  }

  private static func test(_ random: inout SeededRandom) -> ProfileTest {
    let field = random.pick(["job", "size", "email", "city"])
    let texts = (0..<random.number(1...2)).map { _ in random.pick(["ceo", "Giám", "a", "Hà Nội", "", "50"]) }
    let number = Double(random.number(0...5) * 10)
    switch random.number(0...9) {
    case 0: return .equals(field: field, texts)
    case 1: return .equalsNone(field: field, texts)
    case 2: return .contains(field: field, texts.filter { !$0.isEmpty } + ["x"])
    case 3: return .containsNone(field: field, texts.filter { !$0.isEmpty } + ["x"])
    case 4: return .matches(field: field, texts.map { Glob("*" + $0 + "?*") })
    case 5: return .atLeast(field: "size", number)
    case 6: return .atMost(field: "size", number)
    case 7: return .emailDomain(field: "email", random.pick(DomainClass.allCases))
    case 8: return .filled([field, random.pick(["job", "size"])])
    default: return .missing([field, random.pick(["job", "size"])])
    }
  }

  // MARK: Persons

  private static func person(_ random: inout SeededRandom) -> Person {
    let contacts = (0..<random.number(1...3)).map { _ in
      Person.Contact(
        connection: random.pick(["web", "crm", "mail"]),
        createdAt: random.chance(70) ? Timestamp(now.seconds - Int64(random.number(-15...70))) : nil)
    }
    var profile: [String: String] = [:]
    if random.chance(70) { profile["job"] = random.pick(["CEO", "giám đốc", "Giám Đốc", "clerk", " ", ""]) }
    if random.chance(70) { profile["size"] = random.pick(["50", "49.5", "10", "-3", "many", "\t"]) }
    if random.chance(70) {
      profile["email"] = random.pick([
        "a@gmail.com", "b@Trash.Example", "c@corp.example", "d@both.example", "nobody",
      ])
    }
    if random.chance(50) { profile["city"] = random.pick(["Hà Nội", "HA NOI", "Paris", "\u{A0}"]) }
    var activities: [Activity] = []
    let longest = random.pick([12, 40, 120])
    for index in 0..<random.pick([0, 1, 3, 8, 16, 30]) {
      activities.append(
        Activity(
          random.pick(kinds), at: Timestamp(now.seconds - Int64(random.number(-15...longest))),
          target: random.chance(80)
            ? random.pick(["/a", "/A", "/á", "/b", "/bb", "đ", "/d", "🙂", "👩‍👩‍👧", "c", "", "\u{301}"]) : nil,
          campaign: random.chance(75) ? random.pick(["c", "C", "c", "a", "/b"]) : nil,
          value: random.chance(40) ? Double(random.number(0...5)) : nil,
          identity: "\(random.number(0...9))-\(index)", contact: random.number(0...(contacts.count - 1))))
    }
    return Person(contacts: contacts, profile: profile, activities: activities)
  }
}

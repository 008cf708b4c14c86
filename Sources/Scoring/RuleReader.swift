import StrictYAML

/// Reads the entries of `actions` and `profile`.
struct RuleReader {
  let problems: ProblemCollector
  let groups: [String]

  private var values: ModelReader { ModelReader(problems: problems) }

  // MARK: Actions

  func action(_ map: YAMLMapping) -> ActionRule? {
    let head = head(map)
    let kinds = map.required("on", cure: "Name a kind of activity, a list of kinds, or any").flatMap(kinds)
    let filter = map.optional("where")?.mapping().map(filter) ?? ActivityFilter()
    let within = map.optional("within").flatMap(values.span)
    let form = form(map)
    let group = group(map)
    map.demandValues()
    map.finish("an actions rule")
    guard let head, let kinds, let form else { return nil }
    var rule = ActionRule(id: head.id, label: head.label, kinds: kinds, form: form, points: head.points)
    rule.filter = filter
    rule.within = within
    rule.group = group
    rule.position = map.position
    return rule
  }

  private func form(_ map: YAMLMapping) -> RuleForm? {
    let atLeast = map.optional("atLeast").flatMap { count($0, "atLeast") }
    let max = map.optional("max").flatMap { count($0, "max") }
    let once = map.optional("once")?.boolean() ?? false
    let halves = map.optional("halvesEvery").flatMap(values.span)
    let isDistinct = map.optional("distinct").map(distinct) ?? false
    let absent = map.optional("absentFor").flatMap(values.span)
    if map.has("absentFor") {
      for key in ["within", "atLeast", "max", "once", "halvesEvery", "distinct", "group"] where map.has(key) {
        clash(map, key, "absentFor", "absentFor goes with on, where and points only")
      }
      return absent.map(RuleForm.absence)
    }
    for key in ["max", "once"] where map.has("atLeast") && map.has(key) {
      clash(map, key, "atLeast", "atLeast gives its points once; drop one of the two")
    }
    if map.has("max") && map.has("once") {
      clash(map, "once", "max", "once means max: 1; drop one of the two")
    }
    if map.has("distinct") && !map.has("atLeast") {
      problems.report(
        "'distinct' without 'atLeast'", at: map.position(of: "distinct") ?? map.position,
        cure: "Say how many different targets are needed, for example atLeast: 3")
    }
    if let atLeast {
      return .threshold(atLeast: atLeast, distinctTargets: isDistinct, halvesEvery: halves)
    }
    return .each(max: once ? 1 : max, halvesEvery: halves)
  }

  private func distinct(_ value: YAMLValue) -> Bool {
    guard let text = value.text(expected: "target") else { return false }
    guard text == "target" else {
      value.report(
        "only targets can be counted as different ones, not '\(text)'", cure: "Write distinct: target")
      return false
    }
    return true
  }

  private func kinds(_ value: YAMLValue) -> KindSelection? {
    guard let names = value.texts(expected: "a kind of activity or a list of kinds") else { return nil }
    var kinds: [ActivityKind] = []
    var any = false
    for (name, place) in zip(names, value.listOrOne()) {
      if name == "any" {
        any = true
      } else if let kind = ActivityKind(name) {
        kinds.append(kind)
      } else {
        let near = YAMLMapping.nearest(to: name, in: KnownKind.allCases.map(\.name))
        place.report(
          "'\(name)' is no kind of activity",
          cure: near.map { "Did you mean '\($0)'" } ?? "Kinds of your own are written custom:NAME")
        return nil
      }
    }
    return any ? .any(and: kinds) : .kinds(kinds)
  }

  private func filter(_ map: YAMLMapping) -> ActivityFilter {
    var filter = ActivityFilter()
    filter.target = map.optional("target")?.texts()?.map(Glob.init)
    filter.campaign = map.optional("campaign")?.texts()?.map(Glob.init)
    filter.value = map.optional("value").flatMap(values.comparison)
    filter.platform = map.optional("platform")?.texts()
    filter.connection = map.optional("connection")?.texts()
    map.demandValues()
    map.finish("where")
    if map.keys.isEmpty {
      problems.report(
        "'where' names nothing", at: map.position,
        cure: "Name target, campaign, value, platform or connection, or drop it")
    }
    return filter
  }

  // MARK: Profile

  private static let tests = [
    "is", "isNot", "contains", "notContains", "matches", "atLeast", "atMost", "emailDomain", "filled",
    "missing",
  ]

  func profile(_ map: YAMLMapping) -> ProfileRule? {
    let head = head(map)
    let group = group(map)
    let field = map.optional("field")?.text()
    let named = Self.tests.filter(map.has)
    let tests = Self.tests.map { ($0, map.optional($0)) }
    map.demandValues()
    map.finish("a profile rule")
    guard named.count == 1 else {
      problems.report(
        named.isEmpty ? "the rule asks nothing" : "the rule asks \(named.joined(separator: " and "))",
        at: map.position(of: named.last ?? "id") ?? map.position,
        cure: "Name exactly one of \(Self.tests.joined(separator: ", ")), with a value")
      return nil
    }
    let takesFields = ["filled", "missing"].contains(named[0])
    if takesFields && map.has("field") {
      clash(map, "field", named[0], "\(named[0]) lists its fields itself")
    }
    if !takesFields && !map.has("field") {
      problems.report(
        "'\(named[0])' without 'field'", at: map.position(of: named[0]) ?? map.position,
        cure: "Name the field to look at, for example field: job_title")
    }
    guard let value = tests.first(where: { $0.0 == named[0] })?.1,
      let test = test(named[0], field ?? "", value),
      let head, takesFields || field != nil
    else { return nil }
    var rule = ProfileRule(id: head.id, label: head.label, test: test, points: head.points)
    rule.group = group
    rule.position = map.position
    return rule
  }

  private func test(_ name: String, _ field: String, _ value: YAMLValue) -> ProfileTest? {
    switch name {
    case "atLeast", "atMost":
      guard let text = value.text(expected: "a number") else { return nil }
      guard let number = PlainNumber.parse(text) else {
        value.report("'\(text)' is no number", cure: "Write a number such as 50 or 2.5")
        return nil
      }
      return name == "atLeast" ? .atLeast(field: field, number) : .atMost(field: field, number)
    case "emailDomain":
      return .emailDomain(field: field, values.choice(value, .business))
    default:
      guard let texts = value.texts() else { return nil }
      switch name {
      case "is": return .equals(field: field, texts)
      case "isNot": return .equalsNone(field: field, texts)
      case "contains": return .contains(field: field, texts)
      case "notContains": return .containsNone(field: field, texts)
      case "matches": return .matches(field: field, texts.map(Glob.init))
      case "filled": return .filled(texts)
      default: return .missing(texts)
      }
    }
  }

  // MARK: What all rules have

  private func head(_ map: YAMLMapping) -> (id: String, label: String, points: Int)? {
    let id = map.required("id", cure: "Give the rule an id of a-z, 0-9 and -; keep it for ever")
    let text = id?.text()
    if let id, let text { values.checkID(text, "rule", at: id.position) }
    let label = map.optional("label")?.text()
    let points = map.required("points", cure: "Say how many points the rule gives").flatMap(values.whole)
    guard let text, let points else { return nil }
    return (text, label ?? text, points)
  }

  private func group(_ map: YAMLMapping) -> String? {
    guard let value = map.optional("group"), let name = value.text() else { return nil }
    if !groups.contains(name) {
      let near = YAMLMapping.nearest(to: name, in: groups)
      value.report(
        "there is no group '\(name)'",
        cure: near.map { "Did you mean '\($0)'" } ?? "Add it under groups with its max")
    }
    return name
  }

  private func count(_ value: YAMLValue, _ key: String) -> Int? {
    guard let number = value.integer(expected: "a whole number from 1") else { return nil }
    guard (1...1_000_000).contains(number) else {
      value.report("'\(key)' is \(number)", cure: "Write a whole number from 1 to 1000000")
      return nil
    }
    return number
  }

  private func clash(_ map: YAMLMapping, _ key: String, _ other: String, _ cure: String) {
    problems.report(
      "'\(key)' does not go with '\(other)'", at: map.position(of: key) ?? map.position, cure: cure)
  }
}

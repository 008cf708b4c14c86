import Platform
import Scoring
import StrictYAML

/// The model file: read, looked over, and used on a few people.
enum ModelFuzz {
  private static let now = Timestamp(1_795_000_000)
  /// Every moment that a file can name lies between these.
  private static let moments = [
    Timestamp(-99_999_999_999), Timestamp(0), now, Timestamp(now.seconds + 5), Timestamp(99_999_999_999),
  ]
  private static let connections = [
    ConnectionLabel(name: "web", platform: "mautic"), ConnectionLabel(name: "crm", platform: "hubspot"),
  ]

  static func run(_ bytes: [UInt8]) throws(BrokenPromise) {
    let text = String(decoding: bytes, as: UTF8.self)
    let model: Model
    do throws(InputProblems) {
      model = try Model(yaml: text, file: "m.yaml")
    } catch {
      try check(error)
      return
    }
    for finding in model.lint(LintContext(now: now, connections: connections, history: .days(365))) {
      try demand(!finding.what.isEmpty && finding.position.line >= 1, "a finding without words or place")
    }
    let domains = DomainLists(free: "gmail.com", disposable: "mailinator.com")
    let scorer = Scorer(model: model, domains: domains, connections: connections)
    for person in people(model) {
      for moment in moments { try score(person, at: moment, by: scorer) }
    }
  }

  static func check(_ problems: InputProblems) throws(BrokenPromise) {
    try demand(!problems.problems.isEmpty, "refused without a reason")
    for problem in problems.problems {
      try demand(!problem.what.isEmpty && problem.line >= 0 && problem.column >= 0, "a problem without words")
    }
  }

  private static func score(
    _ person: Person, at moment: Timestamp, by scorer: Scorer
  ) throws(BrokenPromise) {
    let model = scorer.model
    var turned = person
    turned.activities.reverse()
    guard let explained = try? scorer.explain(person, at: moment),
      let again = try? scorer.explain(turned, at: moment)
    else {
      // Only what the model names beyond what the engine can number is refused.
      return
    }
    try demand(explained == again, "the order of arrival counts: \(explained) and \(again)")
    if let lowest = model.scoreLimits.min {
      try demand(explained.score >= lowest, "\(explained.score) is below \(lowest)")
    }
    if let highest = model.scoreLimits.max {
      try demand(explained.score <= highest, "\(explained.score) is above \(highest)")
    }
    if let changes = explained.changesAt {
      try demand(changes > moment, "it changes at \(changes.seconds), before \(moment.seconds)")
    }
    _ = explained.reasons
  }

  /// People who did what the model asks for, more or less, and one who did nothing.
  private static func people(_ model: Model) -> [Person] {
    var activities: [Activity] = []
    for (number, rule) in model.actions.prefix(8).enumerated() {
      let kinds: [ActivityKind] =
        switch rule.kinds {
        case .kinds(let named): Array(named.prefix(2))
        case .any: [.known(.pageVisit)]
        }
      let target = rule.filter.target?.first?.sample(filling: "a")
      let campaign = rule.filter.campaign?.first?.sample() ?? "Spring"
      let ages: [Int64] = [-1, 0, 9, 10, 86_400 * 30, rule.within?.seconds ?? 0, 190_000_000_000]
      for (step, age) in ages.enumerated() {
        for kind in kinds {
          activities.append(
            Activity(
              kind, at: Timestamp(now.seconds - age), target: target, campaign: campaign,
              value: [1e300, -1, 30, 0, 5][step % 5], identity: "\(number)/\(step)/\(kind)",
              contact: step % 3))
        }
      }
    }
    activities.append(
      Activity(.known(.emailSent), at: now, target: nil, campaign: "Spring", identity: "sent"))
    var profile: [String: String] = [:]
    for (number, field) in model.profileFields.enumerated() {
      profile[field] = ["12", " ", "Giám đốc", "a@gmail.com", "-1e5"][number % 5]
    }
    let contacts = [
      Person.Contact(connection: "web", createdAt: Timestamp(-99_999_999_999)),
      Person.Contact(connection: "crm", createdAt: now), Person.Contact(connection: "elsewhere"),
    ]
    return [
      Person(contacts: contacts, profile: profile, activities: activities),
      Person(contacts: [Person.Contact(connection: "web", createdAt: Timestamp(0))]),
    ]
  }
}

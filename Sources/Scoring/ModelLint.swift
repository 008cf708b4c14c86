import StrictYAML

/// Something in a model that is allowed and yet probably not meant.
public struct LintFinding: Hashable, Sendable {
  /// Where it stands in the model file.
  public let position: SourcePosition
  /// What it is.
  public let what: String
  /// What to do about it.
  public let cure: String
}

/// What a lint may know beside the model.
public struct LintContext: Sendable {
  /// The time of the check, for the review date.
  public var now: Timestamp
  /// The connections of the configuration; empty if it is not known.
  public var connections: [ConnectionLabel]
  /// How far back activities are known; nil if nobody says.
  public var history: TimeSpan?
  /// What the stored data say; nil without them.
  public var data: LintData?

  /// Only the time is needed.
  public init(
    now: Timestamp, connections: [ConnectionLabel] = [], history: TimeSpan? = nil, data: LintData? = nil
  ) {
    self.now = now
    self.connections = connections
    self.history = history
    self.data = data
  }
}

extension Model {
  /// More rules than this are no simple model any more.
  public static let manyRules = 25

  /// What is inconsistent in the model or against its five principles, in the order of the file.
  public func lint(_ context: LintContext) -> [LintFinding] {
    let reach = ModelReach(self)
    let all = [
      principleFindings(reach), reviewFindings(at: context.now), ruleFindings(), overlapFindings(),
      limitFindings(reach), bandFindings(reach), segmentFindings(reach), historyFindings(context),
      connectionFindings(context.connections), context.data.map { dataFindings($0) } ?? [],
    ]
    return all.flatMap(\.self).enumerated().sorted {
      ($0.element.position.line, $0.element.position.column, $0.offset)
        < ($1.element.position.line, $1.element.position.column, $1.offset)
    }.map(\.element)
  }

  // MARK: - The five principles

  /// Simple rules, words that sales understands, actions before declarations.
  private func principleFindings(_ reach: ModelReach) -> [LintFinding] {
    var findings: [LintFinding] = []
    let count = actions.count + profile.count
    if count > Self.manyRules {
      findings.append(
        .init(
          position: actions.first?.position ?? .start,
          what: "the model has \(count) rules; more than \(Self.manyRules) nobody keeps in mind",
          cure: "Keep those that sales would miss, and drop those that give few points"))
    }
    if actions.isEmpty {
      findings.append(
        .init(
          position: profile.first?.position ?? .start,
          what: "the model has no actions rules: it scores only what people declare",
          cure: "Add rules about what people do; that says more about who buys"))
    } else if !profile.isEmpty {
      findings += balanceFindings(reach)
    }
    let unnamed =
      actions.filter { $0.label == $0.id }.map { ($0.id, $0.position) }
      + profile.filter { $0.label == $0.id }.map { ($0.id, $0.position) }
    if let first = unnamed.first {
      let names = unnamed.prefix(3).map { "'\($0.0)'" }.joined(separator: ", ")
      findings.append(
        .init(
          position: first.1,
          what: unnamed.count == 1
            ? "the rule \(names) has no label, so salespeople read its id"
            : "\(unnamed.count) rules have no label, so salespeople read ids: \(names)"
              + (unnamed.count > 3 ? " …" : ""),
          cure: "Give each a label: a short sentence that sales nods at"))
    }
    return findings
  }

  private func balanceFindings(_ reach: ModelReach) -> [LintFinding] {
    guard let actions = reach.actions.mostPoints else { return [] }
    let profile = reach.profile.mostPoints
    guard profile.map({ $0 > actions }) ?? true else { return [] }
    let place = profileLimits == .none ? self.profile.first?.position ?? .start : places.profileLimits
    return [
      .init(
        position: place,
        what:
          "the profile may give \(profile.map { "up to \($0)" } ?? "any number of") points, what people do only \(actions)",
        cure: "Let actions weigh more: lower limits.profile.max, or give actions more points")
    ]
  }

  private func reviewFindings(at now: Timestamp) -> [LintFinding] {
    guard let reviewed else {
      return [
        .init(
          position: .start, what: "the model has no review date",
          cure: "Write reviewed: with today's date and reviewEvery: 90d")
      ]
    }
    guard let reviewEvery, now > reviewed + reviewEvery else { return [] }
    let day = String(reviewed.description.prefix(10))
    return [
      .init(
        position: places.reviewed,
        what: "the model was last reviewed on \(day), more than \(reviewEvery) ago",
        cure: "Look at it with the sales team, then write the new date under reviewed:")
    ]
  }

  // MARK: - Single rules

  private func ruleFindings() -> [LintFinding] {
    let all =
      actions.map { ($0.id, $0.points, $0.position) } + profile.map { ($0.id, $0.points, $0.position) }
    return all.filter { $0.1 == 0 }.map { id, _, position in
      .init(position: position, what: "the rule '\(id)' gives 0 points", cure: "Give it points or drop it")
    }
  }

  /// Only where it is sure that the same activities give points twice.
  private func overlapFindings() -> [LintFinding] {
    var findings: [LintFinding] = []
    for (index, rule) in actions.enumerated() {
      guard let first = actions[..<index].first(where: { $0.countsTheSame(as: rule) }) else { continue }
      findings.append(
        .init(
          position: rule.position,
          what: "the rules '\(first.id)' and '\(rule.id)' give points for the very same activities",
          cure: "Make one rule of them with the sum of the points, or let one ask for something else"))
    }
    return findings
  }

  private func historyFindings(_ context: LintContext) -> [LintFinding] {
    guard let history = context.history else { return [] }
    return actions.compactMap { rule in
      let window: TimeSpan
      if case .absence(let span) = rule.form { window = span } else { window = rule.within ?? history }
      guard window > history else { return nil }
      return .init(
        position: rule.position,
        what: "the rule '\(rule.id)' looks back \(window), but activities are known for \(history) only",
        cure: "Shorten the rule, or raise history: and run leadgauge backfill")
    }
  }

  private func connectionFindings(_ connections: [ConnectionLabel]) -> [LintFinding] {
    guard !connections.isEmpty else { return [] }
    var findings: [LintFinding] = []
    let (names, platforms) = (connections.map(\.name), Set(connections.map(\.platform)))
    for rule in actions {
      for name in rule.filter.connection ?? [] where !names.contains(name) {
        let near = Self.sameButForCase(name, in: names)
        findings.append(
          .init(
            position: rule.position,
            what:
              "the rule '\(rule.id)' names the connection '\(name)', which the configuration does not have",
            cure: near.map { "Write '\($0)': upper and lower case matter" } ?? "Check the name"))
      }
      for name in rule.filter.platform ?? [] where !platforms.contains(name) {
        findings.append(
          .init(
            position: rule.position,
            what: "the rule '\(rule.id)' is about the platform '\(name)', of which there is no connection",
            cure: "Name one of \(platforms.sorted().joined(separator: ", ")), or drop the rule"))
      }
    }
    for (index, name) in names.enumerated() {
      if let twin = Self.sameButForCase(name, in: Array(names[..<index])) {
        findings.append(
          .init(
            position: .start,
            what: "the connections '\(twin)' and '\(name)' differ in upper and lower case only",
            cure: "Rename one in the configuration, before somebody mixes them up"))
      }
    }
    return findings
  }

  /// Another name that is the same but for upper and lower case.
  static func sameButForCase(_ name: String, in names: some Sequence<String>) -> String? {
    let lower = name.lowercased()
    return names.first { $0 != name && $0.lowercased() == lower }
  }
}

extension ActionRule {
  /// True if both rules give points for one and the same set of activities, whatever the activities are.
  fileprivate func countsTheSame(as other: ActionRule) -> Bool {
    guard Set(kinds.named) == Set(other.kinds.named), kinds.isAny == other.kinds.isAny,
      within == other.within, (points > 0) == (other.points > 0), points != 0, other.points != 0,
      filter.means(other.filter)
    else { return false }
    switch (form, other.form) {
    case (.each, .each): return true
    case (.threshold(let left, let isLeft, _), .threshold(let right, let isRight, _)):
      return left == right && isLeft == isRight
    case (.absence(let left), .absence(let right)): return left == right
    default: return false
    }
  }
}

extension KindSelection {
  fileprivate var isAny: Bool {
    if case .any = self { return true }
    return false
  }
}

extension ActivityFilter {
  /// True if both ask the same, in whatever order and case the patterns stand.
  fileprivate func means(_ other: ActivityFilter) -> Bool {
    func same(_ left: [Glob]?, _ right: [Glob]?) -> Bool {
      func patterns(_ globs: [Glob]?) -> Set<String>? {
        globs.map { Set($0.map { TextFolding.fold($0.pattern) }) }
      }
      return patterns(left) == patterns(right)
    }
    return same(target, other.target) && same(campaign, other.campaign) && value == other.value
      && platform.map(Set.init) == other.platform.map(Set.init)
      && connection.map(Set.init) == other.connection.map(Set.init)
  }
}

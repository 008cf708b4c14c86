/// What a person's score is at a moment.
public struct ScoreResult: Equatable, Sendable {
  /// The clamped sum of the sections, in points.
  public var score: Int
  /// Rounded points of the actions.
  public var actions: Int
  /// Rounded points of the profile.
  public var profile: Int
  /// Index among the model's bands; nil if none fits.
  public var band: Int?
  /// Wanted tags: bit n stands for the model's owned tag n.
  public var tags: UInt64 = 0
  /// When the result changes without new activity: score, a section, the band, a tag or a rule's points is
  /// different then, and all are the same until then. Nil if never.
  public var changesAt: Timestamp?

  /// A result without band and tags.
  public init(score: Int, actions: Int, profile: Int) {
    self.score = score
    self.actions = actions
    self.profile = profile
  }
}

/// What one rule gave.
public struct RuleOutcome: Equatable, Sendable {
  /// In units of 1/1024 point, before group clamps.
  public var units: Int64 = 0
  /// How many activities were used; 1 for a profile rule that passed.
  public var count = 0
  /// The most recent activity used.
  public var last: Timestamp?

  /// What one rule gave.
  public init(units: Int64 = 0, count: Int = 0, last: Timestamp? = nil) {
    self.units = units
    self.count = count
    self.last = last
  }
}

/// One activity that counted for one rule.
public struct RuleUse: Hashable, Sendable {
  /// Index among the model's rules.
  public let rule: Int
  /// Index among the buffer's entries.
  public let entry: Int
}

/// Points in units of 1/1024 as people read them.
public enum PointsText {
  /// `40`, `7.5`, `-0.125`: up to three decimals, half away from zero, without trailing zeros.
  public static func format(units: Int64) -> String {
    let thousandths = thousandths(units)
    let magnitude = thousandths.magnitude
    var text = "\(magnitude / 1_000)"
    if magnitude % 1_000 != 0 {
      var decimals = "\(1_000 + magnitude % 1_000)".dropFirst()
      while decimals.last == "0" { decimals = decimals.dropLast() }
      text += "." + decimals
    }
    return thousandths < 0 ? "-" + text : text
  }

  /// The same with a plus sign where it is not negative: `+40`.
  public static func formatSigned(units: Int64) -> String {
    let text = format(units: units)
    return text.hasPrefix("-") ? text : "+" + text
  }

  private static func thousandths(_ units: Int64) -> Int64 {
    let scaled = units.multipliedFullWidth(by: 1_000)
    let negative = units < 0
    let magnitude = negative ? 0 - Int64(bitPattern: scaled.low) : Int64(bitPattern: scaled.low)
    let rounded = (magnitude + 512) / 1_024
    return negative ? -rounded : rounded
  }
}

/// The three strongest reasons as a short stable text.
public enum ReasonsText {
  /// How many rules are named.
  public static let most = 3

  /// Indices of the rules with the largest absolute points, strongest first, ties in the model's order.
  public static func strongest(_ outcomes: ContiguousArray<RuleOutcome>) -> [Int] {
    var best: [Int] = []
    for index in outcomes.indices where outcomes[index].units != 0 {
      let size = outcomes[index].units.magnitude
      if best.count == most, let last = best.last, outcomes[last].units.magnitude >= size { continue }
      best.insert(index, at: best.firstIndex { outcomes[$0].units.magnitude < size } ?? best.count)
      if best.count > most { best.removeLast() }
    }
    return best
  }

  /// `Saw the pricing page +40 · Clicked a link in an e-mail +15`; empty without points.
  public static func text(_ outcomes: ContiguousArray<RuleOutcome>, labels: [String]) -> String {
    strongest(outcomes).map { "\(labels[$0]) \(PointsText.formatSigned(units: outcomes[$0].units))" }
      .joined(separator: " · ")
  }
}

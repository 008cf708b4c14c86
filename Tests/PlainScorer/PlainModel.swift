/// A model as the user's manual has it, for a scorer that shares nothing with the program's engine.
///
/// Plain values; `yaml` writes the file that a user would have written.
public struct PlainModel: Sendable, Equatable {
  /// The model's name.
  public var name: String
  /// True for `robots: skip`, the default.
  public var skipsRobots = true
  /// The least score; nil leaves the key out, which means 0.
  public var scoreMin: Int64?
  /// The greatest score; nil: none.
  public var scoreMax: Int64?
  /// Clamp of the actions section, in points.
  public var actionLimits = PlainBounds()
  /// Clamp of the profile section, in points.
  public var profileLimits = PlainBounds()
  /// Clamps of bundles of rules, in points, by the name of the bundle.
  public var groups: [String: PlainBounds] = [:]
  /// Rules about what people do.
  public var actions: [PlainActionRule] = []
  /// Rules about what people declare.
  public var profile: [PlainProfileRule] = []
  /// Highest first.
  public var bands: [PlainBand] = []
  /// Further tags.
  public var segments: [PlainSegment] = []

  /// A model without rules.
  public init(name: String) {
    self.name = name
  }
}

/// What something may give at least and at most, in points.
public struct PlainBounds: Sendable, Equatable {
  /// The least; nil: no limit.
  public var min: Int64?
  /// The most; nil: no limit.
  public var max: Int64?

  /// Names limits.
  public init(min: Int64? = nil, max: Int64? = nil) {
    self.min = min
    self.max = max
  }

  /// True if nothing is clamped.
  public var isEmpty: Bool { min == nil && max == nil }

  /// A number of 1/1024 points, clamped.
  func clamp(_ units: Int64) -> Int64 {
    var result = units
    if let min, result < min * 1024 { result = min * 1024 }
    if let max, result > max * 1024 { result = max * 1024 }
    return result
  }
}

/// A comparison with a number, such as `>= 30`.
public struct PlainComparison: Sendable, Equatable {
  /// The signs that the model file knows.
  public enum Sign: String, Sendable, CaseIterable {
    /// At least; also what a bare number means.
    case atLeast = ">="
    /// More than.
    case above = ">"
    /// At most.
    case atMost = "<="
    /// Less than.
    case below = "<"
    /// Equal.
    case equal = "="
    /// Not equal.
    case unequal = "!="
  }

  /// The sign; nil writes a bare number.
  public var sign: Sign?
  /// What is compared with.
  public var number: Double

  /// Names a comparison.
  public init(_ sign: Sign?, _ number: Double) {
    self.sign = sign
    self.number = number
  }

  /// True if the value compares so.
  public func holds(_ value: Double) -> Bool {
    switch sign ?? .atLeast {
    case .atLeast: value >= number
    case .above: value > number
    case .atMost: value <= number
    case .below: value < number
    case .equal: value == number
    case .unequal: value != number
    }
  }
}

/// A rule about what people do.
public struct PlainActionRule: Sendable, Equatable {
  /// Unique in the model.
  public var id: String
  /// What the rule says; nil: the id.
  public var label: String?
  /// Kinds of activity; empty means `any`.
  public var on: [String]
  /// What else the activity has to fulfil.
  public var demands = PlainDemands()
  /// The bundle that clamps the rule's points.
  public var group: String?
  /// Only activity younger than so many seconds counts.
  public var within: Int64?
  /// Points once, if at least so many count.
  public var atLeast: Int?
  /// True for `distinct: target`.
  public var distinctTargets = false
  /// At most so many activities, the most recent ones.
  public var max: Int?
  /// The same as `max` of 1.
  public var once = false
  /// Seconds after which points are halved.
  public var halvesEvery: Int64?
  /// Points once, if nothing that matches is younger than so many seconds.
  public var absentFor: Int64?
  /// Whole points.
  public var points: Int64

  /// A rule that gives points for each activity of these kinds; no kinds mean `any`.
  public init(id: String, on: [String], points: Int64) {
    self.id = id
    self.on = on
    self.points = points
  }
}

/// What a rule's `where` demands; an empty list demands nothing.
public struct PlainDemands: Sendable, Equatable {
  /// Patterns of the target.
  public var target: [String] = []
  /// Patterns of the campaign.
  public var campaign: [String] = []
  /// Names of platforms.
  public var platform: [String] = []
  /// Names of connections.
  public var connection: [String] = []
  /// Comparison with the activity's value.
  public var value: PlainComparison?

  /// No demands.
  public init() {}

  /// True if nothing is demanded.
  public var isEmpty: Bool { self == PlainDemands() }
}

/// A rule about what people declare.
public struct PlainProfileRule: Sendable, Equatable {
  /// The one test of a rule.
  public enum Test: Sendable, Equatable {
    /// Equals one of these.
    case equals([String])
    /// Equals none of these.
    case equalsNone([String])
    /// Has one of these anywhere in it.
    case contains([String])
    /// Has none of these in it.
    case containsNone([String])
    /// Matches one of these patterns.
    case matches([String])
    /// A number of at least this.
    case atLeast(Double)
    /// A number of at most this.
    case atMost(Double)
    /// An address at such a domain: `business`, `free` or `disposable`.
    case emailDomain(String)
    /// All of these fields are filled.
    case filled([String])
    /// One of these fields is empty.
    case missing([String])
  }

  /// Unique in the model.
  public var id: String
  /// What the rule says; nil: the id.
  public var label: String?
  /// The field to look at; nil for `filled` and `missing`.
  public var field: String?
  /// The test.
  public var test: Test
  /// The bundle that clamps the rule's points.
  public var group: String?
  /// Whole points.
  public var points: Int64

  /// A rule about a field.
  public init(id: String, field: String?, test: Test, points: Int64) {
    self.id = id
    self.field = field
    self.test = test
    self.points = points
  }
}

/// A named range of the score.
public struct PlainBand: Sendable, Equatable {
  /// The name.
  public var name: String
  /// The least score.
  public var from: Int64
  /// The tag of the band; nil: none.
  public var tag: String?
  /// What the actions section has to fulfil.
  public var actions: PlainComparison?
  /// What the profile section has to fulfil.
  public var profile: PlainComparison?
  /// True if entries are handed to sales.
  public var handoff = false

  /// A band that begins at a score.
  public init(name: String, from: Int64, tag: String? = nil) {
    self.name = name
    self.from = from
    self.tag = tag
  }
}

/// A tag and the conditions under which it is set.
public struct PlainSegment: Sendable, Equatable {
  /// The tag.
  public var tag: String
  /// This rule gives something.
  public var rule: String?
  /// The score compares so.
  public var score: PlainComparison?
  /// The actions section compares so.
  public var actions: PlainComparison?
  /// The profile section compares so.
  public var profile: PlainComparison?

  /// A segment that has yet to be given a condition.
  public init(tag: String) {
    self.tag = tag
  }
}

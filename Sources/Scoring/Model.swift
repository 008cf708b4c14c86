import StrictYAML

/// The rules, bands and segments that a score is made of; the same on every machine.
public struct Model: Equatable, Sendable {
  /// What the model is called in reports and plans.
  public var name: String
  /// When somebody last looked at the model, midnight UTC.
  public var reviewed: Timestamp?
  /// How long a review lasts.
  public var reviewEvery: TimeSpan?
  /// What becomes of opens and clicks that mail scanners made.
  public var robots: RobotPolicy = .skip
  /// Clamp of the total, in points.
  public var scoreLimits = Limits(min: 0, max: nil)
  /// Clamp of what people do, in points.
  public var actionLimits = Limits.none
  /// Clamp of what people declare, in points.
  public var profileLimits = Limits.none
  /// Bundles of rules with a clamp of their own.
  public var groups: [RuleGroup] = []
  /// What people do.
  public var actions: [ActionRule] = []
  /// What people declare.
  public var profile: [ProfileRule] = []
  /// Named ranges of the score, highest first.
  public var bands: [Band] = []
  /// Marks beside the bands.
  public var segments: [Segment] = []
  /// Where in the file what has no place of its own stands.
  public var places = ModelPlaces()

  /// A model without rules.
  public init(name: String) {
    self.name = name
  }
}

/// Where the single values of a model stand in its file.
public struct ModelPlaces: Equatable, Sendable {
  /// `reviewed`.
  public var reviewed = SourcePosition.start
  /// `limits.actions`.
  public var actionLimits = SourcePosition.start
  /// `limits.profile`.
  public var profileLimits = SourcePosition.start

  /// Everything at the start.
  public init() {}
}

extension Model {
  /// The most tags that a model may own.
  public static let mostTags = 64

  /// Every tag the model owns, each once, bands first; all other tags are never touched.
  public var ownedTags: [String] {
    var seen: Set<String> = []
    return (bands.compactMap(\.tag) + segments.map(\.tag)).filter { seen.insert($0).inserted }
  }

  /// Ids of all rules, actions first, in the order of the file.
  public var ruleIDs: [String] { actions.map(\.id) + profile.map(\.id) }

  /// Labels of all rules, in the order of `ruleIDs`.
  public var ruleLabels: [String] { actions.map(\.label) + profile.map(\.label) }

  /// The kinds of activity that rules name; nil if a rule looks at any kind.
  public var countedKinds: Set<ActivityKind>? {
    let looksAtAny = actions.contains { rule in
      if case .kinds = rule.kinds { return false }
      return true
    }
    return looksAtAny ? nil : namedKinds
  }

  /// The kinds of activity that rules name, also where another rule looks at any kind.
  public var namedKinds: Set<ActivityKind> {
    var kinds: Set<ActivityKind> = []
    for rule in actions {
      if case .kinds(let named) = rule.kinds { kinds.formUnion(named) }
    }
    return kinds
  }

  /// The platform fields that the profile rules look at, each once.
  public var profileFields: [String] {
    var seen: Set<String> = []
    return profile.flatMap(\.test.fields).filter { seen.insert($0).inserted }
  }
}

/// What becomes of opens and clicks made by machines.
public enum RobotPolicy: String, CaseIterable, Sendable {
  case skip
  case count
}

/// A clamp in points; either end may be open.
public struct Limits: Hashable, Sendable {
  /// The lowest value let through.
  public var min: Int?
  /// The highest value let through.
  public var max: Int?

  /// Lets everything through.
  public static let none = Limits(min: nil, max: nil)

  /// A clamp; nil leaves an end open.
  public init(min: Int?, max: Int?) {
    self.min = min
    self.max = max
  }
}

/// A bundle of rules whose sum is clamped, in each section for itself.
public struct RuleGroup: Hashable, Sendable {
  /// As rules refer to it.
  public let name: String
  /// The clamp in points.
  public let limits: Limits
  /// Where the group starts in the model file.
  public let position: SourcePosition

  /// A named clamp.
  public init(name: String, limits: Limits, position: SourcePosition = .start) {
    self.name = name
    self.limits = limits
    self.position = position
  }
}

/// A rule about what people do.
public struct ActionRule: Equatable, Sendable {
  /// Unique in the file and stable: history refers to it.
  public var id: String
  /// What a person reads.
  public var label: String
  /// Which kinds it looks at.
  public var kinds: KindSelection
  /// What else an activity must be.
  public var filter = ActivityFilter()
  /// Only activity younger than this counts.
  public var within: TimeSpan?
  /// How counting activities become points.
  public var form: RuleForm
  /// Whole points, for each activity or once.
  public var points: Int
  /// The bundle it belongs to.
  public var group: String?
  /// Where the rule starts in the model file.
  public var position: SourcePosition = .start

  /// A rule built in code.
  public init(
    id: String, label: String? = nil, kinds: KindSelection, form: RuleForm, points: Int
  ) {
    self.id = id
    self.label = label ?? id
    self.kinds = kinds
    self.form = form
    self.points = points
  }
}

/// Which kinds of activity a rule looks at.
public enum KindSelection: Equatable, Sendable {
  /// Every kind but those done to the contact, and those named beside it.
  case any(and: [ActivityKind])
  /// Just these.
  case kinds([ActivityKind])

  /// Every kind but those done to the contact.
  public static let any = KindSelection.any(and: [])

  /// Kinds of activity that are named one by one.
  public var named: [ActivityKind] {
    switch self {
    case .any(let kinds), .kinds(let kinds): return kinds
    }
  }
}

/// What an activity must be beside its kind; every demand that is made must hold.
public struct ActivityFilter: Equatable, Sendable {
  /// Any of these globs; nil asks nothing.
  public var target: [Glob]?
  /// Any of these globs; nil asks nothing.
  public var campaign: [Glob]?
  /// A demand on the activity's value.
  public var value: Comparison?
  /// Names of platforms, any of them.
  public var platform: [String]?
  /// Names of connections, any of them.
  public var connection: [String]?

  /// Asks nothing.
  public init() {}
}

/// How counting activities become points.
public enum RuleForm: Equatable, Sendable {
  /// Points for each, at most `max` of them, the most recent ones.
  case each(max: Int?, halvesEvery: TimeSpan?)
  /// Points once, if at least so many count, or so many different targets.
  case threshold(atLeast: Int, distinctTargets: Bool, halvesEvery: TimeSpan?)
  /// Points once, if nothing that matches is younger than this.
  case absence(TimeSpan)
}

/// A rule about what people declare.
public struct ProfileRule: Equatable, Sendable {
  /// Unique in the file and stable.
  public var id: String
  /// What a person reads.
  public var label: String
  /// The one question it asks.
  public var test: ProfileTest
  /// Whole points, given once.
  public var points: Int
  /// The bundle it belongs to.
  public var group: String?
  /// Where the rule starts in the model file.
  public var position: SourcePosition = .start

  /// A rule built in code.
  public init(id: String, label: String? = nil, test: ProfileTest, points: Int) {
    self.id = id
    self.label = label ?? id
    self.test = test
    self.points = points
  }
}

/// A question about a person's fields; an empty or absent field passes only `isNot`, `notContains`, `missing`.
public enum ProfileTest: Equatable, Sendable {
  /// The folded value equals one of these.
  case equals(field: String, [String])
  /// The folded value equals none of these.
  case equalsNone(field: String, [String])
  /// The folded value holds one of these.
  case contains(field: String, [String])
  /// The folded value holds none of these.
  case containsNone(field: String, [String])
  /// The whole folded value matches one of these.
  case matches(field: String, [Glob])
  /// The value is a number and at least this.
  case atLeast(field: String, Double)
  /// The value is a number and at most this.
  case atMost(field: String, Double)
  /// The address is at a domain of this class.
  case emailDomain(field: String, DomainClass)
  /// All these fields have a value.
  case filled([String])
  /// At least one of these fields has none.
  case missing([String])

  /// The fields it looks at.
  public var fields: [String] {
    switch self {
    case .equals(let field, _), .equalsNone(let field, _), .contains(let field, _),
      .containsNone(let field, _), .matches(let field, _), .atLeast(let field, _),
      .atMost(let field, _), .emailDomain(let field, _):
      return [field]
    case .filled(let fields), .missing(let fields): return fields
    }
  }
}

/// A named range of the score.
public struct Band: Equatable, Sendable {
  /// What the band is called on the platforms.
  public var name: String
  /// The lowest score in it.
  public var from: Int
  /// The tag that marks its members.
  public var tag: String?
  /// A demand on the rounded points of the actions.
  public var requiresActions: Comparison?
  /// A demand on the rounded points of the profile.
  public var requiresProfile: Comparison?
  /// Sales is told when a person enters it.
  public var handoff = false
  /// Where the band starts in the model file.
  public var position: SourcePosition = .start

  /// A band without further demands.
  public init(name: String, from: Int, tag: String? = nil) {
    self.name = name
    self.from = from
    self.tag = tag
  }

  /// True if a score with these sections may stand in the band.
  public func admits(actions: Int, profile: Int) -> Bool {
    (requiresActions?.holds(for: Double(actions)) ?? true)
      && (requiresProfile?.holds(for: Double(profile)) ?? true)
  }
}

/// A mark beside the bands; all that it names must hold.
public struct Segment: Equatable, Sendable {
  /// The tag that marks its members.
  public var tag: String
  /// The id of a rule that must give points now, before group clamps.
  public var rule: String?
  /// A demand on the score.
  public var score: Comparison?
  /// A demand on the rounded points of the actions.
  public var actions: Comparison?
  /// A demand on the rounded points of the profile.
  public var profile: Comparison?
  /// Where the segment starts in the model file.
  public var position: SourcePosition = .start

  /// A segment that asks nothing yet.
  public init(tag: String) {
    self.tag = tag
  }
}

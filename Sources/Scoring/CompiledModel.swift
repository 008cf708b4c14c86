/// A connection as the engine knows it.
public struct ConnectionLabel: Hashable, Sendable {
  /// The name in the configuration.
  public let name: String
  /// The platform's name.
  public let platform: String

  /// A connection as the engine knows it.
  public init(name: String, platform: String) {
    self.name = name
    self.platform = platform
  }
}

/// A model turned into integers and tables.
struct CompiledModel {
  /// All arithmetic is in units of 1/1024 point.
  static let unitsPerPoint: Int64 = 1_024
  /// More connections than this do not fit the rules' masks.
  static let mostConnections = 64

  struct ActionRule {
    enum Form: UInt8 {
      case each
      case threshold
      case distinctThreshold
      case absence
    }

    var form = Form.each
    /// True if target, campaign, value or different targets matter.
    var asksMore = false
    var hasValueTest = false
    var relation = Comparison.Relation.atLeast
    /// Bit of the target's pattern list among a text's facts; -1 asks nothing.
    var targetBit: Int32 = -1
    var campaignBit: Int32 = -1
    /// `max` of a plain rule, `atLeast` of a threshold rule.
    var limit: Int32 = .max
    /// Ages below this count; `Int64.max` without a window.
    var within: Int64 = .max
    /// 0 without halving.
    var halvesEvery: Int64 = 0
    var units: Int64
    var connections: UInt64 = .max
    var bound: Double = 0
  }

  /// Which rules look at a kind: a range of `ruleIndex`, and the widest of their windows.
  struct KindRules {
    var first = 0
    var end = 0
    var widest: Int64 = .min
  }

  var actions: ContiguousArray<ActionRule> = []
  var profileUnits: [Int64] = []
  /// Index of each rule's group, actions first; -1 without a group.
  var ruleGroups: [Int16] = []
  /// The groups that have a rule in the section.
  var actionGroups: [Int] = []
  var profileGroups: [Int] = []
  /// Indices of rules, kind by kind; `knownKinds` and `customKinds` name ranges of it.
  var ruleIndex: ContiguousArray<Int32> = []
  var knownKinds: ContiguousArray<KindRules>
  var customKinds: [UInt32: KindRules] = [:]
  var otherCustomKinds = KindRules()
  /// The distinct lists of globs that rules ask for, by their bit.
  var patternLists: [[Glob]] = []
  var skipsRobots: Bool
  var ownedTags: [String]
  /// Index among the owned tags; -1 without a tag.
  var bandTags: [Int]
  var segmentTags: [Int]
  /// Index of the rule among all rules; -1 if the segment names none.
  var segmentRules: [Int]

  init(_ model: Model, connections: [ConnectionLabel], texts: some TextSource) throws {
    skipsRobots = model.robots == .skip
    let tags = model.ownedTags
    ownedTags = tags
    bandTags = model.bands.map { band in band.tag.flatMap { tags.firstIndex(of: $0) } ?? -1 }
    segmentTags = model.segments.map { tags.firstIndex(of: $0.tag) ?? -1 }
    let ids = model.ruleIDs
    segmentRules = model.segments.map { segment in segment.rule.flatMap { ids.firstIndex(of: $0) } ?? -1 }
    knownKinds = ContiguousArray(repeating: KindRules(), count: Int(KnownKind.firstCustomCode))
    let groups = model.groups.map(\.name)
    func groupIndex(_ name: String?) -> Int16 {
      name.flatMap { groups.firstIndex(of: $0) }.map(Int16.init) ?? -1
    }
    for rule in model.actions {
      actions.append(compile(rule, connections: connections))
    }
    profileUnits = model.profile.map { Int64($0.points) * Self.unitsPerPoint }
    ruleGroups = model.actions.map { groupIndex($0.group) } + model.profile.map { groupIndex($0.group) }
    let split = model.actions.count
    actionGroups = Set(ruleGroups[..<split].filter { $0 >= 0 }.map(Int.init)).sorted()
    profileGroups = Set(ruleGroups[split...].filter { $0 >= 0 }.map(Int.init)).sorted()
    for kind in KnownKind.allCases {
      let looking = model.actions.indices.filter { Self.looks(model.actions[$0].kinds, at: .known(kind)) }
      knownKinds[Int(kind.rawValue)] = table(looking)
    }
    let any = model.actions.indices.filter { index in
      if case .any = model.actions[index].kinds { return true }
      return false
    }
    otherCustomKinds = table(any)
    for case .custom(let name) in Set(model.actions.flatMap(\.kinds.named)) {
      guard let code = try texts.customKindCode(name) else { continue }
      customKinds[code] = table(
        model.actions.indices.filter { Self.looks(model.actions[$0].kinds, at: .custom(name)) })
    }
  }

  private static func looks(_ kinds: KindSelection, at kind: ActivityKind) -> Bool {
    if kinds.named.contains(kind) { return true }
    guard case .any = kinds else { return false }
    if case .known(let known) = kind { return !known.isDoneToContact }
    return true
  }

  private mutating func table(_ rules: [Int]) -> KindRules {
    let first = ruleIndex.count
    ruleIndex.append(contentsOf: rules.map(Int32.init))
    return KindRules(
      first: first, end: ruleIndex.count, widest: rules.map { actions[$0].within }.max() ?? .min)
  }

  private mutating func compile(_ rule: Scoring.ActionRule, connections: [ConnectionLabel]) -> ActionRule {
    var compiled = ActionRule(units: Int64(rule.points) * Self.unitsPerPoint)
    compiled.within = rule.within?.seconds ?? .max
    switch rule.form {
    case .each(let max, let halves):
      compiled.limit = max.map { Int32(clamping: $0) } ?? .max
      compiled.halvesEvery = halves?.seconds ?? 0
    case .threshold(let atLeast, let isDistinct, let halves):
      compiled.form = isDistinct ? .distinctThreshold : .threshold
      compiled.limit = Int32(clamping: atLeast)
      compiled.halvesEvery = halves?.seconds ?? 0
    case .absence(let span):
      compiled.form = .absence
      compiled.within = span.seconds
    }
    compiled.targetBit = bit(for: rule.filter.target)
    compiled.campaignBit = bit(for: rule.filter.campaign)
    if let value = rule.filter.value {
      compiled.hasValueTest = true
      compiled.relation = value.relation
      compiled.bound = value.bound
    }
    compiled.asksMore =
      compiled.targetBit >= 0 || compiled.campaignBit >= 0 || compiled.hasValueTest
      || compiled.form == .distinctThreshold
    guard rule.filter.platform != nil || rule.filter.connection != nil else { return compiled }
    compiled.connections = 0
    for (index, label) in connections.prefix(Self.mostConnections).enumerated() {
      let platformFits = rule.filter.platform?.contains(label.platform) ?? true
      let connectionFits = rule.filter.connection?.contains(label.name) ?? true
      if platformFits && connectionFits { compiled.connections |= 1 << UInt64(index) }
    }
    return compiled
  }

  private mutating func bit(for globs: [Glob]?) -> Int32 {
    guard let globs else { return -1 }
    if let known = patternLists.firstIndex(of: globs) { return Int32(known) }
    patternLists.append(globs)
    return Int32(patternLists.count - 1)
  }
}

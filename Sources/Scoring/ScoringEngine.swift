/// The shared engine: score = f(model, profile, activities, as-of time), the same on every machine.
///
/// An engine belongs to one thread. It keeps what it worked out of the model and of the texts, and nothing of
/// the persons it scored.
public struct ScoringEngine: ~Copyable {
  /// The model that is applied.
  public let model: Model
  /// The fields the model asks for; a buffer's slots are numbered in this order.
  public let fields: [String]
  /// What each rule gave at the last scoring, in the order of `Model.ruleIDs`.
  public private(set) var outcomes: ContiguousArray<RuleOutcome>
  /// Which activity counted for which rule at the last explanation.
  public private(set) var uses: [RuleUse] = []

  let compiled: CompiledModel
  private let texts: any TextSource
  private var facts: TextFacts
  private var profileTests: ProfileTests
  private var tallies: ContiguousArray<Tally>
  private var dropped: ContiguousArray<Bool> = []
  private var seenTargets: ContiguousArray<ContiguousArray<TextID>>
  private var groupSums: [Int64]
  private var isRecording = false

  /// Compiles a model.
  ///
  /// - Parameters:
  ///   - connections: Numbered as the entries of the buffers number them, 64 at most.
  ///   - texts: Gives the texts that the entries name by number.
  public init(
    model: Model, domains: DomainLists, connections: [ConnectionLabel], texts: some TextSource
  ) throws {
    self.model = model
    self.texts = texts
    fields = model.profileFields
    compiled = try CompiledModel(model, connections: connections, texts: texts)
    facts = TextFacts(patternLists: compiled.patternLists)
    profileTests = ProfileTests(model, slots: fields, domains: domains)
    tallies = ContiguousArray(repeating: Tally(), count: model.actions.count)
    seenTargets = ContiguousArray(repeating: [], count: model.actions.count)
    groupSums = Array(repeating: 0, count: model.groups.count)
    outcomes = ContiguousArray(
      repeating: RuleOutcome(), count: model.actions.count + model.profile.count)
  }

  /// A buffer that fits this engine.
  public func makeBuffer() -> PersonBuffer {
    PersonBuffer(fieldCount: fields.count)
  }

  /// The score of a person at a moment. The buffer must be finished.
  ///
  /// - Throws: only what the source of texts throws.
  public mutating func score(_ person: borrowing PersonBuffer, at moment: Timestamp) throws -> ScoreResult {
    let now = moment.seconds
    scoreProfile(person)
    var count = existing(person, at: now)
    var next = try scoreActions(person, count: count, at: now)
    if count < person.entries.count {
      next = try nextChangeWithFuture(person, count: count, closed: next)
      count = existing(person, at: now)
      _ = try scoreActions(person, count: count, at: now)
    }
    return result(changesAt: next)
  }

  /// The same by the same path, noting in `uses` which activity counted for which rule.
  public mutating func explain(_ person: borrowing PersonBuffer, at moment: Timestamp) throws -> ScoreResult {
    let scored = try score(person, at: moment)
    uses.removeAll()
    isRecording = true
    defer { isRecording = false }
    _ = try scoreActions(person, count: existing(person, at: moment.seconds), at: moment.seconds)
    return scored
  }

  /// Activities later than the moment do not exist.
  private func existing(_ person: borrowing PersonBuffer, at now: Int64) -> Int {
    var count = person.entries.count
    while count > 0, person.entries[count - 1].time > now { count -= 1 }
    return count
  }

  private mutating func scoreProfile(_ person: borrowing PersonBuffer) {
    let offset = model.actions.count
    for index in compiled.profileUnits.indices {
      let passes = profileTests.passes(index, person)
      outcomes[offset + index] = RuleOutcome(
        units: passes ? compiled.profileUnits[index] : 0, count: passes ? 1 : 0, last: nil)
    }
  }

  // MARK: - Actions

  /// Fills the outcomes of the actions from the oldest `count` entries and gives the moment at which one of
  /// them changes by age alone.
  private mutating func scoreActions(
    _ person: borrowing PersonBuffer, count: Int, at now: Int64
  ) throws -> Int64 {
    let hasDropped = compiled.skipsRobots ? try markRobots(person, count: count) : false
    // Taken out of the engine while it is worked on, so that its parts can be used at the same time.
    var working = ContiguousArray<Tally>()
    swap(&working, &tallies)
    try tally(person, count: count, at: now, hasDropped: hasDropped, into: &working)
    swap(&working, &tallies)
    return settle(person, at: now)
  }

  private mutating func tally(
    _ person: borrowing PersonBuffer, count: Int, at now: Int64, hasDropped: Bool,
    into working: inout ContiguousArray<Tally>
  ) throws {
    var tallies = working.mutableSpan
    for index in tallies.indices { tallies[index] = Tally() }
    let entries = person.entries.span
    let (allRules, allIndexes, allKinds) = (compiled.actions, compiled.ruleIndex, compiled.knownKinds)
    let (rules, ruleIndex, knownKinds) = (allRules.span, allIndexes.span, allKinds.span)
    var index = count
    while index > 0 {
      index -= 1
      if hasDropped && dropped[index] { continue }
      let entry = entries[index]
      let kind =
        entry.kind < KnownKind.firstCustomCode
        ? knownKinds[Int(entry.kind)] : compiled.customKinds[entry.kind] ?? compiled.otherCustomKinds
      let age = now - entry.time
      // Too old for every window, and so is everything before it of this kind.
      if age >= kind.widest { continue }
      let connection: UInt64 = 1 << UInt64(entry.connection)
      var slot = kind.first
      while slot < kind.end {
        let ruleNumber = Int(ruleIndex[slot])
        slot += 1
        let rule = rules[ruleNumber]
        guard age < rule.within, rule.connections & connection != 0 else { continue }
        if rule.form == .each, tallies[ruleNumber].used >= rule.limit { continue }
        if rule.asksMore {
          if rule.targetBit >= 0 {
            guard entry.target != 0 else { continue }
            let place = try facts.place(of: entry.target, from: texts)
            guard facts.matches(rule.targetBit, at: place) else { continue }
          }
          if rule.campaignBit >= 0 {
            guard entry.campaign != 0 else { continue }
            let place = try facts.place(of: entry.campaign, from: texts)
            guard facts.matches(rule.campaignBit, at: place) else { continue }
          }
          if rule.hasValueTest {
            guard !entry.value.isNaN, Comparison(rule.relation, rule.bound).holds(for: entry.value) else {
              continue
            }
          }
          if rule.form == .distinctThreshold {
            // Activities without a target are no different target.
            guard entry.target != 0 else { continue }
            let place = try facts.place(of: entry.target, from: texts)
            let target = facts.foldedID(at: place)
            if tallies[ruleNumber].used == 0 { seenTargets[ruleNumber].removeAll(keepingCapacity: true) }
            // Once enough different targets were seen, further ones change nothing.
            if tallies[ruleNumber].used < rule.limit, !seenTargets[ruleNumber].contains(target) {
              seenTargets[ruleNumber].append(target)
              tallies[ruleNumber].used += 1
              if tallies[ruleNumber].used == rule.limit { tallies[ruleNumber].boundary = entry.time }
            }
          }
        }
        tallies[ruleNumber].count(rule, time: entry.time, age: age)
        if isRecording { uses.append(RuleUse(rule: ruleNumber, entry: index)) }
      }
    }
  }

  /// Turns the tallies into points and gives the moment at which one of them changes by age alone.
  private mutating func settle(_ person: borrowing PersonBuffer, at now: Int64) -> Int64 {
    var next = Int64.max
    for index in tallies.indices {
      let rule = compiled.actions[index]
      var tally = tallies[index]
      switch rule.form {
      case .each:
        break
      case .threshold, .distinctThreshold:
        guard tally.used >= rule.limit else { break }
        let halvings = rule.halvesEvery > 0 ? (now - tally.last) / rule.halvesEvery : 0
        guard halvings <= Tally.mostHalvings else { break }
        tally.units = rule.units / (1 << halvings)
        if rule.halvesEvery > 0 { tally.next = tally.last + (halvings + 1) * rule.halvesEvery }
      case .absence:
        guard let known = person.knownSince else { break }
        let fires = max(known, tally.last) + rule.within
        if fires <= now { tally.units = rule.units } else if rule.units != 0 { tally.next = fires }
      }
      if rule.form != .absence {
        if tally.units == 0 {
          tally.next = .max
        } else if rule.within != .max {
          tally.next = min(tally.next, tally.boundary + rule.within)
        }
      }
      next = min(next, tally.next)
      outcomes[index] = RuleOutcome(
        units: tally.units, count: Int(tally.count),
        last: tally.count > 0 ? Timestamp(tally.last) : nil)
    }
    return next
  }

  /// The same moment when there are activities still to come: each may change something when its time comes.
  private mutating func nextChangeWithFuture(
    _ person: borrowing PersonBuffer, count: Int, closed: Int64
  ) throws -> Int64 {
    let base = outcomes
    var (count, closed) = (count, closed)
    while count < person.entries.count {
      let arrival = person.entries[count].time
      if closed < arrival { return closed }
      count = existing(person, at: arrival)
      closed = try scoreActions(person, count: count, at: arrival)
      if outcomes.indices.contains(where: { outcomes[$0].units != base[$0].units }) { return arrival }
    }
    return closed
  }

  // MARK: - Robots

  private static let scannerSpan: Int64 = 10
  private static let scannerTargets = 3

  /// Marks what mail scanners did in `dropped`; false if there is none of it.
  private mutating func markRobots(_ person: borrowing PersonBuffer, count: Int) throws -> Bool {
    let (open, click) = (UInt32(KnownKind.emailOpen.rawValue), UInt32(KnownKind.emailClick.rawValue))
    guard (0..<count).contains(where: { person.entries[$0].kind == open || person.entries[$0].kind == click })
    else { return false }
    dropped.removeAll(keepingCapacity: true)
    dropped.append(contentsOf: repeatElement(false, count: count))
    var found = false
    for index in 0..<count {
      let entry = person.entries[index]
      guard entry.kind == open || entry.kind == click, entry.campaign != 0 else { continue }
      if try followsSending(person, index, count: count) {
        dropped[index] = true
        found = true
      }
      if entry.kind == click, try dropBurst(person, from: index, count: count) { found = true }
    }
    return found
  }

  private mutating func isSameCampaign(_ left: PersonBuffer.Entry, _ right: PersonBuffer.Entry) throws -> Bool
  {
    guard left.contact == right.contact, right.campaign != 0 else { return false }
    if left.campaign == right.campaign { return true }
    return try foldedID(left.campaign) == foldedID(right.campaign)
  }

  private mutating func foldedID(_ id: TextID) throws -> TextID {
    let place = try facts.place(of: id, from: texts)
    return facts.foldedID(at: place)
  }

  /// True if the same contact was sent the same campaign less than 10 s before.
  private mutating func followsSending(
    _ person: borrowing PersonBuffer, _ index: Int, count: Int
  ) throws -> Bool {
    let entry = person.entries[index]
    let sent = UInt32(KnownKind.emailSent.rawValue)
    var other = index
    while other > 0, entry.time - person.entries[other - 1].time < Self.scannerSpan {
      other -= 1
      if person.entries[other].kind == sent, try isSameCampaign(entry, person.entries[other]) { return true }
    }
    other = index + 1
    while other < count, person.entries[other].time == entry.time {
      if person.entries[other].kind == sent, try isSameCampaign(entry, person.entries[other]) { return true }
      other += 1
    }
    return false
  }

  /// Drops every click of the span that starts with this one if it holds three or more different targets.
  private mutating func dropBurst(_ person: borrowing PersonBuffer, from start: Int, count: Int) throws
    -> Bool
  {
    let first = person.entries[start]
    var targets: (TextID, TextID) = (0, 0)
    var isBurst = false
    var end = start
    while end < count, person.entries[end].time - first.time <= Self.scannerSpan {
      let entry = person.entries[end]
      end += 1
      guard !isBurst, entry.kind == first.kind, entry.target != 0, try isSameCampaign(first, entry) else {
        continue
      }
      let target = try foldedID(entry.target)
      if targets.0 == 0 || targets.0 == target {
        targets.0 = target
      } else if targets.1 == 0 || targets.1 == target {
        targets.1 = target
      } else {
        isBurst = true
      }
    }
    guard isBurst else { return false }
    for index in start..<end where person.entries[index].kind == first.kind {
      if try isSameCampaign(first, person.entries[index]) { dropped[index] = true }
    }
    return true
  }

  // MARK: - From points to a result

  private mutating func result(changesAt next: Int64) -> ScoreResult {
    let split = model.actions.count
    let actions = section(0..<split, compiled.actionGroups, model.actionLimits)
    let profile = section(split..<outcomes.count, compiled.profileGroups, model.profileLimits)
    let score = Self.clamp(Int64(actions + profile), model.scoreLimits, unit: 1)
    var result = ScoreResult(score: Int(score), actions: actions, profile: profile)
    result.changesAt = next == .max ? nil : Timestamp(next)
    result.band = band(for: result)
    if let band = result.band, compiled.bandTags[band] >= 0 {
      result.tags |= 1 << UInt64(compiled.bandTags[band])
    }
    for (index, segment) in model.segments.enumerated()
    where holds(segment, compiled.segmentRules[index], result) {
      result.tags |= 1 << UInt64(compiled.segmentTags[index])
    }
    return result
  }

  /// The rounded points of one section; `groups` are those with a rule in it, for a group without one adds
  /// nothing, whatever its minimum.
  private mutating func section(_ rules: Range<Int>, _ groups: [Int], _ limits: Limits) -> Int {
    for index in groups { groupSums[index] = 0 }
    var sum: Int64 = 0
    for index in rules {
      let group = Int(compiled.ruleGroups[index])
      if group >= 0 { groupSums[group] += outcomes[index].units } else { sum += outcomes[index].units }
    }
    for index in groups { sum += Self.clamp(groupSums[index], model.groups[index].limits) }
    return Int((Self.clamp(sum, limits) + CompiledModel.unitsPerPoint / 2) >> 10)
  }

  private static func clamp(
    _ value: Int64, _ limits: Limits, unit: Int64 = CompiledModel.unitsPerPoint
  ) -> Int64 {
    var value = value
    if let max = limits.max { value = min(value, Int64(max) * unit) }
    if let min = limits.min { value = max(value, Int64(min) * unit) }
    return value
  }

  private func band(for result: ScoreResult) -> Int? {
    model.bands.firstIndex {
      result.score >= $0.from && $0.admits(actions: result.actions, profile: result.profile)
    }
  }

  private func holds(_ segment: Segment, _ rule: Int, _ result: ScoreResult) -> Bool {
    if segment.rule != nil, rule < 0 || outcomes[rule].units == 0 { return false }
    return (segment.score?.holds(for: Double(result.score)) ?? true)
      && (segment.actions?.holds(for: Double(result.actions)) ?? true)
      && (segment.profile?.holds(for: Double(result.profile)) ?? true)
  }
}

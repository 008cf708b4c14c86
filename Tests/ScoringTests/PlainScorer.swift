import Foundation
import Scoring

/// What a person's score is, worked out sentence by sentence from the specification, without regard to speed.
///
/// It shares nothing with the engine but the words that models, persons and activities are written in.
struct PlainScorer {
  let model: Model
  let free: Set<String>
  let disposable: Set<String>
  let platforms: [String: String]
  private let memory = Memory()

  /// Texts that were folded before; all that is done here for speed.
  private final class Memory {
    var folded: [[UInt8]: String] = [:]
  }

  init(model: Model, free: Set<String>, disposable: Set<String>, platforms: [String: String]) {
    self.model = model
    self.free = free
    self.disposable = disposable
    self.platforms = platforms
  }

  private func fold(_ text: String) -> String {
    let key = Array(text.utf8)
    if let known = memory.folded[key] { return known }
    let folded = PlainText.fold(text)
    memory.folded[key] = folded
    return folded
  }

  struct Result: Equatable {
    var score: Int
    var actions: Int
    var profile: Int
    var band: String?
    var tags: Set<String>
    var units: [Int]
  }

  func result(_ person: Person, at moment: Int) -> Result {
    // Activities later than the moment do not exist.
    var activities = person.activities.filter { Int($0.time.seconds) <= moment }
    if model.robots == .skip { activities = withoutRobots(activities) }

    var units: [Int] = []
    for rule in model.actions { units.append(points(rule, activities, person, at: moment)) }
    for rule in model.profile { units.append(passes(rule.test, person.profile) ? rule.points * 1_024 : 0) }

    let count = model.actions.count
    let actions = section(
      Array(zip(model.actions.map(\.group), units[..<count])), limits: model.actionLimits)
    let profile = section(
      Array(zip(model.profile.map(\.group), units[count...])), limits: model.profileLimits)
    let score = clamp(actions + profile, model.scoreLimits, size: 1)

    let band = model.bands.first { band in
      score >= band.from && holds(band.requiresActions, actions) && holds(band.requiresProfile, profile)
    }
    var tags: Set<String> = []
    if let tag = band?.tag { tags.insert(tag) }
    for segment in model.segments {
      var all =
        holds(segment.score, score) && holds(segment.actions, actions) && holds(segment.profile, profile)
      if let id = segment.rule {
        let index = (model.actions.map(\.id) + model.profile.map(\.id)).firstIndex(of: id)
        if index == nil || units[index ?? 0] == 0 { all = false }
      }
      if all { tags.insert(segment.tag) }
    }
    return Result(
      score: score, actions: actions, profile: profile, band: band?.name, tags: tags, units: units)
  }

  // MARK: 0. Robots

  private func withoutRobots(_ all: [Activity]) -> [Activity] {
    let campaigns = all.map { $0.campaign.map(fold) }
    let times = all.map(\.time.seconds)
    var robots: Set<Int> = []
    for index in all.indices where campaigns[index] != nil {
      guard all[index].kind == .known(.emailOpen) || all[index].kind == .known(.emailClick) else { continue }
      for sending in all.indices where all[sending].kind == .known(.emailSent) {
        let after = times[index] - times[sending]
        guard after >= 0, after < 10, all[sending].contact == all[index].contact else { continue }
        if campaigns[sending] == campaigns[index] { robots.insert(index) }
      }
    }
    let clicks = all.indices.filter { all[$0].kind == .known(.emailClick) && campaigns[$0] != nil }
    // A span that catches clicks may as well start with the first that it catches.
    for first in clicks {
      let inSpan = clicks.filter {
        times[$0] >= times[first] && times[$0] <= times[first] + 10 && all[$0].contact == all[first].contact
          && campaigns[$0] == campaigns[first]
      }
      let targets = Set(inSpan.compactMap { all[$0].target.map(fold) })
      if targets.count >= 3 { robots.formUnion(inSpan) }
    }
    return all.indices.filter { !robots.contains($0) }.map { all[$0] }
  }

  // MARK: 1. Matching

  private func matches(_ rule: ActionRule, _ activity: Activity, _ person: Person) -> Bool {
    let doneTo: [KnownKind] = [.emailSent, .emailBounce, .task, .note, .dealCreated, .dealLost]
    switch rule.kinds {
    case .kinds(let kinds):
      if !kinds.contains(activity.kind) { return false }
    case .any(let kinds):
      if case .known(let known) = activity.kind, doneTo.contains(known), !kinds.contains(activity.kind) {
        return false
      }
    }
    let filter = rule.filter
    if let globs = filter.target, !fits(activity.target, globs) { return false }
    if let globs = filter.campaign, !fits(activity.campaign, globs) { return false }
    if let demand = filter.value {
      guard let value = activity.value, holds(demand, value) else { return false }
    }
    let connection = person.contacts[activity.contact].connection
    if let names = filter.connection, !names.contains(connection) { return false }
    if let names = filter.platform {
      guard let platform = platforms[connection], names.contains(platform) else { return false }
    }
    return true
  }

  private func fits(_ text: String?, _ globs: [Glob]) -> Bool {
    guard let text else { return false }
    return globs.contains { PlainText.matches(Array(fold($0.pattern)), Array(fold(text))) }
  }

  private func holds(_ demand: Comparison?, _ number: Int) -> Bool {
    demand.map { holds($0, Double(number)) } ?? true
  }

  private func holds(_ demand: Comparison, _ number: Double) -> Bool {
    switch demand.relation.rawValue {
    case ">=": return number >= demand.bound
    case ">": return number > demand.bound
    case "<=": return number <= demand.bound
    case "<": return number < demand.bound
    case "=": return number == demand.bound
    default: return number != demand.bound
    }
  }

  // MARK: 2 to 4. What a rule gives

  private func points(_ rule: ActionRule, _ activities: [Activity], _ person: Person, at moment: Int) -> Int {
    func age(_ activity: Activity) -> Int { moment - Int(activity.time.seconds) }
    var counting = activities.filter { matches(rule, $0, person) }
    if let window = rule.within { counting = counting.filter { age($0) < Int(window.seconds) } }
    counting.sort { (age($0), $0.identity) < (age($1), $1.identity) }

    func halved(by age: Int, every span: TimeSpan?) -> Int {
      guard let span else { return rule.points * 1_024 }
      let times = age / Int(span.seconds)
      if times > 10 { return 0 }
      var divisor = 1
      for _ in 0..<times { divisor *= 2 }
      let magnitude = abs(rule.points) * 1_024 / divisor
      return rule.points < 0 ? -magnitude : magnitude
    }

    switch rule.form {
    case .absence(let span):
      guard let known = person.contacts.compactMap({ $0.createdAt?.seconds }).min() else { return 0 }
      if moment - Int(known) < Int(span.seconds) { return 0 }
      return counting.contains { age($0) < Int(span.seconds) } ? 0 : rule.points * 1_024
    case .each(let max, let span):
      return counting.prefix(max ?? .max).map { halved(by: age($0), every: span) }.reduce(0, +)
    case .threshold(let atLeast, let isDistinct, let span):
      if isDistinct { counting = counting.filter { $0.target != nil } }
      let reached = isDistinct ? Set(counting.compactMap { $0.target.map(fold) }).count : counting.count
      guard reached >= atLeast, let latest = counting.first else { return 0 }
      return halved(by: age(latest), every: span)
    }
  }

  // MARK: 5. Profile rules

  private func passes(_ test: ProfileTest, _ profile: [String: String]) -> Bool {
    func value(_ field: String) -> String? {
      guard let text = profile[field] else { return nil }
      return text.trimmingCharacters(in: .whitespacesAndNewlines).isEmpty ? nil : text
    }
    func folded(_ field: String) -> String? { value(field).map(fold) }
    switch test {
    case .equals(let field, let texts):
      return folded(field).map { text in texts.contains { fold($0) == text } } ?? false
    case .equalsNone(let field, let texts):
      return !passes(.equals(field: field, texts), profile)
    case .contains(let field, let texts):
      return folded(field).map { text in texts.contains { text.contains(fold($0)) } } ?? false
    case .containsNone(let field, let texts):
      return !passes(.contains(field: field, texts), profile)
    case .matches(let field, let globs): return fits(value(field), globs)
    case .atLeast(let field, let bound):
      return value(field).flatMap { Double($0) }.map { $0 >= bound } ?? false
    case .atMost(let field, let bound):
      return value(field).flatMap { Double($0) }.map { $0 <= bound } ?? false
    case .emailDomain(let field, let wanted):
      guard let text = value(field)?.lowercased(), let at = text.lastIndex(of: "@") else { return false }
      let domain = String(text[text.index(after: at)...])
      if disposable.contains(domain) { return wanted == .disposable }
      return free.contains(domain) ? wanted == .free : wanted == .business
    case .filled(let fields): return fields.allSatisfy { value($0) != nil }
    case .missing(let fields): return fields.contains { value($0) == nil }
    }
  }

  // MARK: 6. Sums

  private func section(_ rules: [(group: String?, units: Int)], limits: Limits) -> Int {
    var sum = 0
    for rule in rules where rule.group == nil { sum += rule.units }
    for group in model.groups {
      let members = rules.filter { $0.group == group.name }
      if members.isEmpty { continue }
      sum += clamp(members.map(\.units).reduce(0, +), group.limits, size: 1_024)
    }
    let rounded = (Double(clamp(sum, limits, size: 1_024)) + 512) / 1_024
    return Int(rounded.rounded(.down))
  }

  private func clamp(_ value: Int, _ limits: Limits, size: Int) -> Int {
    var value = value
    if let highest = limits.max, value > highest * size { value = highest * size }
    if let lowest = limits.min, value < lowest * size { value = lowest * size }
    return value
  }
}

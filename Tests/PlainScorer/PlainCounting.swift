extension PlainModel {
  /// The person's activities up to the as-of time, without those of robots if the model skips them.
  func activitiesThatExist(_ person: PlainPerson, asOf: Int64) -> [PlainActivity] {
    let past = person.activities.filter { $0.time <= asOf }
    return skipsRobots ? past.filter { !isRobots($0, among: past) } : past
  }

  /// True if a mail scanner did it: seconds after the sending, or one of many different links at once.
  private func isRobots(_ activity: PlainActivity, among all: [PlainActivity]) -> Bool {
    guard activity.kind == "email_open" || activity.kind == "email_click", let campaign = activity.campaign
    else {
      return false
    }
    let sameMail = all.filter {
      $0.connection == activity.connection && $0.contact == activity.contact
        && $0.campaign.map(PlainText.fold) == PlainText.fold(campaign)
    }
    let justSent = sameMail.contains {
      $0.kind == "email_sent" && $0.time <= activity.time && activity.time - $0.time < 10
    }
    if justSent { return true }
    guard activity.kind == "email_click" else { return false }
    let clicks = sameMail.filter { $0.kind == "email_click" }
    return (activity.time - 10...activity.time).contains { start in
      let span = clicks.filter { $0.time >= start && $0.time <= start + 10 }
      return Set(span.compactMap(\.target).map(PlainText.fold)).count >= 3
    }
  }

  /// What a rule about actions gives, in 1/1024 points.
  func units(
    of rule: PlainActionRule, _ person: PlainPerson, _ activities: [PlainActivity], asOf: Int64
  ) -> Int64 {
    let matching = activities.filter { matches($0, rule, person) }
    if let absentFor = rule.absentFor {
      guard let known = person.knownSince, asOf - known >= absentFor else { return 0 }
      return matching.contains { asOf - $0.time < absentFor } ? 0 : rule.points * 1024
    }
    var counting = matching.filter { activity in rule.within.map { asOf - activity.time < $0 } ?? true }
    if let atLeast = rule.atLeast {
      if rule.distinctTargets { counting = counting.filter { $0.target != nil } }
      let count =
        rule.distinctTargets ? Set(counting.compactMap(\.target).map(PlainText.fold)).count : counting.count
      guard count >= atLeast, let latest = counting.map(\.time).max() else { return 0 }
      return aged(rule, age: asOf - latest)
    }
    let recentFirst = counting.sorted {
      $0.time == $1.time ? PlainText.precedes($0.identity, $1.identity) : $0.time > $1.time
    }
    let used = recentFirst.prefix(rule.once ? 1 : rule.max ?? Int.max)
    return used.map { aged(rule, age: asOf - $0.time) }.reduce(0, +)
  }

  private func aged(_ rule: PlainActionRule, age: Int64) -> Int64 {
    let halvings = rule.halvesEvery.map { age / $0 } ?? 0
    guard halvings <= 10 else { return 0 }
    var divisor: Int64 = 1
    for _ in 0..<halvings { divisor *= 2 }
    return rule.points * 1024 / divisor
  }

  private func matches(_ activity: PlainActivity, _ rule: PlainActionRule, _ person: PlainPerson) -> Bool {
    let doneTo = ["email_sent", "email_bounce", "task", "note", "deal_created", "deal_lost"]
    guard rule.on.isEmpty ? !doneTo.contains(activity.kind) : rule.on.contains(activity.kind) else {
      return false
    }
    let demands = rule.demands
    return fits(activity.target, demands.target) && fits(activity.campaign, demands.campaign)
      && isOne(of: demands.connection, activity.connection)
      && isOne(of: demands.platform, person.platform(of: activity.connection))
      && (demands.value.map { demand in activity.value.map(demand.holds) ?? false } ?? true)
  }

  private func fits(_ text: String?, _ patterns: [String]) -> Bool {
    if patterns.isEmpty { return true }
    guard let text else { return false }
    return patterns.contains { PlainText.matches(text, pattern: $0) }
  }

  private func isOne(of names: [String], _ name: String?) -> Bool {
    names.isEmpty || (name.map(names.contains) ?? false)
  }
}

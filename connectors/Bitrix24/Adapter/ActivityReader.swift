import Platform
import Scoring
import WebAPI

/// The CRM's activities of everybody: calls, meetings, tasks, e-mails, web forms with the pages seen before, chats.
struct CRMActivities: ActivitySource {
  let api: Bitrix24API
  let portal: Portal
  let rows: Int

  let stream = StreamName("activities")
  let part = FirstPages.Part.activities

  private static let selected = [
    "ID", "OWNER_ID", "OWNER_TYPE_ID", "TYPE_ID", "PROVIDER_ID", "DIRECTION", "COMPLETED", "STATUS",
    "CREATED",
    "LAST_UPDATED", "START_TIME", "SUBJECT", "PROVIDER_PARAMS", "COMMUNICATIONS", "BINDINGS",
  ]

  func list(since: String) -> KeysetList {
    KeysetList(
      method: "crm.activity.list",
      parameters: Self.selected.enumerated().map { ("select[\($0)]", $1) }
        + [("filter[>=LAST_UPDATED]", since)])
  }

  func take(
    _ rows: [JSONValue], into page: inout Page, _ window: PullWindow
  ) async throws(ConnectorFailure) {
    var seen: Set<Int64> = []
    var activities: [ActivityRow] = []
    for json in rows {
      guard let activity = ActivityRow(json) else {
        page.rejected.append(RejectedRecord(place: stream.text, reason: "an activity has no id"))
        continue
      }
      // One with several bindings may come twice.
      if activity.kind != nil, seen.insert(activity.number).inserted { activities.append(activity) }
    }
    guard !activities.isEmpty else { return }
    let leads = try await portal.known().hasLeads
    let more = try await ActivityDetails(api: api, rows: self.rows).find(activities, leads: leads)
    for activity in activities { take(activity, more, leads: leads, into: &page, window) }
  }

  private func take(
    _ activity: ActivityRow, _ more: ActivityDetails.Found, leads: Bool, into page: inout Page,
    _ window: PullWindow
  ) {
    guard let events = activity.events(call: more.calls[activity.number], now: window.now) else {
      page.rejected.append(
        RejectedRecord(place: "\(stream)/\(activity.number)", reason: "the activity has no time"))
      return
    }
    let wanted = events.filter { $0.time >= window.since }
    page.skippedAsOlder += events.count - wanted.count
    guard !wanted.isEmpty else { return }
    let subjects = more.subjects(of: activity, leads: leads)
    if subjects.isEmpty { page.leftOut += 1 }
    for (place, subject) in subjects.enumerated() {
      // Of several people each has an identity by the place among them: a merge gives them other numbers.
      let mark = place == 0 ? "" : "#\(place)"
      for event in wanted {
        page.activities.append(
          ActivityRecord(
            subject: subject, kind: .known(event.kind), time: event.time, target: event.target,
            campaign: event.campaign, value: event.value,
            identity: .id("\(stream)/\(activity.number)\(event.suffix)\(mark)")))
      }
    }
  }
}

/// What activities do not say themselves: how long calls took, and whose those are that only a deal or a company
/// owns. All of it for a whole page mostly in one request, and in none if nothing is missing.
struct ActivityDetails: Sendable {
  let api: Bitrix24API
  let rows: Int

  /// What was found.
  struct Found: Sendable {
    var calls: [Int64: CallStatistics.Call] = [:]
    var deals: [Int64: [PersonNumber]] = [:]
    var bindings: [Int64: [PersonNumber]] = [:]

    /// Whose an activity is: records first, then addresses, then whoever belongs to its deal.
    func subjects(of activity: ActivityRow, leads: Bool) -> [Subject] {
      var people = activity.people(leads: leads)
      if people.isEmpty {
        let addresses = activity.addresses
        if !addresses.isEmpty { return addresses.map { .address($0) } }
        people = bindings[activity.number] ?? []
      }
      if people.isEmpty { people = activity.deal.flatMap { deals[$0] } ?? [] }
      return people.map { .contact($0.id) }
    }
  }

  func find(_ activities: [ActivityRow], leads: Bool) async throws(ConnectorFailure) -> Found {
    let calls = activities.filter { $0.kind == .call }.map(\.number)
    let homeless = activities.filter { $0.people(leads: leads).isEmpty && $0.addresses.isEmpty }
    let deals = Set(homeless.compactMap(\.deal)).sorted()
    // Deals tell of many with one command; bindings are asked for one by one.
    let unbound = homeless.filter { $0.deal == nil }.map(\.number)
    let callCommands = CallStatistics.commands(calls, rows: rows)
    let dealCommands = Deals.commands(deals, rows: rows)
    let bindingCommands = unbound.map { number in
      (
        number,
        NamedCommand("b\(number)", Command("crm.activity.binding.list", [("activityId", "\(number)")]))
      )
    }
    let all = callCommands + dealCommands + bindingCommands.map(\.1)
    var found = Found()
    for start in stride(from: 0, to: all.count, by: Bitrix24API.mostCommands) {
      let part = Array(all[start..<min(all.count, start + Bitrix24API.mostCommands)])
      let answer = try await api.read(part)
      try check(part, answer)
      found.calls.merge(
        CallStatistics.calls(answer, part.filter { $0.command.method == CallStatistics.method })
      ) {
        $1
      }
      for deal in Deals.deals(answer, part.filter { $0.command.method == Deals.method }) {
        found.deals[deal.number] = deal.people
      }
      for (number, command) in bindingCommands {
        guard let list = answer.value(command) else { continue }
        found.bindings[number] = ActivityRow.sorted(
          Set(
            list.elements.compactMap {
              ActivityRow.person($0["entityTypeId"], $0["entityId"], leads: leads)
            }))
      }
    }
    return found
  }

  /// What is refused for good is done without; anything else would lose what the next reading does not list again.
  private func check(_ commands: [NamedCommand], _ answer: BatchAnswer) throws(ConnectorFailure) {
    for command in commands {
      switch answer[command] {
      case .result: continue
      case .trouble(let trouble):
        if trouble.isForGood { continue }
        throw api.refusal(trouble, of: command.command.method)
      case .missing: _ = try api.needed(command, answer)
      }
    }
  }
}

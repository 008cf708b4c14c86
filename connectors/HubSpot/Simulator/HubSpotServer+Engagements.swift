import Platform
import Scoring

/// Calls, meetings, e-mails, notes, tasks and deals that the account is filled with.
extension HubSpotServer {
  mutating func engage(_ kind: KnownKind, _ activity: SimulatedActivity, _ id: Int64, _ time: Moment) {
    var counter = counters[id] ?? ContactCounters()
    counter.notes += 1
    counter.lastNote = max(counter.lastNote ?? time, time)
    switch kind {
    case .call:
      let length = Int64((activity.value ?? 0) * 1_000)
      log(
        .calls, id, time,
        [
          "hs_call_title": activity.target ?? "Call", "hs_call_direction": "INBOUND",
          "hs_call_status": "COMPLETED", "hs_call_duration": "\(length)",
          "hs_call_disposition": "f240bbac-87c9-4f6e-bf70-924b57d47db7",
        ])
    case .meeting:
      log(
        .meetings, id, time,
        [
          "hs_meeting_title": activity.target ?? "Meeting", "hs_meeting_start_time": time.text,
          "hs_meeting_end_time": Moment(time.milliseconds + 1_800_000).text,
          "hs_meeting_outcome": "COMPLETED",
        ])
      counter.lastMeeting = max(counter.lastMeeting ?? time, time)
    case .emailReply:
      log(
        .emails, id, time,
        [
          "hs_email_direction": "INCOMING_EMAIL", "hs_email_status": "SENT",
          "hs_email_subject": activity.campaign.map { "Re: " + $0 } ?? "Re: your question",
        ])
      counter.replies += 1
      counter.lastReply = max(counter.lastReply ?? time, time)
    case .task:
      log(.tasks, id, time, ["hs_task_subject": activity.target ?? "Task", "hs_task_type": "TODO"])
    default: log(.notes, id, time, ["hs_note_body": activity.target ?? "Note"])
    }
    if kind == .call || kind == .meeting || kind == .emailReply {
      counter.contacted += 1
      counter.lastContacted = max(counter.lastContacted ?? time, time)
    }
    counters[id] = counter
    touch(id, time, isRollUp: false)
  }

  @discardableResult
  private mutating func log(
    _ type: ObjectType, _ contact: Int64, _ time: Moment, _ values: [String: String]
  ) -> Int64 {
    let place = spaces[type].store.add(created: time)
    var record = spaces[type].store[place]
    for (name, value) in values.sorted(by: { $0.key < $1.key }) {
      if let property = spaces[type].properties.place(of: name) { record[property] = value }
    }
    if let property = spaces[type].properties.place(of: "hs_timestamp") { record[property] = time.text }
    spaces[type].store[place] = record
    spaces[type].links[record.id] = [contact]
    return record.id
  }

  mutating func deal(_ kind: KnownKind, _ activity: SimulatedActivity, _ id: Int64, _ time: Moment) {
    let isNew = openDeals[id] == nil
    let deal =
      openDeals[id]
      ?? log(
        .deals, id, time,
        ["dealname": activity.target ?? "Deal", "pipeline": "default", "deal_currency_code": "USD"])
    openDeals[id] = kind == .dealCreated ? deal : nil
    let stage = kind == .dealWon ? "closedwon" : kind == .dealLost ? "closedlost" : "appointmentscheduled"
    var values = [
      "dealstage": stage, "hs_is_closed": kind == .dealCreated ? "false" : "true",
      "hs_is_closed_won": kind == .dealWon ? "true" : "false",
    ]
    if kind != .dealCreated { values["closedate"] = time.text }
    if let amount = activity.value { values["amount"] = ContactCounters.money(amount) }
    set(values, of: deal, in: .deals, at: time)
    var counter = counters[id] ?? ContactCounters()
    if isNew { counter.deals += 1 }
    if kind == .dealWon {
      counter.revenue += activity.value ?? 0
      (counter.lastDealAmount, counter.lastDealClose) = (activity.value, time)
    }
    counters[id] = counter
    touch(id, time, isRollUp: false)
  }

  /// Sets values of a record as if they had long been there.
  mutating func set(_ values: [String: String], of id: Int64, in type: ObjectType, at time: Moment) {
    guard let place = spaces[type].store.place(of: id) else { return }
    for (name, value) in values {
      if let property = spaces[type].properties.place(of: name) {
        spaces[type].store[place][property] = value
      }
    }
    spaces[type].store[place].modified = max(spaces[type].store[place].modified, time)
  }
}

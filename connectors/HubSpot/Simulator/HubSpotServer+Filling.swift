import Platform
import Scoring

/// How an account is filled with contacts and with what they did.
extension HubSpotServer {
  /// The properties of canonical field names.
  private static let propertyNames = [
    "first_name": "firstname", "last_name": "lastname", "job_title": "jobtitle", "language": "hs_language",
    "lifecycle_stage": "lifecyclestage", "source": "hs_analytics_source",
  ]

  /// Takes a contact in as if it had been there since that time. Fields that no property stands for are dropped;
  /// `additional_emails` are further addresses, with semicolons.
  public mutating func add(_ contact: SimulatedContact) {
    let place = spaces[.contacts].store.add(created: Moment(contact.createdAt))
    var record = spaces[.contacts].store[place]
    let properties = spaces[.contacts].properties
    for field in contact.fields {
      let name = field.name == "additional_emails" ? "hs_additional_emails" : Self.propertyNames[field.name]
      guard let place = properties.place(of: name ?? field.name), case .stored = properties[place].source
      else {
        continue
      }
      record[place] = name == "lifecyclestage" ? Self.stage(field.value) : field.value
    }
    if let email = properties.place(of: "email"), !contact.email.isEmpty {
      // HubSpot keeps addresses in small letters.
      record[email] = contact.email.lowercased()
    }
    for address in allAddresses(of: record) { addresses[address] = record.id }
    spaces[.contacts].store[place] = record
    numbers[contact.number] = record.id
  }

  private static func stage(_ text: String) -> String {
    let folded = text.lowercased().filter { $0.isLetter }
    return StandardProperties.lifecycleStages.contains(folded) ? folded : "other"
  }

  /// Takes in what a contact did: page views, e-mails sent, opened, clicked, bounced, unsubscribed from,
  /// complained of and answered, forms, clicks in social media, attendances, calls, meetings, tasks, notes and
  /// deals; what is of the user's own kind becomes an event of the account's own. Other kinds are ignored.
  public mutating func add(_ activity: SimulatedActivity) {
    guard let id = id(ofContact: activity.contact) else { return }
    let time = Moment(activity.time)
    guard case .known(let kind) = activity.kind else {
      occurrences.add(
        "pe\(settings.portalID)_\(activity.kind.name.dropFirst(7))", contact: id, at: time,
        text: pool.number(of: activity.target ?? ""))
      return
    }
    switch kind {
    case .pageVisit:
      let url = pool.number(of: activity.target ?? "https://www.example.com/")
      occurrences.add(OccurrenceLog.pageView, contact: id, at: time, text: url)
      counters[id, default: ContactCounters()].view(url, at: time)
      touch(id, time, isRollUp: true)
    case .eventAttendance:
      let event = pool.number(of: activity.target ?? "Event")
      occurrences.add(OccurrenceLog.attendance, contact: id, at: time, text: event)
    case .formSubmit: submit(activity.target ?? "Form", id, time)
    case .emailSent, .emailOpen, .emailClick, .emailBounce, .emailUnsubscribe, .emailComplaint:
      mail(kind, activity, id, time)
    case .socialClick:
      counters[id, default: ContactCounters()].socialClicks += 1
      touch(id, time, isRollUp: true)
    case .call, .meeting, .emailReply, .task, .note: engage(kind, activity, id, time)
    case .dealCreated, .dealWon, .dealLost: deal(kind, activity, id, time)
    default: break
    }
  }

  /// Moves `lastmodifieddate` of a contact, as what is logged does, and as a roll-up may.
  mutating func touch(_ id: Int64, _ time: Moment, isRollUp: Bool) {
    guard !isRollUp || settings.rollUpsMoveModified, let place = spaces[.contacts].store.place(of: id) else {
      return
    }
    if spaces[.contacts].store[place].modified < time { spaces[.contacts].store[place].modified = time }
  }

  private mutating func submit(_ name: String, _ id: Int64, _ time: Moment) {
    let form = forms.form(named: name, at: time)
    let text = pool.number(of: name)
    forms.submit(form, contact: id, email: recipient(id), at: time)
    occurrences.add(OccurrenceLog.form, contact: id, at: time, text: text)
    counters[id, default: ContactCounters()].submit(text, at: time)
    touch(id, time, isRollUp: false)
  }

  /// The contact's primary address in the pool; 0 if there is none.
  private mutating func recipient(_ id: Int64) -> UInt32 {
    guard let email = spaces[.contacts].properties.place(of: "email"),
      let place = spaces[.contacts].store.place(of: id), let text = spaces[.contacts].store[place][email]
    else { return 0 }
    return pool.number(of: text)
  }

  private mutating func mail(_ kind: KnownKind, _ activity: SimulatedActivity, _ id: Int64, _ time: Moment) {
    let recipient = recipient(id)
    guard recipient > 0 else { return }
    let campaign = pool.number(of: activity.campaign ?? "E-mail")
    var event = EmailEvent(time: time, contact: id, recipient: recipient, campaign: campaign)
    var counter = counters[id] ?? ContactCounters()
    switch kind {
    case .emailSent:
      emailLog.add("SENT", event)
      emailLog.add("DELIVERED", event)
      counter.delivered += 1
      counter.lastSend = max(counter.lastSend ?? time, time)
      counter.lastEmail = campaign
    case .emailOpen:
      emailLog.add("OPEN", event)
      counter.opens += 1
      counter.firstOpen = min(counter.firstOpen ?? time, time)
      counter.lastOpen = max(counter.lastOpen ?? time, time)
    case .emailClick:
      event.url = pool.number(of: activity.target ?? "https://www.example.com/")
      emailLog.add("CLICK", event)
      counter.clicks += 1
      counter.lastClick = max(counter.lastClick ?? time, time)
    case .emailBounce:
      emailLog.add("BOUNCE", event)
      counter.bounces += 1
    case .emailUnsubscribe:
      emailLog.add("STATUSCHANGE", event)
      counter.hasOptedOut = true
    default: emailLog.add("SPAMREPORT", event)
    }
    counters[id] = counter
    touch(id, time, isRollUp: true)
  }
}

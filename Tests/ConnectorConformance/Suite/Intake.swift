import Platform
import Scoring

/// What a careful store would know after some pages: the measure by which readings are compared.
struct Intake {
  struct Counted {
    var record: ActivityRecord
    var count: Int
    var base = 0
    var seen = 0
    var reading: Reading?
  }

  var contacts: [ContactID: ContactRecord] = [:]
  var held: [ContactID: HeldState] = [:]
  var activities: [ActivityIdentity: Counted] = [:]
  var outcomes: Set<String> = []
  var rejected: [RejectedRecord] = []
  var skippedAsOlder = 0
  private var winners: [ContactID: ContactID] = [:]
  /// Which parts of what is held a reading has told of each contact.
  private var told: [StreamName: [ContactID: HeldParts]] = [:]
  private var listed: [StreamName: (reading: Reading, contacts: Set<ContactID>)] = [:]

  /// Takes one page.
  mutating func take(_ page: Page, of stream: StreamDescription) {
    if listed[stream.name]?.reading != page.reading {
      told[stream.name] = [:]
      listed[stream.name] = (page.reading, [])
    }
    for contact in page.contacts {
      contacts[contact.id] = contact
      winners[contact.id] = nil
      if let state = contact.held { hold(state, contact.heldParts, of: contact.id) }
    }
    listed[stream.name]?.contacts.formUnion(page.contacts.map(\.id))
    for holding in page.holdings { take(holding, stream.name) }
    for activity in page.activities { count(activity, in: page.reading) }
    for outcome in page.outcomes {
      outcomes.insert("\(outcome.subject) \(outcome.result) \(outcome.time) \(outcome.amount ?? 0)")
    }
    for merge in page.merges {
      contacts[merge.loser] = nil
      held[merge.loser] = nil
      winners[merge.loser] = merge.winner
    }
    for contact in page.removals { forget(contact) }
    rejected += page.rejected
    skippedAsOlder += page.skippedAsOlder
    if page.listing == .everythingAndDone { sweep(stream) }
  }

  private mutating func sweep(_ stream: StreamDescription) {
    let present = listed[stream.name]?.contacts ?? []
    switch stream.role {
    case .contacts: for contact in contacts.keys where !present.contains(contact) { forget(contact) }
    case .holdings:
      let told = told[stream.name] ?? [:]
      for contact in held.keys {
        let untold = stream.parts.subtracting(told[contact] ?? [])
        if untold == .all { held[contact] = nil } else { hold(.nothing, untold, of: contact) }
      }
    case .activities, .outcomes: break
    }
  }

  /// Tags that several holdings of one reading tell of a contact add up.
  private mutating func take(_ holding: Holding, _ stream: StreamName) {
    var state = holding.state
    let before = told[stream]?[holding.contact] ?? []
    if before.contains(.tags), holding.parts.contains(.tags) {
      state.tags.formUnion(held[holding.contact]?.tags ?? [])
    }
    hold(state, holding.parts, of: holding.contact)
    told[stream, default: [:]][holding.contact] = before.union(holding.parts)
    listed[stream]?.contacts.insert(holding.contact)
  }

  private mutating func hold(_ state: HeldState, _ parts: HeldParts, of contact: ContactID) {
    var known = held[contact] ?? .nothing
    if parts.contains(.score) { known.score = state.score }
    if parts.contains(.band) { known.band = state.band }
    if parts.contains(.reasons) { known.reasons = state.reasons }
    if parts.contains(.tags) { known.tags = state.tags }
    if parts.contains(.version) { known.version = state.version }
    held[contact] = known
  }

  private mutating func forget(_ contact: ContactID) {
    contacts[contact] = nil
    held[contact] = nil
    activities = activities.filter { $0.value.record.subject != .contact(contact) }
  }

  private mutating func count(_ activity: ActivityRecord, in reading: Reading) {
    guard var known = activities[activity.identity] else {
      activities[activity.identity] = Counted(record: activity, count: 1, seen: 1, reading: reading)
      return
    }
    known.record = activity
    if case .content = activity.identity {
      if known.reading != reading {
        known.base = reading.isContinuation ? known.count : 0
        known.seen = 0
        known.reading = reading
      }
      known.seen += 1
      known.count = max(known.count, known.base + known.seen)
    }
    activities[activity.identity] = known
  }

  /// Whose an activity is, if the contact is known.
  func owner(of activity: ActivityRecord) -> ContactID? {
    switch activity.subject {
    case .contact(let id):
      var owner = id
      while let winner = winners[owner] { owner = winner }
      return contacts[owner] == nil ? nil : owner
    case .address(let text):
      guard let address = EmailAddress(text) else { return nil }
      return contacts.values.first { $0.emails.contains { EmailAddress($0) == address } }?.id
    }
  }

  /// How many activities a contact has.
  func activityCount(of contact: ContactID) -> Int {
    activities.values.filter { owner(of: $0.record) == contact }.reduce(0) { $0 + $1.count }
  }

  /// Everything but what is held, a line each: equal sets mean equal knowledge.
  var lines: Set<String> {
    var result = outcomes
    for contact in contacts.values {
      let fields = contact.fields.map { "\($0.name)=\($0.value)" }.sorted().joined(separator: ",")
      result.insert(
        "contact \(contact.id) <\(contact.emails.joined(separator: ","))> \(fields) "
          + "created \(contact.createdAt.map(\.description) ?? "?")")
    }
    for (identity, known) in activities {
      guard let owner = owner(of: known.record) else { continue }
      let record = known.record
      result.insert(
        "activity \(identity) of \(owner): \(known.count) × \(record.kind.name) at \(record.time) "
          + "\(record.target ?? "") \(record.campaign ?? "") \(record.value.map { "\($0)" } ?? "")")
    }
    return result
  }
}

import Scoring

/// Contacts that become one, leads that become contacts, and activities that somebody edits.
extension Bitrix24Server {
  /// Somebody makes a contact of a lead, which stays: the contact has its name and addresses and names it. Who was
  /// added under the number is the lead as before.
  /// - Returns: The contact's id; nil if the number is no lead's.
  @discardableResult
  public mutating func convert(_ number: Int, at time: Timestamp) -> Int64? {
    guard let lead = person(number), lead.type == .lead, let from = spaces[.lead].place(of: lead.id) else {
      return nil
    }
    let place = newEntity(.contact, at: time.seconds)
    let id = spaces[.contact].rows[place].id
    for name in ["NAME", "LAST_NAME", "POST", "SOURCE_ID", "COMPANY_ID"] {
      guard let field = spaces[.lead].fields[name] else { continue }
      set(name, spaces[.lead].rows[from].cell(field), at: place, of: .contact)
    }
    for channel in spaces[.lead].rows[from].channels {
      addChannel(channel.kind, channel.value, at: place, of: .contact)
    }
    set("LEAD_ID", .whole(lead.id), at: place, of: .contact)
    set("STATUS_ID", .text("CONVERTED"), at: from, of: .lead)
    set("STATUS_SEMANTIC_ID", .text("S"), at: from, of: .lead)
    spaces[.lead].rows[from].contacts = [id]
    spaces[.lead].rows[from].modified = time.seconds
    move(lead, to: "CONVERTED", "S", sort: 3, at: time.seconds)
    return id
  }

  /// Somebody makes one contact of two: the winner keeps its id and takes addresses, activities and deals over;
  /// nothing names the other one any more.
  public mutating func merge(_ loser: Int64, into winner: Int64, at time: Timestamp) {
    guard loser != winner, let from = spaces[.contact].place(of: loser),
      let kept = spaces[.contact].place(of: winner)
    else { return }
    let (old, new) = (EntityReference(type: .contact, id: loser), EntityReference(type: .contact, id: winner))
    for channel in spaces[.contact].rows[from].channels
    where !spaces[.contact].rows[kept].channels.contains(where: { $0.value == channel.value }) {
      spaces[.contact].rows[kept].channels.append(channel)
    }
    if settings.mergesMoveModified {
      spaces[.contact].rows[kept].modified = max(time.seconds, spaces[.contact].rows[kept].modified)
    }
    spaces[.contact].rows.remove(at: from)
    for place in activities.indices {
      if activities[place].owner == old { activities[place].owner = new }
      if activities[place].person == old { activities[place].person = new }
    }
    for place in phoneCalls.indices where phoneCalls[place].owner == old { phoneCalls[place].owner = new }
    for place in spaces[.deal].rows.indices where spaces[.deal].rows[place].contacts.contains(loser) {
      spaces[.deal].rows[place].contacts = [winner]
    }
    for (number, person) in people where person == old { people[number] = new }
    if let open = openDeals.removeValue(forKey: old), openDeals[new] == nil { openDeals[new] = open }
  }

  /// Somebody plans an activity that is still to come.
  /// - Returns: The activity's id; 0 if nobody was added under the number.
  @discardableResult
  public mutating func planMeeting(with number: Int, subject: String, at start: Timestamp) -> Int64 {
    guard let person = person(number) else { return 0 }
    let place = append(.meeting, person, start: start.seconds, length: 3_600, subject: subject)
    activities[place].isCompleted = false
    activities[place].created = clock == .min ? start.seconds : clock
    activities[place].updated = activities[place].created
    return activities[place].id
  }

  /// Somebody changes the subject of an activity, and may tick it off.
  public mutating func editActivity(
    _ id: Int64, subject: String, isCompleted: Bool = true, at time: Timestamp
  ) {
    guard let place = activityPlace(id) else { return }
    activities[place].subject = subject
    activities[place].isCompleted = isCompleted
    activities[place].updated = time.seconds
  }

  /// Somebody deletes an activity.
  public mutating func deleteActivity(_ id: Int64) {
    activities.removeAll { $0.id == id }
  }

  /// The id of the activity that was added last; 0 if there is none.
  public var lastActivityID: Int64 { activities.last?.id ?? 0 }
}

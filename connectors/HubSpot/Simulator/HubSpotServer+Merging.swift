import Platform

/// Merging and erasing of contacts.
extension HubSpotServer {
  /// `POST .../merge` with `primaryObjectId` and `objectIdToMerge`.
  mutating func mergeRecords(_ type: ObjectType, _ call: HubSpotCall) throws(Refusal) -> SimulatedAnswer {
    guard type == .contacts, let winner = call.body["primaryObjectId"]?.whole,
      let loser = call.body["objectIdToMerge"]?.whole
    else { throw .badInput("Some required fields were not set: [primaryObjectId, objectIdToMerge]") }
    guard let id = join(loser, into: winner, now: call.now),
      let place = spaces[.contacts].store.place(of: id)
    else { throw .notFound("One of the records to merge does not exist.") }
    return .json(200, json(spaces[.contacts].store[place], projection(.contacts, ["hs_merged_object_ids"])))
  }

  /// `POST .../gdpr-delete` with `objectId`, and `idProperty` if that is an address.
  mutating func erase(_ type: ObjectType, _ call: HubSpotCall) throws(Refusal) -> SimulatedAnswer {
    guard type == .contacts, let text = call.body["objectId"]?.scalar else {
      throw .badInput("Some required fields were not set: [objectId]")
    }
    let id = call.body["idProperty"]?.string == "email" ? addresses[text.lowercased()] : Int64(text)
    if let id { erase(id, now: call.now) }
    return .done
  }

  /// Takes a contact and all that it did out for good; nothing tells of it.
  mutating func erase(_ id: Int64, now: Moment) {
    guard let place = spaces[.contacts].store.place(of: id) else { return }
    forgetAddresses(of: id)
    spaces[.contacts].store.remove(at: place)
    counters[id] = nil
    erased.insert(id)
    // What was done under ids that went into this one is erased with it.
    for old in merged.keys where final(of: old) == id { erased.insert(old) }
    leaveLists(id)
  }

  /// Makes one contact of two and gives its id; nil if one is not there or both are one.
  ///
  /// Values are the winner's where it has any. Neither old id is archived: both are gone from lists and searches,
  /// and still lead to the record when it is read alone.
  mutating func join(_ loser: Int64, into winner: Int64, now: Moment) -> Int64? {
    guard loser != winner, let from = spaces[.contacts].livePlace(of: loser),
      let into = spaces[.contacts].livePlace(of: winner)
    else { return nil }
    let (gone, kept) = (spaces[.contacts].store[from], spaces[.contacts].store[into])
    let stamp = stamp(now)
    forgetAddresses(of: loser)
    forgetAddresses(of: winner)
    let old = settings.mergeMakesNewID ? [winner, loser] : [loser]
    for id in old {
      if let place = spaces[.contacts].store.place(of: id) { spaces[.contacts].store.remove(at: place) }
    }
    let place: Int
    if settings.mergeMakesNewID {
      place = spaces[.contacts].store.add(created: min(kept.created, gone.created))
    } else {
      guard let stays = spaces[.contacts].store.place(of: winner) else { return nil }
      place = stays
    }
    var record = spaces[.contacts].store[place]
    for value in gone.values + kept.values { record[Int(value.place)] = value.text }
    record.modified = stamp
    setMergeNames(of: &record, kept, gone)
    let before = settings.mergeMakesNewID ? nil : kept
    replace(at: place, of: .contacts, by: record, seenFrom: before, now: now)
    for address in allAddresses(of: record) { addresses[address] = record.id }
    repoint(old, to: record.id)
    return record.id
  }

  private func setMergeNames(of record: inout CRMRecord, _ kept: CRMRecord, _ gone: CRMRecord) {
    let properties = spaces[.contacts].properties
    func set(_ name: String, _ values: [String]) {
      var known: [String] = []
      for value in values where !known.contains(value) { known.append(value) }
      if let place = properties.place(of: name) { record[place] = known.joined(separator: ";") }
    }
    func earlier(_ name: String) -> [String] {
      properties.place(of: name).map { place in
        [kept, gone].flatMap { ($0[place] ?? "").split(separator: ";").map { String($0) } }
      } ?? []
    }
    let both = (settings.mergeMakesNewID ? [kept.id, gone.id] : [gone.id]).map { String($0) }
    set("hs_merged_object_ids", earlier("hs_merged_object_ids") + both)
    // Unlike the other property this one forgets what went into the two before.
    set("hs_calculated_merged_vids", both)
    let primary = properties.place(of: "email").flatMap { record[$0] }?.lowercased()
    let others = (allAddresses(of: kept) + allAddresses(of: gone)).filter { $0 != primary }
    set("hs_additional_emails", others)
  }

  /// What belonged to the old ids belongs to the new one.
  private mutating func repoint(_ old: [Int64], to id: Int64) {
    var sum = settings.mergeMakesNewID ? ContactCounters() : counters[id] ?? ContactCounters()
    for gone in old where gone != id {
      merged[gone] = id
      if let counter = counters.removeValue(forKey: gone) { sum.add(counter) }
      if let deal = openDeals.removeValue(forKey: gone) { openDeals[id] = deal }
      for place in lists.indices {
        if let since = lists[place].members.removeValue(forKey: gone) {
          lists[place].members[id] = lists[place].members[id] ?? since
        }
      }
    }
    counters[id] = sum
  }

  /// The id that an old one led to at last.
  private func final(of id: Int64) -> Int64 {
    var id = id
    while let winner = merged[id] { id = winner }
    return id
  }

  mutating func leaveLists(_ id: Int64) {
    for place in lists.indices { lists[place].members[id] = nil }
  }
}

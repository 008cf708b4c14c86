import Platform
import Scoring

extension InMemoryState {
  static let contacts = StreamName("contacts")
  static let activities = StreamName("activities")
  static let outcomes = StreamName("outcomes")
  static let holdings = StreamName("holdings")

  var streams: [StreamDescription] {
    var result = [
      StreamDescription(name: Self.contacts, role: .contacts),
      StreamDescription(name: Self.activities, role: .activities, rereadsForReturned: true),
      StreamDescription(name: Self.outcomes, role: .outcomes),
    ]
    if options.style == .fullListing, options.capabilities.canWrite {
      result.append(StreamDescription(name: Self.holdings, role: .holdings))
    }
    return result
  }

  /// The next page of a stream.
  func page(
    of stream: StreamName, after cursor: Cursor?, window: PullWindow
  ) throws(ConnectorFailure) -> Page {
    var place: InMemoryCursor?
    if let cursor { place = try InMemoryCursor(cursor) }
    switch (stream, options.style) {
    case (Self.contacts, .changeFeed): return changedContacts(place, window)
    case (Self.contacts, .fullListing): return listedContacts(place, window)
    case (Self.activities, _): return activities(place, window)
    case (Self.outcomes, _): return outcomes(place, window)
    case (Self.holdings, .fullListing): return holdings(place, window)
    default: throw ConnectorFailure(.configuration, "There is no stream named \(stream)")
    }
  }

  private func record(_ id: String) -> ContactRecord? {
    guard let contact = content.contacts[id] else { return nil }
    let ours = ownFields
    var fields = contact.fields.filter { !ours.contains($0.key) }
    fields["email"] = contact.emails.first
    var record = ContactRecord(
      id: ContactID(id), emails: contact.emails,
      fields: fields.sorted { $0.key < $1.key }.map { ContactField($0.key, $0.value) },
      createdAt: contact.createdAt, held: options.style == .changeFeed ? held(id) : nil)
    record.isWritable = contact.isWritable
    return record
  }

  private func changedContacts(_ place: InMemoryCursor?, _ window: PullWindow) -> Page {
    var here = begin(place, window, generation: 0)
    enum Event {
      case contact(String)
      case departure(Departure)
    }
    var events = contactNumbers.filter { $0.value > here.number }.map { ($0.value, Event.contact($0.key)) }
    events += departures.filter { $0.number > here.number }.map { ($0.number, Event.departure($0)) }
    events.sort { $0.0 < $1.0 }
    let given = events.prefix(options.pageSize)
    if let last = given.last { here.position = "\(last.0)" }
    here.isDone = given.count == events.count
    var page = Page(reading: here.readingValue, cursor: here.cursor, hasMore: !here.isDone)
    for (_, event) in given {
      switch event {
      case .contact(let id): if let record = record(id) { page.contacts.append(record) }
      case .departure(let departure):
        let loser = ContactID(departure.contact)
        if let winner = departure.winner {
          page.merges.append(ContactMerge(loser: loser, winner: ContactID(winner)))
        } else if content.contacts[departure.contact] == nil {
          page.removals.append(loser)
        }
      }
    }
    page.recordsRead = given.count
    return page
  }

  private func listedContacts(_ place: InMemoryCursor?, _ window: PullWindow) -> Page {
    let newest = max(contactNumbers.values.max() ?? 0, departures.last?.number ?? 0)
    return listing(
      content.contacts.keys, place, window, generation: newest
    ) { page, ids in
      page.contacts = ids.compactMap { record($0) }
    }
  }

  private func holdings(_ place: InMemoryCursor?, _ window: PullWindow) -> Page {
    let holding = content.contacts.keys.filter { id in
      var state = held(id) ?? .nothing
      state.version = nil
      return state != .nothing
    }
    return listing(holding, place, window, generation: holdingsGeneration) { page, ids in
      page.holdings = ids.map { Holding(contact: ContactID($0), state: held($0) ?? .nothing) }
    }
  }

  /// Everything in the order of ids; an empty page of changes if all is as the last reading found it.
  private func listing(
    _ ids: some Sequence<String>, _ place: InMemoryCursor?, _ window: PullWindow, generation: Int64,
    _ fill: (inout Page, [String]) -> Void
  ) -> Page {
    if let place, place.isDone, place.generation == generation, options.skipsUnchangedListings {
      return Page(reading: place.readingValue, cursor: place.cursor, hasMore: false)
    }
    var here = begin(place, window, generation: generation)
    if place?.isDone == true {
      here.position = ""
      here.isContinuation = false
    }
    let after = ContactID(here.position)
    let rest = ids.map { ContactID($0) }.filter { here.position.isEmpty || after < $0 }.sorted()
    let given = rest.prefix(options.pageSize).map(\.text)
    here.position = given.last ?? here.position
    here.isDone = given.count == rest.count
    var page = Page(reading: here.readingValue, cursor: here.cursor, hasMore: !here.isDone)
    page.listing = here.isDone ? .everythingAndDone : .everything
    page.recordsRead = given.count
    fill(&page, given)
    return page
  }

  private func activities(_ place: InMemoryCursor?, _ window: PullWindow) -> Page {
    appended(activityNumbers, place, window, generation: activitiesGeneration) { page, range in
      for index in range {
        var record = content.activities[index]
        guard record.time >= window.since else {
          page.skippedAsOlder += 1
          continue
        }
        if options.style == .fullListing { record.identity = .content(Self.digest(record)) }
        page.activities.append(record)
      }
    }
  }

  private func outcomes(_ place: InMemoryCursor?, _ window: PullWindow) -> Page {
    appended(outcomeNumbers, place, window, generation: outcomesGeneration) { page, range in
      page.outcomes = Array(content.outcomes[range])
    }
  }

  /// A list that goes on at its end; a rewritten one is read again from its start.
  private func appended(
    _ numbers: [Int64], _ place: InMemoryCursor?, _ window: PullWindow, generation: Int64,
    _ fill: (inout Page, Range<Int>) -> Void
  ) -> Page {
    var here = begin(place, window, generation: generation)
    if let place, place.generation != generation {
      here = InMemoryCursor(
        reading: max(place.reading + 1, window.now.seconds), isContinuation: false, generation: generation)
    }
    let first = numbers.firstIndex { $0 > here.number } ?? numbers.count
    let end = min(numbers.count, first + options.pageSize)
    if end > first { here.position = "\(numbers[end - 1])" }
    here.isDone = end == numbers.count
    var page = Page(reading: here.readingValue, cursor: here.cursor, hasMore: !here.isDone)
    page.recordsRead = end - first
    fill(&page, first..<end)
    return page
  }

  /// Goes on in a reading, or begins one behind the last one or at the start.
  private func begin(_ place: InMemoryCursor?, _ window: PullWindow, generation: Int64) -> InMemoryCursor {
    guard let place else {
      return InMemoryCursor(reading: window.now.seconds, isContinuation: false, generation: generation)
    }
    guard place.isDone else { return place }
    return InMemoryCursor(
      reading: max(place.reading + 1, window.now.seconds), isContinuation: true, generation: generation,
      position: place.position)
  }

  private static func digest(_ record: ActivityRecord) -> UInt64 {
    StableHash.unkeyed.digest(
      "\(record.subject)|\(record.kind.name)|\(record.time)|\(record.target ?? "")|\(record.campaign ?? "")|"
        + "\(record.value.map { "\($0)" } ?? "")")
  }
}

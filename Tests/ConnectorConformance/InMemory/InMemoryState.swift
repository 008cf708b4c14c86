import Platform
import Scoring

/// The platform in memory behind its lock: the content, and the number of every change to it.
struct InMemoryState: Sendable {
  /// A contact that is no longer there.
  struct Departure: Sendable {
    let number: Int64
    let contact: String
    let winner: String?
  }

  var options: InMemoryOptions
  var content = InMemoryContent()
  var layout = WriteLayout.standard
  var isPrepared = false

  /// The last change number given.
  var clock: Int64 = 0
  var contactNumbers: [String: Int64] = [:]
  var versions: [String: String] = [:]
  var departures: [Departure] = []
  var activityNumbers: [Int64] = []
  var outcomeNumbers: [Int64] = []
  /// Rises when the list of activities is rewritten instead of going on at its end.
  var activitiesGeneration: Int64 = 0
  var outcomesGeneration: Int64 = 0
  /// Rises with every change of what is held.
  var holdingsGeneration: Int64 = 0

  var tasks: [InMemoryTask] = []
  var script = FaultScript()
  var requests: [InMemoryRequest] = []
  var calls: [InMemoryCall] = []
  var violations: [String] = []

  /// Lets somebody else edit the content, and numbers what changed.
  mutating func edit(_ change: (inout InMemoryContent) -> Void) {
    let old = content
    change(&content)
    for (id, contact) in content.contacts.sorted(by: { $0.key < $1.key }) where old.contacts[id] != contact {
      touch(id)
      if held(contact) != old.contacts[id].map(held) ?? .nothing { stamp(id) }
    }
    for id in old.contacts.keys.sorted() where content.contacts[id] == nil {
      contactNumbers[id] = nil
      versions[id] = nil
      clock += 1
      departures.append(Departure(number: clock, contact: id, winner: content.merged[id]))
      holdingsGeneration = clock
    }
    if !Self.renumber(&activityNumbers, old.activities, content.activities, clock: &clock) {
      activitiesGeneration += 1
    }
    if !Self.renumber(&outcomeNumbers, old.outcomes, content.outcomes, clock: &clock) {
      outcomesGeneration += 1
    }
  }

  /// Gives everything behind the common beginning new numbers; false if more than the end changed.
  private static func renumber<Record: Equatable>(
    _ numbers: inout [Int64], _ old: [Record], _ new: [Record], clock: inout Int64
  ) -> Bool {
    let common = zip(old, new).prefix { $0 == $1 }.count
    numbers.removeSubrange(common...)
    for _ in common..<new.count {
      clock += 1
      numbers.append(clock)
    }
    return common == old.count
  }

  private mutating func touch(_ id: String) {
    clock += 1
    contactNumbers[id] = clock
  }

  private mutating func stamp(_ id: String) {
    versions[id] = "v\(clock)"
    holdingsGeneration = clock
  }

  /// What is held for a contact, as the layout says where.
  func held(_ id: String) -> HeldState? {
    guard let contact = content.contacts[id] else { return nil }
    var state = held(contact)
    state.version = versions[id]
    return state
  }

  private func held(_ contact: InMemoryContact) -> HeldState {
    var state = HeldState(tags: contact.tags)
    switch layout.fields.score {
    case .field(let name): state.score = contact.fields[name].flatMap { Int($0) }
    case .native: state.score = contact.nativeScore
    }
    state.band = layout.fields.band.flatMap { contact.fields[$0] }
    state.reasons = layout.fields.reasons.flatMap { contact.fields[$0] }
    return state
  }

  /// The names of the fields that are ours.
  var ownFields: Set<String> {
    var names = Set([layout.fields.band, layout.fields.reasons].compactMap { $0 })
    if case .field(let name) = layout.fields.score { names.insert(name) }
    return names
  }

  func current(_ id: ContactID) -> CurrentState {
    if let state = held(id.text) { return .present(state) }
    if let winner = content.merged[id.text] { return .moved(to: ContactID(winner)) }
    return .gone
  }

  /// Sets what one contact holds; nil if there is no such contact, the new version otherwise.
  mutating func apply(_ write: ContactWrite) -> String? {
    let id = write.contact.text
    guard var contact = content.contacts[id] else { return nil }
    let score = write.score == 0 && !options.capabilities.storesZero ? nil : write.heldScore
    switch layout.fields.score {
    case .field(let name): contact.fields[name] = score.map { "\($0)" }
    case .native: contact.nativeScore = score
    }
    if let band = layout.fields.band { contact.fields[band] = write.band }
    if let reasons = layout.fields.reasons {
      contact.fields[reasons] = write.reasons.isEmpty ? nil : write.reasons
    }
    if layout.fields.tags {
      contact.tags.formUnion(write.addTags.filter(layout.ownedTags.contains))
      contact.tags.subtract(write.removeTags.filter(layout.ownedTags.contains))
    }
    if contact != content.contacts[id] {
      content.contacts[id] = contact
      touch(id)
      stamp(id)
    }
    return versions[id] ?? "v0"
  }
}

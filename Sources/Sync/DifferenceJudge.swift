import Scoring
import Store

/// Decides whether what a contact holds differs from what the model says, and how.
///
/// Keeps what it worked out of held texts, of which there are few different ones.
struct DifferenceJudge {
  /// The state a contact is to have.
  struct Wanted: Equatable {
    var score: Int
    /// Index among the model's bands.
    var band: Int?
    /// Bits of the owned tags.
    var tags: UInt64
  }

  private let model: Model
  private let ownedTags: [String]
  private let bandTagBits: [UInt64]
  private let policies: [WritePolicy?]
  private let storesZero: [Bool]
  private var tagBits: [String: UInt64] = [:]
  private var bandIndex: [String: Int] = [:]

  init(_ context: RunContext) {
    model = context.model.model
    let owned = context.model.model.ownedTags
    ownedTags = owned
    bandTagBits = context.model.model.bands.map { band in
      band.tag.flatMap { owned.firstIndex(of: $0) }.map { 1 << UInt64($0) } ?? 0
    }
    policies = context.connections.map(\.configured.write)
    storesZero = context.connections.map(\.connector.capabilities.storesZero)
    for (index, band) in model.bands.enumerated() { bandIndex[band.name] = index }
  }

  /// The owned tags among held ones.
  mutating func heldTags(_ held: StoredHolding?) -> UInt64 {
    guard let held, !held.tags.isEmpty else { return 0 }
    if let known = tagBits[held.tags] { return known }
    var bits: UInt64 = 0
    for tag in held.tags.split(separator: "\n") {
      if let index = ownedTags.firstIndex(of: String(tag)) { bits |= 1 << UInt64(index) }
    }
    if tagBits.count >= 10_000 { tagBits.removeAll(keepingCapacity: true) }
    tagBits[held.tags] = bits
    return bits
  }

  /// The band a contact holds: from its field, or from its tag where no field is written.
  mutating func heldBand(_ contact: StoredPerson.Contact) -> Int? {
    guard let policy = policies[contact.connection], let held = contact.held else { return nil }
    if policy.fields.band != nil { return held.band.flatMap { bandIndex[$0] } }
    guard policy.fields.tags else { return nil }
    let tags = heldTags(held)
    return bandTagBits.firstIndex { $0 != 0 && tags & $0 != 0 }
  }

  /// What a contact is to hold: the engine's result, but the band that the person holds already where the
  /// policy's slack and the band's demands allow.
  ///
  /// Nothing where nothing is written: on a connection that is only read, or for a contact that takes no writes.
  mutating func wanted(_ result: ScoreResult, _ person: StoredPerson, contact index: Int) -> Wanted? {
    guard person.contacts[index].isWritable, let policy = policies[person.contacts[index].connection]
    else { return nil }
    var band = result.band
    if policy.bandSlack > 0 {
      let held = person.contacts.compactMap { heldBand($0) }.min()
      if let held, held < band ?? .max,
        Self.isWithin(policy.bandSlack, below: model.bands[held].from, result.score),
        model.bands[held].admits(actions: result.actions, profile: result.profile)
      {
        band = held
      }
    }
    var tags = result.tags
    if band != result.band {
      if let old = result.band { tags &= ~bandTagBits[old] }
      if let band { tags |= bandTagBits[band] }
    }
    return Wanted(score: result.score, band: band, tags: policy.fields.tags ? tags : 0)
  }

  /// True if a score is not further below a band's beginning than the slack; no numbers make it overflow.
  private static func isWithin(_ slack: Int, below from: Int, _ score: Int) -> Bool {
    score >= from || ScoreMove.size(from: from, to: score) <= slack
  }

  /// The band that counts as the one before a write: what is held or, where only a score is written, the band
  /// in which the held score lies.
  mutating func bandBefore(_ contact: StoredPerson.Contact) -> Int? {
    guard let policy = policies[contact.connection] else { return nil }
    if policy.fields.band != nil || policy.fields.tags { return heldBand(contact) }
    return contact.held?.score.flatMap { score in model.bands.firstIndex { score >= $0.from } }
  }

  /// True if the contact has to be written.
  mutating func differs(_ contact: StoredPerson.Contact, from wanted: Wanted) -> Bool {
    guard let policy = policies[contact.connection] else { return false }
    let zeroIsNothing = !storesZero[contact.connection]
    let score = contact.held?.score ?? (zeroIsNothing ? 0 : nil)
    guard let score, ScoreMove.size(from: score, to: wanted.score) < policy.minDelta else { return true }
    if policy.fields.band != nil, contact.held?.band != wanted.band.map({ model.bands[$0].name }) {
      return true
    }
    return policy.fields.tags && heldTags(contact.held) != wanted.tags
  }

  /// The tags of a set of bits.
  func names(_ bits: UInt64) -> [String] {
    bits == 0 ? [] : ownedTags.enumerated().filter { bits & (1 << UInt64($0.offset)) != 0 }.map(\.element)
  }
}

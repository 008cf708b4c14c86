import Platform
import Scoring

/// One contact as the platform in memory keeps it, with the fields that are ours among all others.
public struct InMemoryContact: Equatable, Sendable {
  /// Addresses, the primary one first.
  public var emails: [String]
  /// Every field by its name, the fields of the layout too (`lead_score`).
  public var fields: [String: String]
  /// All tags, ours and others'.
  public var tags: Set<String>
  /// When the platform first knew the contact.
  public var createdAt: Timestamp?
  /// The platform's own score.
  public var nativeScore: Int?
  /// False if the platform takes no writes for it.
  public var isWritable = true

  /// A contact that nobody has written to.
  public init(
    _ emails: String..., fields: [String: String] = [:], tags: Set<String> = [],
    createdAt: Timestamp? = nil, nativeScore: Int? = nil
  ) {
    self.emails = emails
    self.fields = fields
    self.tags = tags
    self.createdAt = createdAt
    self.nativeScore = nativeScore
  }
}

/// Everything that stands on the platform in memory, open to any edit.
public struct InMemoryContent: Equatable, Sendable {
  /// Contacts by the text of their ids.
  public var contacts: [String: InMemoryContact] = [:]
  /// Activities in the order in which the platform came to know them.
  public var activities: [ActivityRecord] = []
  /// Outcomes in the order in which the platform came to know them.
  public var outcomes: [OutcomeRecord] = []
  /// Where merged contacts went: the loser's id and the winner's.
  public private(set) var merged: [String: String] = [:]
  private var activitiesAdded = 0

  /// Nothing.
  public init() {}

  /// Adds an activity under the platform's next id (`a1`, `a2` …).
  public mutating func addActivity(
    of contact: String, _ kind: KnownKind, at time: Timestamp, target: String? = nil,
    campaign: String? = nil, value: Double? = nil
  ) {
    activitiesAdded += 1
    activities.append(
      ActivityRecord(
        subject: .contact(ContactID(contact)), kind: .known(kind), time: time, target: target,
        campaign: campaign, value: value, identity: .id("a\(activitiesAdded)")))
  }

  /// Adds an outcome of a contact.
  public mutating func addOutcome(
    of contact: String, _ result: OutcomeResult, at time: Timestamp, amount: Double? = nil
  ) {
    outcomes.append(
      OutcomeRecord(subject: .contact(ContactID(contact)), result: result, time: time, amount: amount))
  }

  /// Makes one contact of two: the winner gets the addresses, activities and outcomes of the loser.
  public mutating func merge(_ loser: String, into winner: String) {
    guard let gone = contacts.removeValue(forKey: loser), contacts[winner] != nil else { return }
    let known = contacts[winner]?.emails ?? []
    contacts[winner]?.emails += gone.emails.filter { !known.contains($0) }
    let (from, to) = (Subject.contact(ContactID(loser)), Subject.contact(ContactID(winner)))
    for index in activities.indices where activities[index].subject == from {
      activities[index].subject = to
    }
    for index in outcomes.indices where outcomes[index].subject == from { outcomes[index].subject = to }
    for (old, target) in merged where target == loser { merged[old] = winner }
    merged[loser] = winner
  }
}

import Scoring

/// The platform's own name of a contact: opaque, case-sensitive text.
public struct ContactID: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// Exactly as the platform writes it.
  public let text: String

  /// Wraps the platform's text.
  public init(_ text: String) {
    self.text = text
  }

  /// By code points: ids that look alike in another normalisation are different ids.
  public static func == (left: ContactID, right: ContactID) -> Bool {
    left.text.utf8.elementsEqual(right.text.utf8)
  }

  /// By code points.
  public func hash(into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }

  /// By code points: "10" before "2".
  public static func < (left: ContactID, right: ContactID) -> Bool {
    left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
  }

  /// The text itself.
  public var description: String { text }
}

/// One contact as a platform gives it.
public struct ContactRecord: Equatable, Sendable {
  /// The platform's own name of it.
  public var id: ContactID
  /// Addresses as they were found, the primary one first; what is no address joins nobody.
  public var emails: [String]
  /// Canonical names where the platform's field has one, the platform's own name elsewhere.
  public var fields: [ContactField]
  /// When the platform first knew the contact; nil if it does not say.
  public var createdAt: Timestamp?
  /// What the platform holds of ours, if this stream tells; nil leaves what is known.
  public var held: HeldState?
  /// Which parts of `held` this stream tells; the others stay as they are known.
  public var heldParts = HeldParts.all
  /// False if the platform still knows the contact but takes no writes for it, as somebody who unsubscribed: it
  /// counts for the person, and is never in a plan.
  public var isWritable = true

  /// A contact without fields.
  public init(
    id: ContactID, emails: [String] = [], fields: [ContactField] = [], createdAt: Timestamp? = nil,
    held: HeldState? = nil
  ) {
    self.id = id
    self.emails = emails
    self.fields = fields
    self.createdAt = createdAt
    self.held = held
  }
}

/// A named value of a contact.
public struct ContactField: Hashable, Sendable {
  /// Canonical or platform name.
  public let name: String
  /// The value as text; blanks alone count as empty.
  public let value: String

  /// A named value.
  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }

  /// The names that mean the same on every platform.
  public static let canonicalNames = [
    "email", "first_name", "last_name", "phone", "company", "job_title", "industry", "country", "city",
    "website", "language", "lifecycle_stage", "source", "created_at",
  ]
}

/// Whose an activity is.
public enum Subject: Hashable, Sendable {
  /// The contact with this id, whether it is known already or comes later.
  case contact(ContactID)
  /// Whoever on this connection has the address, now or later.
  case address(String)
}

/// One activity as a platform gives it.
public struct ActivityRecord: Equatable, Sendable {
  /// Whose it is.
  public var subject: Subject
  /// What was done.
  public var kind: ActivityKind
  /// When it happened.
  public var time: Timestamp
  /// What it was done to: a URL, a form, a file, an order.
  public var target: String?
  /// The e-mail or campaign it belongs to.
  public var campaign: String?
  /// Seconds or money, by kind.
  public var value: Double?
  /// By what it is recognised when it is read again.
  public var identity: ActivityIdentity

  /// An activity without target, campaign and value.
  public init(
    subject: Subject, kind: ActivityKind, time: Timestamp, target: String? = nil, campaign: String? = nil,
    value: Double? = nil, identity: ActivityIdentity
  ) {
    self.subject = subject
    self.kind = kind
    self.time = time
    self.target = target
    self.campaign = campaign
    self.value = value
    self.identity = identity
  }
}

/// By what an activity is recognised when it is read again.
public enum ActivityIdentity: Hashable, Sendable {
  /// The platform's id, unique within the connection.
  case id(String)
  /// The platform has no ids: a digest of all that it says, and how often one reading lists it.
  ///
  /// Reading the same list again adds nothing; a list that names it twice means two activities.
  case content(UInt64)
}

/// What became of a person.
public struct OutcomeRecord: Equatable, Sendable {
  /// Whose it is.
  public var subject: Subject
  /// Won or lost.
  public var result: OutcomeResult
  /// When it was known.
  public var time: Timestamp
  /// What it was worth; nil if nobody said.
  public var amount: Double?

  /// An outcome.
  public init(subject: Subject, result: OutcomeResult, time: Timestamp, amount: Double? = nil) {
    self.subject = subject
    self.result = result
    self.time = time
    self.amount = amount
  }
}

/// Won or lost.
public enum OutcomeResult: String, CaseIterable, Sendable {
  case won
  case lost
}

/// What a platform holds of ours for one contact.
public struct HeldState: Hashable, Sendable {
  /// The score; nil if the platform holds none.
  public var score: Int?
  /// The band's name; nil if none.
  public var band: String?
  /// The reasons text; nil if none.
  public var reasons: String?
  /// All tags the contact has, ours and others'.
  public var tags: Set<String>
  /// What the platform said of the version that we wrote, to know our own writes again.
  public var version: String?

  /// Nothing held.
  public static let nothing = HeldState()

  /// What a platform holds.
  public init(
    score: Int? = nil, band: String? = nil, reasons: String? = nil, tags: Set<String> = [],
    version: String? = nil
  ) {
    self.score = score
    self.band = band
    self.reasons = reasons
    self.tags = tags
    self.version = version
  }
}

/// Parts of what a platform holds, where a stream tells only some of them.
public struct HeldParts: OptionSet, Hashable, Sendable {
  /// One bit a part; kept in the state, so that they never change their meaning.
  public let rawValue: UInt8

  /// Parts by their bits.
  public init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  /// The score.
  public static let score = HeldParts(rawValue: 1)
  /// The band's name.
  public static let band = HeldParts(rawValue: 2)
  /// The reasons.
  public static let reasons = HeldParts(rawValue: 4)
  /// The tags.
  public static let tags = HeldParts(rawValue: 8)
  /// The version.
  public static let version = HeldParts(rawValue: 16)
  /// Everything.
  public static let all: HeldParts = [.score, .band, .reasons, .tags, .version]
}

/// A contact and what the platform holds for it.
public struct Holding: Equatable, Sendable {
  /// Whose it is.
  public let contact: ContactID
  /// What is held.
  public let state: HeldState
  /// Which parts of the state are told; the others stay as they are known. Tags that several holdings of one
  /// reading tell of a contact add up, so that a platform may list the holders of one tag after another.
  public let parts: HeldParts

  /// A contact and what the platform holds for it.
  public init(contact: ContactID, state: HeldState, parts: HeldParts = .all) {
    self.contact = contact
    self.state = state
    self.parts = parts
  }
}

/// Two contacts became one on the platform.
public struct ContactMerge: Hashable, Sendable {
  /// The one that is gone.
  public let loser: ContactID
  /// The one that has everything now.
  public let winner: ContactID

  /// Two contacts became one.
  public init(loser: ContactID, winner: ContactID) {
    self.loser = loser
    self.winner = winner
  }
}

/// A row, record or answer that could not be used: what was wrong and where, never dropped in silence.
public struct RejectedRecord: Hashable, Sendable {
  /// Where it stands: `contacts.csv:12`, `page_hits/4711`.
  public let place: String
  /// What is wrong with it. Never holds a secret.
  public let reason: String

  /// A rejected record.
  public init(place: String, reason: String) {
    self.place = place
    self.reason = reason
  }
}

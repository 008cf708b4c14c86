import Scoring

/// Where a connection keeps the marks of ours.
public struct WrittenFields: Hashable, Sendable {
  /// Where the score is kept.
  public enum Score: Hashable, Sendable {
    /// A number field of this name, created if it is missing.
    case field(String)
    /// The platform's own score.
    case native
  }

  /// Where the score is kept.
  public var score: Score
  /// The field for the band's name; nil leaves it out.
  public var band: String?
  /// The field for the reasons; nil leaves them out.
  public var reasons: String?
  /// Whether tags are written.
  public var tags: Bool

  /// Where a connection keeps the marks of ours.
  public init(score: Score, band: String?, reasons: String?, tags: Bool) {
    self.score = score
    self.band = band
    self.reasons = reasons
    self.tags = tags
  }
}

/// What an apply writes: where the marks are kept, and every mark the model may give.
public struct WriteLayout: Hashable, Sendable {
  /// Where the marks are kept.
  public var fields: WrittenFields
  /// Every band the model may give, highest first.
  public var bandNames: [String]
  /// The score from which each band begins, in the order of their names; empty if nobody says.
  public var bandFloors: [Int]
  /// Every tag the model owns; no other is ever touched.
  public var ownedTags: [String]

  /// What an apply writes.
  public init(
    fields: WrittenFields, bandNames: [String], bandFloors: [Int] = [], ownedTags: [String]
  ) {
    self.fields = fields
    self.bandNames = bandNames
    self.bandFloors = bandFloors
    self.ownedTags = ownedTags
  }
}

/// The absolute state that one contact gets. Nothing relative, so writing it twice does no harm.
public struct ContactWrite: Equatable, Sendable {
  /// Whose it is.
  public var contact: ContactID
  /// The contact's primary address, if it has one; for platforms that write it beside the id.
  public var email: String?
  /// The score in points; 0 if it is cleared.
  public var score: Int
  /// True if the score's field is to be empty afterwards. Only platforms that say `canClearScore` are asked to.
  public var clearsScore: Bool
  /// The band's name; nil clears it.
  public var band: String?
  /// The three strongest reasons.
  public var reasons: String
  /// Owned tags that must be there afterwards and are not now.
  public var addTags: [String]
  /// Owned tags that must not be there afterwards and are now.
  public var removeTags: [String]
  /// When the state was true.
  public var asOf: Timestamp

  /// An absolute state.
  public init(
    contact: ContactID, email: String?, score: Int, clearsScore: Bool = false, band: String?, reasons: String,
    addTags: [String], removeTags: [String], asOf: Timestamp
  ) {
    self.contact = contact
    self.email = email
    self.score = score
    self.clearsScore = clearsScore
    self.band = band
    self.reasons = reasons
    self.addTags = addTags
    self.removeTags = removeTags
    self.asOf = asOf
  }
}

extension ContactWrite {
  /// The score as the platform is to hold it; nil if it is cleared.
  public var heldScore: Int? { clearsScore ? nil : score }
}

/// What became of one contact of a batch.
public enum WriteOutcome: Hashable, Sendable {
  /// The platform holds the state now, and said this version of it.
  case written(version: String?)
  /// The state is laid down and becomes visible, for all staged ones at once, with `commit`.
  case staged
  /// The platform refused the contact for good, for this reason; the others are not concerned.
  case refused(reason: String)
  /// The platform has no such contact any more.
  case gone
  /// The contact has another id now; nothing was written.
  case moved(to: ContactID)
  /// The answer was lost: the state may or may not be there. It is read back before it is tried again.
  case unknown
}

/// What a platform holds for a contact at this moment.
public enum CurrentState: Hashable, Sendable {
  /// It is there and holds this.
  case present(HeldState)
  /// There is no such contact.
  case gone
  /// It has another id now.
  case moved(to: ContactID)
}

/// What a platform can do, as data.
public struct ConnectorCapabilities: Hashable, Sendable {
  /// The most contacts in one `write`.
  public var batchSize: Int
  /// The most contacts in one `current`.
  public var readBackSize: Int
  /// False if the platform cannot store a score of 0, so that holding nothing is read as 0.
  public var storesZero: Bool
  /// True if the platform has a score of its own that can be set.
  public var hasNativeScore: Bool
  /// True if writes must come in ascending order of contact id, one pass an apply.
  public var wantsWritesInOrder: Bool
  /// False if the connection has nowhere to write to.
  public var canWrite: Bool
  /// True if the score, where this connection keeps it, can be made empty again; an undo needs it.
  public var canClearScore: Bool
  /// True if tasks can be made about contacts: `createTask`.
  public var createsTasks: Bool

  /// What a platform can do.
  public init(
    batchSize: Int, readBackSize: Int, storesZero: Bool = true, hasNativeScore: Bool = false,
    wantsWritesInOrder: Bool = false, canWrite: Bool = true, canClearScore: Bool = false,
    createsTasks: Bool = false
  ) {
    self.batchSize = batchSize
    self.readBackSize = readBackSize
    self.storesZero = storesZero
    self.hasNativeScore = hasNativeScore
    self.wantsWritesInOrder = wantsWritesInOrder
    self.canWrite = canWrite
    self.canClearScore = canClearScore
    self.createsTasks = createsTasks
  }
}

import Scoring

/// The first line of a plan.
public struct PlanHeader: Equatable, Sendable {
  /// Sorts by the time at which the plan was made.
  public var id: String
  /// The moment for which the scores were worked out.
  public var asOf: Timestamp
  /// The model's name.
  public var modelName: String
  /// SHA-256 of the model file's bytes.
  public var modelSHA256: String
  /// The connections it is about.
  public var connections: [String]
  /// How many contacts they have.
  public var contacts: Int
  /// How many changes follow.
  public var changes: Int

  /// The first line of a plan.
  public init(
    id: String, asOf: Timestamp, modelName: String, modelSHA256: String, connections: [String], contacts: Int,
    changes: Int
  ) {
    self.id = id
    self.asOf = asOf
    self.modelName = modelName
    self.modelSHA256 = modelSHA256
    self.connections = connections
    self.contacts = contacts
    self.changes = changes
  }

  /// When the plan was made.
  public var madeAt: Timestamp { SortableID.madeAt(id) ?? asOf }
}

/// One line of a plan: what a contact holds and what it is to hold.
public struct PlannedChange: Equatable, Sendable {
  /// The connection's name.
  public var connection: String
  /// The platform's name of the contact.
  public var contact: String
  /// The contact's first address, normalised; nil if it has none.
  public var email: String?
  /// The score the platform holds; nil if none.
  public var scoreFrom: Int?
  /// The score it is to hold.
  public var scoreTo: Int
  /// The band the platform holds; nil if none.
  public var bandFrom: String?
  /// The band it is to hold; nil if none fits.
  public var bandTo: String?
  /// Owned tags to set.
  public var addTags: [String]
  /// Owned tags to take away.
  public var removeTags: [String]
  /// The strongest rules.
  public var reasons: [PlannedReason]
  /// The band that the person is in, where it is another one than this contact's: connections may allow
  /// different slack. Nil if it is the same.
  public var personBand: String?

  /// One line of a plan.
  public init(
    connection: String, contact: String, email: String?, scoreFrom: Int?, scoreTo: Int, bandFrom: String?,
    bandTo: String?, addTags: [String], removeTags: [String], reasons: [PlannedReason]
  ) {
    self.connection = connection
    self.contact = contact
    self.email = email
    self.scoreFrom = scoreFrom
    self.scoreTo = scoreTo
    self.bandFrom = bandFrom
    self.bandTo = bandTo
    self.addTags = addTags
    self.removeTags = removeTags
    self.reasons = reasons
  }
}

/// A rule that gave points.
public struct PlannedReason: Equatable, Sendable {
  /// The rule's id.
  public var rule: String
  /// In units of 1/1024 point, before group clamps; written in points with up to three decimals.
  public var units: Int64
  /// How many activities were used.
  public var count: Int
  /// The most recent activity used; nil for a profile rule.
  public var last: Timestamp?

  /// A rule that gave points.
  public init(rule: String, units: Int64, count: Int, last: Timestamp?) {
    self.rule = rule
    self.units = units
    self.count = count
    self.last = last
  }
}

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
  /// Contacts that were missing beyond the fuse when the plan was made, by connection: who looked at the plan
  /// has seen that.
  public var missing: [String: Int]
  /// The run that the plan takes back; nil for a plan of scores.
  public var undoes: String?

  /// The first line of a plan.
  public init(
    id: String, asOf: Timestamp, modelName: String, modelSHA256: String, connections: [String], contacts: Int,
    changes: Int, missing: [String: Int] = [:], undoes: String? = nil
  ) {
    self.id = id
    self.asOf = asOf
    self.modelName = modelName
    self.modelSHA256 = modelSHA256
    self.connections = connections
    self.contacts = contacts
    self.changes = changes
    self.missing = missing
    self.undoes = undoes
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
  /// The score it is to hold; 0 if it is cleared.
  public var scoreTo: Int
  /// True if it is to hold no score; only in plans that take a run back.
  public var clearsScore: Bool
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
  /// The reasons as texts, before and after; only in plans that take a run back.
  public var reasonsText: TextMove?

  /// A text before and after; nil stands for none.
  public struct TextMove: Equatable, Sendable {
    /// The text the platform holds.
    public var from: String?
    /// The text it is to hold.
    public var to: String?

    /// A text before and after.
    public init(from: String?, to: String?) {
      self.from = from
      self.to = to
    }
  }

  /// One line of a plan.
  public init(
    connection: String, contact: String, email: String?, scoreFrom: Int?, scoreTo: Int,
    clearsScore: Bool = false, bandFrom: String?, bandTo: String?, addTags: [String], removeTags: [String],
    reasons: [PlannedReason], reasonsText: TextMove? = nil
  ) {
    self.connection = connection
    self.contact = contact
    self.email = email
    self.scoreFrom = scoreFrom
    self.scoreTo = scoreTo
    self.clearsScore = clearsScore
    self.bandFrom = bandFrom
    self.bandTo = bandTo
    self.addTags = addTags
    self.removeTags = removeTags
    self.reasons = reasons
    self.reasonsText = reasonsText
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

extension PlannedChange {
  /// What in a change the model can never have meant; nil if nothing.
  func problem(with model: Model) -> String? {
    let owned = Set(model.ownedTags)
    if let tag = (addTags + removeTags).first(where: { !owned.contains($0) }) {
      return "has the tag '\(tag)', which the model does not own"
    }
    if let band = bandTo, !model.bands.contains(where: { $0.name == band }) {
      return "gets the band '\(band)', which the model does not have"
    }
    if let lowest = model.scoreLimits.min, scoreTo < lowest {
      return "gets the score \(scoreTo), below the model's \(lowest)"
    }
    if let highest = model.scoreLimits.max, scoreTo > highest {
      return "gets the score \(scoreTo), above the model's \(highest)"
    }
    return nil
  }
}

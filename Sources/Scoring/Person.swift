/// Something a contact did or that was done with them. It never changes.
public struct Activity: Hashable, Sendable {
  /// What was done.
  public var kind: ActivityKind
  /// When it happened.
  public var time: Timestamp
  /// What it was done to.
  public var target: String?
  /// The e-mail or campaign it belongs to.
  public var campaign: String?
  /// Seconds or money, by kind.
  public var value: Double?
  /// By what it is recognised; orders activities of the same second.
  public var identity: String
  /// Index of the contact among the person's contacts.
  public var contact: Int

  /// An activity of the person's first contact, without target, campaign and value unless named.
  public init(
    _ kind: ActivityKind, at time: Timestamp, target: String? = nil, campaign: String? = nil,
    value: Double? = nil, identity: String = "", contact: Int = 0
  ) {
    self.kind = kind
    self.time = time
    self.target = target
    self.campaign = campaign
    self.value = value
    self.identity = identity
    self.contact = contact
  }
}

/// All that is known of one human: the contacts, what they declare together, and what they did.
public struct Person: Hashable, Sendable {
  /// One record on one connection.
  public struct Contact: Hashable, Sendable {
    /// The connection's name.
    public var connection: String
    /// When the platform first knew it; nil if it does not say.
    public var createdAt: Timestamp?

    /// One record on one connection.
    public init(connection: String, createdAt: Timestamp? = nil) {
      self.connection = connection
      self.createdAt = createdAt
    }
  }

  /// Never empty for a person with activities.
  public var contacts: [Contact]
  /// Fields by name; for each the value that counts.
  public var profile: [String: String]
  /// In any order.
  public var activities: [Activity]

  /// A person.
  public init(contacts: [Contact], profile: [String: String] = [:], activities: [Activity] = []) {
    self.contacts = contacts
    self.profile = profile
    self.activities = activities
  }
}

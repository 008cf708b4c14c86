import Scoring

/// The name of a stream within its connector: `contacts`, `activities`, `page_hits`.
public struct StreamName: Hashable, Sendable, CustomStringConvertible {
  /// Stored beside the cursor, so it never changes its meaning.
  public let text: String

  /// A stream's name.
  public init(_ text: String) {
    self.text = text
  }

  /// The name itself.
  public var description: String { text }
}

/// A list of records that a platform gives page by page.
public struct StreamDescription: Hashable, Sendable {
  /// What a listing of the stream says about contacts that are not in it.
  public enum Role: Hashable, Sendable {
    /// Contacts; a complete listing says that all others are gone.
    case contacts
    /// Activities; what is not listed stays.
    case activities
    /// What the platform holds of ours; who is not in a complete listing holds nothing.
    case holdings
    /// Outcomes; what is not listed stays.
    case outcomes
  }

  /// The name under which the cursor is kept.
  public let name: StreamName
  /// What the stream carries.
  public let role: Role
  /// True if activities of a contact that had been forgotten come again only by reading from the start.
  public let rereadsForReturned: Bool
  /// For holdings: what a complete listing tells; who is not in it holds nothing of these parts.
  public let parts: HeldParts

  /// Describes a stream.
  public init(
    name: StreamName, role: Role, rereadsForReturned: Bool = false, parts: HeldParts = .all
  ) {
    self.name = name
    self.role = role
    self.rereadsForReturned = rereadsForReturned
    self.parts = parts
  }
}

/// Where to go on in a stream: opaque text that only its connector understands.
public struct Cursor: Hashable, Sendable {
  /// Kept by the store in the same transaction as the page's records.
  public let text: String

  /// Wraps the connector's text.
  public init(_ text: String) {
    self.text = text
  }
}

/// What one pull is about.
public struct PullWindow: Hashable, Sendable {
  /// Activities older than this are not wanted.
  public let since: Timestamp
  /// The time of the run; a connector never looks at a clock.
  public let now: Timestamp
  /// What the model asks for; nil: everything.
  public let needs: PullNeeds?

  /// What one pull is about.
  public init(since: Timestamp, now: Timestamp, needs: PullNeeds? = nil) {
    self.since = since
    self.now = now
    self.needs = needs
  }
}

/// What the model asks for, so that a connector can leave out what costs calls of its own and nobody looks at.
///
/// It changes when the model does: a connector that left something out has to read it when it is asked for.
public struct PullNeeds: Hashable, Sendable {
  /// The profile fields that rules test, under canonical or platform names.
  public let fields: Set<String>
  /// The kinds of activity that rules count; nil: any kind.
  public let kinds: Set<ActivityKind>?
  /// The kinds that rules name, also where another rule counts any kind: that one does not count all of them.
  public let namedKinds: Set<ActivityKind>
  /// The tags the model owns.
  public let tags: [String]
  /// The bands the model may give, highest first.
  public let bands: [String]

  /// What the model asks for.
  ///
  /// - Parameter namedKinds: nil: the same as `kinds`.
  public init(
    fields: Set<String>, kinds: Set<ActivityKind>?, namedKinds: Set<ActivityKind>? = nil, tags: [String],
    bands: [String]
  ) {
    self.fields = fields
    self.kinds = kinds
    self.namedKinds = namedKinds ?? kinds ?? []
    self.tags = tags
    self.bands = bands
  }
}

/// One reading of a stream from its start or from where the last one ended.
///
/// It tells how often the same content may count: see `ActivityIdentity.content`.
public struct Reading: Hashable, Sendable {
  /// Rises with every reading of the stream.
  public let number: Int64
  /// True if the reading lists only what came after the last one, so that its records are further ones.
  public let isContinuation: Bool

  /// A reading.
  public init(number: Int64, isContinuation: Bool) {
    self.number = number
    self.isContinuation = isContinuation
  }
}

/// Whether the pages of a reading together list everything the platform has.
public enum Listing: Hashable, Sendable {
  /// Only what changed: who is not in it is as before.
  case changes
  /// Everything; this is not the last page.
  case everything
  /// Everything, and this page ends it: who was in none of the reading's pages is gone.
  case everythingAndDone
}

/// A piece of a stream; the store takes all of it and the cursor in one transaction.
public struct Page: Sendable {
  /// Contacts, new or changed or simply listed.
  public var contacts: [ContactRecord] = []
  /// Activities in any order, known ones among them.
  public var activities: [ActivityRecord] = []
  /// What the platform holds of ours.
  public var holdings: [Holding] = []
  /// What became of people.
  public var outcomes: [OutcomeRecord] = []
  /// Contacts that the platform says are gone.
  public var removals: [ContactID] = []
  /// Contacts that became one.
  public var merges: [ContactMerge] = []
  /// What could not be used.
  public var rejected: [RejectedRecord] = []
  /// Activities that are older than was asked for.
  public var skippedAsOlder = 0
  /// Records that are nobody's, such as visitors whom no one knows: not scored, only counted.
  public var leftOut = 0
  /// How many records the platform gave, used or not.
  public var recordsRead = 0
  /// The reading it belongs to.
  public var reading: Reading
  /// Whether the reading lists everything.
  public var listing: Listing = .changes
  /// Where to go on, also after the last page.
  public var cursor: Cursor
  /// False if the stream has nothing more for now.
  public var hasMore: Bool
  /// How far the reading has come, from 0 to 1, if it can be known.
  public var progress: Double?

  /// A page without records.
  public init(reading: Reading, cursor: Cursor, hasMore: Bool) {
    self.reading = reading
    self.cursor = cursor
    self.hasMore = hasMore
  }
}

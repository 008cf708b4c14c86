import Scoring

/// One connection to one account on one platform.
///
/// ## The contract
/// - **Reading** (`streams`, `page`, `current`, `check`) changes nothing on the platform, ever. Every call
///   may be repeated, also after it failed half way, and gives the same records again. None of it waits for
///   `prepare`: where marks of ours are kept is known from the `ConnectorContext`.
/// - **Pages** resume from any cursor that the connector ever gave out, in a new process too. A record that
///   changes while its stream is paged is in a later page of the same reading or of the next one; it is never
///   missed. Records may come twice and in any order. Without a cursor a stream is read from its start.
/// - **Listings**: only streams of the roles `contacts` and `holdings` end with `everythingAndDone`. Activities
///   of contacts that are gone may still be listed. Fields in which we write are no contact fields.
/// - **Writing** (`prepare`, `write`, `commit`) sets absolute states and may be repeated. `prepare` drops what
///   an earlier apply left staged. `write` answers one outcome for each contact, in the order of the batch,
///   whatever happens to the others; a batch has at most `batchSize` contacts, each once, and an empty batch
///   has no outcomes. Nothing but the fields of the layout and the tags it owns is touched; contacts are never
///   created, deleted, merged, moved or subscribed.
/// - **Cursors of `commit`** are given only if nothing but our own writes happened to the stream since it was
///   last read to its end; otherwise others' edits would be hidden.
/// - **Retries**: whatever is worth trying again *within* a call (a busy server, an expired token) is the
///   connector's to try, but for writes of contacts that the platform may have acted on: those are `unknown`.
///   Whatever is `unknown`, and the whole batch when `write` or `commit` throws, the pipeline reads back with
///   `current` before it writes again; `refused` waits for the next run; `moved` is left to the next run, which
///   knows the person anew.
/// - **Failures** of a whole call are thrown as `ConnectorFailure` and say what happened and the cure.
///   `changedMeanwhile` asks to read the stream again from where its reading began. No secret stands in a
///   failure, a record, an outcome or a finding.
/// - A connector never looks at a clock: the time comes with the call.
public protocol Connector: Sendable {
  /// The platform's name as it stands in configurations.
  var platform: String { get }

  /// What the platform can do.
  var capabilities: ConnectorCapabilities { get }

  /// The streams in the order in which they are pulled; contacts come first.
  func streams() async throws(ConnectorFailure) -> [StreamDescription]

  /// The next page of a stream; the first one without a cursor.
  func page(
    of stream: StreamName, after cursor: Cursor?, window: PullWindow
  ) async throws(ConnectorFailure) -> Page

  /// What the platform holds now for these contacts, at most `readBackSize` of them. Every id has an answer.
  func current(_ contacts: [ContactID]) async throws(ConnectorFailure) -> [ContactID: CurrentState]

  /// Makes sure that fields and tags exist. The first call of an apply; may be repeated.
  func prepare(_ layout: WriteLayout) async throws(ConnectorFailure)

  /// Writes at most `batchSize` contacts and says what became of each.
  func write(_ batch: [ContactWrite]) async throws(ConnectorFailure) -> [WriteOutcome]

  /// Ends an apply: makes staged writes visible, all or none of them, and gives the cursors by which the
  /// next pull knows our own writes again.
  func commit() async throws(ConnectorFailure) -> [StreamName: Cursor]

  /// Looks at credentials, rights, fields and limits. A failure is a finding, not an error.
  func check(now: Timestamp) async -> [Finding]

  /// What is left of the account's quotas as far as it is known without asking the platform.
  func quotas() async -> [Quota]

  /// What writing so many contacts would take from now on; nil if it cannot be told.
  func forecast(writes: Int) async -> WriteForecast?

  /// The address at which a person opens a contact in the platform; nil if it is not known. Asks nobody.
  func contactURL(_ id: ContactID) -> String?

  /// Makes a task about a contact, and no second one of the same key. Called only where the capabilities say so.
  func createTask(_ task: HandoffTask, for contact: ContactID) async throws(ConnectorFailure)

  /// The command is over: keeps what the next one should know.
  func close() async
}

extension Connector {
  /// Nothing is staged and no cursor moves.
  public func commit() async throws(ConnectorFailure) -> [StreamName: Cursor] { [:] }

  /// There are none.
  public func quotas() async -> [Quota] { [] }

  /// Nobody knows.
  public func forecast(writes: Int) async -> WriteForecast? { nil }

  /// There is nothing to keep.
  public func close() async {}
}

/// What is left of one of an account's quotas.
public struct Quota: Hashable, Sendable {
  /// What it is called: `daily`.
  public let name: String
  /// What is counted: `requests`, `seconds`.
  public let unit: String
  /// How much is left; nil if it is not known.
  public let left: Double?
  /// Of how much; nil if it is not known.
  public let count: Double?
  /// When it is full again, or some of it; nil if it is not known.
  public let resetsAt: Timestamp?
  /// When this was so.
  public let asOf: Timestamp

  /// A quota.
  public init(
    name: String, unit: String, left: Double?, count: Double?, resetsAt: Timestamp?, asOf: Timestamp
  ) {
    self.name = name
    self.unit = unit
    self.left = left
    self.count = count
    self.resetsAt = resetsAt
    self.asOf = asOf
  }
}

/// What writing would take.
public struct WriteForecast: Hashable, Sendable {
  /// How many requests.
  public let requests: Int
  /// How long, in seconds; infinite if a quota forbids it.
  public let seconds: Double
  /// The quota that would hold it up most; nil if none would.
  public let heldBy: String?

  /// A forecast.
  public init(requests: Int, seconds: Double, heldBy: String?) {
    self.requests = requests
    self.seconds = seconds
    self.heldBy = heldBy
  }
}

/// One line of `check`.
public struct Finding: Hashable, Sendable {
  /// How bad it is.
  public enum Severity: String, Sendable {
    case fine
    case warning
    case error
  }

  /// How bad it is.
  public let severity: Severity
  /// What was found.
  public let text: String
  /// What to do about it; empty if nothing.
  public let cure: String
  /// What sort of trouble an error is; nil for all else. It decides the exit status.
  public let kind: ConnectorFailure.Kind?

  /// A finding; an error is one of the configuration unless it names another kind.
  public init(
    _ severity: Severity, _ text: String, cure: String = "", kind: ConnectorFailure.Kind? = nil
  ) {
    self.severity = severity
    self.text = text
    self.cure = cure
    self.kind = severity == .error ? kind ?? .configuration : nil
  }

  /// A failure as a finding: an error of its kind.
  public init(_ failure: ConnectorFailure) {
    self.init(.error, failure.what, cure: failure.cure, kind: failure.kind)
  }
}

/// Why a whole call failed.
public struct ConnectorFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// What sort of trouble it is; it decides the exit status.
  public enum Kind: Hashable, Sendable {
    /// The platform does not answer, or not usefully.
    case unavailable
    /// Credentials or rights are missing.
    case forbidden
    /// The configuration names something that is not there or cannot be.
    case configuration
    /// The platform's data cannot be read at all.
    case badData
    /// A file cannot be made.
    case cannotCreate
    /// Reading or writing a file failed.
    case inputOutput
    /// What was being read changed meanwhile; reading again may help.
    case changedMeanwhile
    /// The run was told to stop.
    case cancelled
  }

  /// What sort of trouble it is.
  public let kind: Kind
  /// What happened and where.
  public let what: String
  /// What to do about it.
  public let cure: String

  /// A failure.
  public init(_ kind: Kind, _ what: String, cure: String = "") {
    self.kind = kind
    self.what = what
    self.cure = cure
  }

  /// `what. cure.`
  public var description: String { cure.isEmpty ? "\(what)." : "\(what). \(cure)." }
}

import Scoring

/// A platform's stand-in: it answers requests as the platform would, quirks and all.
///
/// A pure function of its state, the request and the time, so that whatever happened can be replayed. Who hosts
/// it brings the network: a server on loopback, or a transport inside the process.
public protocol Simulator: Sendable {
  /// Answers one request; the time is the platform's clock.
  mutating func answer(_ request: SimulatedRequest, at now: Timestamp) -> SimulatedAnswer

  /// Takes a contact in as if it had long been there.
  mutating func add(_ contact: SimulatedContact)

  /// Takes something in that a contact did, as if the platform had seen it; kinds that the platform does not
  /// know are ignored. The contact was added before.
  mutating func add(_ activity: SimulatedActivity)

  /// What the platform holds for each contact, to compare end states: lines `id,value,value,tags`, in an order
  /// that does not change. Values are those of the fields that are named, as stored, empty if there are none;
  /// tags are in order, with blanks between. A text with a comma or a quote stands in quotes.
  func heldLines(of fields: [String]) -> [String]

  /// Whether a request is one that may change something, however it ends: by the platform's own rules, since
  /// many ask questions by POST.
  func mayChange(_ request: SimulatedRequest) -> Bool
}

extension Simulator {
  /// No lines, for a simulator that does not tell.
  public func heldLines(of fields: [String]) -> [String] { [] }

  /// All but GET, HEAD and OPTIONS.
  public func mayChange(_ request: SimulatedRequest) -> Bool {
    !["GET", "HEAD", "OPTIONS"].contains(request.method)
  }
}

/// A request as a simulator sees it.
public struct SimulatedRequest: Sendable {
  /// `GET`, in capitals.
  public var method: String
  /// The path as it was sent, without query: `/api/contacts`.
  public var path: String
  /// The query's pairs in the order in which they were sent, decoded.
  public var query: [SimulatedPair]
  /// Header fields as they were sent.
  public var headers: [SimulatedPair]
  /// The body; empty if there is none.
  public var body: [UInt8]

  /// A request.
  public init(
    method: String, path: String, query: [SimulatedPair] = [], headers: [SimulatedPair] = [],
    body: [UInt8] = []
  ) {
    self.method = method
    self.path = path
    self.query = query
    self.headers = headers
    self.body = body
  }

  /// The first header of this name, in any case.
  public func header(_ name: String) -> String? {
    let wanted = name.lowercased()
    return headers.first { $0.name.lowercased() == wanted }?.value
  }
}

/// A name and a value: a header field, or a pair of a query.
public struct SimulatedPair: Hashable, Sendable {
  /// The name.
  public var name: String
  /// The value.
  public var value: String

  /// A name and a value.
  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

/// A simulator's answer.
public struct SimulatedAnswer: Sendable {
  /// The HTTP status.
  public var status: Int
  /// Header fields beside length and connection, which the host adds.
  public var headers: [SimulatedPair]
  /// The body.
  public var body: [UInt8]

  /// An answer.
  public init(status: Int, headers: [SimulatedPair] = [], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }
}

/// A contact that a simulator is filled with.
public struct SimulatedContact: Sendable {
  /// By what activities name it; the simulator gives it an id of the platform's own form.
  public var number: Int
  /// The primary address; empty if there is none.
  public var email: String
  /// Canonical names and their values.
  public var fields: [ContactField]
  /// When the platform first knew it.
  public var createdAt: Timestamp

  /// A contact.
  public init(number: Int, email: String, fields: [ContactField] = [], createdAt: Timestamp) {
    self.number = number
    self.email = email
    self.fields = fields
    self.createdAt = createdAt
  }
}

/// Something that a simulated contact did.
public struct SimulatedActivity: Sendable {
  /// The number under which the contact was added.
  public var contact: Int
  /// What was done.
  public var kind: ActivityKind
  /// When.
  public var time: Timestamp
  /// To what: a URL, a form's name, a file's name.
  public var target: String?
  /// In which e-mail.
  public var campaign: String?
  /// Seconds or money, by kind.
  public var value: Double?

  /// An activity.
  public init(
    contact: Int, kind: ActivityKind, time: Timestamp, target: String? = nil, campaign: String? = nil,
    value: Double? = nil
  ) {
    self.contact = contact
    self.kind = kind
    self.time = time
    self.target = target
    self.campaign = campaign
    self.value = value
  }
}

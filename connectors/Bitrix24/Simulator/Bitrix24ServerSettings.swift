import Scoring

/// How a simulated portal is set up: who may come in, which mode, which limits, and how its quirks turn out.
public struct Bitrix24ServerSettings: Sendable {
  /// The user who made the webhook.
  public var webhookUser: Int64 = 1
  /// The secret in the webhook's address; empty if only an application may come in.
  public var webhookSecret = "w3bh00ks3cret"
  /// The application's client.
  public var clientID = "client-id"
  /// The client's secret.
  public var clientSecret = "client-secret"
  /// The refresh token that is good at first; each use gives another one and ends it.
  public var refreshToken = "refresh-token"
  /// Seconds for which an access token is good.
  public var tokenLifetime: Int64 = 3_600
  /// What webhook and application are granted.
  public var scopes: Set<String> = ["crm", "telephony", "user", "imopenlines"]
  /// Whether the user may make fields.
  public var isCRMAdministrator = true
  /// Whether the user may read call statistics.
  public var mayReadCalls = true
  /// Whether the portal's plan has REST.
  public var hasREST = true
  /// Whether people arrive as leads.
  public var classicMode = false
  /// Methods in small letters that this portal does not have.
  public var missingMethods: Set<String> = []
  /// Seconds east of UTC: the offset of all times in answers.
  public var utcOffset: Int64 = 10_800
  /// Rows of a page.
  public var pageSize = 50
  /// Commands of a batch.
  public var batchSize = 50
  /// Whether the limits are kept.
  public var limitsRequests = true
  /// Requests that may come at once.
  public var burst = 50.0
  /// Requests in a second in the long run.
  public var requestsPerSecond = 2.0
  /// Seconds that a method may work in ten minutes.
  public var operatingBudget = 480.0
  /// Who pays for the commands of a batch; documentation and measurements differ.
  public var batchPayer = BatchPayer.commands
  /// Whether answers tell of the seconds worked, which a portal of one's own does not.
  public var tellsOperating = true
  /// Seconds that a call takes.
  public var seconds = CallSeconds()
  /// Seconds after which a request is cut off; what was done by then stays done.
  public var longestRequest = 60.0
  /// Whether the older update methods move the time of change even if nothing changed.
  public var equalUpdatesMoveModified = false
  /// Whether the older update methods clear a field of several values that is sent one empty text.
  public var emptyTextClears = false
  /// Whether `crm.item.update` stores an empty list in a field of several values, as it should.
  public var itemUpdateClears = false
  /// Whether what is logged with a contact moves its time of change.
  public var activitiesMoveModified = false
  /// Whether merging moves the time of change of the contact that stays.
  public var mergesMoveModified = true
  /// Whether a list of activities gives the bindings to who names them.
  public var givesBindings = false
  /// Whether the history of stages may be listed without counting.
  public var historySkipsCount = false
  /// Whether the history of stages has numbers, as in the documentation, and not texts, as in recordings.
  public var historyHasNumbers = false
  /// How many page visits without a form make a form of their own; 0 for never. They are seen with a form alone.
  public var visitsForOwnForm = 10

  /// A portal in simple mode with everything granted.
  public init() {}

  var time: PortalTime { PortalTime(offset: utcOffset) }

  /// Who pays for the commands of a batch.
  public enum BatchPayer: Sendable {
    /// Each command's own method, as the documentation has it.
    case commands
    /// The method `batch`, as was measured on a portal in 2026.
    case batch
  }

  /// Seconds that calls take.
  public struct CallSeconds: Sendable {
    /// A page that is not counted.
    public var list = 0.06
    /// A page with the number of all rows.
    public var countedList = 0.09
    /// A single row.
    public var get = 0.03
    /// An update.
    public var update = 0.3
    /// A field that is made or changed.
    public var userField = 0.2
    /// Anything else.
    public var other = 0.02
    /// Shorter calls are not counted.
    public var free = 0.1

    /// What was seen on portals of a usual size.
    public init() {}
  }
}

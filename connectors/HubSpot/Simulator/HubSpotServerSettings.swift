import Scoring

/// How a simulated HubSpot account is set up: plan, token, scopes, limits, and how its quirks turn out.
public struct HubSpotServerSettings: Sendable {
  /// The account's number.
  public var portalID: Int64 = 12_345_678
  /// The service key; empty if only OAuth may come in.
  public var token = "pat-na1-simulated"
  /// What the key or app is granted.
  public var scopes: Set<String> = Self.allScopes
  /// What the account has bought: limits and the event API follow it.
  public var plan = HubSpotPlan.professional
  /// The OAuth app's client.
  public var clientID = "client-id"
  /// The client's secret.
  public var clientSecret = "client-secret"
  /// The refresh token that is good at first.
  public var refreshToken = "refresh-token"
  /// Seconds for which an access token is good.
  public var tokenLifetime: Int64 = 1_800
  /// Whether every refresh gives a new refresh token and ends the old one.
  public var rotatesRefreshToken = false
  /// Dates that a path may carry.
  public var versions: Set<String> = ["2026-03", "2026-09"]
  /// Seconds east of UTC: the day's quota begins anew at the account's midnight.
  public var utcOffset: Int64 = -14_400
  /// Seconds until a search sees a change.
  public var indexLag: Int64 = 5
  /// Seconds until a new property can be read and written.
  public var propertyDelay: Int64 = 1
  /// Whether the limits are kept.
  public var limitsRequests = true
  /// Requests in ten seconds; nil for what the plan has.
  public var burstLimit: Int?
  /// Requests in a day; nil for what the plan has.
  public var dailyLimit: Int?
  /// Searches in a second.
  public var searchLimit = 5
  /// Whether a 429 says how long to wait, which the real ones mostly do not.
  public var sendsRetryAfter = false
  /// Whether a page view or an e-mail's opening moves the contact's `lastmodifieddate`. Roll-ups may change
  /// without it.
  public var rollUpsMoveModified = true
  /// Whether a write of what is held already moves `lastmodifieddate`. In two recordings of the same update, two
  /// days apart, it had not moved.
  public var equalWritesMoveModified = false
  /// Whether a merge makes a record with a new id; before the rework one of the two stayed.
  public var mergeMakesNewID = true
  /// Whether the cursor of a page of events or forms stands there percent-encoded, as in recordings.
  public var encodesCursor = true
  /// Seconds for which the offset of an e-mail event page is good.
  public var offsetLifetime: Int64 = 3_600
  /// The longest target of a request in bytes; a longer one is refused with 414.
  public var longestTarget = 16_000
  /// How many of their own properties a kind of records may have.
  public var customPropertyLimit: Int64 = 1_000

  /// An account with everything granted, on the Professional plan.
  public init() {}

  /// All scopes that a route of the simulator asks for.
  public static let allScopes: Set<String> = [
    "crm.objects.contacts.read", "crm.objects.contacts.write", "crm.schemas.contacts.read",
    "crm.schemas.contacts.write", "crm.lists.read", "crm.lists.write", "crm.objects.deals.read",
    "crm.objects.deals.write", "crm.schemas.deals.read", "crm.schemas.deals.write", "forms", "content",
    "sales-email-read", "business-intelligence",
  ]

  var effectiveBurst: Int { burstLimit ?? plan.burst }
  var effectiveDaily: Int { dailyLimit ?? plan.daily }
}

/// What an account has bought.
public enum HubSpotPlan: String, Sendable {
  /// Free tools.
  case free
  /// Starter: the limits of the free tools.
  case starter
  /// Professional.
  case professional
  /// Enterprise: the only one with event occurrences.
  case enterprise

  /// Requests in ten seconds of one private app or service key.
  var burst: Int { self == .free || self == .starter ? 100 : 190 }

  /// Requests in a day of the whole account.
  var daily: Int {
    switch self {
    case .free, .starter: return 250_000
    case .professional: return 625_000
    case .enterprise: return 1_000_000
    }
  }
}

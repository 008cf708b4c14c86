import Scoring

/// How a simulated GetResponse account is set up: logins, lists, limits, and how its quirks turn out.
///
/// A quirk that nobody has verified is a switch; its usual value is the reading that is harder on a client.
public struct GetResponseServerSettings: Sendable {
  /// The account's key; empty if only OAuth may come in.
  public var apiKey = "simulated-key"
  /// The OAuth app's client.
  public var clientID = "client-id"
  /// The client's secret.
  public var clientSecret = "client-secret"
  /// The refresh token that is good at first.
  public var refreshToken = "refresh-token"
  /// Seconds for which an access token is good.
  public var tokenLifetime: Int64 = 3_600
  /// Whether every refresh gives a new refresh token and ends the old one.
  public var rotatesRefreshToken = true
  /// The domain of an account of GetResponse MAX, which every request has to name in `X-Domain`; nil for a usual
  /// account.
  public var domain: String?
  /// The login that a user of several MAX accounts has to name in `X-Parent-Login`.
  public var parentLogin: String?
  /// Whether this is the host of the other MAX region: every request is led to a web page.
  public var isWrongHost = false

  /// The names of the lists that there are at first; the first one is the default list.
  public var lists = ["customers", "newsletter", "webinar"]
  /// One in so many people whom the account is filled with is on two lists, under two ids; 0 for nobody.
  public var twoListsEvery = 0
  /// Parts of the product that the plan lacks: all their paths are refused with 403 and code 1023.
  public var missingFeatures: Set<GetResponseFeature> = []
  /// Whether the deprecated activities of a newsletter are gone: 404.
  public var hasNoNewsletterFeed = false
  /// Seconds until a contact that was created is there; its creation is answered with 202 at once.
  public var addingDelay: Int64 = 120
  /// Seconds until searches see that a message was sent, opened or clicked.
  public var activityLag: Int64 = 0
  /// For how many days activities of a contact are kept; nil for ever.
  public var activityDays: Int64?
  /// Whether writing nothing but a score moves `changedOn`.
  public var scoreMovesChanged = true
  /// Whether an open or a click moves `changedOn`.
  public var activityMovesChanged = false
  /// Whether a score below nought may be written.
  public var allowsNegativeScore = false
  /// Whether an empty list of tags removes all tags of a contact; otherwise it is refused.
  public var allowsEmptyTags = true
  /// How many tags of a contact its details show.
  public var shownTags = 500

  /// Whether the limits are kept.
  public var limitsRequests = true
  /// Requests in a frame of ten minutes.
  public var frameLimit = 30_000
  /// Requests in a second.
  public var secondLimit = 80
  /// Requests of other programs of the account that are under way; from ten on everything is refused.
  public var othersInFlight = 0
  /// Which limit the headers of usual answers tell of.
  public var toldLimit = GetResponseLimit.frame
  /// Which refusals for a limit say how long to wait by `Retry-After`.
  public var retryAfter: Set<GetResponseLimit> = [.second]

  /// Whether lists tell how long they are; the one of custom fields never does.
  public var tellsTotals = true
  /// Whether a refusal without context has an empty list in its place, and not an empty map.
  public var writesEmptyContextAsList = false
  /// Whether refusals bear an id.
  public var sendsErrorID = true

  /// A usual account.
  public init() {}
}

/// A part of the product that a plan may lack.
public enum GetResponseFeature: Hashable, Sendable {
  /// Shops, orders and carts.
  case shops
  /// Transactional e-mail.
  case transactional
  /// Segments.
  case search
}

/// One of the two limits in time.
public enum GetResponseLimit: Hashable, Sendable {
  /// The frame of ten minutes.
  case frame
  /// The second.
  case second
}

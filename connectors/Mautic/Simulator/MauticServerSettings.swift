import Scoring

/// How a simulated Mautic is set up: version, logins, rights and switches of its administrator.
public struct MauticServerSettings: Sendable {
  /// As in the header `Mautic-Version`; quirks that came or went with a release follow it.
  public var version = "5.1.1"
  /// The API user's name for Basic authentication.
  public var user = "admin"
  /// Their password.
  public var password = "secret"
  /// Their number, which the audit log names beside each of their writes.
  public var userID = 1
  /// Their first name.
  public var firstName = "Ada"
  /// Their last name.
  public var lastName = "Admin"
  /// The client of the OAuth2 grant `client_credentials`; its writes have the user number 0.
  public var clientID = "1_client"
  /// The client's secret.
  public var clientSecret = "client-secret"
  /// The client's name, which stands where a user's name would.
  public var clientName = "connector [1]"
  /// Whether the API is on at all.
  public var apiEnabled = true
  /// Whether Basic authentication is allowed.
  public var basicEnabled = true
  /// What the API user may do.
  public var rights: MauticRights = .all
  /// Whether the user may read the table `audit_log`.
  public var auditLogAllowed = true
  /// Calls an hour; nil if the limiter is off. Version 7.0 has none, whatever stands here.
  public var rateLimit: Int?
  /// Whether new fields wait for a background job: 202, and not published until `finishFields()`.
  public var createsFieldsInBackground = false
  /// Seconds for which an access token is good.
  public var tokenLifetime: Int64 = 3_600
  /// Seconds by which the server's clock is ahead of the time given to `answer`: its `Date` header and all
  /// that it writes.
  public var clockOffset: Int64 = 0
  /// Whether a bounce also adds a row of reason 2 to `lead_donotcontact`, as a final bounce does; otherwise
  /// only `email_stats` tells of it.
  public var bouncesStopContact = false

  /// A server as it was recorded: version 5.1.1, everything on and allowed.
  public init() {}

  /// The version's numbers; a missing one counts as 0.
  var versionNumbers: (major: Int, minor: Int) {
    let parts = version.split(separator: ".").map { Int($0) ?? 0 }
    return (parts.first ?? 0, parts.count > 1 ? parts[1] : 0)
  }

  /// Point groups came with 5.1.
  var hasPointGroups: Bool { versionNumbers >= (5, 1) }

  /// Since 7.0 a batch follows a merged contact to the one that took it in.
  var batchFollowsMerges: Bool { versionNumbers.major >= 7 }

  /// The limiter was taken out in 7.0.
  var effectiveRateLimit: Int? { versionNumbers == (7, 0) ? nil : rateLimit }
}

/// What the API user of a simulated Mautic may do.
public struct MauticRights: OptionSet, Sendable {
  /// The bits.
  public let rawValue: UInt8

  /// A set of rights by its bits.
  public init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  /// May see contacts.
  public static let viewContacts = MauticRights(rawValue: 1)
  /// May change contacts.
  public static let editContacts = MauticRights(rawValue: 2)
  /// May create contact fields.
  public static let createFields = MauticRights(rawValue: 4)
  /// May read the tables under `/api/stats`.
  public static let stats = MauticRights(rawValue: 8)
  /// May see and change segments.
  public static let segments = MauticRights(rawValue: 16)
  /// All of them, as an administrator has.
  public static let all: MauticRights = [.viewContacts, .editContacts, .createFields, .stats, .segments]
}

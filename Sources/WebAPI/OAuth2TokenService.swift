/// A server that renews access tokens, and how it wants to be asked: what differs between platforms.
public struct OAuth2TokenService: Sendable {
  /// How a request for a token is sent.
  public enum Question: Hashable, Sendable {
    /// By POST with a form, as RFC 6749 asks.
    case postForm
    /// By GET with a query, as some platforms do.
    case getQuery
  }

  /// When a token is renewed.
  public enum Renewal: Hashable, Sendable {
    /// That many seconds before its end, at most a tenth of its life; and when it is refused.
    case beforeEnd(margin: Double)
    /// Only when it is refused: for platforms that do not want to be asked without need.
    case whenRefused
  }

  /// Where the access token stands in the platform's requests.
  public enum TokenPlace: Hashable, Sendable {
    /// In the `Authorization` header (RFC 6750).
    case bearerHeader
    /// Beside the parameters of the request, under this name: as a member of a JSON map in its body, as a field
    /// of its form, or else in its query.
    case parameter(String)
  }

  /// Where tokens are asked for.
  public var tokenURL: String
  /// How.
  public var question: Question
  /// Where the client's id and secret stand; `.form` means beside the refresh token, in a query too.
  public var placement: OAuth2ClientCredentials.Placement
  /// Further headers for the token request.
  public var headers: [WebHeader]
  /// Where the access token stands in all other requests.
  public var tokenPlace: TokenPlace
  /// When a token is renewed.
  public var renewal: Renewal
  /// The error codes (`error` or `code` of the answer, in lower case) of those 401 that a new token may cure;
  /// none stands for every 401.
  public var refusals: Set<String>
  /// The members of the token answer that are kept, as texts, for the caller.
  public var members: Set<String>

  /// Describes a service; without more than its URL one that follows RFC 6749 and RFC 6750.
  public init(
    tokenURL: String, question: Question = .postForm,
    placement: OAuth2ClientCredentials.Placement = .form, headers: [WebHeader] = [],
    tokenPlace: TokenPlace = .bearerHeader, renewal: Renewal = .beforeEnd(margin: 60),
    refusals: Set<String> = [], members: Set<String> = []
  ) {
    self.tokenURL = tokenURL
    self.question = question
    self.placement = placement
    self.headers = headers
    self.tokenPlace = tokenPlace
    self.renewal = renewal
    self.refusals = refusals
    self.members = members
  }
}

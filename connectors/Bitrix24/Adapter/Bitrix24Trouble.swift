import WebAPI

/// What an error of Bitrix24's says: `error` may be a text, empty, a number or a map, and the description is in the
/// portal's language.
struct Bitrix24Trouble: Hashable, Sendable {
  /// What sort of trouble it is.
  enum Kind: Hashable, Sendable {
    /// The webhook or token is not known, or no longer good.
    case authentication
    /// The webhook or application lacks a scope.
    case scope
    /// The user lacks a right.
    case rights
    /// The plan does not allow it.
    case plan
    /// There is no such method.
    case noMethod
    /// There is no such record.
    case notFound
    /// Something that was sent is not allowed.
    case validation
    /// A limit is used up; nothing was done.
    case limit
    /// The portal is gone.
    case deleted
    /// Bitrix24 is in trouble itself.
    case server
  }

  let kind: Kind
  let status: Int
  /// In lower case; empty if there is none.
  let code: String
  /// Not yet fit to be shown.
  let message: String?

  private static let kinds: [String: Kind] = [
    "expired_token": .authentication, "no_auth_found": .authentication, "invalid_token": .authentication,
    "authorization_error": .authentication, "application_not_found": .authentication,
    "error_oauth": .authentication, "invalid_credentials": .rights, "insufficient_scope": .scope,
    "invalid_scope": .scope, "access_denied": .rights, "user_access_error": .rights,
    "allowed_only_intranet_user": .rights, "wrong_auth_type": .rights, "payment_required": .plan,
    "error_method_not_found": .noMethod, "not_found": .notFound,
    "owner_not_found": .notFound, "query_limit_exceeded": .limit,
    "operation_time_limit": .limit, "overload_limit": .limit, "portal_deleted": .deleted,
    "internal_server_error": .server, "error_unexpected_answer": .server,
  ]

  /// Of a whole answer, which may be no JSON, or, without a status, of one command of a batch.
  init(status: Int = 400, _ json: JSONValue?) {
    self.status = status
    let error = json?["error"]
    code = (error?.text ?? error?["code"].text ?? "").lowercased()
    message = json?["error_description"].text ?? error?["message"].text
    if status == 403, code == "access_denied" {
      // Within a batch it is a right that is missing; of everything, the plan.
      kind = .plan
    } else if let known = Self.kinds[code] {
      kind = known
    } else {
      kind = Self.kind(status, (message ?? "").lowercased())
    }
  }

  /// The classic methods give no code but a text; these are known in English.
  private static func kind(_ status: Int, _ text: String) -> Kind {
    if text.hasPrefix("access denied") { return .rights }
    if text.hasSuffix("not found") || text.hasSuffix("not found.") { return .notFound }
    switch status {
    case 401: return .authentication
    case 403: return .rights
    case 410: return .deleted
    case 429: return .limit
    case 500...: return .server
    default: return .validation
    }
  }
}

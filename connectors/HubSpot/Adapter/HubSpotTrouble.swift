import WebAPI

/// What an error of HubSpot's says. Every field of its body is optional, and its message may hold a JSON text,
/// so nothing is decided by the message.
struct HubSpotTrouble: Hashable, Sendable {
  /// What sort of trouble it is.
  enum Kind: Hashable, Sendable {
    /// The token is not known, or has the wrong form (then the status may be 530).
    case authentication
    /// The token lacks a right; empty names if HubSpot does not say which.
    case scopes([String])
    /// A property that is named does not exist.
    case unknownProperty(String)
    /// Something that was sent is not allowed.
    case validation
    /// There is no such thing.
    case notFound
    /// There is one already.
    case conflict
    /// The address is too long.
    case tooLong
    /// HubSpot is in trouble itself.
    case server
    /// Anything else.
    case other
  }

  let kind: Kind
  let status: Int
  /// The first of the errors' messages that is plain, or else the whole one; not yet fit to be shown.
  let message: String?
  /// By which HubSpot's support finds the request.
  let correlation: String?

  init(status: Int, _ json: JSONValue) {
    self.status = status
    let details = json["errors"].elements
    let own = json["message"].text
    message =
      own.flatMap { $0.contains("[{") ? nil : $0 }
      ?? details.lazy.compactMap { $0["message"].text }.first ?? own
    correlation = json["correlationId"].text
    let category = json["category"].text ?? ""
    let codes = details.compactMap { $0["code"].text }
    switch status {
    case 401, 530: kind = .authentication
    case _ where category == "INVALID_AUTHENTICATION": kind = .authentication
    case 403:
      let places = [json["context"]] + details.map { $0["context"] }
      kind = .scopes(
        places.lazy.map { $0["requiredGranularScopes"].elements.compactMap(\.text) }
          .first { !$0.isEmpty } ?? [])
    case 404, 410: kind = .notFound
    case 409: kind = .conflict
    case 414: kind = .tooLong
    case 400 where codes.contains("PROPERTY_DOESNT_EXIST"):
      let detail = details.first { $0["code"].text == "PROPERTY_DOESNT_EXIST" }
      kind = .unknownProperty(detail?["context"]["propertyName"].elements.first?.text ?? "?")
    case 400, 422: kind = .validation
    case 500...: kind = .server
    default: kind = .other
    }
  }
}

import WebAPI

/// What an error of GetResponse's says; its code decides, and where there is none the status.
struct GetResponseTrouble: Hashable, Sendable {
  /// What sort of trouble it is.
  enum Kind: Hashable, Sendable {
    /// 1, 1019: GetResponse is in trouble itself, or under maintenance.
    case server
    /// 1000, 1003 to 1007: what was sent is not understood, which is a mistake of ours.
    case invalid
    /// 1001: a list, field or tag that is named is not there.
    case unknownReference
    /// 1002: the state of the contact forbids it.
    case forbiddenState
    /// 1008: there is one of this name already.
    case duplicate
    /// 1009, 1027, 1028, 1029: in use elsewhere, beyond what the plan has room for, or kept from us.
    case restricted
    /// 1013: there is no such thing.
    case notFound
    /// 1014: the credentials are wrong or have ended.
    case authentication
    /// 1015: a limit.
    case limit
    /// 1016, 1017, 1018: the account or this machine's address is blocked.
    case blocked
    /// 1021: a header is wrong.
    case headers
    /// 1023: the plan or the rights do not have it.
    case notAllowed
    /// 1024: a MAX account's domain is not known.
    case unknownDomain
    /// Anything else.
    case other
  }

  let kind: Kind
  let status: Int
  let code: Int?
  /// What it says, with the field that it is about; not yet fit to be shown.
  let message: String?
  /// By which GetResponse's support finds the request.
  let uuid: String?

  init(status: Int, _ json: JSONValue) {
    self.status = status
    code = json["code"].integer
    uuid = json["uuid"].text.flatMap { $0.isEmpty ? nil : $0 }
    let said = json["message"].text ?? json["codeDescription"].text
    let parts = [said, Self.details(json["context"])].compactMap(\.self).filter { !$0.isEmpty }
    message = parts.isEmpty ? nil : parts.joined(separator: "; ")
    kind = Self.kind(status, code)
  }

  /// What was wrong with which field; the context is a map, or a list where it is empty.
  private static func details(_ context: JSONValue) -> String? {
    let maps = context.isObject ? [context] : context.elements
    let parts = maps.compactMap { map -> String? in
      let field = map["originalName"].text ?? map["fieldName"].text
      let error = map["errorDescription"].text ?? map["validationType"].text
      guard field != nil || error != nil else { return nil }
      return [field, error].compactMap(\.self).joined(separator: ": ")
    }
    return parts.isEmpty ? nil : parts.joined(separator: "; ")
  }

  private static func kind(_ status: Int, _ code: Int?) -> Kind {
    switch code {
    case 1, 1019: .server
    case 1000, 1003, 1004, 1005, 1006, 1007: .invalid
    case 1001: .unknownReference
    case 1002: .forbiddenState
    case 1008: .duplicate
    case 1009, 1027, 1028, 1029: .restricted
    case 1013: .notFound
    case 1014: .authentication
    case 1015: .limit
    case 1016, 1017, 1018: .blocked
    case 1021: .headers
    case 1023: .notAllowed
    case 1024: .unknownDomain
    default:
      switch status {
      case 401: .authentication
      case 403: .notAllowed
      case 404, 405, 410: .notFound
      case 409: .duplicate
      case 429: .limit
      case 400, 422: .invalid
      case 500...: .server
      default: .other
      }
    }
  }
}

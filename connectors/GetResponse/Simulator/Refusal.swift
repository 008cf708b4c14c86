import Platform
import SimulatorJSON

/// Why a request is not answered as it wishes: GetResponse's own code, and what stands in the body with it.
struct Refusal: Error {
  let status: Int
  let code: Int
  var message: String
  var context: [JSON.Member] = []
  var headers: [SimulatedPair] = []

  /// A value of the request is not good.
  static func invalid(_ field: String, _ what: String, type: String = "body") -> Refusal {
    Refusal(
      status: 400, code: 1000, message: what,
      context: [
        JSON.Member("validationType", .text(type)), JSON.Member("fieldName", .text(field)),
        JSON.Member("originalName", .text(field)), JSON.Member("errorDescription", .text(what)),
      ])
  }

  /// A list, a custom field or a tag that the request names does not exist.
  static func dangling(_ field: String, _ id: String) -> Refusal {
    Refusal(
      status: 400, code: 1001, message: "Related resource not found: \(field) \(id)",
      context: [JSON.Member("fieldName", .text(field)), JSON.Member("resourceId", .text(id))])
  }

  /// The same value exists already where it has to be the only one.
  static func duplicate(_ field: String) -> Refusal {
    Refusal(
      status: 409, code: 1008, message: "There is another resource with the same value of unique property",
      context: [JSON.Member("fieldName", .text(field))])
  }

  /// No such resource, or no such path.
  static func notFound(_ what: String) -> Refusal {
    Refusal(status: 404, code: 1013, message: "Resource not found: \(what)")
  }

  /// Bad credentials, or ones that have ended.
  static func unauthorized(_ message: String, type: String) -> Refusal {
    Refusal(
      status: 401, code: 1014, message: message, context: [JSON.Member("authenticationType", .text(type))])
  }

  /// What the code means, in general.
  private var description: String {
    switch code {
    case 1: return "Internal error"
    case 1000: return "General error of validation process, more details should be in context section"
    case 1001: return "Related resource by given id cannot be found"
    case 1002: return "The state of resource forbids this operation"
    case 1008: return "There is another resource with the same value of unique property"
    case 1013: return "The requested resource was not found"
    case 1014: return "Problem during authentication process, check headers!"
    case 1015: return "Too many request to API, quota reached, please wait till next quota window"
    case 1016: return "Access to API is temporarily blocked"
    case 1017: return "Access to API is permanently blocked"
    case 1018: return "Your address is blocked"
    case 1019: return "API is under maintenance"
    case 1021: return "Problem with headers of the request"
    case 1023: return "Access to the resource is forbidden"
    case 1024: return "Domain was not found"
    case 1027: return "Limit of contacts was reached"
    default: return "Error"
    }
  }

  /// The answer; the id is left out if there is none.
  func answer(uuid: String?, emptyContextIsList: Bool) -> SimulatedAnswer {
    let members: [JSON.Member?] = [
      JSON.Member("httpStatus", .integer(Int64(status))), JSON.Member("code", .integer(Int64(code))),
      JSON.Member("codeDescription", .text(description)), JSON.Member("message", .text(message)),
      JSON.Member("moreInfo", .text("https://apidocs.getresponse.com/en/v3/errors/\(code)")),
      JSON.Member("context", context.isEmpty && emptyContextIsList ? [] : .map(context)),
      uuid.map { JSON.Member("uuid", .text($0)) },
    ]
    var answer = SimulatedAnswer.json(status, .map(present: members))
    answer.headers += headers
    return answer
  }
}

extension SimulatedAnswer {
  /// A JSON value.
  static func json(_ status: Int, _ value: JSON) -> SimulatedAnswer {
    SimulatedAnswer(
      status: status, headers: [SimulatedPair("Content-Type", "application/json")], body: value.bytes)
  }

  /// Done, or taken in, and nothing to tell.
  static func empty(_ status: Int) -> SimulatedAnswer { SimulatedAnswer(status: status) }
}

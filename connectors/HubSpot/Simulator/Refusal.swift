import Platform
import SimulatorJSON

/// Why a request is not answered as it wishes: a status and what stands in the body.
struct Refusal: Error {
  var status: Int
  var message: String
  var category: String?
  var subCategory: String?
  var errors: [JSON] = []
  var context: JSON?
  /// Members that only some refusals have.
  var others: [JSON.Member] = []
  var headers: [SimulatedPair] = []

  /// The request itself is wrong.
  static func invalid(_ message: String, errors: [JSON] = [], context: JSON? = nil) -> Refusal {
    Refusal(
      status: 400, message: message, category: "VALIDATION_ERROR", errors: errors, context: context)
  }

  /// What was asked for is not there.
  static func notFound(_ message: String, subCategory: String? = nil, context: JSON? = nil) -> Refusal {
    Refusal(
      status: 404, message: message, category: "OBJECT_NOT_FOUND", subCategory: subCategory, context: context)
  }

  /// No such path.
  static func noRoute(_ path: String) -> Refusal {
    Refusal(status: 404, message: "No resource was found at \(path)", category: nil)
  }

  /// The body is no JSON, or none of the right form.
  static func badInput(_ what: String) -> Refusal {
    invalid("Invalid input JSON on line 1, column 1: \(what)")
  }

  /// A scope is missing; any of these would do.
  static func missingScopes(_ scopes: [String]) -> Refusal {
    Refusal(
      status: 403, message: "One or more of the following scopes are required.", category: "MISSING_SCOPES",
      context: [
        "requiredGranularScopes": .list(scopes.map { .text($0) }),
        "links": ["https://developers.hubspot.com/scopes"],
      ])
  }

  /// The answer; a member of `others` replaces a usual one of the same name.
  func answer(correlationID: String) -> SimulatedAnswer {
    var members: [JSON.Member?] = [
      JSON.Member("status", "error"), JSON.Member("message", .text(message)),
      JSON.Member("correlationId", .text(correlationID)),
    ]
    members.append(errors.isEmpty ? nil : JSON.Member("errors", .list(errors)))
    members.append(context.map { JSON.Member("context", $0) })
    members.append(category.map { JSON.Member("category", .text($0)) })
    members.append(subCategory.map { JSON.Member("subCategory", .text($0)) })
    let usual = members.compactMap { $0 }.filter { member in !others.contains { $0.name == member.name } }
    var answer = SimulatedAnswer.json(status, .map(usual + others))
    answer.headers += headers
    return answer
  }
}

extension SimulatedAnswer {
  /// A JSON value.
  static func json(_ status: Int, _ value: JSON) -> SimulatedAnswer {
    SimulatedAnswer(
      status: status, headers: [SimulatedPair("Content-Type", "application/json;charset=utf-8")],
      body: value.bytes)
  }

  /// Done, and nothing to tell.
  static let done = SimulatedAnswer(status: 204)
}

import Platform
import SimulatorJSON

/// Why a request or a command is not answered as it wishes.
struct Refusal: Error {
  var status: Int
  /// Mostly a text, sometimes a number, often empty.
  var code: JSON
  var description: String

  init(_ status: Int, _ code: JSON, _ description: String) {
    self.status = status
    self.code = code
    self.description = description
  }

  /// What the older CRM methods say: there is no code.
  static func classic(_ description: String) -> Refusal { Refusal(400, "", description) }

  static let accessDenied = classic("Access denied.")
  static let noSuchMethod = Refusal(404, "ERROR_METHOD_NOT_FOUND", "Method not found!")
  static let elementNotFound = Refusal(400, "NOT_FOUND", "Element not found")
  static let badID = classic("ID is not defined or invalid.")
  static let notFound = classic("Not found")

  static func badArgument(_ description: String) -> Refusal {
    Refusal(400, "INVALID_ARG_VALUE", description)
  }

  static func badValue(_ field: String) -> Refusal {
    Refusal(400, "CRM_FIELD_ERROR_VALUE_NOT_VALID", "Invalid value for field \"\(field)\"")
  }

  /// As it stands in a body, and in `result_error` of a batch.
  var json: JSON { ["error": code, "error_description": .text(description)] }
}

extension SimulatedAnswer {
  /// A JSON value.
  static func json(_ status: Int, _ value: JSON) -> SimulatedAnswer {
    SimulatedAnswer(
      status: status, headers: [SimulatedPair("Content-Type", "application/json; charset=utf-8")],
      body: value.bytes)
  }

  /// A page from a machine in between.
  static func html(_ status: Int, headers: [SimulatedPair] = []) -> SimulatedAnswer {
    SimulatedAnswer(
      status: status, headers: [SimulatedPair("Content-Type", "text/html; charset=utf-8")] + headers,
      body: Array("<html><head><title>\(status)</title></head><body>\(status)</body></html>".utf8))
  }
}

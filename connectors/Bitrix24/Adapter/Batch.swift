import WebAPI

/// One command of a batch: a method and its parameters.
struct Command: Sendable {
  let method: String
  let parameters: [(String, String)]

  init(_ method: String, _ parameters: [(String, String)] = []) {
    self.method = method
    self.parameters = parameters
  }

  /// `method?query`: within a batch every value is a text, coded as PHP reads it, although the body is JSON.
  var text: String {
    guard !parameters.isEmpty else { return method }
    return method + "?" + parameters.map { "\(Self.key($0.0))=\(Self.value($0.1))" }.joined(separator: "&")
  }

  /// The brackets stay as they are.
  private static func key(_ name: String) -> String {
    var out = ""
    var part = ""
    for character in name {
      if character == "[" || character == "]" {
        out += APICall.segment(part)
        out.append(character)
        part = ""
      } else {
        part.append(character)
      }
    }
    return out + APICall.segment(part)
  }

  /// What refers to another command stays as it is; no other text can, see `Command.plain`.
  private static func value(_ text: String) -> String {
    text.hasPrefix(reference) ? text : APICall.segment(text)
  }

  private static let reference = "$result["

  /// Somebody's text made unable to refer to another command: Bitrix24 would put that one's result in its place.
  static func plain(_ text: String) -> String {
    text.contains(reference)
      ? text.split(separator: reference, omittingEmptySubsequences: false)
        .joined(separator: "$ result[") : text
  }
}

/// A command and the name by which its answer is found.
struct NamedCommand: Sendable {
  let name: String
  let command: Command

  /// Named after its method and a mark that begins with a letter.
  init(_ mark: String, _ command: Command) {
    name = CommandName.make(command.method, mark)
    self.command = command
  }
}

/// The answer to a batch.
struct BatchAnswer: Sendable {
  /// What became of one command.
  enum Part: Sendable {
    case result(JSONValue)
    case trouble(Bitrix24Trouble)
    /// It stands in neither map: nobody knows whether it was carried out.
    case missing
  }

  private let result: JSONValue
  /// When the request began, by the portal's clock; nil if it does not say.
  let time: PortalTime?

  init(_ json: JSONValue) {
    result = json["result"]
    time = PortalTime(json["time"]["date_start"])
  }

  /// What became of the command of this name. An empty map comes as a list, in which nobody is found.
  subscript(_ name: String) -> Part {
    let found = result["result"][name]
    if found.isPresent { return .result(found) }
    let error = result["result_error"][name]
    return error.isPresent ? .trouble(Bitrix24Trouble(error)) : .missing
  }

  /// What became of a named command.
  subscript(_ named: NamedCommand) -> Part { self[named.name] }

  /// The result of a command; nothing if it failed.
  func value(_ named: NamedCommand) -> JSONValue? {
    if case .result(let value) = self[named] { return value }
    return nil
  }

  /// How long a command took; nil if it is not told.
  func seconds(of name: String) -> Double? {
    let time = result["result_time"][name]
    return time["duration"].number
  }
}

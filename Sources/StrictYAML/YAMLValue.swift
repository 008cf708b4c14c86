import Yams

/// One value of a document with its place; the readers report to the collector and return nil
/// when the value is not what was asked for.
public struct YAMLValue {
  /// Where the value starts.
  public let position: SourcePosition
  /// Where problems with this value go.
  public let problems: ProblemCollector
  private let node: Node

  init(_ node: Node, problems: ProblemCollector) {
    self.node = node
    self.problems = problems
    position = Self.position(of: node)
  }

  static func position(of node: Node) -> SourcePosition {
    node.mark.map { SourcePosition(line: $0.line, column: $0.column) } ?? .start
  }

  /// True for an empty plain scalar, `~` and `null`.
  public var isNull: Bool {
    guard case .scalar(let scalar) = node, scalar.style == .plain || scalar.style == .any else {
      return false
    }
    return ["", "~", "null", "Null", "NULL"].contains(scalar.string)
  }

  /// True if the value is a list.
  public var isList: Bool {
    if case .sequence = node { return true }
    return false
  }

  /// True if the value is a mapping.
  public var isMapping: Bool {
    if case .mapping = node { return true }
    return false
  }

  /// Notes a problem at this value.
  public func report(_ what: String, cure: String) {
    problems.report(what, at: position, cure: cure)
  }

  /// The scalar's text as it was written, without quotes; nil and no report if it is no scalar.
  public var rawText: String? {
    guard case .scalar(let scalar) = node, !isNull else { return nil }
    return scalar.string
  }

  /// The scalar as text.
  public func text(expected: String = "text") -> String? {
    guard let text = rawText else { return mismatch(expected) }
    guard let expand = problems.expand, text.contains("${") else { return text }
    switch expand(text) {
    case .text(let expanded):
      problems.note(expansion: expanded, of: text)
      return expanded
    case .problem(let what, let cure):
      report(what, cure: cure)
      return nil
    }
  }

  /// The scalar as a whole number.
  public func integer(expected: String = "a whole number") -> Int? {
    guard let text = rawText, let number = Self.integer(text) else { return mismatch(expected) }
    return number
  }

  /// The scalar as `true` or `false`.
  public func boolean(expected: String = "true or false") -> Bool? {
    switch rawText {
    case "true", "True", "TRUE": return true
    case "false", "False", "FALSE": return false
    default: return mismatch(expected)
    }
  }

  /// The values of a list; a single value stands for a list of one.
  public func listOrOne() -> [YAMLValue] {
    guard case .sequence(let sequence) = node else { return [self] }
    return sequence.map { YAMLValue($0, problems: problems) }
  }

  /// The values of a list.
  public func list(expected: String = "a list") -> [YAMLValue]? {
    guard case .sequence(let sequence) = node else { return mismatch(expected) }
    return sequence.map { YAMLValue($0, problems: problems) }
  }

  /// The texts of a list or of a single value; nil if one of them is no text or there is none.
  public func texts(expected: String = "text or a list of texts") -> [String]? {
    let values = listOrOne()
    guard !values.isEmpty else { return mismatch(expected) }
    let texts = values.compactMap { $0.text(expected: expected) }
    return texts.count == values.count ? texts : nil
  }

  /// The value as a mapping.
  public func mapping(expected: String = "a mapping of keys to values") -> YAMLMapping? {
    guard case .mapping(let mapping) = node else { return mismatch(expected) }
    return YAMLMapping(mapping, position: position, problems: problems)
  }

  /// What the value is, for messages.
  var kindName: String {
    switch node {
    case .mapping: return "a mapping"
    case .sequence: return "a list"
    case .alias: return "an alias"
    case .scalar(let scalar): return isNull ? "nothing" : "'\(scalar.string.prefix(60))'"
    }
  }

  private func mismatch<Wanted>(_ expected: String) -> Wanted? {
    report("expected \(expected), found \(kindName)", cure: "Write \(expected) here")
    return nil
  }

  static func integer(_ text: String) -> Int? {
    let digits = text.hasPrefix("+") || text.hasPrefix("-") ? text.dropFirst() : Substring(text)
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return Int(text)
  }
}

import Yams

/// A YAML 1.2 document read strictly: every scalar is text until somebody asks for more,
/// every value knows its place, and nothing that was not asked for passes unnoticed.
///
/// `on`, `no` and `yes` are text, as in YAML 1.2; duplicate keys, aliases and several documents in
/// one file are errors.
public enum YAMLDocument {
  /// Reads a text whose root is a mapping.
  ///
  /// - Throws: `InputProblems` with line and column if the text is no YAML, or its root no mapping.
  public static func mapping(
    in text: String, problems: ProblemCollector
  ) throws(InputProblems) -> YAMLMapping {
    let text = withoutByteOrderMark(text)
    // Before anything is put together: a key of aliases of aliases would take years to be told from its neighbours.
    if let anchor = YAMLAnchors.first(in: text) {
      throw InputProblems([
        InputProblem(
          file: problems.file, line: anchor.line, column: anchor.column,
          what: "anchors and aliases (& and *) are not read here",
          cure: "Write the value out at each place, and quote text that starts with & or *")
      ])
    }
    let root: Node?
    do {
      root = try Parser(yaml: text, resolver: .basic, encoding: .utf8).singleRoot()
    } catch let error as YamlError {
      throw InputProblems([Self.problem(from: error, file: problems.file)])
    } catch {
      throw InputProblems([
        InputProblem(file: problems.file, line: 0, column: 0, what: "\(error)", cure: "")
      ])
    }
    guard let root else {
      throw InputProblems([
        InputProblem(
          file: problems.file, line: 1, column: 1, what: "the file is empty",
          cure: "Start from a sample: leadgauge init writes one")
      ])
    }
    let value = YAMLValue(root, problems: problems)
    guard let mapping = value.mapping(expected: "a mapping of keys to values") else {
      try problems.throwIfAny()
      throw InputProblems([])
    }
    return mapping
  }

  /// Windows editors put one there, and the parser would count it as a column.
  private static func withoutByteOrderMark(_ text: String) -> String {
    guard text.unicodeScalars.first == "\u{FEFF}" else { return text }
    return String(text.unicodeScalars.dropFirst())
  }

  private static func problem(from error: YamlError, file: String) -> InputProblem {
    func at(_ mark: Mark, _ what: String, _ cure: String) -> InputProblem {
      InputProblem(file: file, line: mark.line, column: mark.column, what: what, cure: cure)
    }
    let syntax = "Check the indentation, and quote text that holds ': ' or starts with a special character"
    switch error {
    case .scanner(let context, let problem, let mark, _),
      .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      let during = context.map { $0.text.isEmpty ? "" : "\($0.text), " } ?? ""
      return at(mark, "not valid YAML: \(during)\(problem)", syntax)
    case .duplicatedKeysInMapping(let duplicates, let context):
      let names = duplicates.map { "'\($0)'" }.joined(separator: ", ")
      return at(context.mark, "the key \(names) stands twice in this mapping", "Keep one of them")
    case .reader(let problem, let offset, _, let yaml):
      // Yams counts the characters before the place, and a line end of two bytes is one of them.
      let line = yaml.prefix(offset ?? 0).reduce(1) { $1.isNewline ? $0 + 1 : $0 }
      return InputProblem(
        file: file, line: line, column: 0, what: "not valid YAML: \(problem)",
        cure: "Save the file as UTF-8 without control characters")
    case .dataCouldNotBeDecoded:
      return InputProblem(
        file: file, line: 0, column: 0, what: "the file is not UTF-8", cure: "Save it as UTF-8")
    default:
      return InputProblem(
        file: file, line: 0, column: 0, what: "not valid YAML: \(error)", cure: syntax)
    }
  }
}

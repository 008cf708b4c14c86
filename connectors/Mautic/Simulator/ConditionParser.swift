/// Why a `where` cannot be run; what comes of it differs by endpoint.
enum ConditionProblem: Error {
  case unknownColumn(String)
  case missingExpression
}

/// Reads the `where` of a query.
struct ConditionParser {
  /// The column of a name as requests write it; nil if there is none.
  let column: (String) -> (index: Int, kind: ColumnKind)?

  /// The clauses under `where`, joined by AND.
  func parse(_ tree: QueryTree?) throws(ConditionProblem) -> [Condition] {
    guard let tree else { return [] }
    var parts: [Condition] = []
    for clause in tree.children {
      if let part = try self.clause(clause.tree) { parts.append(part) }
    }
    return parts
  }

  private func clause(_ tree: QueryTree) throws(ConditionProblem) -> Condition? {
    guard let expression = tree.text("expr") else { throw .missingExpression }
    if expression == "orX" || expression == "andX" {
      let parts = try parse(tree["val"])
      if parts.isEmpty { return nil }
      return expression == "orX" ? .any(parts) : .all(parts)
    }
    guard let comparison = ColumnTest.Operator(rawValue: expression) else { return nil }
    let name = tree.text("col") ?? ""
    guard let column = column(name) else { throw .unknownColumn(name) }
    return .test(
      ColumnTest(
        column: column.index, kind: column.kind, comparison: comparison,
        operands: operands(tree["val"], of: comparison)))
  }

  private func operands(_ tree: QueryTree?, of comparison: ColumnTest.Operator) -> [String] {
    guard let tree else { return [] }
    guard let text = tree.text else { return tree.children.compactMap { $0.tree.text } }
    guard comparison == .in || comparison == .notIn else { return [text] }
    return text.split(separator: ",", omittingEmptySubsequences: false).map {
      String($0.trimmingBlanks())
    }
  }
}

extension Substring {
  /// Without blanks at both ends.
  func trimmingBlanks() -> Substring {
    var text = drop { $0 == " " }
    while text.last == " " { text.removeLast() }
    return text
  }
}

import Testing

/// A model that is wrong in one place, and what its reader is told.
struct BrokenModel: Sendable, CustomTestStringConvertible {
  let name: String
  let yaml: String
  let place: String
  let what: String
  let cure: String

  init(_ name: String, _ yaml: String, at place: String, _ what: String, cure: String = "") {
    self.name = name
    self.yaml = yaml
    self.place = place
    self.what = what
    self.cure = cure
  }

  /// A model whose fourth line, from column 5 on, is the broken rule.
  static func action(_ name: String, _ rule: String, column: Int, _ what: String, cure: String = "")
    -> BrokenModel
  {
    BrokenModel(
      name, "name: t\ngroups: { email: { max: 9 } }\nactions:\n  - {\(rule)}", at: "4:\(column)", what,
      cure: cure)
  }

  /// The same with a profile rule.
  static func profile(_ name: String, _ rule: String, column: Int, _ what: String, cure: String = "")
    -> BrokenModel
  {
    BrokenModel(
      name, "name: t\ngroups: { email: { max: 9 } }\nprofile:\n  - {\(rule)}", at: "4:\(column)", what,
      cure: cure)
  }

  /// A good rule, then one more line.
  static func line(_ name: String, _ line: String, column: Int, _ what: String, cure: String = "")
    -> BrokenModel
  {
    BrokenModel(
      name, "name: t\nactions: [{ id: visit, on: page_visit, points: 1 }]\n\(line)", at: "3:\(column)", what,
      cure: cure)
  }

  var testDescription: String { name }
}

extension BrokenModel {
  /// Reads the model and compares what is told with what is expected.
  func check() {
    let found = problems(in: yaml)
    #expect(found.count == 1, "\(found)")
    guard let problem = found.first else { return }
    #expect("\(problem.line):\(problem.column)" == place, "\(problem)")
    #expect(problem.what.contains(what), "\(problem)")
    #expect(cure.isEmpty || problem.cure.contains(cure), "\(problem)")
    #expect(!problem.cure.isEmpty)
    #expect(problem.file == "m.yaml")
  }
}

import StrictYAML
import Testing

@Suite struct `A mapping` {
  @Test func `gives the keys that have a value and nothing for the others`() throws {
    let (root, problems) = try read("a: 1\nb:\nc: ~")
    #expect(root.optional("a")?.rawText == "1")
    #expect(root.optional("b") == nil)
    #expect(root.optional("c") == nil)
    #expect(root.optional("d") == nil)
    #expect([root.has("a"), root.has("b"), root.has("d")] == [true, true, false])
    root.finish("the file")
    #expect(problems.problems.isEmpty)
  }

  @Test func `reports a key that is demanded and missing, or without value, at its place`() throws {
    let (root, problems) = try read("x:\n  a: 1\n  b:\n")
    let inner = try #require(root.optional("x")?.mapping())
    #expect(inner.required("a", cure: "Write it") != nil)
    #expect(inner.required("b", cure: "Write it") == nil)
    #expect(inner.required("c", cure: "Write it") == nil)
    #expect(
      problems.problems.map { "\($0.line):\($0.column) \($0.what) \($0.cure)" } == [
        "3:3 'b' has no value Write it", "2:3 'c' is missing Write it",
      ])
  }

  @Test func `reports every key that nobody asked for, with the nearest known one`() throws {
    let (root, problems) = try read("alpha: 1\nbeto: 2\nomega: 3\n")
    _ = root.optional("alpha")
    _ = root.optional("beta")
    root.finish("the file")
    #expect(
      problems.problems.map { "\($0.line):\($0.column) \($0.what). \($0.cure)" } == [
        "2:1 unknown key 'beto' in the file. Did you mean 'beta'",
        "3:1 unknown key 'omega' in the file. Known keys: alpha, beta",
      ])
  }

  @Test func `takes all its keys where they are names of the user's choice`() throws {
    let (root, problems) = try read("one: 1\ntwo:\n")
    #expect(root.named().map(\.name) == ["one", "two"])
    #expect(root.named().map(\.position.line) == [1, 2])
    root.finish("the file")
    #expect(problems.problems.isEmpty)
  }

  @Test func `reports known keys without value where that would change the meaning, each once`() throws {
    let (root, problems) = try read("a: 1\nb:\nc: ~\nd:\ne: \"\"\n")
    _ = ["a", "b", "e"].map { root.optional($0) }
    _ = root.required("c", cure: "Write it")
    root.demandValues()
    #expect(
      problems.problems.map { "\($0.line) \($0.what)" } == ["3 'c' has no value", "2 'b' has no value"])
  }

  @Test func `reports a key that is no text`() throws {
    let (root, problems) = try read("[a, b]: 1\nc: 2\n")
    #expect(root.keys == ["c"])
    #expect(problems.problems.map(\.what) == ["expected a text as key, found a list"])
  }

  @Test(arguments: [
    ("withn", "within"), ("Within", "within"), ("wihtin", "within"), ("within", "within"),
    ("witin", "within"),
    ("atleast", "atLeast"), ("xx", nil), ("", nil), ("w", nil), ("wthn", "within"), ("wt", nil),
    ("mx", "max"),
    ("onn", "on"), ("tag", nil), ("completely different", nil),
  ])
  func `suggests the nearest of the known words within two edits`(word: String, nearest: String?) {
    #expect(YAMLMapping.nearest(to: word, in: ["on", "within", "atLeast", "max"]) == nearest)
  }

  @Test func `suggests the same word whatever the order of the known ones`() {
    #expect(YAMLMapping.nearest(to: "cat", in: ["bat", "hat", "car"]) == "bat")
    #expect(YAMLMapping.nearest(to: "cat", in: ["car", "hat", "bat"]) == "bat")
    #expect(YAMLMapping.nearest(to: "cat", in: []) == nil)
  }
}

@Suite struct `Problems` {
  @Test(arguments: [
    (3, 7, "What", "Cure", "f.yaml:3:7: What. Cure."), (3, 0, "What", "Cure", "f.yaml:3: What. Cure."),
    (0, 0, "What", "Cure", "f.yaml: What. Cure."), (3, 7, "What", "", "f.yaml:3:7: What."),
  ])
  func `read as file, line, column, what and cure`(
    line: Int, column: Int, what: String, cure: String, text: String
  ) {
    #expect(
      InputProblem(file: "f.yaml", line: line, column: column, what: what, cure: cure).description == text)
  }

  @Test func `are thrown all together, in the order of the file`() {
    let collector = ProblemCollector(file: "f.yaml")
    for (line, column) in [(5, 1), (2, 9), (2, 3), (10, 1)] {
      collector.report("at \(line):\(column)", at: SourcePosition(line: line, column: column), cure: "")
    }
    do {
      try collector.throwIfAny()
      Issue.record("nothing was thrown")
    } catch {
      #expect(error.problems.map(\.what) == ["at 2:3", "at 2:9", "at 5:1", "at 10:1"])
      #expect(
        error.description
          == "f.yaml:2:3: at 2:3.\nf.yaml:2:9: at 2:9.\nf.yaml:5:1: at 5:1.\nf.yaml:10:1: at 10:1.")
    }
  }

  @Test func `that were not found are not thrown`() throws {
    try ProblemCollector(file: "f.yaml").throwIfAny()
  }
}

import StrictYAML
import Testing

/// Reads a text whose root is a mapping, and what was reported up to then.
func read(_ text: String) throws -> (root: YAMLMapping, problems: ProblemCollector) {
  let problems = ProblemCollector(file: "f.yaml")
  return (try YAMLDocument.mapping(in: text, problems: problems), problems)
}

/// The problems that stop a reading at its start.
func refusals(_ text: String) -> [InputProblem] {
  do {
    _ = try YAMLDocument.mapping(in: text, problems: ProblemCollector(file: "f.yaml"))
    return []
  } catch {
    return error.problems
  }
}

@Suite struct `A document` {
  @Test(arguments: [
    ("", "1:1", "the file is empty"), ("\n# only a comment\n", "1:1", "the file is empty"),
    ("- a\n- b", "1:1", "found a list"), ("text", "1:1", "found 'text'"), ("~", "1:1", "found nothing"),
    ("a: 1\na: 2", "1:1", "the key 'a' stands twice"),
    ("a: 1\nb: { c: 1, c: 2 }", "2:6", "the key 'c' stands twice"),
    ("a: 1\nb: 1\nb: 2\na: 2", "1:1", "the key 'a', 'b' stands twice"),
    ("a: 1\n---\na: 2", "2:1", "another document"), ("a: [1, 2", "2:1", "not valid YAML"),
    ("a: 1\n\tb: 2", "2:1", "not valid YAML"), ("a:\n  - b\n c: 1", "3:2", "not valid YAML"),
    ("a: \"b", "1:6", "not valid YAML"), ("a: %b", "1:4", "not valid YAML"),
    ("a: @b", "1:4", "not valid YAML"),
    ("a: b: c", "1:5", "not valid YAML"), ("a: &x 1", "1:4", "anchors and aliases"),
    ("a: 1\nb: [1, &x 2, *x]", "2:8", "anchors and aliases"), ("&x a: 1", "1:1", "anchors and aliases"),
    ("a: &x { b: 1 }\nc: *x", "1:4", "anchors and aliases"), ("a: *x", "1:4", "undefined alias"),
    ("a: \u{1}", "1:0", "control characters"), ("a: 1\r\nb: 1\r\nc: \u{7}", "3:0", "control characters"),
    ("a: e\u{301}\nb: \u{7}", "2:0", "control characters"),
  ])
  func `that is no YAML mapping is refused with its place and a cure`(
    text: String, place: String, what: String
  ) {
    let found = refusals(text)
    #expect(found.count == 1)
    guard let problem = found.first else { return }
    #expect("\(problem.line):\(problem.column)" == place, "\(problem)")
    #expect((problem.what + problem.cure).contains(what), "\(problem)")
    #expect(!problem.cure.isEmpty)
  }

  @Test func `that repeats its aliases without end is refused at its first anchor`() {
    var text = "a0: &a0 [x, x]\n"
    for level in 1...40 { text += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
    #expect(refusals(text).map(\.line) == [1])
  }

  @Test func `that is nested without end is refused or read, but comes to an end`() {
    for opening in ["[", "{ a: ", "- "] {
      #expect(refusals("a:\n  " + String(repeating: opening, count: 20_000)).count == 1, "\(opening)")
    }
  }

  @Test func `may start with a byte order mark and end its lines as Windows does`() throws {
    let (root, _) = try read("\u{FEFF}a: 1\r\nb:\r\n  - x\r\n")
    #expect(root.keys == ["a", "b"])
    #expect(root.position(of: "a") == SourcePosition(line: 1, column: 1))
    #expect(root.position(of: "b") == SourcePosition(line: 2, column: 1))
  }

  @Test func `keeps the order of its keys`() throws {
    let (root, _) = try read("z: 1\na: 2\n\"m n\": 3\non: 4\nno: 5\n1: 6\ntrue: 7")
    #expect(root.keys == ["z", "a", "m n", "on", "no", "1", "true"])
    #expect(root.named().map { $0.value.rawText } == ["1", "2", "3", "4", "5", "6", "7"])
  }

  @Test func `knows the place of every key and value, columns counted in Unicode scalars`() throws {
    let (root, _) = try read("a: 1\nđiểm: { x: [1, two] }\n  # comment\nlast:\n    deep: text\n")
    func place(_ position: SourcePosition?) -> String { position.map { "\($0.line):\($0.column)" } ?? "none" }
    #expect(place(root.position) == "1:1")
    #expect(place(root.position(of: "điểm")) == "2:1")
    #expect(place(root.position(of: "last")) == "4:1")
    #expect(place(root.position(of: "none")) == "none")
    let inner = try #require(root.optional("điểm"))
    #expect(place(inner.position) == "2:7")
    let list = try #require(inner.mapping()?.optional("x")?.list())
    #expect(list.map { place($0.position) } == ["2:13", "2:16"])
    #expect(place(root.optional("last")?.position) == "5:5")
    #expect(place(root.optional("last")?.mapping()?.optional("deep")?.position) == "5:11")
  }

  @Test func `whose key repeats its aliases without end is refused at its first anchor`() {
    var text = "a0: &a0 [x, x]\n"
    for level in 1...40 { text += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
    #expect(refusals(text + "*a40 : x\n").map(\.line) == [1])
  }

  @Test func `may hold the signs of anchors where they are none`() throws {
    #expect(try read("a: R&D\nb: \"&x\"\nc: 'x *y'\nd: [\"*\"]\n# &y\n").root.keys == ["a", "b", "c", "d"])
  }
}

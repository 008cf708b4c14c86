import StrictYAML
import Testing

@Suite struct `A value` {
  /// The value of the only key.
  private func value(_ text: String) throws -> (value: YAMLValue, problems: ProblemCollector) {
    let (root, problems) = try read("k: \(text)")
    return (root.named()[0].value, problems)
  }

  @Test(arguments: [
    ("plain", "plain"), ("two words", "two words"), ("'it''s'", "it's"), ("\"a\\tb\\u00e9\"", "a\tbé"),
    ("yes", "yes"),
    ("no", "no"), ("on", "on"), ("1.0", "1.0"), ("0o17", "0o17"), ("true", "true"),
    ("2026-11-01", "2026-11-01"),
    ("\"\"", ""), ("''", ""), ("\"~\"", "~"), ("'null'", "null"), ("|\n  a\n  b", "a\nb"),
    (">\n  a\n  b", "a b"),
    ("!!int 5", "5"), (".nan", ".nan"), ("a#b", "a#b"), ("a # comment", "a"),
  ])
  func `that is a scalar is the text that stands there`(yaml: String, text: String) throws {
    let (value, problems) = try value(yaml)
    #expect(value.text()?.trimmingLineEnd == text)
    #expect(!value.isNull)
    #expect(problems.problems.isEmpty)
  }

  @Test(arguments: ["", "~", "null", "Null", "NULL", " # comment"])
  func `that is empty is no text`(yaml: String) throws {
    let (value, problems) = try value(yaml)
    #expect(value.isNull)
    #expect(value.rawText == nil)
    #expect(problems.problems.isEmpty)
    #expect(value.text() == nil)
    #expect(problems.problems.map(\.what) == ["expected text, found nothing"])
  }

  @Test(arguments: [
    ("5", 5), ("-5", -5), ("+5", 5), ("0", 0), ("007", 7), ("\"5\"", 5), ("9223372036854775807", .max),
    ("-9223372036854775808", .min),
  ])
  func `is a whole number if it is written as one`(yaml: String, number: Int) throws {
    let (value, problems) = try value(yaml)
    #expect(value.integer() == number)
    #expect(problems.problems.isEmpty)
  }

  @Test(arguments: [
    ("5.0", "'5.0'"), ("1e3", "'1e3'"), ("0x5", "'0x5'"), ("1_000", "'1_000'"), ("five", "'five'"),
    ("٣", "'٣'"),
    ("9223372036854775808", "'9223372036854775808'"), ("\"\"", "''"), ("\"+\"", "'+'"), ("~", "nothing"),
    ("[5]", "a list"), ("{ a: 5 }", "a mapping"),
  ])
  func `is no whole number otherwise`(yaml: String, found: String) throws {
    let (value, problems) = try value(yaml)
    #expect(value.integer() == nil)
    #expect(problems.problems.map(\.what) == ["expected a whole number, found \(found)"])
    #expect(problems.problems.map(\.cure) == ["Write a whole number here"])
    #expect(problems.problems.map(\.column) == [yaml == "~" ? 4 : 4])
  }

  @Test(arguments: [
    ("true", true), ("True", true), ("TRUE", true), ("false", false), ("False", false), ("FALSE", false),
    ("yes", nil),
    ("no", nil), ("on", nil), ("1", nil), ("tRUE", nil), ("", nil), ("[true]", nil),
  ])
  func `is true or false by those words alone`(yaml: String, expected: Bool?) throws {
    let (value, problems) = try value(yaml)
    #expect(value.boolean() == expected)
    #expect(problems.problems.count == (expected == nil ? 1 : 0))
  }

  @Test(arguments: [
    ("a", ["a"]), ("[a]", ["a"]), ("[a, 1, yes]", ["a", "1", "yes"]), ("\n  - a\n  - b", ["a", "b"]),
  ])
  func `stands for a list of one where a list of texts is wanted`(yaml: String, expected: [String]) throws {
    let (value, problems) = try value(yaml)
    #expect(value.texts() == expected)
    #expect(problems.problems.isEmpty)
  }

  @Test(arguments: [("[]", 1), ("[a, [b]]", 1), ("[~, a, { b: c }]", 2), ("{ a: b }", 1), ("~", 1)])
  func `is no list of texts if something else is in it, and each is told`(yaml: String, count: Int) throws {
    let (value, problems) = try value(yaml)
    #expect(value.texts() == nil)
    #expect(problems.problems.count == count)
  }

  @Test func `knows what it is`() throws {
    for (yaml, isList, isMapping) in [
      ("a", false, false), ("[a]", true, false), ("{ a: b }", false, true), ("", false, false),
    ] {
      let (value, problems) = try value(yaml)
      #expect((value.isList, value.isMapping) == (isList, isMapping))
      #expect((value.list() != nil) == isList)
      #expect((value.mapping() != nil) == isMapping)
      #expect(problems.problems.count == (isList || isMapping ? 1 : 2))
      #expect(value.listOrOne().count == 1)
    }
  }

  @Test func `that is long is cut in messages`() throws {
    let (value, problems) = try value(String(repeating: "x", count: 500))
    _ = value.integer()
    #expect(problems.problems[0].what.count < 120)
  }

  @Test func `takes reports of its reader at its place`() throws {
    let (root, problems) = try read("a: 1\nkey:   odd\n")
    root.optional("key")?.report("it is odd", cure: "Make it even")
    #expect(
      problems.problems == [
        InputProblem(file: "f.yaml", line: 2, column: 8, what: "it is odd", cure: "Make it even")
      ])
  }
}

extension String {
  fileprivate var trimmingLineEnd: String {
    hasSuffix("\n") ? String(dropLast()) : self
  }
}

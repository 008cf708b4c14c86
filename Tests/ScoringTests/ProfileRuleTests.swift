import Scoring
import Testing

@Suite struct `Profile rules` {
  /// Fields that hold nothing, each in its own way.
  static let nothing: [[String: String]] = [
    [:], ["f": ""], ["f": " "], ["f": " \t\n "], ["f": "\u{A0}\u{2003}"], ["g": "x"],
  ]

  @Test(arguments: nothing)
  func `an empty or absent field passes only isNot, notContains and missing`(fields: [String: String]) throws
  {
    for test in [
      "is: x", "is: \"\"", "contains: x", "contains: \"\"", "matches: \"*\"", "matches: \"\"", "atLeast: 0",
      "atMost: 0",
    ] {
      #expect(try !passes("field: f, \(test)", fields), "\(test)")
    }
    for kind in ["business", "free", "disposable"] {
      #expect(try !passes("field: f, emailDomain: \(kind)", fields))
    }
    #expect(try !passes("filled: [f]", fields))
    #expect(try passes("field: f, isNot: x", fields))
    #expect(try passes("field: f, notContains: x", fields))
    #expect(try passes("missing: [f]", fields))
  }

  @Test(arguments: [
    ("is: ceo", "CEO", true), ("is: ceo", "CEO of all", false), ("is: [cto, ceo]", "Ceo", true),
    ("is: [cto, coo]", "Ceo", false), ("is: \"c*\"", "ceo", false), ("is: \"c*\"", "C*", true),
    ("is: \"c?o\"", "ceo", false), ("is: giám đốc", "GIAM DOC", true), ("is: straße", "STRASSE", false),
    ("isNot: ceo", "CEO", false), ("isNot: ceo", "cto", true), ("isNot: [cto, ceo]", "CEO", false),
    ("isNot: [cto, coo]", "CEO", true), ("isNot: \"c*\"", "ceo", true),
    ("contains: director", "Managing Director", true), ("contains: director", "Directo", false),
    ("contains: [x, manag]", "Managing", true), ("contains: \"d*r\"", "director", false),
    ("contains: \"?\"", "what?", true), ("contains: \"?\"", "what", false),
    ("contains: giám đốc", "Tổng Giám Đốc", true),
    ("contains: trưởng phòng", "TRUONG PHONG kinh doanh", true),
    ("contains: ceo", "ceo", true), ("contains: aab", "aaab", true), ("contains: ceos", "ceo", false),
    ("notContains: director", "Managing Director", false), ("notContains: director", "Manager", true),
    ("notContains: [x, manag]", "Manager", false), ("notContains: [x, y]", "Manager", true),
    ("matches: \"*director\"", "Managing Director", true), ("matches: director", "Managing Director", false),
    ("matches: [\"a*\", \"m*\"]", "Manager", true), ("matches: \"m?nager\"", "Mánager", true),
    ("matches: \"?\"", "👩‍👩‍👧", true), ("matches: \"??\"", "👩‍👩‍👧", false),
    ("atLeast: 50", "50", true), ("atLeast: 50", "49", false), ("atLeast: 50", "51", true),
    ("atLeast: 2.5", "2.5", true), ("atLeast: 2.5", "2.49", false), ("atLeast: -3", "-3", true),
    ("atLeast: -3", "-4", false), ("atLeast: 9", "10", true), ("atLeast: 1", "many", false),
    ("atLeast: 1", "10 people", false), ("atLeast: 1", " 10 ", true), ("atLeast: 1", "1e3", false),
    ("atMost: 50", "50", true), ("atMost: 50", "51", false), ("atMost: 50", "49.9", true),
    ("atMost: 50", "few", false), ("atMost: 50", "0", true),
  ])
  func `each test asks one question of the folded value`(test: String, value: String, expected: Bool) throws {
    #expect(try passes("field: f, \(test)", ["f": value]) == expected)
  }

  @Test(arguments: [
    ("a@corp.example", "business"), ("a@gmail.com", "free"), ("A@GMAIL.COM", "free"),
    (" a@gmail.com ", "free"),
    ("a@mail.gmail.com", "business"), ("a@gmail.com.example", "business"), ("a@notgmail.com", "business"),
    ("a@trash.example", "disposable"), ("a@both.example", "disposable"), ("a@bücher.example", "free"),
    ("a@xn--bcher-kva.example", "free"), ("x@y@gmail.com", "free"), ("no address", nil), ("@gmail.com", nil),
    ("gmail.com", nil),
  ])
  func `emailDomain compares the whole domain with the lists`(address: String, expected: String?) throws {
    let domains = DomainLists(
      free: "gmail.com\nboth.example\nxn--bcher-kva.example", disposable: "trash.example\nboth.example")
    for kind in ["business", "free", "disposable"] {
      #expect(
        try passes("field: email, emailDomain: \(kind)", ["email": address], domains: domains)
          == (kind == expected))
    }
  }

  @Test func `filled demands all fields and missing any`() throws {
    let fields = ["a": "1", "b": "2", "c": " "]
    #expect(try passes("filled: [a, b]", fields))
    #expect(try !passes("filled: [a, b, c]", fields))
    #expect(try !passes("filled: [a, d]", fields))
    #expect(try passes("filled: a", fields))
    #expect(try !passes("missing: [a, b]", fields))
    #expect(try passes("missing: [a, b, c]", fields))
    #expect(try passes("missing: [d, a]", fields))
    #expect(try !passes("missing: a", fields))
  }

  @Test func `a rule that passes gives its points once and one that fails nothing`() throws {
    let rule = try explain(profileModel("field: f, is: x", points: -7), fields: ["f": "X"]).rules[0]
    #expect(rule.units == whole(-7))
    #expect(rule.count == 1)
    #expect(rule.last == nil)
    let failed = try explain(profileModel("field: f, is: x", points: -7), fields: ["f": "y"]).rules[0]
    #expect(failed.units == 0)
    #expect(failed.count == 0)
  }

  @Test func `rules over the same field are asked one by one`() throws {
    let yaml = """
      name: t
      profile:
        - { id: a, field: f, contains: giám, points: 1 }
        - { id: b, field: f, matches: "* đốc", points: 2 }
        - { id: c, field: g, is: x, points: 4 }
        - { id: d, missing: [f, g], points: 8 }
      """
    #expect(try explain(yaml, fields: ["f": "Giám Đốc", "g": "x"]).score == 7)
    #expect(try explain(yaml, fields: ["f": "Giám Đốc"]).score == 11)
  }

  @Test func `a field keeps the first value that is not blank`() throws {
    let model = try Model(yaml: profileModel("field: f, is: b"), file: "m")
    var engine = try ScoringEngine(model: model, domains: .empty, connections: [], texts: TextTable())
    var buffer = engine.makeBuffer()
    for value in ["", "  ", "\u{A0}", "b", "c"] { buffer.setField(0, to: value) }
    buffer.finish()
    #expect(try engine.score(buffer, at: now).profile == 10)
  }
}

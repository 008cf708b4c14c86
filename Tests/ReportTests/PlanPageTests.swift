import Foundation
import Platform
import Testing

@testable import Report
@testable import Sync

@Suite("The page of a plan")
struct PlanPageTests {
  private static let tame = (0..<PagePlace.attacks.count).map { "name\($0)" }

  private func wild(_ language: PageLanguage = .english, planFile: String? = nil) throws -> PageForm {
    let (summary, changes) = PagePlace.plan(names: PagePlace.attacks)
    return try PageForm(PagePlace().html(summary, changes, language: language, planFile: planFile))
  }

  // MARK: - Structure

  @Test(
    "every element is closed where it belongs, and every id is there once", arguments: PageLanguage.allCases)
  func structure(language: PageLanguage) throws {
    let page = try wild(language)
    let ids = page.elements.compactMap { $0.attributes["id"] }
    #expect(Set(ids).count == ids.count)
    #expect(page.all("html").first?.attributes["lang"] == language.rawValue)
    for element in page.elements {
      let named = (element.attributes["aria-labelledby"] ?? "").split(separator: " ").map(String.init)
      #expect(named.allSatisfy(ids.contains), "\(element)")
    }
    for link in page.all("a") {
      #expect(ids.contains(String((link.attributes["href"] ?? "").dropFirst())), "\(link)")
    }
  }

  @Test("headings go down one step at a time", arguments: PageLanguage.allCases)
  func headings(language: PageLanguage) throws {
    let levels = try wild(language).all("h1", "h2", "h3").compactMap { $0.name.last?.wholeNumberValue }
    #expect(levels.first == 1 && levels.count { $0 == 1 } == 1)
    #expect(zip(levels, levels.dropFirst()).allSatisfy { $1 <= $0 + 1 }, "\(levels)")
    #expect(levels.count { $0 == 2 } == 8)
  }

  @Test("every table has a caption, every head of a row or column says so, every picture has words")
  func meaning() throws {
    let page = try wild()
    #expect(page.all("table").count == page.all("caption").count)
    #expect(page.all("th").allSatisfy { ["row", "col"].contains($0.attributes["scope"]) })
    for (index, picture) in page.elements.enumerated() where picture.name == "svg" {
      if picture.attributes["aria-hidden"] == "true" { continue }
      #expect(picture.attributes["role"] == "img")
      #expect(page.elements[index + 1].name == "title" && page.elements[index + 2].name == "desc")
    }
    let fields = page.all("input", "select")
    #expect(fields.count == 5 && fields.allSatisfy { $0.around.contains("label") })
  }

  // MARK: - Nothing from outside

  @Test("the page loads nothing, and its policy allows nothing but its own script and style")
  func loadsNothing() throws {
    let page = try wild()
    let policy = try #require(
      page.all("meta").first { $0.attributes["http-equiv"] == "Content-Security-Policy" }?.attributes[
        "content"])
    let script = try #require(page.all("script").last)
    let style = try #require(page.all("style").first)
    #expect(script.attributes.isEmpty && page.all("style").count == 1)
    for part in [
      "default-src 'none'", "base-uri 'none'", "form-action 'none'",
      "script-src \(Self.hash(script.text))", "style-src \(Self.hash(style.text))",
    ] { #expect(policy.contains(part)) }
    #expect(!style.text.contains("url(") && !style.text.contains("@import") && !style.text.contains("<"))
    #expect(!script.text.contains("innerHTML") && !script.text.contains("http"))
    for element in page.elements {
      #expect(!["img", "link", "iframe", "object", "base", "use", "image"].contains(element.name))
      for (name, value) in element.attributes {
        #expect(!["src", "srcset", "style", "action", "data", "xlink:href"].contains(name), "\(element)")
        #expect(!name.hasPrefix("on"), "\(element)")
        #expect(name != "href" || value.hasPrefix("#"))
      }
    }
  }

  private static func hash(_ text: String) -> String {
    let hex = SHA256.hex(of: text.utf8)
    let bytes = stride(from: 0, to: 64, by: 2).map { UInt8(hex.dropFirst($0).prefix(2), radix: 16) ?? 0 }
    return "'sha256-\(Data(bytes).base64EncodedString())'"
  }

  @Test("whatever platforms and models call things, the page has the same elements")
  func hostile() throws {
    let (summary, changes) = PagePlace.plan(names: Self.tame)
    let plain = try PageForm(PagePlace().html(summary, changes))
    let hostile = try wild()
    #expect(hostile.elements.map(\.name) == plain.elements.map(\.name))
    #expect(
      hostile.elements.map { $0.attributes.keys.sorted() }
        == plain.elements.map { $0.attributes.keys.sorted() })
    #expect(hostile.all("script").count == 3)
    for attack in PagePlace.attacks where !attack.isEmpty {
      let safe = TerminalText.safe(attack).split(whereSeparator: \.isWhitespace).joined(separator: " ")
      #expect(hostile.words.contains(safe), "\(safe)")
    }
  }

  @Test("no sign in the page turns the writing or ends a line of a script")
  func signs() throws {
    let (summary, changes) = PagePlace.plan(names: PagePlace.attacks)
    let html = try PagePlace().html(summary, changes)
    let wild = html.unicodeScalars.filter {
      $0.properties.isBidiControl || (0x2028...0x2029).contains($0.value)
        || ($0.properties.generalCategory == .control && $0 != "\n")
    }
    #expect(wild.isEmpty)
  }

  @Test("all texts keep a contrast of 4.5 to 1 in both themes")
  func contrast() throws {
    let style = PlanPageStyle.text
    let themes = style.split(separator: ":root {").dropFirst().prefix(2).map { part in
      part.prefix { $0 != "}" }.matches(of: #/--([a-z-]+): (#[0-9a-f]+)/#).map {
        (String($0.output.1), Self.luminance($0.output.2))
      }
    }
    try #require(themes.count == 2)
    for theme in themes {
      let colors = Dictionary(uniqueKeysWithValues: theme)
      let pairs =
        ["text", "quiet", "link", "up", "down", "same"].flatMap { [($0, "back")] }
        + [("text", "raised"), ("quiet", "raised"), ("link", "raised"), ("text", "warn-back")]
      for (front, back) in pairs {
        let (one, other) = (try #require(colors[front]), try #require(colors[back]))
        #expect((max(one, other) + 0.05) / (min(one, other) + 0.05) >= 4.5, "\(front) on \(back)")
      }
    }
  }

  private static func luminance(_ color: Substring) -> Double {
    var digits = color.dropFirst().map { Double($0.hexDigitValue ?? 0) }
    if digits.count == 3 { digits = digits.flatMap { [$0, $0] } }
    let parts = [0, 2, 4].map { index -> Double in
      let value = (digits[index] * 16 + digits[index + 1]) / 255
      return value <= 0.03928 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
  }

  // MARK: - What it says

  @Test("the rows of the page are the changes of the plan file, one for one")
  func rows() throws {
    let (summary, changes) = PagePlace.plan(names: PagePlace.attacks)
    let page = try PageForm(PagePlace().html(summary, changes))
    let rows = try #require(page.data("plan-rows") as? [[Any]])
    let data = try #require(page.data("plan-data") as? [String: Any])
    let words = try #require(data["words"] as? [String])
    #expect(rows.count == changes.count)
    for (row, change) in zip(rows, changes) {
      #expect(words[try #require(row[0] as? Int)] == TerminalText.safe(change.connection))
      #expect(row[1] as? String == TerminalText.safe(change.contact))
      #expect(row[2] as? String == change.email.map(TerminalText.safe))
      #expect(row[3] as? Int == change.scoreFrom && row[4] as? Int == change.scoreTo)
      #expect((row[7] as? [Double])?.last == 1.465)
    }
    #expect(
      page.all("tr").count { $0.around.contains("table") && $0.attributes["role"] == "row" } > changes.count)
  }

  @Test("without a script the 500 largest moves are there, and where all of them are")
  func withoutScript() throws {
    let changes = (1...1_200).shuffled().map { Samples.change("c\($0)", from: 0, to: $0) }
    var summary = Samples.plan()
    summary.header.changes = 1_200
    let kept = try PageForm(PagePlace().html(summary, changes, planFile: "monday.plan"))
    let body = try kept.with(id: "rows").all
    #expect(body.contains("crm/c1200") && body.contains("crm/c701") && !body.contains("crm/c700"))
    #expect(kept.words.contains("shows the 500 largest moves of 1,200 changes"))
    #expect(kept.words.contains("All of them, one a line: monday.plan"))
    #expect(kept.words.contains("leadgauge apply monday.plan"))
    let passing = try PageForm(PagePlace().html(summary, changes))
    #expect(passing.words.contains("in a file: leadgauge plan -o plan.jsonl"))
    #expect(!passing.words.contains("leadgauge apply"))
    #expect(try #require(passing.data("plan-rows") as? [[Any]]).count == 1_200)
  }

  @Test("a plan file that holds less than was found says so at the top")
  func limited() throws {
    var summary = Samples.plan()
    summary.header.changes = 1_000
    let changes = (1...50).map { Samples.change("\($0)", to: $0) }
    let words = try PageForm(PagePlace().html(summary, changes, planFile: "first.plan")).words
    #expect(words.contains("holds the 50 most important of these 1,000 changes"))
    #expect(words.contains("1,000 changes among 100 contacts"))
    summary.header.changes = 50
    #expect(try !PageForm(PagePlace().html(summary, changes)).words.contains("most important"))
  }

  @Test("page, terminal and JSON say the same numbers")
  func sameNumbers() throws {
    var summary = Samples.plan()
    summary.insight = PlanInsight(rules: ["visit"], targets: [0])
    summary.labels = ["visit": "Looked at a page"]
    summary.insight.distribution = ScoreDistribution(over: 0...100)
    var changes: [PlannedChange] = []
    for number in 1...1_234 {
      let change = Samples.change("\(number)", from: 20, to: 50, email: "p\(number)@example.com")
      summary.insight.distribution?.add(held: 20)
      summary.add(change, from: 1, to: 0, isHandoff: true, connection: 0)
      summary.insight.add(change, held: 1, wanted: 0, outcomes: [.init(units: 2_048, count: 2)])
      changes.append(change)
    }
    summary.header.changes = changes.count
    let page = try PageForm(PagePlace().html(summary, changes)).words
    let text = Shown(PlanReport.text(summary, style: .plain)).words
    let json = ReportJSON.plan(summary)
    #expect(page.contains("1,234 people would become hot, 0 would no longer be."))
    #expect(text.contains("1,234 people become hot") && json.contains(#""entered":1234,"left":0"#))
    #expect(page.contains("Looked at a page visit 1,234 100% +2,468 +2"))
    #expect(text.contains("Looked at a page 1,234 +2,468"))
    #expect(
      json.contains(#""rule":"visit","label":"Looked at a page","points":2468,"persons":1234,"count":2468"#))
    #expect(
      page.contains("▲ warm → hot: 1,234") && json.contains(#"{"from":"warm","to":"hot","contacts":1234}"#))
    #expect(page.contains("50 to 54 0 1,234 +1,234") && text.contains("50 to 59 0 1,234"))
    #expect(json.contains(#"{"from":50,"to":54,"before":0,"after":1234}"#))
  }

  @Test("fuses say how near they are, and which would blow")
  func fuses() throws {
    var summary = Samples.plan()
    func reading(_ fuse: String, _ count: Int, total: Int?, limit: Int, isBlown: Bool) -> FuseReading {
      FuseReading(
        fuse: fuse, connection: total == nil ? "" : "crm", count: count, total: total, limit: limit,
        isBlown: isBlown)
    }
    summary.fuses = [
      reading("maxChanges", 500, total: 8_000, limit: 2_500, isBlown: false),
      reading("maxShrink", 19, total: 20, limit: 2_000, isBlown: false),
      reading("maxWrites", 60_000, total: nil, limit: 50_000, isBlown: true),
    ]
    let words = try PageForm(PagePlace().html(summary)).words
    #expect(words.contains("maxChanges crm ✓ holds 25% 500 of 8,000 25% of the contacts"))
    #expect(words.contains("✓ holds: never blows below 20 contacts"))
    #expect(words.contains("maxWrites whole plan ✗ would blow 120% 60,000 50,000"))
    #expect(words.contains("⚠ A fuse would blow: maxWrites."))
    summary.connections[0].isFirstWrite = true
    #expect(try PageForm(PagePlace().html(summary)).words.contains("not counted on a first write"))
  }

  @Test("time and quota of each connection are told, and a quota that forbids")
  func forecast() throws {
    var summary = Samples.plan()
    summary.connections[0].changes = 18_400
    summary.connections[0].forecast = WriteForecast(requests: 368, seconds: 540, heldBy: "hourly")
    summary.connections[0].quotas = [
      Quota(name: "hourly", unit: "requests", left: 873, count: 1_000, resetsAt: nil, asOf: Samples.moment)
    ]
    let english = try PageForm(PagePlace().html(summary)).words
    #expect(english.contains("368 about 9 min, held up by the quota hourly"))
    #expect(english.contains("873 of 1,000 requests (hourly) as of 21 September 2026, 14:13"))
    let vietnamese = try PageForm(PagePlace().html(summary, language: .vietnamese)).words
    #expect(vietnamese.contains("18.400") && vietnamese.contains("khoảng 9 phút"))
    #expect(vietnamese.contains("873 / 1.000 yêu cầu (hourly) tại thời điểm 21/09/2026, 14:13"))
    summary.connections[0].forecast = WriteForecast(requests: 368, seconds: .infinity, heldBy: "daily")
    #expect(try PageForm(PagePlace().html(summary)).words.contains("⚠ not within the quota daily"))
  }

  @Test("a plan without changes says so in every part, and asks for nothing to be written")
  func nothing() throws {
    let words = try PageForm(PagePlace().html(Samples.plan(), planFile: "monday.plan")).words
    #expect(words.contains("Nothing to do: 100 contacts hold what the model says."))
    #expect(words.contains("There are no changes.") && !words.contains("leadgauge apply"))
  }

  @Test("a model without bands has no part about them, and no link to one")
  func noBands() throws {
    let page = try PageForm(PagePlace().html(Samples.plan(bands: [])))
    let ids = page.elements.compactMap { $0.attributes["id"] }
    #expect(!ids.contains("movement") && !ids.contains("entries") && ids.contains("rules"))
    #expect(page.all("a").allSatisfy { ids.contains(String(($0.attributes["href"] ?? "").dropFirst())) })
  }

  // MARK: - The file

  @Test("the page is for this user's eyes, and half of one is never there")
  func file() throws {
    let place = try PagePlace()
    let changes = [Samples.change("1", to: 3)]
    _ = try place.html(Samples.plan(), changes)
    let path = place.folder + "/page.html"
    let rights = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(rights == 0o600)
    try FileManager.default.removeItem(atPath: path)
    let plan = try String(contentsOfFile: place.folder + "/plan", encoding: .utf8)
    try plan.split(separator: "\n").prefix(2).joined(separator: "\n").write(
      toFile: place.folder + "/cut", atomically: true, encoding: .utf8)
    #expect(throws: PlanFileFailure.self) {
      try PlanPage(Samples.plan()).write(to: path, changes: PlanReader(path: place.folder + "/cut"))
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: place.folder).sorted() == ["cut", "plan"])
  }
}

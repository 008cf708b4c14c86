import Scoring
import Sync

/// The table of all changes: the rows as data for the script, and the largest of them as a table for whoever has
/// none.
struct PlanPageTable {
  /// How many rows stand in the table without a script.
  static let mostPlain = 500
  /// How many rows a page holds; a browser gets slow beyond.
  static let mostRows = 200_000
  let page: PlanPage

  private var texts: PageTexts { page.texts }
  private var language: PageLanguage { page.language }

  /// Streams the rows from the plan, and keeps only the largest moves in memory.
  func write(
    to file: PageFile, changes plan: PlanReader, progress: (Int) -> Void
  ) throws(PlanFileFailure) {
    try file.put(
      "<section id=\"all\" aria-labelledby=\"all-title\">\n<h2 id=\"all-title\">\(page.text(texts.all))</h2>\n"
    )
    var words = WordTable()
    for band in page.summary.bandNames { _ = words.index(of: band) }
    var largest = LargestChanges(most: Self.mostPlain)
    var count = 0
    try file.put("<script type=\"application/json\" id=\"plan-rows\">[")
    while let change = try plan.next() {
      if count < Self.mostRows { try file.put((count == 0 ? "\n" : ",\n") + row(change, &words)) }
      count += 1
      largest.add(change)
      if count.isMultiple(of: 5_000) { progress(count) }
    }
    try file.put("]</script>\n")
    if count == 0 { return try file.put("<p>\(page.text(texts.allNone))</p>\n</section>\n") }
    try file.put(data(words, count: count))
    try file.put(notes(count: count))
    try file.put(tools(count: count))
    try table(largest.sorted(), to: file)
    try file.put(pager + "</section>\n")
  }

  /// `[connection,id,address,from,to,band held,band wanted,[rule,points,…],[tag set,…],[tag taken,…]]`; texts that come
  /// often are numbers of words.
  private func row(_ change: PlannedChange, _ words: inout WordTable) -> String {
    func word(_ text: String) -> String { words.index(of: text).map(String.init) ?? HTMLText.json(text) }
    let reasons = change.reasons.map { reason in
      let thousandths = PointsText.format(units: reason.units)
      return "\(word(reason.rule)),\(thousandths)"
    }
    return "[\(word(change.connection)),\(HTMLText.json(change.contact)),"
      + "\(change.email.map(HTMLText.json) ?? "null"),\(change.scoreFrom.map(String.init) ?? "null"),"
      + "\(change.scoreTo),\(change.bandFrom.map(word) ?? "null"),\(change.bandTo.map(word) ?? "null"),"
      + "[\(reasons.joined(separator: ","))],[\(change.addTags.map(word).joined(separator: ","))],"
      + "[\(change.removeTags.map(word).joined(separator: ","))]]"
  }

  /// What the script has to know: words, labels, and its own texts.
  private func data(_ words: WordTable, count: Int) -> String {
    func list(_ texts: [String]) -> String { "[" + texts.map(HTMLText.json).joined(separator: ",") + "]" }
    let labels = words.all.map { page.summary.labels[$0] ?? $0 }
    let own = [
      ("language", texts.code), ("empty", texts.empty), ("noBand", texts.noBand), ("all", texts.all),
      ("shown", texts.shown), ("nothingFound", texts.nothingFound),
    ].map { "\(HTMLText.json($0.0)):\(HTMLText.json($0.1))" }.joined(separator: ",")
    return
      "<script type=\"application/json\" id=\"plan-data\">{\"words\":\(list(words.all)),\"labels\":\(list(labels)),"
      + "\"bands\":\(page.summary.bandNames.count),\"texts\":{\(own)}}</script>\n"
  }

  private func notes(count: Int) -> String {
    let gaps = ["shown": language.number(min(count, Self.mostPlain)), "n": language.number(count)]
    let plain = language.fill(count > Self.mostPlain ? texts.plainSome : texts.plainAll, gaps)
    let rest =
      page.planFile.map {
        language.fill(page.text(texts.restInFile), ["file": "<code>\(page.text($0))</code>"])
      }
      ?? language.fill(
        page.text(texts.restByCommand), ["command": "<code>leadgauge plan -o plan.jsonl</code>"])
    var notes = "<p class=\"plain\">\(page.text(plain)) \(rest)</p>\n"
    if count > Self.mostRows {
      let capped = language.fill(
        texts.capped, ["shown": language.number(Self.mostRows), "n": language.number(count)])
      notes += "<p class=\"alert\">⚠ \(page.text(capped)) \(rest)</p>\n"
    }
    return notes
  }

  // MARK: - The table without a script

  private func table(_ changes: [PlannedChange], to file: PageFile) throws(PlanFileFailure) {
    let columns = [
      ("who", texts.contact), ("score", texts.score), ("move", texts.move), ("band", texts.band),
      ("tags", texts.tags), ("why", texts.why),
    ].map { "<th scope=\"col\" role=\"columnheader\" data-key=\"\($0.0)\">\(page.text($0.1))</th>" }
    try file.put(page.peopleStart(texts.allTable, columns: columns.joined(), isMain: true))
    for change in changes { try file.put(page.personRow(change, showsTags: true)) }
    try file.put("</tbody>\n</table>\n")
  }

  // MARK: - What the script shows

  private func tools(count: Int) -> String {
    func option(_ value: String, _ name: String) -> String {
      "<option value=\"\(value)\">\(page.text(name))</option>"
    }
    func select(_ id: String, _ label: String, _ options: [String]) -> String {
      "<label>\(page.text(label)) <select id=\"\(id)\">\(option("", texts.any))\(options.joined())</select></label>"
    }
    let summary = page.summary
    let bands =
      summary.bandNames.indices.map { option("\($0)", summary.bandNames[$0]) } + [
        option("none", texts.noBand)
      ]
    let kinds = [
      option("rise", texts.moveRise), option("fall", texts.moveFall), option("up", texts.moveBandUp),
      option("down", texts.moveBandDown), option("first", texts.moveFirst),
    ]
    return "<form id=\"tools\" role=\"search\" hidden>"
      + "<label class=\"query\">\(page.text(texts.search)) <input id=\"search\" type=\"search\" autocomplete=\"off\" spellcheck=\"false\" placeholder=\"\(page.text(texts.searchHint))\"></label>"
      + select(
        "connection", texts.filterConnection, summary.connections.map { option(page.text($0.name), $0.name) })
      + select("held", texts.filterFrom, bands) + select("wanted", texts.filterTo, bands)
      + select("kind", texts.filterMove, kinds)
      + "<button type=\"reset\">\(page.text(texts.reset))</button></form>\n"
      + "<p id=\"found\" role=\"status\" hidden></p>\n"
  }

  private var pager: String {
    let buttons = [
      ("first", texts.firstPage), ("previous", texts.previousPage), ("next", texts.nextPage),
      ("last", texts.lastPage),
    ].map { "<button type=\"button\" id=\"page-\($0.0)\">\(page.text($0.1))</button>" }
    return
      "<nav id=\"pager\" aria-label=\"\(page.text(texts.pages))\" hidden>\(buttons.joined(separator: " "))</nav>\n"
  }
}

/// Texts that come often, by number; only so many of them, since what platforms hold may be anything.
private struct WordTable {
  private static let most = 4_096
  private(set) var all: [String] = []
  private var numbers: [String: Int] = [:]

  /// Nil if the table is full.
  mutating func index(of word: String) -> Int? {
    if let number = numbers[word] { return number }
    guard all.count < Self.most else { return nil }
    numbers[word] = all.count
    all.append(word)
    return all.count - 1
  }
}

/// The changes with the largest moves among all that were seen.
private struct LargestChanges {
  private let most: Int
  private var kept: [PlannedChange] = []

  init(most: Int) {
    self.most = most
  }

  /// Sorts only when twice as many were kept as are wanted.
  mutating func add(_ change: PlannedChange) {
    kept.append(change)
    guard kept.count >= 2 * most else { return }
    kept = sorted()
  }

  func sorted() -> [PlannedChange] {
    Array(kept.sorted { abs($0.move) > abs($1.move) }.prefix(most))
  }
}

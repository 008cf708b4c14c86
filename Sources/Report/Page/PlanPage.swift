import Platform
import Scoring
import Sync

/// The plan as one self-contained HTML page: nothing is loaded from anywhere, and no script is needed to read it. A
/// script in the page makes the table of all changes searchable.
public struct PlanPage {
  let summary: PlanSummary
  let language: PageLanguage
  let texts: PageTexts
  /// The plan file as the user named it; nil if it is not kept.
  let planFile: String?

  /// A page about a plan.
  ///
  /// - Parameter planFile: Where the user can find the plan afterwards; nil if it is not kept.
  public init(_ summary: PlanSummary, language: PageLanguage = .english, planFile: String? = nil) {
    self.summary = summary
    self.language = language
    texts = language.texts
    self.planFile = planFile
  }

  /// Writes the page; the changes are read from the plan, one at a time.
  ///
  /// - Parameter progress: Hears from time to time how many changes are done.
  /// - Throws: `PlanFileFailure` if the page cannot be written or the plan cannot be read.
  public func write(
    to path: String, changes plan: PlanReader, progress: (Int) -> Void = { _ in }
  ) throws(PlanFileFailure) {
    let file = try PageFile(path: path)
    let limited = limited(to: plan.header.changes)
    for part in [
      head, introduction, limited, alerts, connections, movement, scores, entries, largest, rules, checks,
    ] {
      try file.put(part)
    }
    try PlanPageTable(page: self).write(to: file, changes: plan, progress: progress)
    try file.put(end)
    try file.finish()
  }

  // MARK: - Head and end

  private var head: String {
    let title = HTMLText.escape(language.fill(texts.title, ["t": language.time(summary.header.asOf)]))
    // A policy that lets nothing in: no address, no form, no frame, and of scripts and styles only these two.
    let policy =
      "default-src 'none'; script-src \(HTMLText.policyHash(PlanPageScript.text)); "
      + "style-src \(HTMLText.policyHash(PlanPageStyle.text)); base-uri 'none'; form-action 'none'"
    return """
      <!DOCTYPE html>
      <html lang="\(texts.code)">
      <head>
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="\(policy)">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="referrer" content="no-referrer">
      <meta name="robots" content="noindex">
      <meta name="color-scheme" content="light dark">
      <title>\(title) · Leadgauge</title>
      <style>\(PlanPageStyle.text)</style>
      </head>
      <body>

      """
  }

  private var end: String {
    """
    </main>
    <footer><p>\(text(texts.discretion)) \(text(texts.times))</p></footer>
    <script>\(PlanPageScript.text)</script>
    </body>
    </html>

    """
  }

  private var introduction: String {
    let header = summary.header
    let contacts = language.count(header.contacts, texts.contacts)
    let lead =
      summary.changes == 0
      ? language.fill(texts.nothing, ["contacts": contacts])
      : language.fill(
        texts.lead, ["changes": language.count(summary.changes, texts.changes), "contacts": contacts])
    let insight = summary.insight
    let sections = [
      ("connections", texts.connections, true), ("movement", texts.movement, !summary.bandNames.isEmpty),
      ("scores", texts.scores, insight.distribution != nil),
      ("entries", fillBand(texts.entries), !insight.targets.isEmpty), ("largest", texts.largest, true),
      ("rules", texts.rules, true), ("checks", texts.checks, true), ("all", texts.all, true),
    ].filter(\.2).map { "<li><a href=\"#\($0.0)\">\(text($0.1))</a></li>" }.joined()
    return """
      <header>
      <h1>\(text(language.fill(texts.title, ["t": language.time(header.asOf)])))</h1>
      <p class="lead">\(text(lead))</p>
      <dl class="facts"><div><dt>\(text(texts.model))</dt><dd><bdi>\(text(header.modelName))</bdi></dd></div>\
      <div><dt>\(text(texts.planID))</dt><dd><code>\(text(header.id))</code></dd></div></dl>
      \(cards)<p class="how">\(how)</p>
      <nav aria-label="\(text(texts.contents))"><ul>\(sections)</ul></nav>
      </header>
      <main>

      """
  }

  /// How to write what the page shows.
  private var how: String {
    func with(_ template: String, _ command: String) -> String {
      language.fill(text(template), ["command": "<code>\(text(command))</code>"])
    }
    guard summary.changes > 0 else { return "" }
    guard let planFile else {
      return with(texts.notKept, "leadgauge plan -o plan.jsonl --html plan.html")
    }
    return with(texts.written, "leadgauge apply \(ShellText.word(planFile))")
  }

  private var cards: String {
    let insight = summary.insight
    var cards = [
      (summary.changes, texts.cardWrites), (insight.persons, texts.cardPeople),
      (summary.connections.reduce(0) { $0 + $1.bandChanges }, texts.cardBands),
    ]
    if !insight.targets.isEmpty {
      cards.append((insight.entered, texts.cardEntered))
      cards.append((insight.left, texts.cardLeft))
    }
    let items = cards.map {
      "<li><strong>\(language.number($0.0))</strong> <span>\(text(language.count($0.0, $0.1, ["band": targetNames])))</span></li>"
    }
    return "<ul class=\"cards\">\(items.joined())</ul>\n"
  }

  /// A plan file may hold less than was found.
  private func limited(to count: Int) -> String {
    guard count < summary.changes else { return "" }
    let gaps = ["shown": language.number(count), "n": language.number(summary.changes)]
    return "<p class=\"alert\">\(text(language.fill(texts.limited, gaps)))</p>\n"
  }

  private var alerts: String {
    var alerts: [String] = []
    let blown = summary.fuses.filter(\.isBlown)
    if !blown.isEmpty {
      let names = blown.map { $0.connection.isEmpty ? $0.fuse : "\($0.fuse) (\($0.connection))" }
      alerts.append(language.fill(texts.blown, ["fuses": names.joined(separator: ", ")]))
    }
    for connection in summary.connections {
      guard let failure = connection.failure else { continue }
      alerts.append(
        language.fill(texts.notRead, ["connection": connection.name, "reason": failure.description]))
    }
    return alerts.map { "<p class=\"alert\">⚠ \(text($0))</p>\n" }.joined()
  }

  // MARK: - Pieces

  /// A text as it may stand in the page.
  func text(_ text: String) -> String { HTMLText.escape(text) }

  /// A text with the names of the bands whose entries are listed; to be escaped.
  func fillBand(_ template: String, _ more: [String: String] = [:]) -> String {
    language.fill(template, more.merging(["band": targetNames]) { first, _ in first })
  }

  /// `hot or warm`; to be escaped.
  var targetNames: String {
    let names = summary.insight.targets.compactMap { bandName($0) }
    return names.isEmpty ? texts.noBand : names.joined(separator: texts.or)
  }

  func bandName(_ index: Int) -> String? {
    summary.bandNames.indices.contains(index) ? summary.bandNames[index] : nil
  }

  func section(_ id: String, _ title: String, _ body: String) -> String {
    "<section id=\"\(id)\" aria-labelledby=\"\(id)-title\">\n<h2 id=\"\(id)-title\">\(text(title))</h2>\n\(body)</section>\n"
  }

  /// A column of a table.
  struct Column {
    let title: String
    var isNumber = false

    init(_ title: String, isNumber: Bool = false) {
      self.title = title
      self.isNumber = isNumber
    }
  }

  /// A table that scrolls sideways by itself where it is too wide. The first cell of a row is its head; cells are HTML.
  func table(
    _ caption: String, _ columns: [Column], _ rows: [[String]], foot: [String]? = nil,
    showsCaption: Bool = false, isWide: Bool = true
  ) -> String {
    let head = columns.map {
      "<th scope=\"col\"\($0.isNumber ? " class=\"n\"" : "")>\(text($0.title))</th>"
    }.joined()
    func line(_ cells: [String]) -> String {
      zip(cells, columns).enumerated().map { index, part in
        let mark = part.1.isNumber ? " class=\"n\"" : ""
        return index == 0 ? "<th scope=\"row\"\(mark)>\(part.0)</th>" : "<td\(mark)>\(part.0)</td>"
      }.joined()
    }
    let body = rows.map { "<tr>\(line($0))</tr>\n" }.joined()
    let end = foot.map { "<tfoot><tr>\(line($0))</tr></tfoot>\n" } ?? ""
    let label = text(language.fill(texts.scrollable, ["caption": caption]))
    return
      "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"\(label)\"><table\(isWide ? " class=\"wide\"" : "")>\n"
      + "<caption\(showsCaption ? "" : " class=\"quiet\"")>\(text(caption))</caption>\n"
      + "<thead><tr>\(head)</tr></thead>\n<tbody>\n\(body)</tbody>\n\(end)</table></div>\n"
  }

  /// A bar with its number.
  func share(_ share: Double, mark: String = "bar") -> String {
    "<span class=\"share\">\(bar(share, mark: mark)) \(language.percent(share))</span>"
  }

  /// A bar of so much of a whole, as a picture without words: the number stands beside it.
  private func bar(_ share: Double, mark: String) -> String {
    let wide = Int((min(1, max(0, share.isFinite ? share : 0)) * 100).rounded(.up))
    return "<svg class=\"\(mark)\" viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">"
      + "<rect class=\"rail\" width=\"100\" height=\"10\"/><rect class=\"fill\" width=\"\(wide)\" height=\"10\"/></svg>"
  }
}

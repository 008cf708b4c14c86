import Platform
import Scoring
import Sync

/// The tables of the page.
extension PlanPage {
  // MARK: - Connections

  var connections: String {
    let columns = [
      Column(texts.connection), Column(texts.platform), Column(texts.columnContacts, isNumber: true),
      Column(texts.columnWrites, isNumber: true), Column(texts.columnFirst, isNumber: true),
      Column(texts.columnBands, isNumber: true), Column(texts.columnRequests, isNumber: true),
      Column(texts.columnTime), Column(texts.columnQuota),
    ]
    let rows = summary.connections.map { connection -> [String] in
      let name = "<bdi>\(text(connection.name))</bdi>"
      let start = [name, text(connection.platform), language.number(connection.contacts)]
      let quotas = connection.quotas.compactMap(quota).joined(separator: "<br>")
      let state =
        connection.failure != nil ? texts.failed : connection.isReadOnly ? texts.readOnly : nil
      if let state { return start + [text(state), "–", "–", "–", "–", quotas.isEmpty ? "–" : quotas] }
      return start
        + [connection.changes, connection.firstScores, connection.bandChanges].map(language.number)
        + [
          connection.forecast.map { language.number($0.requests) } ?? "–", time(connection),
          quotas.isEmpty ? "–" : quotas,
        ]
    }
    let parts = summary.connections
    let requests = parts.compactMap(\.forecast?.requests)
    let foot = [
      text(texts.total), "", language.number(summary.header.contacts), language.number(summary.changes),
      language.number(parts.reduce(0) { $0 + $1.firstScores }),
      language.number(parts.reduce(0) { $0 + $1.bandChanges }),
      requests.isEmpty ? "–" : language.number(requests.reduce(0, +)), "", "",
    ]
    return section(
      "connections", texts.connections,
      table(texts.connections, columns, rows, foot: parts.count > 1 ? foot : nil)
        + "<p class=\"note\">\(text(texts.forecastNote))</p>\n")
  }

  private func time(_ connection: PlanSummary.Connection) -> String {
    guard let forecast = connection.forecast else {
      return connection.changes > 0 ? text(texts.noForecast) : "–"
    }
    let quota = forecast.heldBy ?? ""
    guard forecast.seconds.isFinite else {
      return "⚠ " + text(language.fill(texts.forbidden, ["quota": quota]))
    }
    let time = language.fill(texts.about, ["t": language.duration(forecast.seconds)])
    return text(quota.isEmpty ? time : "\(time), \(language.fill(texts.heldBy, ["quota": quota]))")
  }

  private func quota(_ quota: Quota) -> String? {
    guard let left = quota.left else { return nil }
    func number(_ value: Double) -> String {
      language.number(Int(min(max(value.rounded(.down), -1e15), 1e15)))
    }
    let unit = ["requests": texts.unitRequests, "seconds": texts.unitSeconds][quota.unit] ?? quota.unit
    var gaps = ["left": number(left), "unit": unit, "name": quota.name]
    gaps["count"] = quota.count.map(number)
    let line = language.fill(quota.count == nil ? texts.quotaLeftOnly : texts.quotaLeft, gaps)
    let when =
      quota.resetsAt.map { language.fill(texts.quotaResets, ["t": language.time($0)]) }
      ?? language.fill(texts.quotaAsOf, ["t": language.time(quota.asOf)])
    return "\(text(line)) <small>\(text(when))</small>"
  }

  // MARK: - People

  var entries: String {
    let insight = summary.insight
    guard !insight.targets.isEmpty else { return "" }
    guard insight.entered > 0 || insight.left > 0 else {
      return section("entries", fillBand(texts.entries), "<p>\(text(fillBand(texts.entriesNone)))</p>\n")
    }
    var lead = fillBand(
      texts.entriesLead,
      [
        "people": insight.entered == 0 ? texts.nobody : language.count(insight.entered, texts.people),
        "left": language.number(insight.left),
      ])
    if insight.entered > insight.entries.count {
      lead += " " + language.count(insight.entries.count, texts.entriesMore)
    }
    return section(
      "entries", fillBand(texts.entries),
      "<p>\(text(lead))</p>\n"
        + (insight.entries.isEmpty ? "" : people(fillBand(texts.entriesTable), insight.entries)))
  }

  var largest: String {
    let parts = [(texts.rises, summary.insight.rises), (texts.falls, summary.insight.falls)]
    let body = parts.map { title, changes in
      "<h3>\(text(title))</h3>\n"
        + (changes.isEmpty ? "<p>\(text(texts.noMoves))</p>\n" : people(title, changes))
    }
    return section("largest", texts.largest, body.joined())
  }

  /// A table of changes with their reasons.
  private func people(_ caption: String, _ changes: [PlannedChange]) -> String {
    let columns = [texts.contact, texts.score, texts.move, texts.band, texts.why].map {
      "<th scope=\"col\" role=\"columnheader\">\(text($0))</th>"
    }
    return peopleStart(caption, columns: columns.joined())
      + changes.map { personRow($0, showsTags: false) }.joined() + "</tbody>\n</table>\n"
  }

  /// A table of changes up to its first row. The roles are said because on a narrow screen rows are laid out as blocks,
  /// and would lose their meaning.
  func peopleStart(_ caption: String, columns: String, isMain: Bool = false) -> String {
    "<table class=\"people\(isMain ? " main" : "")\"\(isMain ? " id=\"changes\"" : "") role=\"table\">\n"
      + "<caption class=\"quiet\">\(text(caption))</caption>\n<thead role=\"rowgroup\"><tr role=\"row\">\(columns)</tr></thead>\n"
      + "<tbody role=\"rowgroup\"\(isMain ? " id=\"rows\"" : "")>\n"
  }

  func personRow(_ change: PlannedChange, showsTags: Bool) -> String {
    let tags = change.addTags.map { "+\($0)" } + change.removeTags.map { "−\($0)" }
    let marks = tags.map { "<code>\(text($0))</code>" }.joined(separator: " ")
    func cell(_ kind: String, _ html: String) -> String {
      "<td role=\"cell\" class=\"\(kind)\">\(html)</td>"
    }
    return "<tr role=\"row\"><th role=\"rowheader\" scope=\"row\" class=\"w\">\(who(change))</th>"
      + cell("s", score(change)) + cell("m", move(change)) + cell("b", band(change))
      + (showsTags ? cell("t", marks) : "") + cell("y", reasons(change)) + "</tr>\n"
  }

  /// The address, or else the id, and where the contact is.
  func who(_ change: PlannedChange) -> String {
    let place = "\(text(change.connection))/\(text(change.contact))"
    guard let email = change.email else { return "<bdi class=\"who\">\(place)</bdi>" }
    return "<bdi class=\"who\">\(text(email))</bdi> <small><bdi>\(place)</bdi></small>"
  }

  func score(_ change: PlannedChange) -> String {
    let from = change.scoreFrom.map(language.number) ?? text(texts.empty)
    return "\(from) → <b>\(language.number(change.scoreTo))</b>"
  }

  func move(_ change: PlannedChange) -> String {
    let (mark, name) = change.move > 0 ? ("▲", "up") : change.move < 0 ? ("▼", "down") : ("•", "same")
    return "<span class=\"\(name)\">\(mark) \(language.signed(change.move))</span>"
  }

  func band(_ change: PlannedChange) -> String {
    func name(_ band: String?) -> String { "<bdi>\(text(band ?? texts.noBand))</bdi>" }
    if change.bandFrom == change.bandTo { return name(change.bandTo) }
    return "\(name(change.bandFrom)) → <b>\(name(change.bandTo))</b>"
  }

  func reasons(_ change: PlannedChange) -> String {
    change.reasons.map {
      "\(text(summary.labels[$0.rule] ?? $0.rule)) <b>\(language.points(units: $0.units, decimals: 1))</b>"
    }.joined(separator: " · ")
  }

  // MARK: - Rules

  var rules: String {
    let insight = summary.insight
    let columns = [
      Column(texts.rule), Column(texts.rulePeople, isNumber: true), Column(texts.ruleShare),
      Column(texts.rulePoints, isNumber: true), Column(texts.ruleMean, isNumber: true),
    ]
    let rows = insight.rules.map { rule -> [String] in
      let part = insight.persons > 0 ? Double(rule.persons) / Double(insight.persons) : 0
      let mean = rule.persons > 0 ? rule.units / Int64(rule.persons) : 0
      return [
        "\(text(summary.labels[rule.rule] ?? rule.rule)) <small><code>\(text(rule.rule))</code></small>",
        language.number(rule.persons), share(part),
        language.points(units: rule.units, decimals: 0), language.points(units: mean, decimals: 1),
      ]
    }
    let lead = language.fill(texts.rulesLead, ["people": language.count(insight.persons, texts.people)])
    return section(
      "rules", texts.rules, "<p>\(text(lead))</p>\n" + table(texts.rulesTable, columns, rows))
  }
}

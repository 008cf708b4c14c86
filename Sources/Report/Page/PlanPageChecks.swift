import Platform
import Sync

/// Fuses, refusals, and records that could not be used.
extension PlanPage {
  var checks: String {
    section("checks", texts.checks, fuses + refused + rejected)
  }

  private var fuses: String {
    let columns = [
      Column(texts.fuse), Column(texts.connection), Column(texts.fuseState), Column(texts.fuseUsed),
      Column(texts.fuseCount, isNumber: true), Column(texts.fuseLimit, isNumber: true),
    ]
    let rows = summary.fuses.map { fuse -> [String] in
      let words =
        ["maxChanges": texts.maxChanges, "maxWrites": texts.maxWrites, "maxShrink": texts.maxShrink][
          fuse.fuse]
      let limit = fuse.total.map { Double($0) * Double(fuse.limit) / 10_000 } ?? Double(fuse.limit)
      let used = limit > 0 ? Double(fuse.count) / limit : fuse.count > 0 ? .infinity : 0
      let count = fuse.total.map {
        language.fill(texts.of, ["a": language.number(fuse.count), "b": language.number($0)])
      }
      let share = language.fill(texts.share, ["p": language.percent(Double(fuse.limit) / 10_000)])
      return [
        (words.map { text($0) + " " } ?? "") + "<small><code>\(text(fuse.fuse))</code></small>",
        fuse.connection.isEmpty ? text(texts.everywhere) : "<bdi>\(text(fuse.connection))</bdi>",
        state(fuse),
        isExempt(fuse) ? "–" : self.share(used, mark: fuse.isBlown ? "bar blown" : "bar"),
        count ?? language.number(fuse.count),
        fuse.total == nil ? language.number(fuse.limit) : text(share),
      ]
    }
    return "<h3>\(text(texts.fuses))</h3>\n" + table(texts.fusesTable, columns, rows)
  }

  private func state(_ fuse: FuseReading) -> String {
    if fuse.isBlown { return "<strong class=\"down\">✗ \(text(texts.fuseBlown))</strong>" }
    if isExempt(fuse) { return "✓ " + text(texts.fuseFirst) }
    let isBeyond = fuse.total.map { fuse.count * 10_000 > $0 * fuse.limit } ?? false
    if isBeyond { return "✓ " + text(language.count(FuseLimits.fewest, texts.fuseFew)) }
    return "✓ " + text(texts.fuseWhole)
  }

  /// Everybody gets a band on a first write.
  private func isExempt(_ fuse: FuseReading) -> Bool {
    fuse.fuse == "maxChanges" && !fuse.isBlown
      && summary.connections.contains {
        $0.name == fuse.connection && $0.isFirstWrite && !$0.isFirstWriteResumed
      }
  }

  private var refused: String {
    let parts = summary.connections.filter { $0.refused > 0 }
    var body = parts.isEmpty ? "<p>\(text(texts.refusedNone))</p>\n" : ""
    for part in parts {
      let lead = language.fill(
        texts.refusedLead,
        ["contacts": language.count(part.refused, texts.contacts), "connection": part.name])
      body +=
        "<p>\(text(lead))</p>\n"
        + table(
          "\(texts.refused): \(part.name)", [Column(texts.contact), Column(texts.reason)],
          part.refusedSamples.map { ["<bdi>\(text($0.contact.text))</bdi>", text($0.reason)] }, isWide: false)
    }
    return "<h3>\(text(texts.refused))</h3>\n" + body
  }

  private var rejected: String {
    let parts = summary.connections.filter { $0.rejected > 0 }
    var body = parts.isEmpty ? "<p>\(text(texts.rejectedNone))</p>\n" : ""
    for part in parts {
      let lead = language.count(
        part.rejected, texts.rejectedLead,
        ["connection": text(part.name), "command": "<code>leadgauge status --json</code>"])
      body +=
        "<p>\(lead)</p>\n"
        + table(
          "\(texts.rejected): \(part.name)", [Column(texts.place), Column(texts.reason)],
          part.rejectedSamples.map { ["<bdi>\(text($0.place))</bdi>", text($0.reason)] }, isWide: false)
    }
    return "<h3>\(text(texts.rejected))</h3>\n" + body
  }
}

import Sync

/// The pictures of the page. Each has a title, a description and a table that says the same.
extension PlanPage {
  // MARK: - Movement between bands

  var movement: String {
    let names = summary.bandNames
    guard !names.isEmpty else { return "" }
    var sizes = names.indices.map { "\(names[$0]) \(language.number(summary.bandSizes[$0] ?? 0))" }
    if let none = summary.bandSizes[-1] { sizes.append("\(texts.noBand) \(language.number(none))") }
    let people =
      "<p>\(text(language.fill(texts.sizes, ["list": sizes.joined(separator: ", ")])))</p>\n"
    guard !summary.moves.isEmpty else {
      return section("movement", texts.movement, "<p>\(text(texts.allNone))</p>\n" + people)
    }
    let legend =
      "<ul class=\"legend\"><li class=\"up\">\(text(texts.legendUp))</li>"
      + "<li class=\"down\">\(text(texts.legendDown))</li><li class=\"same\">\(text(texts.legendSame))</li>"
      + "<li class=\"first\">\(text(texts.legendFirst))</li></ul>\n"
    return section(
      "movement", texts.movement,
      "<p>\(text(texts.movementLead))</p>\n<div class=\"pair\"><figure>\(flow)\(legend)</figure>\n<div>\(moveTable)\(people)</div></div>\n"
    )
  }

  /// All bands that somebody leaves, enters or stays in, highest first, none last.
  private var places: [Int] {
    (Array(summary.bandNames.indices) + [-1]).filter { place in
      summary.moves.keys.contains { $0.from == place || $0.to == place }
    }
  }

  private func place(_ index: Int) -> String { bandName(index) ?? texts.noBand }

  private func rank(_ place: Int) -> Int { place < 0 ? .max : place }

  private func direction(_ from: Int, _ to: Int) -> (name: String, mark: String) {
    if from == to { return ("same", "•") }
    return from < 0 ? ("first", "+") : rank(to) < rank(from) ? ("up", "▲") : ("down", "▼")
  }

  private var moveTable: String {
    let places = places
    let columns =
      [Column(texts.from)] + places.map { Column(place($0), isNumber: true) }
      + [Column(texts.total, isNumber: true)]
    let rows = places.compactMap { from -> [String]? in
      let counts = places.map { summary.moves[PlanSummary.BandMove(from: from, to: $0)] ?? 0 }
      let sum = counts.reduce(0, +)
      guard sum > 0 else { return nil }
      let cells = zip(places, counts).map { to, count -> String in
        guard count > 0 else { return "·" }
        let (name, mark) = direction(from, to)
        return "<span class=\"\(name)\">\(mark) \(language.number(count))</span>"
      }
      return ["<bdi>\(text(place(from)))</bdi>"] + cells + [language.number(sum)]
    }
    return table(texts.movementTable, columns, rows, showsCaption: true, isWide: false)
  }

  /// One band on one side of the picture.
  private struct Node {
    var place: Int
    var count: Int
    var top: Double
    var height: Double
    /// Where the next stream begins.
    var used = 0.0
  }

  private static let flowHeight = 240.0

  private func nodes(_ key: (PlanSummary.BandMove) -> Int, total: Double) -> (nodes: [Node], height: Double) {
    var nodes: [Node] = []
    var top = 24.0
    for place in places {
      let count = summary.moves.reduce(0) { key($1.key) == place ? $0 + $1.value : $0 }
      guard count > 0 else { continue }
      let height = max(2, Double(count) / total * Self.flowHeight)
      let slot = max(height, 36)
      nodes.append(Node(place: place, count: count, top: top + (slot - height) / 2, height: height))
      top += slot + 8
    }
    return (nodes, top)
  }

  private var flow: String {
    let total = Double(max(1, summary.moves.values.reduce(0, +)))
    var (left, leftHeight) = nodes(\.from, total: total)
    var (right, rightHeight) = nodes(\.to, total: total)
    let height = max(leftHeight, rightHeight)
    let (start, end) = (114.0, 246.0)
    var streams: [(isSame: Bool, svg: String)] = []
    var words: [String] = []
    for from in left.indices {
      for to in right.indices {
        let key = PlanSummary.BandMove(from: left[from].place, to: right[to].place)
        guard let count = summary.moves[key], count > 0 else { continue }
        let thick = Double(count) / total * Self.flowHeight
        let (name, mark) = direction(key.from, key.to)
        let word = "\(mark) \(place(key.from)) → \(place(key.to)): \(language.number(count))"
        words.append(word)
        let path = Self.stream(
          (start, left[from].top + left[from].used), (end, right[to].top + right[to].used), max(1.5, thick))
        streams.append(
          (
            key.from == key.to,
            "<path class=\"stream \(name)\" d=\"\(path)\"><title>\(text(word))</title></path>\n"
          ))
        left[from].used += thick
        right[to].used += thick
      }
    }
    let ordered = streams.filter(\.isSame) + streams.filter { !$0.isSame }
    let blocks =
      left.map { block($0, at: start - 10, label: start - 18, anchor: "end") }
      + right.map { block($0, at: end, label: end + 18, anchor: "start") }
    return """
      <svg class="flow" viewBox="0 0 360 \(Self.short(height))" role="img" aria-labelledby="flow-title flow-text">
      <title id="flow-title">\(text(texts.movementTitle))</title>
      <desc id="flow-text">\(text(words.joined(separator: "; ")))</desc>
      <text class="side" x="\(Self.short(start))" y="12" text-anchor="end">\(text(texts.held))</text>
      <text class="side" x="\(Self.short(end))" y="12">\(text(texts.wanted))</text>
      \(ordered.map(\.svg).joined())\(blocks.joined())</svg>

      """
  }

  private func block(_ node: Node, at x: Double, label: Double, anchor: String) -> String {
    let middle = node.top + node.height / 2
    let name = TerminalText.fitted(place(node.place), 12)
    return """
      <rect class="block" x="\(Self.short(x))" y="\(Self.short(node.top))" width="10" height="\(Self.short(node.height))"/>
      <text class="name" x="\(Self.short(label))" y="\(Self.short(middle - 2))" text-anchor="\(anchor)">\(text(name))</text>
      <text class="count" x="\(Self.short(label))" y="\(Self.short(middle + 13))" text-anchor="\(anchor)">\(language.number(node.count))</text>

      """
  }

  private static func stream(
    _ start: (x: Double, y: Double), _ end: (x: Double, y: Double), _ thick: Double
  ) -> String {
    let middle = short((start.x + end.x) / 2)
    let (x0, x1, y0, y1) = (short(start.x), short(end.x), short(start.y), short(end.y))
    let (z0, z1) = (short(start.y + thick), short(end.y + thick))
    return
      "M\(x0) \(y0)C\(middle) \(y0) \(middle) \(y1) \(x1) \(y1)V\(z1)C\(middle) \(z1) \(middle) \(z0) \(x0) \(z0)Z"
  }

  /// A coordinate with one decimal at most.
  private static func short(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    let text = "\(abs(tenths) / 10)" + (tenths % 10 == 0 ? "" : ".\(abs(tenths) % 10)")
    return tenths < 0 ? "-" + text : text
  }

  // MARK: - Scores before and after

  var scores: String {
    guard let distribution = summary.insight.distribution else { return "" }
    let bars = distribution.bars
    let known = bars.reduce(0) { $0 + $1.before } + distribution.noneBefore
    let lead = language.fill(texts.scoresLead, ["contacts": language.count(known, texts.contacts)])
    func row(_ name: String, _ before: Int, _ after: Int) -> [String] {
      [text(name), language.number(before), language.number(after), language.signed(after - before)]
    }
    var rows = bars.indices.map { row(range(bars, $0), bars[$0].before, bars[$0].after) }
    rows.append(row(texts.noScore, distribution.noneBefore, distribution.noneAfter))
    let columns =
      [Column(texts.score)]
      + [texts.before, texts.after, texts.difference].map { Column($0, isNumber: true) }
    let legend =
      "<ul class=\"legend\"><li class=\"before\">\(text(texts.before))</li><li class=\"after\">\(text(texts.after))</li></ul>\n"
    return section(
      "scores", texts.scores,
      "<p>\(text(lead))</p>\n<div class=\"pair\"><figure>\(histogram(distribution))\(legend)</figure>\n"
        + "<details open><summary>\(text(texts.asTable))</summary>\n\(table(texts.scoresTable, columns, rows, isWide: false))</details></div>\n"
    )
  }

  private func range(_ bars: [ScoreDistribution.Bar], _ index: Int) -> String {
    let bar = bars[index]
    let (from, to) = (language.number(bar.from), language.number(bar.to))
    if index == 0, bar.from < 0 { return language.fill(texts.orLess, ["b": to]) }
    if bar.from == bar.to { return from }
    return language.fill(texts.range, ["a": from, "b": to])
  }

  private func histogram(_ distribution: ScoreDistribution) -> String {
    let bars = distribution.bars
    let top = Self.roundUp(max(1, bars.map { max($0.before, $0.after) }.max() ?? 1))
    let (left, right, floor, height) = (50.0, 356.0, 196.0, 180.0)
    func tall(_ count: Int) -> Double { count == 0 ? 0 : max(1.5, Double(count) / Double(top) * height) }
    var svg = ""
    for tick in [0, 1, 2] where tick == 0 || top * tick % 2 == 0 {
      let y = Self.short(floor - height * Double(tick) / 2)
      svg +=
        "<line class=\"grid\" x1=\"\(Self.short(left))\" x2=\"\(Self.short(right))\" y1=\"\(y)\" y2=\"\(y)\"/>"
      svg +=
        "<text class=\"tick\" x=\"\(Self.short(left - 6))\" y=\"\(y)\" dy=\"4\" text-anchor=\"end\">\(language.number(top * tick / 2))</text>\n"
    }
    let step = (right - left) / Double(bars.count)
    for (index, bar) in bars.enumerated() {
      let x = left + step * Double(index)
      let word =
        "\(range(bars, index)): \(texts.before) \(language.number(bar.before)), \(texts.after) \(language.number(bar.after))"
      svg += "<g><title>\(text(word))</title>"
      for (name, count, shift) in [("before", bar.before, 0.1), ("after", bar.after, 0.5)] where count > 0 {
        let tall = tall(count)
        svg +=
          "<rect class=\"\(name)\" x=\"\(Self.short(x + step * shift))\" y=\"\(Self.short(floor - tall))\" width=\"\(Self.short(step * 0.38))\" height=\"\(Self.short(tall))\"/>"
      }
      svg += "</g>\n"
      if index.isMultiple(of: bars.count > 10 ? 4 : 2) {
        svg +=
          "<text class=\"tick\" x=\"\(Self.short(x))\" y=\"\(Self.short(floor + 16))\">\(language.number(bar.from))</text>\n"
      }
    }
    let words = bars.indices.filter { bars[$0].before > 0 || bars[$0].after > 0 }.map {
      "\(range(bars, $0)): \(language.number(bars[$0].before)) → \(language.number(bars[$0].after))"
    }
    return """
      <svg class="scores" viewBox="0 0 360 218" role="img" aria-labelledby="scores-name scores-text">
      <title id="scores-name">\(text(texts.scoresTitle))</title>
      <desc id="scores-text">\(text(words.joined(separator: "; ")))</desc>
      \(svg)</svg>

      """
  }

  /// The next number of one digit and noughts.
  private static func roundUp(_ value: Int) -> Int {
    var size = 1
    while true {
      for step in [1, 2, 3, 4, 5, 6, 8] where size * step >= value { return size * step }
      size *= 10
    }
  }
}

import Foundation
import Platform
import Testing

@testable import Report
@testable import Sync

@Suite("The dry-run report")
struct PlanReportTests {
  private func shown(_ plan: PlanSummary, columns: Int = 80) -> Shown {
    Shown(PlanReport.text(plan, style: .plain, columns: columns))
  }

  @Test(
    "no line is wider than the terminal, whatever the texts", arguments: [60, 80, 100, 120, 300],
    [true, false])
  func widths(columns: Int, hasColor: Bool) {
    let text = PlanReport.text(
      Samples.wildPlan(), style: TextStyle(hasColor: hasColor), columns: columns)
    Shown(text).expectTame(columns: columns)
    #expect(text.hasSuffix("\n") && !text.hasSuffix("\n\n"))
  }

  @Test("colours are all that a style changes")
  func style() {
    let plan = Samples.wildPlan()
    let plain = PlanReport.text(plan, style: .plain)
    let coloured = PlanReport.text(plan, style: TextStyle(hasColor: true))
    #expect(!plain.contains("\u{1B}") && coloured.contains("\u{1B}["))
    #expect(Shown(coloured).lines == Shown(plain).lines)
  }

  // MARK: - Movement between bands

  /// The cells of the table by row name; the header's names under "".
  private func table(_ shown: Shown) throws -> [String: [String]] {
    let start = try #require(shown.lines.firstIndex { $0.hasPrefix("from \\ to") })
    var rows = ["": shown.lines[start].split(separator: " ").dropFirst(3).map(String.init)]
    for line in shown.lines[(start + 1)...].prefix(while: { !$0.isEmpty }) {
      let cells = line.split(separator: " ").map(String.init)
      rows[cells[0]] = Array(cells.dropFirst())
    }
    return rows
  }

  @Test("the table of moves adds up to the changes, cell by cell")
  func moves() throws {
    var plan = Samples.plan()
    let expected = [(0, 0, 3), (0, 1, 1_200), (1, 2, 5), (-1, 2, 40), (2, -1, 1)]
    for (from, to, count) in expected {
      for number in 0..<count {
        plan.add(
          Samples.change("\(number)", to: 1), from: from < 0 ? nil : from, to: to < 0 ? nil : to,
          isHandoff: false, connection: 0)
        plan.header.changes += 1
      }
    }
    let shown = shown(plan)
    let rows = try table(shown)
    #expect(rows[""] == ["hot", "warm", "cold", "none"])
    #expect(rows["hot"] == ["3", "1,200", "·", "·"])
    #expect(rows["warm"] == ["·", "·", "5", "·"])
    #expect(rows["cold"] == ["·", "·", "·", "1"])
    #expect(rows["none"] == ["·", "·", "40", "·"])
    let cells = rows.filter { !$0.key.isEmpty }.values.joined()
    let sum = cells.compactMap { Int($0.replacing(",", with: "")) }.reduce(0, +)
    #expect(sum == plan.changes)
    #expect(shown.words.contains("1,249 changes among 100 contacts"))
    let counts = try #require(shown.lines.first { $0.hasPrefix("crm") }).split(separator: " ")
    #expect(counts == ["crm", "100", "1,249", "0", "1,246"])
  }

  @Test("bands that nobody enters or leaves have no row, and bands that do not fit are counted")
  func manyBands() throws {
    var plan = Samples.plan(bands: (0..<12).map { "band\($0)" })
    plan.add(Samples.change("1", to: 1), from: 2, to: 3, isHandoff: false, connection: 0)
    #expect(try table(shown(plan))[""] == ["band2", "band3"])
    for band in 0..<12 {
      plan.add(Samples.change("1", to: 1), from: band, to: band, isHandoff: false, connection: 0)
    }
    let shown = shown(plan)
    let columns = try #require(try table(shown)[""])
    #expect(shown.words.contains("(\(12 - columns.count) more bands do not fit here)"))
    #expect(columns.count >= 6)
  }

  @Test("persons by band, those without one included")
  func bandSizes() {
    var plan = Samples.plan()
    plan.bandSizes = [0: 1_500, 2: 7, -1: 2]
    #expect(shown(plan).words.contains("Persons by band: hot 1,500, warm 0, cold 7, no band 2."))
  }

  @Test("entries into a band that is handed to sales are counted, staying in it is not")
  func handoffs() {
    var plan = Samples.plan()
    plan.add(Samples.change("1", to: 1), from: 1, to: 0, isHandoff: true, connection: 0)
    plan.add(Samples.change("2", to: 1), from: 0, to: 0, isHandoff: true, connection: 0)
    #expect(shown(plan).words.contains("1 contact would enter a band that is handed to sales."))
  }

  // MARK: - The largest rises and falls

  @Test("the five largest rises and falls, largest first, ties by connection and id")
  func largest() {
    var plan = Samples.plan()
    for number in (1...30).shuffled() {
      let isUp = number.isMultiple(of: 2)
      plan.insight.add(
        Samples.change("\(number)", from: isUp ? 0 : number, to: isUp ? number : 0), held: 0, wanted: 0)
    }
    for contact in ["b", "a"] {
      plan.insight.add(Samples.change(contact, from: nil, to: 30), held: 0, wanted: 0)
    }
    plan.header.changes = 32
    let moves = shown(plan).lines.filter { $0.contains("→") && $0.contains("crm/") }.map {
      $0.split(separator: " ").prefix(4).joined(separator: " ")
    }
    #expect(
      moves == [
        "0 → 30 crm/30", "- → 30 crm/a", "- → 30 crm/b", "0 → 28 crm/28", "0 → 26 crm/26",
        "29 → 0 crm/29", "27 → 0 crm/27", "25 → 0 crm/25", "23 → 0 crm/23", "21 → 0 crm/21",
      ])
  }

  @Test("a move names address, band and reasons by their labels")
  func move() {
    var plan = Samples.plan()
    plan.labels = ["pricing": "Xem bảng giá"]
    var change = Samples.change(
      "1", from: 12, to: 47, email: "an@example.com",
      reasons: [
        PlannedReason(rule: "pricing", units: 40_960, count: 1, last: nil),
        PlannedReason(rule: "old", units: -5_120, count: 1, last: nil),
      ])
    (change.bandFrom, change.bandTo) = ("cold", "warm")
    plan.insight.add(change, held: 2, wanted: 1)
    let words = shown(plan).words
    #expect(words.contains("12 → 47 an@example.com cold → warm Xem bảng giá +40 · old -5"))
  }

  // MARK: - What went wrong

  @Test("five of the records that could not be used are listed, and where the others are")
  func rejected() {
    var part = Samples.connection()
    part.rejected = 6
    part.rejectedSamples = (1...6).map { RejectedRecord(place: "a.csv:\($0)", reason: "is odd") }
    let shown = shown(Samples.plan([part]))
    #expect(shown.lines.contains("6 records of crm could not be used:"))
    #expect(shown.lines.filter { $0.hasPrefix("  a.csv:") }.count == 5)
    #expect(shown.words.contains("all of them: leadgauge status --json"))
  }

  @Test("a connection that failed, and one that is never written, say so in their line")
  func connections() throws {
    var failed = Samples.connection("mail")
    failed.failure = ConnectorFailure(.unavailable, "no answer")
    var readOnly = Samples.connection("list")
    readOnly.isReadOnly = true
    let shown = shown(Samples.plan([failed, readOnly]))
    #expect(try #require(shown.lines.first { $0.hasPrefix("mail") }).hasSuffix("not read: no answer"))
    #expect(try #require(shown.lines.first { $0.hasPrefix("list") }).hasSuffix("read only"))
  }

  @Test("older activity is told with the command that reads it", arguments: [(1, "is"), (2_000, "are")])
  func older(count: Int, verb: String) {
    var plan = Samples.plan()
    var pulled = PullSummary.Connection(name: "crm")
    pulled.skippedAsOlder = count
    plan.pull = PullSummary(connections: [pulled])
    let words = shown(plan).words
    #expect(words.contains("\(TerminalText.count(count, "record")) of crm \(verb) older than the history"))
    #expect(words.contains("leadgauge backfill --since TIME"))
  }

  @Test("blown fuses are told with count, limit and cure; whole ones are not")
  func fuses() {
    var plan = Samples.plan()
    func reading(_ fuse: String, total: Int?, limit: Int, isBlown: Bool) -> FuseReading {
      FuseReading(
        fuse: fuse, connection: total == nil ? "" : "crm", count: 60_000, total: total, limit: limit,
        isBlown: isBlown)
    }
    plan.fuses = [
      reading("maxWrites", total: nil, limit: 50_000, isBlown: true),
      reading("maxChanges", total: 100_000, limit: 2_500, isBlown: true),
      reading("maxShrink", total: 100_000, limit: 9_000, isBlown: false),
    ]
    let words = shown(plan).words
    #expect(words.contains("The fuse maxWrites would blow: 60,000, the limit is 50,000."))
    #expect(words.contains("The fuse maxChanges would blow on crm: 60,000 of 100,000, the limit is 25 %."))
    #expect(words.contains("sync --approve"))
    #expect(!words.contains("maxShrink"))
  }

  // MARK: - Head

  @Test("nothing to do is said so, in one line too")
  func nothing() {
    let plan = Samples.plan()
    #expect(shown(plan).words.contains("Nothing to do: 100 contacts hold what the model says."))
    #expect(!shown(plan).words.contains("Largest"))
    #expect(PlanReport.brief(plan).hasSuffix("nothing to do, 100 contacts hold what the model says."))
  }

  @Test("only a dry run says that nothing has been written")
  func dryRun() {
    var plan = Samples.plan()
    plan.header.changes = 1
    #expect(shown(plan).lines[1] == "1 change among 100 contacts; nothing has been written.")
    let written = Shown(PlanReport.text(plan, style: .plain, isDryRun: false))
    #expect(written.lines[1] == "1 change among 100 contacts.")
    #expect(PlanReport.brief(plan).hasSuffix(": 1 change among 100 contacts."))
  }
}

import Platform
import Scoring
import Store
import Testing

@testable import Report
@testable import Sync

@Suite("What a run came to")
struct RunReportTests {
  private func result(_ edit: (inout RunResult) -> Void) -> RunResult {
    var result = RunResult(record: RunRecord(id: "01", command: "sync", startedAt: Samples.moment))
    edit(&result)
    return result
  }

  private func shown(_ result: RunResult, hasColor: Bool = false) -> Shown {
    Shown(RunReport.text(result, style: TextStyle(hasColor: hasColor)))
  }

  @Test("what was written, in one line")
  func written() {
    let result = result { $0.apply = ApplySummary(written: 1_234) }
    #expect(RunReport.text(result, style: .plain) == "1,234 contacts written.\n")
  }

  @Test("twenty refused contacts are listed with reasons, the others counted")
  func refused() {
    var apply = ApplySummary(written: 1)
    for number in 1...23 { apply.refuse("crm", ContactID("\(number)"), "read only") }
    let shown = shown(result { $0.apply = apply })
    #expect(shown.lines[0] == "1 contact written, 23 not written:")
    #expect(shown.lines.filter { $0.hasSuffix(": read only") }.count == 20)
    #expect(shown.lines.contains("  crm/1: read only"))
    #expect(shown.words.contains("and 3 more; they are tried again by the next run"))
  }

  @Test("a blown fuse is told before anything else, with its cure")
  func heldBack() {
    let shown = shown(
      result {
        $0.isHeldBack = true
        $0.blown = [BlownFuse(fuse: "maxWrites", connection: "", message: "too many", cure: "Look at it")]
      })
    #expect(
      shown.lines == ["Nothing was written: a fuse is blown.", "  maxWrites: too many. Look at it.", ""])
  }

  @Test("connections that failed are named, in the order of their names")
  func failures() {
    let shown = shown(
      result { result in
        result.apply = ApplySummary(failures: ["mail": ConnectorFailure(.unavailable, "no answer")])
        var pulled = PullSummary.Connection(name: "crm")
        pulled.failure = ConnectorFailure(.forbidden, "no rights", cure: "Ask")
        result.pull = PullSummary(connections: [pulled])
      })
    #expect(Array(shown.lines.suffix(3)) == ["crm: no rights. Ask.", "mail: no answer.", ""])
  }

  @Test("nothing wild comes through, and nothing is wider than the terminal", arguments: [true, false])
  func wild(hasColor: Bool) {
    var apply = ApplySummary()
    for name in WildText.names { apply.refuse(name, ContactID(name), name) }
    apply.failures = ["x": ConnectorFailure(.badData, WildText.long, cure: WildText.long)]
    shown(result { $0.apply = apply }, hasColor: hasColor).expectTame(columns: 80)
    let blown = WildText.names.map { BlownFuse(fuse: "f", connection: $0, message: $0, cure: $0) }
    shown(
      result {
        $0.isHeldBack = true
        $0.blown = blown
      }, hasColor: hasColor
    ).expectTame(columns: 80)
    var pull = PullSummary()
    for name in WildText.names {
      var part = PullSummary.Connection(name: name)
      (part.recordsRead, part.rejected, part.skippedAsOlder, part.missing) = (1, 2, 3, 4)
      pull.connections.append(part)
    }
    Shown(RunReport.text(pull, style: TextStyle(hasColor: hasColor))).expectTame(columns: 80)
  }

  @Test("a pull says what each connection gave and what was new")
  func pull() {
    var part = PullSummary.Connection(name: "crm")
    (part.recordsRead, part.rejected, part.skippedAsOlder, part.missing) = (1_000, 2, 3, 4)
    var failed = PullSummary.Connection(name: "mail")
    failed.failure = ConnectorFailure(.unavailable, "no answer")
    var pull = PullSummary(connections: [part, failed])
    (pull.merge.newContacts, pull.merge.newActivities, pull.merge.changedContacts) = (1, 2_000, 3)
    let words = Shown(RunReport.text(pull, style: .plain)).words
    #expect(
      words == "crm: 1,000 records read, 2 could not be used, 3 older than the history, 4 missing and kept"
        + " (maxShrink). mail: no answer. New: 1 contact, 2,000 activities. Changed: 3 contacts."
        + " Gone: 0 contacts.")
  }

  @Test("runs are a table of 80 columns with whole numbers")
  func runs() {
    var run = RunRecord(
      id: "01M8E9TQ6MEJQ4HRCFD4HG8GCA", command: "backfill", startedAt: Timestamp(1_790_000_000))
    (run.exit, run.written, run.changes) = (130, 123_456, 234_567)
    let killed = RunRecord(id: "01M8E9TQ6MEJQ4HRCFD4HG8GC9", command: "sync", startedAt: Samples.moment)
    let lines = Shown(RunReport.text([run, killed])).lines
    #expect(lines[0].split(separator: " ") == ["run", "started", "command", "exit", "written", "changes"])
    #expect(
      lines[1].split(separator: " ") == [
        "01M8E9TQ6MEJQ4HRCFD4HG8GCA", "2026-09-21T14:13:20Z", "backfill", "130", "123,456", "234,567",
      ])
    #expect(lines[2].split(separator: " ").suffix(3) == ["-", "0", "0"])
    #expect(lines.dropLast().allSatisfy { $0.count == 80 })
    #expect(RunReport.text([]) == "No run yet.\n")
  }

  @Test("a run of many millions is too wide rather than wrong")
  func hugeRun() {
    var run = RunRecord(id: "01", command: "sync", startedAt: Samples.moment)
    (run.written, run.changes) = (1_234_567_890, 1_234_567_891)
    #expect(RunReport.text([run]).hasSuffix(" 1,234,567,890 1,234,567,891\n"))
  }
}

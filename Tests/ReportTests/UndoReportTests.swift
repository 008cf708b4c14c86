import Platform
import Scoring
import Testing

@testable import Report
@testable import Store
@testable import Sync

@Suite("The report of an undo")
struct UndoReportTests {
  private func summary(name: String = "crm", isDryRun: Bool = false) -> UndoSummary {
    let header = PlanHeader(
      id: "02", asOf: Samples.moment, modelName: "Test", modelSHA256: "ab", connections: [name],
      contacts: 100, changes: 0, undoes: "01")
    var summary = UndoSummary(
      run: RunRecord(id: "01", command: "sync", startedAt: Samples.moment), header: header, isDryRun: isDryRun
    )
    summary.connections = [UndoSummary.Connection(name: name, contacts: 100, written: 3)]
    var change = Samples.change("7", connection: name, from: 50, to: 0, email: "ann@example.com")
    change.clearsScore = true
    change.bandFrom = "hot"
    summary.add(change, on: 0)
    summary.leave(ContactID("8"), on: 0, "its score is 7 now, not 50 as written")
    summary.handoffs = 1
    return summary
  }

  private func result(_ summary: UndoSummary, written: Int? = nil) -> RunResult {
    var result = RunResult(record: RunRecord(id: "02", command: "undo", startedAt: Samples.moment))
    result.undo = summary
    if let written {
      var apply = ApplySummary()
      apply.written = written
      apply.refused = summary.leftCount
      apply.refusals = summary.left
      result.apply = apply
    }
    return result
  }

  @Test("what is taken back, what is left and why, what cannot be taken back, and what comes next")
  func everything() {
    let text = UndoReport.text(result(summary(), written: 1), style: .plain)
    #expect(
      text == """
        Undo of run 01: sync at 2026-09-21T14:13:20Z.

        connection                  run wrote to take back   left as is
        crm                                 3            1            1

        Bands
          hot → none: 1

        Largest moves back
          50 → none ann@example.com

        1 contact left as they are
          crm/8: its score is 7 now, not 50 as written

        1 contact taken back, 1 left as they are.

        What can't be taken back: automations that the platforms started because of the
        run's scores, bands and tags, and what they sent. The run brought 1 contact into
        a band with a handoff: sales may have been told of them already.
        The next sync writes by the model again. To keep the old values, stop it from
        running, or put the older model back, or set write: false for the connection.
        To take this undo back: leadgauge undo 02

        """)
  }

  @Test("a dry run says that it is one, and which fuse would be in the way")
  func dryRun() {
    var result = result(summary(isDryRun: true))
    result.blown = [
      BlownFuse(fuse: "maxChanges", connection: "crm", message: "9 of 10 would change", cure: "c")
    ]
    let text = UndoReport.text(result, style: .plain)
    #expect(text.hasPrefix("Dry run: nothing is written. Undo of run 01"))
    #expect(text.contains("Fuse maxChanges: 9 of 10 would change. This undo would not be written without"))
    #expect(!text.contains("To take this undo back"))
  }

  @Test("as JSON it is one object in the run's document")
  func json() {
    let json = ReportJSON.result(result(summary(), written: 1))
    #expect(
      json.contains(
        #""undo":{"run":"01","command":"sync","dryRun":false,"changes":1,"connections":[{"connection":"crm","#
          + #""written":3,"takenBack":1,"left":1,"obstacle":null}],"moves":[{"from":"hot","to":null,"contacts":1}],"#
          + #""left":1,"leftContacts":[{"connection":"crm","contact":"8","reason":"its score is 7 now, not 50 as written"}],"#
          + #""keptScores":0,"keptScoreContacts":[],"handoffs":1}"#), "\(json)")
  }

  @Test("nothing wild comes through, and nothing is wider than the terminal", arguments: WildText.names)
  func wild(text: String) {
    var summary = summary(name: text)
    summary.connections[0].obstacle = text
    summary.moves[UndoSummary.BandMove(from: text, to: text + "!")] = 3
    summary.largest[0].email = text
    summary.leave(ContactID(text), on: 0, text)
    summary.keptScores = [ApplySummary.Refusal(connection: text, contact: text, reason: text)]
    summary.keptScoreCount = 9
    var result = result(summary, written: 1)
    result.isHeldBack = true
    result.blown = [BlownFuse(fuse: "maxChanges", connection: text, message: text, cure: text)]
    Shown(UndoReport.text(result, style: .plain)).expectTame(columns: 80)
    let latch = Latch(
      connection: text, fuse: "maxShrink", blownAt: Samples.moment, run: "01", message: text)
    var approval = Approval()
    approval.released = [latch]
    approval.kept = [latch]
    Shown(FuseReport.text(approval, style: .plain)).expectTame(columns: 80)
    result.blown = [
      BlownFuse(fuse: "maxChanges", connection: text, message: "blown since " + text, cure: text)
    ]
    Shown(FuseReport.latched(result, style: .plain)).expectTame(columns: 80)
  }

  @Test("who approves reads what he approves, what stays blown, and that nothing was blown")
  func approval() {
    var approval = Approval()
    #expect(
      FuseReport.text(approval, style: .plain) == "No fuse was blown, so --approve approved nothing.\n")
    approval.released = [
      Latch(
        connection: "crm", fuse: "maxChanges", blownAt: Samples.moment, run: "01",
        message: "30 of 100 contacts on crm would change their band, more than maxChanges 25 %. Look at it")
    ]
    approval.kept = [
      Latch(connection: "", fuse: "maxWrites", blownAt: Samples.moment, run: "01", message: "too many. Look")
    ]
    #expect(
      FuseReport.text(approval, style: .plain) == """
        Approved: fuse maxChanges of crm, blown since 2026-09-21T14:13:20Z: 30 of 100
        contacts on crm would change their band, more than maxChanges 25 %.
        Not approved: fuse maxWrites stays blown since 2026-09-21T14:13:20Z, as this run
        is not about all of its connections: too many.

        """)
  }
}

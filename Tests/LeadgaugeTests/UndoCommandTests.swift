import Foundation
import Testing

@Suite("undo writes back what a run replaced")
struct UndoCommandTests {
  private func written() async throws -> (place: Workplace, run: String) {
    let place = try Workplace.small()
    let sync = try await place.runAsOf("sync", "--json")
    #expect(sync.status == 0, "\(sync)")
    return (place, try sync.document(RunForm.self).run)
  }

  private struct RunForm: Decodable {
    let run: String
  }

  private struct UndoForm: Decodable {
    struct Undo: Decodable {
      let run: String
      let changes: Int
      let left: Int
    }
    let undo: Undo
    let written: Int?
    let exit: Int
  }

  @Test("the output of a first sync is empty again, and the next sync fills it anew")
  func firstSync() async throws {
    let (place, run) = try await written()
    let before = try place.scores()
    let undo = try await place.run("undo", run)
    #expect(undo.status == 0, "\(undo)")
    #expect(undo.out.contains("3 contacts taken back."))
    #expect(undo.out.contains("The next sync writes by the model again."))
    let scores = try place.text("scores.csv").split(separator: "\n").dropFirst()
    #expect(
      scores.map { $0.split(separator: ",", omittingEmptySubsequences: false)[2...5].joined() } == [
        "", "", "",
      ])
    #expect(try await place.runAsOf("sync").status == 0)
    #expect(try place.scores() == before)
  }

  @Test("who was edited since is named and left, exit 3")
  func edited() async throws {
    let (place, _) = try await written()
    try place.replace(",4,cold,", by: ",5,cold,", in: "scores.csv")
    let undo = try await place.run("undo", "last")
    #expect(undo.status == 3, "\(undo)")
    #expect(undo.out.contains("list/2: its score is 5 now, not 4 as written"))
    #expect(try place.text("scores.csv").contains(",5,cold,"))
  }

  @Test("--plan shows it and writes nothing; apply writes it")
  func plan() async throws {
    let (place, run) = try await written()
    let before = try place.text("scores.csv")
    let plan = try await place.run("undo", "last", "--plan", "-o", "back.plan", "--json")
    #expect(plan.status == 0, "\(plan)")
    let form = try plan.document(UndoForm.self)
    #expect(form.undo.run == run && form.undo.changes == 3 && form.written == nil)
    #expect(try place.text("scores.csv") == before)
    let shown = try await place.run("undo", "last", "--plan")
    #expect(shown.out.hasPrefix("Dry run: nothing is written. Undo of run \(run)"))
    #expect(try await place.run("apply", "back.plan").status == 0)
    #expect(try !place.text("scores.csv").contains("hot"))
  }

  @Test(
    "what cannot be undone is said on stderr, 64",
    arguments: [
      (["undo", "01NOSUCHRUN"], "there is no run '01NOSUCHRUN'. See the runs with: leadgauge runs."),
      (["undo", "last", "-o", "x.plan"], "-o goes with --plan."),
      (["undo", "last", "--plan", "--approve"], "--approve writes and --plan does not"),
      (["undo"], "Missing expected argument '<run>'"),
    ])
  func refused(arguments: [String], message: String) async throws {
    let place = try await written().place
    let undo = try await Program.run(arguments, in: place.path)
    #expect(undo.status == 64, "\(undo)")
    #expect(undo.err.contains(message), "\(undo)")
  }

  @Test("undoing twice says by which run it was undone already")
  func twice() async throws {
    let (place, run) = try await written()
    #expect(try await place.run("undo", "last").status == 0)
    let again = try await place.run("undo", "last")
    #expect(again.status == 64)
    #expect(again.err.contains("run \(run) was undone already, by run "), "\(again)")
  }

  @Test("the fuses watch an undo, 10, and --approve writes it")
  func fuse() async throws {
    let place = try Workplace.crowd(40)
    #expect(try await place.runAsOf("sync").status == 0)
    let before = try place.text("scores.csv")
    let undo = try await place.run("undo", "last")
    #expect(undo.status == 10, "\(undo)")
    #expect(undo.out.contains("Nothing was written: a fuse is blown."))
    #expect(try place.text("scores.csv") == before)
    #expect(try await place.run("status").out.contains("Fuses: all whole."))
    #expect(try await place.run("undo", "last", "--approve").status == 0)
    // What is undone is not written anew unseen: a first write is one only once.
    #expect(try await place.runAsOf("sync").status == 10)
  }
}

@Suite("--limit writes the most important changes alone")
struct LimitOptionTests {
  @Test("the rest is left and said, and is written by the next run")
  func sync() async throws {
    let place = try Workplace.small()
    let first = try await place.runAsOf("sync", "--limit", "1")
    #expect(first.status == 0, "\(first)")
    #expect(
      first.out.contains("1 contact written.\n2 less important changes left for the next run (--limit)."))
    #expect(try place.scores().keys.sorted() == ["1"])
    #expect(try await place.runAsOf("sync").status == 0)
    #expect(try place.scores().count == 3)
  }

  @Test("a plan holds the most important alone and says so")
  func plan() async throws {
    let place = try Workplace.small()
    let plan = try await place.runAsOf("plan", "--limit", "2", "-o", "few.plan")
    #expect(plan.out.contains("The file holds the 2 most important of 3 changes (--limit)."), "\(plan)")
    #expect(try await place.run("apply", "few.plan", "--limit", "1").out.contains("1 contact written."))
  }

  @Test("a limit is 1 or more", arguments: ["0", "-1", "few"])
  func usage(limit: String) async throws {
    let place = try Workplace.small()
    let sync = try await place.run("sync", "--limit=\(limit)")
    #expect(sync.status == 64, "\(sync)")
    #expect(sync.err.contains("--limit"))
  }
}

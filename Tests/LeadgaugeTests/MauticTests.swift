import Foundation
import MauticSimulator
import Testing

@Suite("Mautic over HTTP, with all that goes wrong", .serialized)
struct MauticTests {
  @Test("plan changes nothing, sync writes everybody, and then there is nothing to do")
  func roundTrip() async throws {
    try await MauticPlace.with { mautic in
      let plan = try await mautic.run("plan")
      #expect(plan.status == 0, "\(plan)")
      #expect(mautic.host.requests.changing == 0)
      let sync = try await mautic.run("sync")
      #expect(sync.status == 0 && sync.out.contains("120 contacts written"), "\(sync)")
      #expect(try mautic.scored() == 120)
      let before = mautic.host.requests
      let again = try await mautic.run("sync")
      #expect(again.status == 0 && again.out.contains("0 contacts written"), "\(again)")
      let after = mautic.host.requests
      #expect(after.all - before.all <= 15)
      #expect(after.changing == before.changing)
    }
  }

  @Test("the wrong password: 77 with the cure, and the right one goes on")
  func wrongPassword() async throws {
    try await MauticPlace.with { mautic in
      let wrong = try await mautic.run("sync", password: "another-one")
      #expect(wrong.status == 77, "\(wrong)")
      #expect(wrong.err.contains("refused the credentials") && wrong.err.contains("Check auth:"), "\(wrong)")
      #expect(try await mautic.run("sync").status == 0)
    }
  }

  @Test("the API switched off: 77 with the cure")
  func switchedOff() async throws {
    try await MauticPlace.with({ $0.apiEnabled = false }) { mautic in
      let sync = try await mautic.run("sync")
      #expect(sync.status == 77, "\(sync)")
      #expect(sync.err.contains("switched off") && sync.err.contains("API settings"), "\(sync)")
      try mautic.change { $0.settings.apiEnabled = true }
      #expect(try await mautic.run("sync").status == 0)
    }
  }

  @Test("a right that is missing: 77 names what, and what can be done without it is done")
  func missingRight() async throws {
    try await MauticPlace.with({ $0.rights.remove(.stats) }) { blind in
      let pull = try await blind.run("sync")
      #expect(pull.status == 77 && pull.err.contains("does not allow /api/stats/"), "\(pull)")
      #expect(try blind.scored() == 0)

      try await MauticPlace.with({ $0.rights.remove(.editContacts) }) { reader in
        #expect(try await reader.run("plan").status == 0)
        let sync = try await reader.run("sync")
        #expect(sync.status == 77 && sync.out.contains("does not let this user edit contacts"), "\(sync)")
        #expect(sync.out.contains("0 contacts written, 120 not written."), "\(sync)")
        #expect(try reader.scored() == 0)
        try reader.change { $0.settings.rights = .all }
        #expect(try await reader.run("sync").status == 0)
        #expect(try reader.scored() == 120)
      }
    }
  }

  @Test("a server that is not there: 69, and the next run goes on")
  func unreachable() async throws {
    try await MauticPlace.with { mautic in
      await mautic.host.stop()
      let sync = try await mautic.run("sync")
      #expect(sync.status == 69, "\(sync)")
      #expect(sync.err.contains("no connection came about"), "\(sync)")
      try await mautic.restart()
      #expect(try await mautic.run("sync").status == 0)
      #expect(try mautic.scored() == 120)
    }
  }

  @Test("a web page instead of JSON: 69 or 78 by its status, never a stack of characters")
  func webPage() async throws {
    try await MauticPlace.with { mautic in
      try mautic.change { $0.failNext(1, status: 200, html: true) }
      let page = try await mautic.run("sync")
      #expect(page.status == 69 && page.err.contains("a web page"), "\(page)")
      try mautic.change { $0.failNext(1, status: 404, html: true) }
      let missing = try await mautic.run("sync")
      #expect(missing.status == 78 && missing.err.contains("Check url:"), "\(missing)")
      #expect(!(page.err + missing.err).contains("<html"))
      #expect(try await mautic.run("sync").status == 0)
    }
  }

  @Test("a clock that is an hour off: check says so, and nothing is missed", arguments: [3_600, -3_600])
  func clock(seconds: Int64) async throws {
    try await MauticPlace.with({ $0.clockOffset = seconds }) { mautic in
      let check = try await mautic.run("check")
      #expect(check.status == 0 && check.out.contains("the server's clock is 60 min"), "\(check)")
      #expect(check.out.contains(seconds > 0 ? "ahead" : "behind"))
      #expect(try await mautic.run("sync").status == 0)
      #expect(try mautic.scored() == 120)
    }
  }

  @Test("a server that dies in the middle of a batch: the next run settles it, nobody is written twice")
  func dying() async throws {
    try await MauticPlace.with { mautic in
      let process = Program.process(
        ["sync", "--quiet"], in: mautic.place.path, environment: ["MAUTIC_PASSWORD": MauticPlace.password])
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      // Three fields are made, then the batches go out: the second one is worked through, and no answer comes.
      mautic.host.die(atChange: 5)
      let status = try await Program.status(of: process)
      #expect(status == 69)
      #expect(try mautic.scored() == 100)
      try await mautic.restart()
      let changes = mautic.host.requests.changing
      let sync = try await mautic.run("sync")
      #expect(sync.status == 0, "\(sync)")
      #expect(try mautic.scored() == 120)
      #expect(mautic.host.requests.changing - changes == 1)
    }
  }

  @Test("check names each thing once, with its cure")
  func check() async throws {
    try await MauticPlace.with({ $0.auditLogAllowed = false }) { mautic in
      let check = try await mautic.run("check")
      #expect(check.status == 0, "\(check)")
      for words in [
        "is Mautic 5.1.1", "contacts can be read: 120", "the audit log cannot be read",
        "'lead_score' is not there yet",
      ] {
        let text = check.out.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
        #expect(text.contains(words), "\(check)")
      }
    }
  }
}

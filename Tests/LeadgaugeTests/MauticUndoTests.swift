import Foundation
import MauticSimulator
import Scoring
import Testing

@Suite("undo on a stand-in of Mautic")
struct MauticUndoTests {
  private struct RunForm: Decodable {
    struct Undo: Decodable {
      struct Left: Decodable {
        let contact: String
        let reason: String
      }
      let changes: Int
      let leftContacts: [Left]
    }
    let exit: Int
    let written: Int?
    let refused: Int?
    let undo: Undo?
  }

  @Test("what others changed is left, all else is as it was before the run")
  func othersEdits() async throws {
    try await MauticPlace.with { mautic in
      let sync = try await mautic.run("sync", "--json")
      #expect(sync.status == 0, "\(sync)")
      // The second stands apart from our own writes, which have the time of the server's clock.
      let later = Timestamp(Int64(Date().timeIntervalSince1970) + 2)
      try mautic.change { server in
        for number in 1...6 {
          server.setField(server.id(ofContact: number) ?? 0, "lead_score", to: "77", at: later)
        }
      }
      let undo = try await mautic.run("undo", "last", "--approve", "--json")
      #expect(undo.status == 3, "\(undo)")
      let form = try undo.document(RunForm.self)
      #expect(form.undo?.changes == MauticPlace.people - 6)
      #expect(form.written == MauticPlace.people - 6)
      #expect(form.undo?.leftContacts.count == 6)
      #expect(form.undo?.leftContacts.allSatisfy { $0.reason.hasPrefix("its score is 77 now, not ") } == true)
      #expect(try mautic.scored() == 6)
      let again = try await mautic.run("undo", "last", "--approve")
      #expect(again.status == 64 && again.err.contains("was undone already"), "\(again)")
    }
  }
}

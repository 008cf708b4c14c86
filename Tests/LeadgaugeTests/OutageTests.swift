import Foundation
import Platform
import Scoring
import Synchronization
import Testing

@Suite("A platform that answers with empty lists for a while")
struct OutageTests {
  /// A server that, while it is confused, knows of no contact and of nothing that anybody did.
  private struct ForgetfulServer: Simulator {
    final class Memory: Sendable {
      let isLost = Mutex(false)
    }

    var inner: any Simulator
    let memory: Memory

    mutating func answer(_ request: SimulatedRequest, at now: Timestamp) -> SimulatedAnswer {
      let answer = inner.answer(request, at: now)
      guard request.method == "GET", answer.status == 200, memory.isLost.withLock({ $0 }) else {
        return answer
      }
      let isStatistics = request.path.hasPrefix("/api/stats/")
      guard isStatistics || request.path == "/api/contacts" else { return answer }
      let body = isStatistics ? #"{"total":"0","stats":[],"tables":[]}"# : #"{"total":"0","contacts":[]}"#
      return SimulatedAnswer(status: 200, headers: answer.headers, body: Array(body.utf8))
    }

    mutating func add(_ contact: SimulatedContact) { inner.add(contact) }

    mutating func add(_ activity: SimulatedActivity) { inner.add(activity) }

    func heldLines(of fields: [String]) -> [String] { inner.heldLines(of: fields) }
  }

  /// What a run says of its reading.
  private struct PullForm: Decodable {
    struct Pull: Decodable { let connections: [Connection] }
    struct Connection: Decodable { let missing: Int }
    let pull: Pull
  }

  private func whileForgetful(
    _ body: (MauticPlace, ForgetfulServer.Memory) async throws -> Void
  ) async throws {
    let memory = ForgetfulServer.Memory()
    try await MauticPlace.with(behind: { ForgetfulServer(inner: $0, memory: memory) }) { mautic in
      try await body(mautic, memory)
    }
  }

  private func held(_ mautic: MauticPlace) -> [String] {
    mautic.host.withSimulator { $0.heldLines(of: ["lead_score", "lead_band"]) }
  }

  @Test("loses no score and no tag: the fuse blows, and when it is well again there is nothing to do")
  func known() async throws {
    try await whileForgetful { mautic, memory in
      let first = try await mautic.run("sync")
      #expect(first.status == 0, "\(first)")
      let before = held(mautic)
      memory.isLost.withLock { $0 = true }
      let during = try await mautic.run("sync", "--json")
      #expect(during.status == 10, "\(during)")
      #expect(during.out.contains("120 of 120 contacts on web are missing"), "\(during)")
      memory.isLost.withLock { $0 = false }
      let after = try await mautic.run("sync", "--json")
      #expect(after.status == 10, "\(after)")
      #expect(try after.document(PullForm.self).pull.connections.map(\.missing) == [0], "\(after)")
      let approved = try await mautic.run("sync", "--approve", "--json")
      #expect(approved.status == 0, "\(approved)")
      #expect(try approved.document(ResultForm.self).written == 0, "\(approved)")
      #expect(held(mautic) == before)
      #expect(
        try await mautic.run("status", "--json").document(StatusForm.self).connections[0].contacts
          == MauticPlace.people)
    }
  }

  @Test("that it was so at the first reading of all does not hide its people for long")
  func unknown() async throws {
    try await whileForgetful { mautic, memory in
      memory.isLost.withLock { $0 = true }
      let during = try await mautic.run("sync", "--json")
      #expect(during.status == 0, "\(during)")
      memory.isLost.withLock { $0 = false }
      let after = try await mautic.run("sync", "--json")
      #expect(after.status == 0, "\(after)")
      #expect(try after.document(ResultForm.self).written == MauticPlace.people, "\(after)")
    }
  }

  @Test("and holds nothing of ours then: a new state file changes nobody when it is well again")
  func newState() async throws {
    try await whileForgetful { mautic, memory in
      #expect(try await mautic.run("sync").status == 0)
      let before = held(mautic)
      try mautic.place.remove("state")
      let again = try await mautic.run("sync", "--json")
      #expect(again.status == 0, "\(again)")
      #expect(try again.document(ResultForm.self).written == 0, "\(again)")
      #expect(held(mautic) == before)
    }
  }

  @Test("a file of contacts that is empty for once blows the fuse, and nothing is forgotten or rewritten")
  func emptyFile() async throws {
    let place = try Workplace.crowd(40)
    try place.warmUp(1...10)
    #expect(try await place.runAsOf("sync").status == 0)
    let before = try place.text("scores.csv")
    let list = try place.text("contacts.csv")
    try place.write("contacts.csv", "id,email,created_at\n")
    let empty = try await place.runAsOf("sync")
    #expect(empty.status == 10, "\(empty)")
    #expect(empty.out.contains("maxShrink: 40 of 40 contacts on list are missing"), "\(empty)")
    #expect(try place.text("scores.csv") == before)
    try place.write("contacts.csv", list)
    let approved = try await place.runAsOf("sync", "--approve", "--json")
    #expect(approved.status == 0, "\(approved)")
    #expect(try approved.document(ResultForm.self).written == 0, "\(approved)")
    #expect(try place.text("scores.csv") == before)
  }

  @Test("a model that moves everybody is held back with 10, and the old one finds nothing to do")
  func otherModel() async throws {
    let place = try Workplace.crowd(40)
    try place.warmUp(1...10)
    #expect(try await place.runAsOf("sync").status == 0)
    let before = try place.text("scores.csv")
    try place.replace(
      "profile:",
      by: "  - { id: all, on: any, points: 1 }\nprofile:\n  - { id: known, filled: [email], points: 30 }",
      in: "model.yaml")
    let sync = try await place.runAsOf("sync")
    #expect(sync.status == 10, "\(sync)")
    #expect(sync.out.contains("maxChanges: 30 of 40 contacts on list"), "\(sync)")
    #expect(try place.text("scores.csv") == before)
    try place.write("model.yaml", Workplace.model)
    let approved = try await place.runAsOf("sync", "--approve", "--json")
    #expect(approved.status == 0, "\(approved)")
    #expect(try approved.document(ResultForm.self).written == 0, "\(approved)")
  }
}

import Platform
import Scoring
import Testing
import WebAPI

@testable import MauticConnector

@Suite("Recorded answers to writes are understood")
struct RecordedWritingTests {
  private static let batch = "PATCH /api/contacts/batch/edit"

  private func mautic(_ recording: String, _ more: [ScriptedMautic.Route] = []) throws -> ScriptedMautic {
    let answer = try RecordedAnswer.named(recording)
    return ScriptedMautic(
      [ScriptedMautic.route(Self.batch, answer)] + more + [
        ScriptedMautic.route("GET /api/contacts/3", try RecordedAnswer.named("132-contact-merged-id"))
      ])
  }

  @Test("All of them were written")
  func whole() async throws {
    let mautic = try mautic("300-batch-patch-3")
    let outcomes = try await mautic.connector().write([
      ContactWrite(50, 10, add: ["score:C"]), ContactWrite(51, 11, add: ["score:C"], remove: ["score:A"]),
      ContactWrite(52, 12, add: ["score:C"]),
    ])
    #expect(outcomes == Array(repeating: .written(version: nil), count: 3))
    #expect(
      mautic.transport.requests.map(\.bodyText) == [
        "[{\"id\":50,\"ls_score\":10,\"tags\":[\"score:C\"]},"
          + "{\"id\":51,\"ls_score\":11,\"tags\":[\"score:C\",\"-score:A\"]},"
          + "{\"id\":52,\"ls_score\":12,\"tags\":[\"score:C\"]}]"
      ])
  }

  @Test("Some were written; of the others each has its own reason, in lists and in maps with gaps")
  func partial() async throws {
    let mautic = try mautic("301-batch-patch-partial")
    let outcomes = try await mautic.connector().write(
      [50, 51, 99_999, 54, 52, 53].map { ContactWrite($0, 11) })
    #expect(
      outcomes == [
        .written(version: nil), .refused(reason: "400: email: notanemail is invalid."), .gone,
        .refused(reason: "400: mautic.api.call.id_missing"),
        .refused(reason: "400: ls_score: This value is not valid."), .gone,
      ])
  }

  @Test("An id that was merged away leads to the winner")
  func merged() async throws {
    let outcomes = try await mautic("302-batch-patch-merged-id").connector().write([ContactWrite(3, 11)])
    #expect(outcomes == [.moved(to: ContactID("306"))])
  }

  @Test(
    "Errors 500 are taken as the single contact's in the end",
    arguments: ["304-batch-patch-dup-ids", "307-batch-patch-201"])
  func failed(_ recording: String) async throws {
    let mautic = try mautic(recording)
    let outcomes = try await mautic.connector().write([ContactWrite(55, 1), ContactWrite(56, 2)])
    for outcome in outcomes {
      guard case .refused(let reason) = outcome else {
        Issue.record("\(outcome)")
        continue
      }
      #expect(reason.hasPrefix("Mautic answered 500: "))
    }
    #expect(mautic.requests(to: Self.batch).count == 3)
  }

  @Test("An answer without a word about the contact leaves it unknown")
  func empty() async throws {
    let outcomes = try await mautic("309-batch-patch-empty").connector().write([ContactWrite(55, 1)])
    #expect(outcomes == [.unknown])
  }

  @Test("Values that slipped onto the next contacts are noticed")
  func shifted() async throws {
    let outcomes = try await mautic("340-batch-shift-missing-id").connector().write([
      ContactWrite(120, 1), ContactWrite(77, 50), ContactWrite(121, 2), ContactWrite(122, 3),
      ContactWrite(123, 4),
    ])
    #expect(
      outcomes == [
        .written(version: nil), .refused(reason: "400: mautic.api.call.id_missing"), .unknown, .unknown,
        .gone,
      ])
  }

  @Test("A 0 that was dropped in the batch is tried alone, and good if the field is empty then")
  func zero() async throws {
    let mautic = try mautic(
      "362-zero-batch",
      [
        ScriptedMautic.route(
          "PATCH /api/contacts/122/edit", try RecordedAnswer.named("361-zero-overwriteWithBlank"))
      ])
    let outcomes = try await mautic.connector().write([ContactWrite(122, 0)])
    #expect(outcomes == [.written(version: nil)])
    #expect(
      mautic.transport.requests.map(\.bodyText) == [
        "[{\"id\":122,\"ls_score\":\"\",\"overwriteWithBlank\":true}]",
        "{\"id\":122,\"ls_score\":\"\",\"overwriteWithBlank\":true}",
      ])
  }

  @Test("A 0 that is dropped twice is refused with the value that stayed")
  func zeroKept() async throws {
    let mautic = try mautic(
      "363-zero-batch-blank",
      [
        ScriptedMautic.route(
          "PATCH /api/contacts/122/edit", try RecordedAnswer.named("321-patch-one-text-number"))
      ])
    let outcomes = try await mautic.connector().write([ContactWrite(122, 0)])
    #expect(outcomes == [.refused(reason: "Mautic kept the score 5 instead of 0")])
    #expect(mautic.transport.requests.count == 2)
  }

  @Test(
    "A field that was cleared reads as 0",
    arguments: ["348-clear-overwriteWithBlank", "349-clear-null-overwriteWithBlank"])
  func cleared(_ recording: String) throws {
    let contact = try JSONValue.parse(try RecordedAnswer.named(recording).body)["contact"]
    let fields = WrittenFields(
      score: .field("ls_score"), band: "ls_band", reasons: "ls_reasons", tags: true)
    let held = ContactMapping(fields: fields).held(contact)
    #expect(held.score == 0)
    #expect(held.band == nil)
    #expect(held.reasons == nil)
  }

  @Test("A contact that shares its address is refused with the cure; the other one is written")
  func sharedAddress() async throws {
    let outcomes = try await mautic("383-batch-with-duplicate-email-contact").connector()
      .write([ContactWrite(318, 41), ContactWrite(66, 42)])
    #expect(
      outcomes == [
        .refused(
          reason: "email: This field must be unique. Another contact has the same address: merge the two in "
            + "Mautic, then it can be written"),
        .written(version: nil),
      ])
  }

  @Test("A batch of which all are forbidden is a failure of the rights")
  func forbidden() async throws {
    let failed = await failure {
      _ = try await mautic("424-limited-batch").connector()
        .write([ContactWrite(20, 1), ContactWrite(21, 1)])
    }
    #expect(failed?.kind == .forbidden)
    #expect(failed?.cure.contains("edit contacts") == true)
  }

  @Test("Who one is decides which rows of the audit log are one's own")
  func own() async throws {
    let last = try RecordedAnswer.named("426-limited-stats-audit")
    let mautic = try mautic(
      "385-batch-anon-contact",
      [
        ScriptedMautic.route("GET /api/contacts", RecordedAnswer.json("{\"total\":\"0\",\"contacts\":{}}")),
        ScriptedMautic.route("GET /api/users/self", try RecordedAnswer.named("019-users-self")),
        ScriptedMautic.route(
          "GET /api/stats/audit_log", last,
          RecordedAnswer.rows(
            "{\"id\":\"2\",\"user_id\":\"1\",\"object_id\":\"305\",\"action\":\"update\"}")),
      ])
    let connector = mautic.connector()
    var pull = Pull()
    try await pull.read("contacts", connector, mautic.window)
    #expect(try await connector.write([ContactWrite(305, 4)]) == [.written(version: nil)])
    let cursor = try #require(try await connector.commit()[StreamName("contacts")])
    #expect(try ContactCursor(cursor).audit == 2)
  }
}

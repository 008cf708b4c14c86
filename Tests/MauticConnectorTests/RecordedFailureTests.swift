import Platform
import Scoring
import Testing
import WebAPI

@testable import MauticConnector

@Suite("Recorded errors say what to do")
struct RecordedFailureTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let recording: String
    let kind: ConnectorFailure.Kind
    let what: String
    var isClient = false
    var testDescription: String { recording }
  }

  @Test(arguments: [
    Case(
      recording: "010-wrong-password", kind: .forbidden,
      what: "Mautic refused the credentials: Authorization denied, invalid credentials"),
    Case(
      recording: "011-no-auth", kind: .forbidden,
      what: "Mautic refused the credentials: API authorization denied"),
    Case(
      recording: "014-bad-bearer", kind: .forbidden,
      what: "Mautic refused the credentials: The access token provided is invalid", isClient: true),
    Case(
      recording: "026-bearer-expired", kind: .forbidden,
      what: "Mautic refused the credentials: The access token provided has expired", isClient: true),
    Case(
      recording: "015-bad-json", kind: .unavailable,
      what: "Mautic answered /api/contacts with status 400: Looks like I encountered an error (error #400)"),
    Case(
      recording: "390-trailing-slash", kind: .configuration,
      what: "Mautic sends /api/contacts on to another address"),
    Case(
      recording: "395-rate-limited", kind: .unavailable, what: "it is free again at 2026-11-23T02:24:27Z"),
    Case(
      recording: "423-limited-patch", kind: .forbidden,
      what: "Mautic does not allow /api/contacts: You do not have access to the requested area/action"),
    Case(
      recording: "012-unknown-route", kind: .configuration, what: "Mautic does not know /api/contacts"),
  ])
  func error(_ example: Case) async throws {
    var mautic = ScriptedMautic([
      ScriptedMautic.route("GET /api/contacts", try RecordedAnswer.named(example.recording)),
      ScriptedMautic.route("POST /oauth/v2/token", try RecordedAnswer.named("020-oauth-token")),
    ])
    if example.isClient { mautic.login = .client(id: "1_abc", secret: "client-s3cret") }
    let failed = await failure { _ = try await mautic.connector().current([ContactID("1")]) }
    let found = try #require(failed)
    #expect(found.kind == example.kind)
    #expect(found.what.contains(example.what), "\(found)")
    #expect(!found.cure.isEmpty)
    #expect(!found.description.contains(".."))
    #expect(!found.description.contains("s3cret"))
    #expect(!found.description.contains("pass-w0rd"))
  }

  @Test("A client whose secret is wrong gets no token")
  func badSecret() async throws {
    var mautic = ScriptedMautic([
      ScriptedMautic.route("POST /oauth/v2/token", try RecordedAnswer.named("021-oauth-token-bad-secret"))
    ])
    mautic.login = .client(id: "1_abc", secret: "client-s3cret")
    let failed = await failure { _ = try await mautic.connector().current([ContactID("1")]) }
    let found = try #require(failed)
    #expect(found.kind == .forbidden)
    #expect(found.what == "Mautic gave no access token: The client credentials are invalid")
    #expect(found.cure.contains("clientSecret"))
    #expect(mautic.transport.requests.map(\.route) == ["POST /oauth/v2/token"])
  }
}

import Testing

@testable import Curl

@Suite("Certificates of the client")
struct ClientCertificateTests {
  /// What comes of a request to a server that wants the certificate `wanted`, when it is sent with these.
  private func outcome(
    wanted: TestCertificate, certificate: String?, key: String?, newest: String = "MAXIMUM_SUPPORTED"
  ) async throws -> Result<Int, HTTPFailure> {
    let server = try RawServer.answering { _, connection in connection.answer() }
    let front = try TLSFront(server.port, newest: newest, clients: wanted)
    defer {
      front.stop()
      server.stop()
    }
    let client = try HTTPClient(
      HTTPSettings(caFile: front.certificate, clientCertificate: certificate, clientKey: key))
    let outcome: Result<Int, HTTPFailure>
    do throws(HTTPFailure) {
      outcome = .success(try await client.send(HTTPRequest(url: front.url)).status)
    } catch {
      outcome = .failure(error)
    }
    await client.close()
    return outcome
  }

  @Test("the right certificate is let in")
  func right() async throws {
    let own = try TestCertificate(name: "DNS:client")
    let outcome = try await outcome(wanted: own, certificate: own.certificate, key: own.key)
    #expect(outcome == .success(200))
  }

  @Test(
    "without one the failure says that the server asks for one",
    arguments: ["MAXIMUM_SUPPORTED", "TLSv1_2"])
  func missing(newest: String) async throws {
    let wanted = try TestCertificate(name: "DNS:client")
    let outcome = try await outcome(wanted: wanted, certificate: nil, key: nil, newest: newest)
    let failure = #expect(throws: HTTPFailure.self) { try outcome.get() }
    #expect(failure?.kind == .certificate)
    #expect(failure?.what.contains("certificate of the client") == true, "\(failure?.what ?? "")")
  }

  @Test("one that the server does not know: the failure says that it was refused")
  func unknown() async throws {
    let (wanted, own) = (try TestCertificate(name: "DNS:a"), try TestCertificate(name: "DNS:b"))
    let outcome = try await outcome(wanted: wanted, certificate: own.certificate, key: own.key)
    let failure = #expect(throws: HTTPFailure.self) { try outcome.get() }
    #expect(failure?.kind == .certificate)
    #expect(failure?.what.contains("the client's own certificate") == true, "\(failure?.what ?? "")")
  }

  @Test("a key of another certificate, or none that can be read, is named, and nothing is sent")
  func wrongKey() async throws {
    let (own, other) = (try TestCertificate(name: "DNS:a"), try TestCertificate(name: "DNS:b"))
    for key in [other.key, "/nowhere/key.pem"] {
      let outcome = try await outcome(wanted: own, certificate: own.certificate, key: key)
      let failure = #expect(throws: HTTPFailure.self) { try outcome.get() }
      #expect(failure?.kind == .certificate)
      #expect(failure?.reach == .neverSent)
      #expect(failure?.what.contains("belong together") == true)
    }
  }
}

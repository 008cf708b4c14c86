import Foundation
import MauticSimulator
import Testing

@Suite("Traces, and the secrets of those who log in", .serialized)
struct TraceTests {
  /// Requests as `traffic` of a report counts them.
  private struct TrafficForm: Decodable {
    struct Route: Decodable {
      let connection: String
      let route: String
      let requests: Int
    }
    let traffic: [Route]?
  }

  /// All that a run is asked to say.
  private let loud = ["--trace", "trace.har", "--verbose", "--json"]

  private func run(
    _ command: [String], of mautic: MauticPlace, password: String = MauticPlace.password,
    clientSecret: String = Canaries.clientSecret.text
  ) async throws -> Outcome {
    try await mautic.place.run(
      command, environment: MauticPlace.environment(password: password, clientSecret: clientSecret))
  }

  @Test("each request has an entry in the trace, a line on stderr, and is counted")
  func wholeRun() async throws {
    try await MauticPlace.with { mautic in
      for command in [["check"], ["plan", "-o", "x.plan"], ["sync"], ["pull"], ["status"]] {
        let before = mautic.host.requests.all
        let outcome = try await run(command + loud, of: mautic)
        #expect(outcome.status == 0, "\(outcome)")
        let har = try HARForm.read("trace.har", of: mautic.place)
        let requests = mautic.host.requests.all - before
        #expect(har.log.entries.count == requests)
        #expect(requests > 0 || command == ["status"])
        let lines = outcome.err.split(separator: "\n").filter { $0.contains(#/^web +(GET|POST|PATCH)  +\//#) }
        #expect(lines.count == requests, "\(outcome)")
        #expect(har.values(ofHeader: "authorization").allSatisfy { $0 == "***" })
        #expect(har.values(ofHeader: "authorization").count == requests)
        guard ["plan", "sync", "pull"].contains(command[0]) else { continue }
        let counted = try outcome.document(TrafficForm.self).traffic ?? []
        #expect(
          counted.reduce(0) { $0 + $1.requests } == requests && counted.allSatisfy { $0.connection == "web" })
      }
    }
  }

  @Test("a wrong password: 77, what to look at, and a trace of the refusal")
  func wrongPassword() async throws {
    try await MauticPlace.with { mautic in
      for command in ["check", "plan", "sync"] {
        let outcome = try await run([command] + loud, of: mautic, password: Canaries.wrongPassword.text)
        #expect(outcome.status == 77, "\(outcome)")
        #expect((outcome.out + outcome.err).contains("Check auth:"), "\(outcome)")
        let har = try HARForm.read("trace.har", of: mautic.place)
        #expect(har.statuses.allSatisfy { $0 == 401 } && !har.statuses.isEmpty, "\(har.statuses)")
      }
    }
  }

  @Test("a client logs in by tokens: neither its secret nor a token shows, in the trace or elsewhere")
  func client() async throws {
    try await MauticPlace.with({ $0.tokenLifetime = 3_600 }, login: .client) { mautic in
      for command in ["check", "sync", "plan"] {
        let outcome = try await run([command] + loud, of: mautic)
        #expect(outcome.status == 0, "\(outcome)")
        let har = try HARForm.read("trace.har", of: mautic.place)
        let fetches = har.log.entries.filter { $0.request.url.hasSuffix("/oauth/v2/token") }
        #expect(fetches.count == 1)
        #expect(fetches[0].request.postData?.text.contains("client_secret=***") == true)
        #expect(fetches[0].response.content.text?.contains(#""access_token":"***""#) == true)
        let logins = har.values(ofHeader: "authorization")
        #expect(logins.count == har.log.entries.count - 1 && logins.allSatisfy { $0 == "***" })
      }
    }
  }

  @Test("a wrong client's secret: 77 with what Mautic said, and nothing else is asked for")
  func wrongClient() async throws {
    try await MauticPlace.with({ _ in }, login: .client) { mautic in
      let outcome = try await run(["sync"] + loud, of: mautic, clientSecret: Canaries.wrongClientSecret.text)
      #expect(outcome.status == 77, "\(outcome)")
      #expect(outcome.err.contains("The client credentials are invalid"), "\(outcome)")
      let har = try HARForm.read("trace.har", of: mautic.place)
      #expect(har.log.entries.allSatisfy { $0.request.url.hasSuffix("/oauth/v2/token") })
      #expect(har.statuses.allSatisfy { $0 == 400 } && !har.statuses.isEmpty)
    }
  }

  @Test(
    "a server that shows what it was sent gets no secret into anything",
    arguments: EchoingServer.Style.allCases, [400, 401, 500])
  func echo(style: EchoingServer.Style, status: Int) async throws {
    for login in [MauticPlace.Login.password, .client] {
      let echo = { (_: MauticServer) in EchoingServer(style: style, status: status) }
      try await MauticPlace.with(login: login, behind: echo) { mautic in
        for command in ["check", "sync"] {
          let outcome = try await run([command] + loud, of: mautic)
          #expect(
            (status == 401 ? [77] : status == 500 ? [69] : [69, 77]).contains(outcome.status), "\(outcome)")
          let har = try HARForm.read("trace.har", of: mautic.place)
          #expect(har.statuses.allSatisfy { $0 == status } && !har.statuses.isEmpty)
        }
      }
    }
  }

  @Test("what a server writes into a refusal of one contact is kept without the secret in it")
  func refusal() async throws {
    try await MauticPlace.with { mautic in
      let login = Data("api:\(MauticPlace.password)".utf8).base64EncodedString()
      try mautic.change { server in
        let id = server.id(ofContact: 3) ?? 0
        server.refuse(id, message: "not for Basic \(login), \(MauticPlace.password)")
      }
      let sync = try await run(["sync"] + loud, of: mautic)
      #expect(sync.status == 3, "\(sync)")
      #expect(
        try sync.document(ResultForm.self).refusals?.first?.reason.contains("not for") == true, "\(sync)")
      #expect(try await run(["status", "--json"], of: mautic).status == 0)
    }
  }

  @Test("a proxy's password shows nowhere, not even when the proxy says it back", arguments: [true, false])
  func proxy(isEncoded: Bool) async throws {
    let proxy = try EchoingProxy()
    defer { proxy.stop() }
    let place = try Workplace()
    try place.write("model.yaml", Workplace.model)
    try place.write(
      "leadgauge.yaml",
      """
      version: 1
      model: model.yaml
      connections:
        web:
          platform: mautic
          url: https://mautic.example
          auth: { user: api, password: "${MAUTIC_PASSWORD}" }
          network: { proxy: "http://agent:${PROXY_PASSWORD}@127.0.0.1:\(proxy.port)" }

      """)
    let text = Canaries.proxyPassword.text
    let password = text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    let environment = MauticPlace.environment().merging(["PROXY_PASSWORD": isEncoded ? password : text]) {
      $1
    }
    let outcome = try await place.run([isEncoded ? "sync" : "check"] + loud, environment: environment)
    #expect(outcome.status == (isEncoded ? 69 : 78), "\(outcome)")
    #expect((outcome.out + outcome.err).contains("proxy"), "\(outcome)")
    guard isEncoded else {
      // Part of it would be taken for the host: nothing is sent at all.
      #expect((outcome.out + outcome.err).contains("this is no address of a proxy"), "\(outcome)")
      #expect(proxy.heads.isEmpty)
      return
    }
    let har = try HARForm.read("trace.har", of: place)
    #expect(har.statuses.allSatisfy { $0 == 0 } && !har.statuses.isEmpty)
    #expect(har.log.entries.allSatisfy { $0.response._error?.isEmpty == false })
    let login = Data("agent:\(text)".utf8).base64EncodedString()
    #expect(proxy.heads.contains { $0.contains("Proxy-Authorization: Basic \(login)") })
    #expect(!proxy.heads.contains { $0.contains("\r\nAuthorization:") })
  }

  @Test(
    "a trace that cannot be made: 73, and nothing else is done",
    arguments: [
      ("folder", "folder is there already and is no trace: it is a folder. Name another file"),
      ("nowhere/trace.har", "the trace file nowhere/trace.har cannot be made ("),
      ("link.har", "link.har is a symbolic link. Name the file itself"),
      ("leadgauge.yaml/trace.har", "the trace file leadgauge.yaml/trace.har cannot be made ("),
      ("/dev/null", "/dev/null is there already and is no trace: it is no plain file. Name another file"),
    ])
  func impossible(path: String, reason: String) async throws {
    try await MauticPlace.with { mautic in
      let place = mautic.place
      try FileManager.default.createDirectory(atPath: place.at("folder"), withIntermediateDirectories: false)
      try FileManager.default.createSymbolicLink(atPath: place.at("link.har"), withDestinationPath: "target")
      let before = try place.names()
      for command in ["check", "sync", "status"] {
        let outcome = try await mautic.run(command, "--trace", path)
        #expect(outcome.status == 73, "\(outcome)")
        #expect(outcome.err.contains(reason) && outcome.out.isEmpty, "\(outcome)")
        #expect(outcome.err.contains(". Name "), "\(outcome)")
        let json = try await mautic.run(command, "--trace", path, "--json")
        #expect(json.status == 73, "\(json)")
        #expect(try json.document(FailureForm.self).exit == 73)
      }
      #expect(mautic.host.requests.all == 0)
      #expect(try place.names() == before)
    }
  }

  @Test(
    "a trace is whole after the program was killed or stopped in the middle, and the next one begins anew",
    arguments: [SIGKILL, SIGTERM, SIGINT])
  func cutOff(signal: Int32) async throws {
    let victim = FatalServer.Victim()
    let fatal = { FatalServer($0, victim: victim, signal: signal, atRequest: 6) }
    try await MauticPlace.with(behind: fatal) { mautic in
      let process = Program.process(
        ["sync", "--trace", "trace.har"], in: mautic.place.path, environment: MauticPlace.environment())
      process.standardOutput = FileHandle.nullDevice
      process.standardError = FileHandle.nullDevice
      let status = try await Program.status(of: process) { victim.become(process.processIdentifier) }
      #expect(status == (signal == SIGKILL ? 128 + SIGKILL : 130))
      let asked = mautic.host.requests.all
      let har = try HARForm.read("trace.har", of: mautic.place)
      // What was cut off on the way stands there too, without an answer.
      #expect(har.statuses.count { $0 != 0 } <= asked && har.log.entries.count >= 4)
      let sync = try await run(["sync"] + loud, of: mautic)
      #expect(sync.status == 0, "\(sync)")
      let next = try HARForm.read("trace.har", of: mautic.place)
      #expect(next.log.entries.count == mautic.host.requests.all - asked)
      #expect(try mautic.place.names().filter { $0.hasPrefix("trace.har") } == ["trace.har"])
    }
  }
}

import Foundation
import Platform
import Scoring

@testable import MauticSimulator

/// A server that resembles the recorded one at the moment of an exchange, and the request with its masked
/// credentials replaced.
struct RecordedWorld {
  var server: MauticServer
  var request: SimulatedRequest
  /// A minute after the last thing that happened there.
  let now: Timestamp

  static let start = Timestamp("2026-11-23 01:09:00") ?? Timestamp(0)

  static func moment(_ clock: String) -> Timestamp { Timestamp("2026-11-23 \(clock)") ?? Timestamp(0) }

  init(of exchange: RecordedExchange) {
    let number = exchange.number
    server = MauticServer()
    request = exchange.request
    now = Self.moment("02:00:00")
    if number == 23 || number == 25 || number >= 32 { addFirst() }
    addFields(exchange)
    if number >= 40 { addPeople() }
    if number >= 60 { addForms() }
    if number >= 100 || number == 84 || number == 91 { addActivity(until: number) }
    if number >= 211 { addSegments(until: number) }
    if number >= 242 { addPointGroups() }
    if number >= 370 { addDuplicates() }
    if number == 330 || number == 331 { server.remove(24, at: now) }
    if number >= 400 { addLate() }
    if (422...432).contains(number) { server.settings.rights = [.viewContacts, .createFields, .stats] }
    if number == 87 { server.addTag(20, "score:B", at: now) }
    if number == 301 { server.setField(51, "ls_score", to: "11", at: Self.moment("01:17:31")) }
    unmask(exchange)
    if number == 395 {
      server.settings.rateLimit = 12
      for _ in 0..<12 { _ = server.answer(request, at: now) }
    }
  }

  private mutating func addFirst() {
    server.add(SimulatedContact(number: 1, email: "", createdAt: Self.moment("01:09:26")))
  }

  /// The fields of the connector's own, from when they were made; and whatever else the recorded contact has.
  private mutating func addFields(_ exchange: RecordedExchange) {
    let number = exchange.number
    if number > 30 { server.addField(alias: "ls_score", label: "Lead score", type: "number", at: Self.start) }
    if number > 37 {
      server.addField(alias: "ls_scored_at", label: "Score at", type: "datetime", at: Self.start)
    }
    if number > 38 {
      server.addField(alias: "ls_reasons", label: "Score reasons", type: "textarea", at: Self.start)
    }
    if number > 350 { server.addField(alias: "race_field", label: "Race", type: "number", at: Self.start) }
    if exchange.name == "422-limited-get" {
      server.addField(alias: "ls_short", label: "Short", type: "text", at: Self.start)
    }
  }

  /// Contacts 2 to 302, and the visitor 305.
  private mutating func addPeople() {
    let moment = Self.moment("01:11:37")
    server.add(SimulatedContact(number: 2, email: "oauth.user@example.test", createdAt: moment))
    for number in 1...300 {
      let name = String(repeating: "0", count: 3 - "\(number)".count) + "\(number)"
      server.add(
        SimulatedContact(
          number: number + 2, email: "c\(name)@example.test",
          fields: [
            ContactField("first_name", "Ana"), ContactField("last_name", "L\(name)"),
            ContactField("company", "Acme \(number % 20)"), ContactField("city", "Town"),
            ContactField("country", "Poland"),
          ], createdAt: moment))
      server.addTag(number + 2, "seed", at: Self.moment("01:11:38"))
    }
    for id in 15...100 { server.addTag(id, id % 2 == 0 ? "g1" : "g2", at: Self.moment("01:11:38")) }
    server.nextContactID = 305
    server.addAnonymousVisitor(at: Self.moment("01:12:14"))
  }

  /// Twelve known people filled a form in a new browser: their old contacts went into new ones.
  private mutating func addForms() {
    for old in 3...14 {
      server.add(SimulatedContact(number: 1_000 + old, email: "", createdAt: Self.moment("01:13:18")))
      if let new = server.id(ofContact: 1_000 + old) {
        server.merge(old, into: new, at: Self.moment("01:13:18"))
        act(1_000 + old, "form_submit", "01:13:20", target: "Demo request")
      }
    }
  }

  private mutating func act(
    _ contact: Int, _ kind: String, _ clock: String, target: String? = nil, campaign: String? = nil,
    value: Double? = nil
  ) {
    guard let kind = ActivityKind(kind) else { return }
    server.add(
      SimulatedActivity(
        contact: contact, kind: kind, time: Self.moment(clock), target: target, campaign: campaign,
        value: value))
  }

  private mutating func addActivity(until number: Int) {
    for hit in 0..<204 {
      act(
        15 + hit % 50, "page_visit", hit < 60 ? "01:12:50" : "01:13:02",
        target: "http://shop.example.test/pricing", value: hit == 202 ? 3 : nil)
    }
    act(1_003, "page_visit", "01:12:14", target: "http://shop.example.test/pricing")
    act(8, "email_unsubscribe", "01:13:25")
    for id in [20, 22] { server.setPoints(id, to: 5, at: Self.moment("01:13:20")) }
    for id in [20, 21, 22] {
      log(id)
    }
    guard number >= 185 else { return }
    for contact in 20...31 { act(contact, "email_sent", "01:16:28", campaign: "Spring offer") }
    for contact in 20...22 { act(contact, "email_open", "01:16:29", campaign: "Spring offer") }
    act(21, "email_unsubscribe", "01:16:30", campaign: "Spring offer")
    if number < 412 {
      act(20, "email_click", "01:16:29", target: "http://shop.example.test/offer", campaign: "Spring offer")
    }
    guard number >= 200 else { return }
    act(42, "download", "01:17:30", target: "Guide")
    act(45, "video_view", "01:26:41", target: "http://shop.example.test/v.mp4", value: 30)
  }

  /// A row in the points log, which only the API writes.
  private mutating func log(_ id: Int) {
    var call = SimulatedRequest(method: "POST", path: "/api/contacts/\(id)/points/plus/5")
    call.headers = [SimulatedPair("Authorization", Self.basic("admin", "secret"))]
    _ = server.answer(call, at: Self.moment("01:13:24"))
  }

  private mutating func addSegments(until number: Int) {
    let segments = [("Score A", "score-a"), ("Score over 50", "score-50")].prefix(number > 222 ? 2 : 1)
    for (name, alias) in segments {
      post("/api/segments/new", #"{"name": "\#(name)", "alias": "\#(alias)"}"#)
    }
    for segment in 1...segments.count {
      for id in [20, 22, 23] { post("/api/segments/\(segment)/contact/\(id)/add", "") }
    }
  }

  private mutating func addPointGroups() {
    post("/api/points/groups/new", #"{"name": "Engagement", "description": "x"}"#)
    if request.path != "/api/contacts/22/points/groups" {
      post("/api/contacts/22/points/groups/1/plus/7", "")
      post("/api/contacts/90/points/groups/1/set/12", "")
    }
  }

  private mutating func post(_ path: String, _ body: String) {
    var call = SimulatedRequest(method: "POST", path: path, body: Array(body.utf8))
    call.headers = [
      SimulatedPair("Authorization", Self.basic("admin", "secret")),
      SimulatedPair("Content-Type", "application/json"),
    ]
    _ = server.answer(call, at: Self.moment("01:16:31"))
  }

  /// Four contacts with one address, as a race made them.
  private mutating func addDuplicates() {
    for number in 0..<4 {
      server.add(
        SimulatedContact(
          number: 2_000 + number, email: "race1@example.test", createdAt: Self.moment("01:19:34")))
    }
  }

  private mutating func addLate() {
    server.nextContactID = 17_890
    for number in 0..<3 {
      server.add(
        SimulatedContact(
          number: 3_000 + number, email: "b\(number)@bulk.test", createdAt: Self.moment("01:20:00")))
    }
  }

  static func basic(_ user: String, _ password: String) -> String {
    "Basic " + Data("\(user):\(password)".utf8).base64EncodedString()
  }

  /// Puts credentials where the recording has `MASKED`: right ones, or wrong in the way that was recorded.
  private mutating func unmask(_ exchange: RecordedExchange) {
    let bad = exchange.name.contains("wrong-password") || exchange.name.contains("unknown-user")
    request.headers = request.headers.map { header in
      guard header.name == "Authorization" else { return header }
      if header.value.hasPrefix("Basic") {
        return SimulatedPair("Authorization", Self.basic("admin", bad ? "wrong" : "secret"))
      }
      if exchange.name.contains("bad-bearer") { return SimulatedPair("Authorization", "Bearer nonsense") }
      let age: Int64 = exchange.name.contains("expired") ? 4_000 : 10
      return SimulatedPair("Authorization", "Bearer " + token(age: age))
    }
    guard request.path == "/oauth/v2/token" else { return }
    let secret = exchange.name.contains("bad-secret") ? "wrong" : "client-secret"
    let text = String(decoding: request.body, as: UTF8.self)
    if text.hasPrefix("{") {
      request.body = Array(
        #"{"grant_type": "client_credentials", "client_id": "1_client", "client_secret": "\#(secret)"}"#.utf8)
    } else {
      request.body = Array(
        "grant_type=client_credentials&client_id=1_client&client_secret=\(secret)".utf8)
    }
  }

  private mutating func token(age: Int64) -> String {
    let call = SimulatedRequest(
      method: "POST", path: "/oauth/v2/token",
      body: Array("grant_type=client_credentials&client_id=1_client&client_secret=client-secret".utf8))
    let answer = server.answer(call, at: Timestamp(now.seconds - age))
    return JSONParser.parse(answer.body)?["access_token"]?.scalarText ?? ""
  }
}

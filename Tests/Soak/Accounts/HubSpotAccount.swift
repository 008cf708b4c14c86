import HubSpotSimulator
import Platform
import Scoring

/// A HubSpot account with people at work on it.
final class HubSpotAccount: HostedAccount {
  let name: String
  let platform = "hubspot"
  var hosts: [String] { ["\(name).hubspot.example"] }
  let settings: [String]
  let abilities: Set<Ability> = [.band, .merging, .removing, .secondAddresses]
  let kinds: [KnownKind] = [
    .pageVisit, .emailOpen, .emailClick, .formSubmit, .call, .meeting, .emailReply, .note, .task,
  ]
  private(set) var numbers: [Int] = []
  var server: HubSpotServer
  private var created: [Int64: Int64] = [:]

  init(name: String, _ chance: inout Chance) {
    self.name = name
    var settings = HubSpotServerSettings()
    settings.plan = .enterprise
    settings.indexLag = Int64(chance.number(0...20))
    settings.rollUpsMoveModified = chance.happens(70)
    settings.mergeMakesNewID = chance.happens(60)
    settings.sendsRetryAfter = chance.happens(50)
    settings.rotatesRefreshToken = chance.happens(50)
    settings.tokenLifetime = 600
    let isApp = chance.happens(40)
    server = HubSpotServer(settings: settings)
    let login =
      isApp
      ? "{ clientId: \(settings.clientID), clientSecret: \(settings.clientSecret), refreshToken: \(settings.refreshToken) }"
      : "{ token: \(settings.token) }"
    self.settings = [
      "platform: hubspot", "url: https://\(name).hubspot.example", "plan: enterprise", "auth: \(login)",
    ]
  }

  func add(_ contact: SimulatedContact, more addresses: [String]) {
    server.add(contact)
    numbers.append(contact.number)
    guard let id = server.id(ofContact: contact.number) else { return }
    created[id] = contact.createdAt.seconds
    guard !addresses.isEmpty else { return }
    server.setProperty(
      id, "hs_additional_emails", to: addresses.joined(separator: ";"), at: contact.createdAt)
  }

  func act(_ deed: Deed) -> [Deed] {
    server.add(SimulatedActivity(deed))
    switch deed.kind {
    case .call: return [deed.of([.target, .value])]
    case .emailClick: return [deed.of([.target, .campaign])]
    case .emailSent, .emailOpen: return [deed.of([.campaign])]
    case .note: return [deed.of([])]
    case .emailReply:
      var reply = deed.of([])
      reply.target = deed.campaign.map { "Re: " + $0 } ?? "Re: your question"
      return [reply]
    default: return [deed.of([.target])]
    }
  }

  func id(of number: Int) -> String? {
    server.id(ofContact: number).flatMap { server.held($0) }.map { "\($0.id)" }
  }

  func seen() -> [String: Seen] {
    var all: [String: Seen] = [:]
    for number in numbers {
      guard let id = server.id(ofContact: number), all["\(id)"] == nil, let held = server.held(id) else {
        continue
      }
      var seen = Seen()
      func value(_ name: String) -> String? { held.properties[name].flatMap { $0.isEmpty ? nil : $0 } }
      seen.addresses =
        [value("email")].compactMap(\.self) + held.values(of: "hs_additional_emails").sorted()
      seen.createdAt = created[id]
      seen.fields = [
        "first_name": value("firstname"), "job_title": value("jobtitle"), "email": value("email"),
      ].compactMapValues { $0 }
      seen.score = value("lead_score").flatMap { Double($0) }.map { Int($0) }
      seen.band = value("lead_band")
      seen.tags = held.values(of: "lead_tags")
      all["\(id)"] = seen
    }
    return all
  }

  private func with(_ number: Int, _ body: (inout HubSpotServer, Int64) -> Void) {
    if let id = server.id(ofContact: number), server.held(id) != nil { body(&server, id) }
  }

  private static let fields: [Mark: String] = [
    .firstName: "firstname", .job: "jobtitle", .score: "lead_score",
  ]

  func set(_ mark: Mark, of number: Int, to text: String, at now: Timestamp) {
    guard let field = Self.fields[mark] else { return }
    with(number) { $0.setProperty($1, field, to: text, at: now) }
  }

  func addTag(_ number: Int, _ tag: String, at now: Timestamp) {
    with(number) { $0.addValue($1, "lead_tags", tag, at: now) }
  }

  func remove(_ number: Int, at now: Timestamp) { with(number) { $0.archive($1, at: now) } }

  func merge(_ loser: Int, into winner: Int, at now: Timestamp) {
    guard let from = server.id(ofContact: loser), let into = server.id(ofContact: winner), from != into,
      server.held(from) != nil, server.held(into) != nil
    else { return }
    guard let id = server.merge(from, into: into, at: now), id != into else { return }
    // The new record is as old as the older one.
    created[id] = [created[from], created[into]].compactMap(\.self).min()
  }

  func stumble(_ chance: inout Chance, at now: Timestamp) {
    switch chance.number(0...3) {
    case 0: server.failNext(chance.number(1...4), status: chance.one(of: [500, 502, 503, 504, 423]))
    case 1: server.failNext(chance.number(1...3), status: 429, retryAfter: chance.one(of: [nil, 1, 10, 60]))
    case 2: server.spendDaily(chance.number(1_000...700_000), at: now)
    default: server.revokeAccessTokens()
    }
  }

  func calm() { server.calm() }
}

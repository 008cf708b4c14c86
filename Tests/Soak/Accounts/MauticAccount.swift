import MauticSimulator
import Platform
import Scoring

/// A Mautic with people at work on it.
final class MauticAccount: HostedAccount {
  let name: String
  let platform = "mautic"
  var hosts: [String] { ["\(name).mautic.example"] }
  let settings: [String]
  let abilities: Set<Ability>
  let kinds: [KnownKind] = [
    .pageVisit, .emailSent, .emailOpen, .emailClick, .formSubmit, .download, .videoView,
  ]
  private(set) var numbers: [Int] = []
  var server: MauticServer
  private var created: [Int: Int64] = [:]

  init(name: String, _ chance: inout Chance) {
    self.name = name
    var settings = MauticServerSettings()
    settings.version = chance.one(of: ["5.1.1", "5.1.1", "4.4.13", "7.0.0"])
    settings.auditLogAllowed = chance.happens(70)
    settings.tokenLifetime = 300
    if chance.happens(30) { settings.clockOffset = Int64(chance.number(-30...30)) }
    abilities = settings.auditLogAllowed ? [.band, .merging, .removing] : [.band]
    let isApp = chance.happens(40)
    server = MauticServer(settings: settings)
    let login =
      isApp
      ? "{ clientId: \(settings.clientID), clientSecret: \(settings.clientSecret) }"
      : "{ user: \(settings.user), password: \(settings.password) }"
    self.settings = ["platform: mautic", "url: https://\(name).mautic.example", "auth: \(login)"]
  }

  func add(_ contact: SimulatedContact, more addresses: [String]) {
    server.add(contact)
    numbers.append(contact.number)
    server.id(ofContact: contact.number).map { created[$0] = contact.createdAt.seconds }
  }

  func act(_ deed: Deed) -> [Deed] {
    let sent = server.rowCount(of: "email_stats")
    server.add(SimulatedActivity(deed))
    var deeds = [deed.of(known(deed.kind))]
    // A mail that was never sent is sent when it is opened.
    if deed.kind == .emailOpen, server.rowCount(of: "email_stats") > sent {
      deeds.append(
        Deed(number: deed.number, kind: .emailSent, time: deed.time, campaign: deed.campaign))
    }
    return deeds
  }

  private func known(_ kind: KnownKind) -> Set<Deed.Part> {
    switch kind {
    case .pageVisit, .videoView: [.target, .value]
    case .emailClick: [.target, .campaign]
    case .emailSent, .emailOpen: [.campaign]
    default: [.target]
    }
  }

  func id(of number: Int) -> String? { server.id(ofContact: number).map { "\($0)" } }

  func seen() -> [String: Seen] {
    var all: [String: Seen] = [:]
    for number in numbers {
      guard let id = server.id(ofContact: number), all["\(id)"] == nil, let held = server.held(id) else {
        continue
      }
      var seen = Seen()
      let mark = held.fields["email"] ?? ""
      if !mark.isEmpty { seen.addresses = [mark] }
      seen.createdAt = created[id]
      seen.fields = [
        "first_name": held.fields["firstname"], "job_title": held.fields["position"], "email": mark,
      ].compactMapValues { $0.flatMap { $0.isEmpty ? nil : $0 } }
      seen.score = held.fields["lead_score"].flatMap { Double($0) }.map { Int($0) }
      seen.band = held.fields["lead_band"].flatMap { $0.isEmpty ? nil : $0 }
      seen.tags = held.tags
      all["\(id)"] = seen
    }
    return all
  }

  private func with(_ number: Int, _ body: (inout MauticServer, Int) -> Void) {
    if let id = server.id(ofContact: number) { body(&server, id) }
  }

  private static let fields: [Mark: String] = [
    .firstName: "firstname", .job: "position", .score: "lead_score",
  ]

  func set(_ mark: Mark, of number: Int, to text: String, at now: Timestamp) {
    guard let field = Self.fields[mark] else { return }
    with(number) { $0.setField($1, field, to: text, at: now) }
  }

  func addTag(_ number: Int, _ tag: String, at now: Timestamp) {
    with(number) { $0.addTag($1, tag, at: now) }
  }

  func remove(_ number: Int, at now: Timestamp) { with(number) { $0.remove($1, at: now) } }

  func merge(_ loser: Int, into winner: Int, at now: Timestamp) {
    guard let from = server.id(ofContact: loser), let into = server.id(ofContact: winner), from != into else {
      return
    }
    server.merge(from, into: into, at: now)
  }

  func stumble(_ chance: inout Chance, at now: Timestamp) {
    switch chance.number(0...2) {
    case 0: server.failNext(chance.number(1...4), status: chance.one(of: [500, 502, 503]), html: true)
    case 1: server.failNext(chance.number(1...3), status: chance.one(of: [429, 500]))
    default: server.revokeTokens()
    }
  }

  func calm() { server.calm() }
}

extension SimulatedActivity {
  init(_ deed: Deed) {
    self.init(
      contact: deed.number, kind: .known(deed.kind), time: Timestamp(deed.time), target: deed.target,
      campaign: deed.campaign, value: deed.value)
  }
}

extension Deed {
  /// What an activity may say.
  enum Part {
    case target
    case campaign
    case value
  }

  /// The same without what the platform does not tell.
  func of(_ parts: Set<Part>) -> Deed {
    Deed(
      number: number, kind: kind, time: time, target: parts.contains(.target) ? target : nil,
      campaign: parts.contains(.campaign) ? campaign : nil, value: parts.contains(.value) ? value : nil)
  }
}

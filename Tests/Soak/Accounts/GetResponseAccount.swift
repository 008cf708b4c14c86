import GetResponseSimulator
import Platform
import Scoring

/// A GetResponse account with people at work on it.
final class GetResponseAccount: HostedAccount {
  let name: String
  let platform = "getresponse"
  var hosts: [String] { ["\(name).getresponse.example"] }
  let settings: [String]
  let abilities: Set<Ability> = []
  let kinds: [KnownKind] = [.emailSent, .emailOpen, .emailClick, .purchase]
  private(set) var numbers: [Int] = []
  var server: GetResponseServer
  private var created: [String: Int64] = [:]

  init(name: String, _ chance: inout Chance) {
    self.name = name
    var settings = GetResponseServerSettings()
    settings.addingDelay = Int64(chance.one(of: [0, 120]))
    settings.scoreMovesChanged = true
    settings.activityMovesChanged = chance.happens(50)
    settings.rotatesRefreshToken = chance.happens(70)
    settings.tokenLifetime = 600
    settings.toldLimit = chance.happens(50) ? .frame : .second
    let isApp = chance.happens(40)
    server = GetResponseServer(settings: settings)
    let login =
      isApp
      ? "{ clientId: \(settings.clientID), clientSecret: \(settings.clientSecret), refreshToken: \(settings.refreshToken) }"
      : "{ apiKey: \(settings.apiKey) }"
    self.settings = [
      "platform: getresponse", "url: https://\(name).getresponse.example/v3", "auth: \(login)",
      "emptyTags: true",
    ]
  }

  func add(_ contact: SimulatedContact, more addresses: [String]) {
    server.add(contact)
    numbers.append(contact.number)
    guard let id = server.id(ofContact: contact.number) else { return }
    created[id] = contact.createdAt.seconds
    names[id] = contact.fields.first { $0.name == "first_name" }?.value
  }

  /// What was done with mails: rows that say the same cannot be told apart, and are one.
  private var mailed: Set<String> = []

  func act(_ deed: Deed) -> [Deed] {
    server.add(SimulatedActivity(deed))
    if deed.kind == .purchase { return [deed.of([.target, .value])] }
    let told = deed.of(deed.kind == .emailClick ? [.target, .campaign] : [.campaign])
    return mailed.insert("\(told)").inserted ? [told] : []
  }

  func id(of number: Int) -> String? { server.id(ofContact: number) }

  func seen() -> [String: Seen] {
    var all: [String: Seen] = [:]
    for number in numbers {
      guard let id = server.id(ofContact: number), let held = server.held(id) else { continue }
      var seen = Seen()
      seen.addresses = [held.email]
      seen.createdAt = created[id]
      seen.fields = ["email": held.email]
      seen.fields["first_name"] = names[id]
      seen.score = held.scoring.map { Int($0) }
      seen.tags = held.tags
      all[id] = seen
    }
    return all
  }

  private var names: [String: String] = [:]

  private func with(_ number: Int, _ body: (inout GetResponseServer, String) -> Void) {
    if let id = server.id(ofContact: number) { body(&server, id) }
  }

  func set(_ mark: Mark, of number: Int, to text: String, at now: Timestamp) {
    with(number) { server, id in
      switch mark {
      case .firstName:
        server.rename(id, to: text, at: now)
        names[id] = text
      case .score: server.setScore(id, to: Double(text).map { max(0, $0) }, at: now)
      // Lists do not tell of it, so that nobody's model looks at it here.
      case .job: break
      }
    }
  }

  func addTag(_ number: Int, _ tag: String, at now: Timestamp) {
    with(number) { $0.addTag($1, tag, at: now) }
  }

  func stumble(_ chance: inout Chance, at now: Timestamp) {
    switch chance.number(0...3) {
    case 0: server.failNext(chance.number(1...4), status: chance.one(of: [500, 502, 503]))
    case 1:
      server.failNext(
        chance.number(1...3), status: 429, code: 1015, retryAfter: chance.one(of: [nil, 1, 60]))
    case 2: server.settings.othersInFlight = chance.number(0...9)
    default: server.revokeAccessTokens()
    }
  }

  func calm() {
    server.calm()
    server.settings.othersInFlight = 0
  }
}

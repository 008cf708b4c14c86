import Bitrix24Simulator
import Platform
import Scoring

/// A Bitrix24 portal with people at work on it.
final class Bitrix24Account: HostedAccount {
  let name: String
  let platform = "bitrix24"
  /// Access tokens come from another one.
  var hosts: [String] { ["\(name).bitrix24.example", "oauth.bitrix24.tech", "oauth.bitrix.info"] }
  let settings: [String]
  let abilities: Set<Ability> = [.band, .removing, .secondAddresses]
  let kinds: [KnownKind] = [.call, .meeting, .task, .emailSent, .emailReply, .chat]
  private(set) var numbers: [Int] = []
  var server: Bitrix24Server
  private var created: [Int64: Int64] = [:]

  init(name: String, _ chance: inout Chance) {
    self.name = name
    var settings = Bitrix24ServerSettings()
    settings.pageSize = chance.number(2...5)
    settings.batchPayer = chance.happens(50) ? .commands : .batch
    settings.equalUpdatesMoveModified = chance.happens(50)
    settings.itemUpdateClears = chance.happens(50)
    settings.activitiesMoveModified = chance.happens(50)
    settings.tellsOperating = chance.happens(80)
    settings.tokenLifetime = 600
    let isApp = chance.happens(40)
    server = Bitrix24Server(settings: settings)
    let access =
      isApp
      ? [
        "url: https://\(name).bitrix24.example",
        "auth: { clientId: \(settings.clientID), clientSecret: \(settings.clientSecret), refreshToken: \(settings.refreshToken) }",
      ]
      : ["webhook: https://\(name).bitrix24.example/rest/\(settings.webhookUser)/\(settings.webhookSecret)/"]
    self.settings = ["platform: bitrix24"] + access
  }

  /// Rows of a page, which the connector has to know.
  var pageSize: Int { server.settings.pageSize }

  func add(_ contact: SimulatedContact, more addresses: [String]) {
    server.add(contact)
    numbers.append(contact.number)
    guard let id = server.id(ofContact: contact.number) else { return }
    created[id] = contact.createdAt.seconds
    for address in addresses { server.addAddress(id, address, at: contact.createdAt) }
  }

  func act(_ deed: Deed) -> [Deed] {
    server.add(SimulatedActivity(deed))
    switch deed.kind {
    case .call: return [deed.of([.target, .value])]
    case .emailSent:
      var sent = deed.of([.campaign])
      sent.target = deed.campaign
      return [sent]
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
      guard let id = server.id(ofContact: number), let held = server.held(id) else { continue }
      var seen = Seen()
      seen.addresses = held.emails
      seen.createdAt = created[id]
      seen.fields = [
        "first_name": held.value("NAME"), "job_title": held.value("POST"), "email": held.emails.first,
      ].compactMapValues { $0 }
      seen.score = held.value("UF_CRM_LEAD_SCORE").flatMap { Double($0) }.map { Int($0) }
      seen.band = held.value("UF_CRM_LEAD_BAND")
      // A dash stands for no tags where a field of several values cannot be emptied.
      seen.tags = Set(held.fields["UF_CRM_LEAD_TAGS"] ?? []).subtracting(["-"])
      all["\(id)"] = seen
    }
    return all
  }

  private func with(_ number: Int, _ body: (inout Bitrix24Server, Int64) -> Void) {
    if let id = server.id(ofContact: number), server.held(id) != nil { body(&server, id) }
  }

  private static let fields: [Mark: String] = [.firstName: "NAME", .job: "POST", .score: "UF_CRM_LEAD_SCORE"]

  func set(_ mark: Mark, of number: Int, to text: String, at now: Timestamp) {
    guard let field = Self.fields[mark] else { return }
    with(number) { $0.setField($1, field, to: text, at: now) }
  }

  func addTag(_ number: Int, _ tag: String, at now: Timestamp) {
    with(number) { $0.addValue($1, "UF_CRM_LEAD_TAGS", tag, at: now) }
  }

  func remove(_ number: Int, at now: Timestamp) { with(number) { $0.delete($1) } }

  func stumble(_ chance: inout Chance, at now: Timestamp) {
    switch chance.number(0...2) {
    case 0: server.failNext(chance.number(1...4), status: chance.one(of: [500, 502, 503]))
    case 1: server.cutNextBatch(after: chance.number(0...3))
    default: server.expireAccessTokens()
    }
  }

  func calm() { server.calm() }
}

import Bitrix24Simulator
import Foundation
import GetResponseSimulator
import HubSpotSimulator
import MauticSimulator
import Platform
import Sandbox
import Scoring
import Testing

@Suite("All platforms together", .serialized)
struct AllPlatformsTests {
  private static let people = 60

  @Test("people who stand on all four get one score everywhere, and a dry run changes nothing anywhere")
  func oneScore() async throws {
    let now = Timestamp(Int64(Date().timeIntervalSince1970))
    var hub = HubSpotServerSettings()
    hub.token = Canaries.hubSpotToken.text
    hub.plan = .enterprise
    var (web, shop) = (MauticServer(settings: MauticServerSettings()), HubSpotServer(settings: hub))
    var (mail, crm) = (GetResponseServer(), Bitrix24Server())
    for number in 1...Self.people {
      let contact = SimulatedContact(
        number: number, email: "p\(number)@example.com", createdAt: now - TimeSpan.days(90))
      web.add(contact)
      shop.add(contact)
      mail.add(contact)
      crm.add(contact)
      // Something on each, so that no platform alone knows the whole score.
      func activity(_ kind: KnownKind) -> SimulatedActivity {
        SimulatedActivity(
          contact: number, kind: .known(kind), time: now - TimeSpan.days(Int64(number % 5 + 1)),
          target: "https://example.com/pricing", campaign: "News", value: 120)
      }
      web.add(activity(.pageVisit))
      if number % 2 == 0 { shop.add(activity(.pageVisit)) }
      if number % 3 == 0 { mail.add(activity(.emailClick)) }
      if number % 5 == 0 { crm.add(activity(.call)) }
    }
    let hosts = [web, shop, mail, crm].map { (simulator: any Simulator) in
      SimulatorHost(simulator, clock: { Timestamp(Int64(Date().timeIntervalSince1970)) })
    }
    do {
      try await scores(hosts)
    } catch {
      for host in hosts { await host.stop() }
      throw error
    }
    for host in hosts { await host.stop() }
  }

  /// Points for something on each of them.
  private static let model = """
    name: Everything
    actions:
      - { id: visit, on: page_visit, points: 10 }
      - { id: click, on: email_click, points: 7 }
      - { id: call, on: call, points: 5 }
    bands:
      - { name: hot, from: 20, tag: lead_hot }
      - { name: cold, from: 0, tag: lead_cold }
    """

  private func scores(_ hosts: [SimulatorHost]) async throws {
    let place = try Workplace()
    try place.write("model.yaml", Self.model)
    let mautic = MauticServerSettings()
    var ports: [Int] = []
    for host in hosts { ports.append(try await host.start()) }
    let portal = Bitrix24ServerSettings()
    try place.write(
      "leadgauge.yaml",
      """
      version: 1
      model: model.yaml
      connections:
        web:
          platform: mautic
          url: http://127.0.0.1:\(ports[0])
          auth: { user: \(mautic.user), password: \(mautic.password) }
        hub: { platform: hubspot, url: "http://127.0.0.1:\(ports[1])", auth: { token: "${HUBSPOT_TOKEN}" } }
        mail:
          platform: getresponse
          url: http://127.0.0.1:\(ports[2])/v3
          auth: { apiKey: \(GetResponseServerSettings().apiKey) }
        crm:
          platform: bitrix24
          webhook: http://127.0.0.1:\(ports[3])/rest/\(portal.webhookUser)/\(portal.webhookSecret)
      """)
    let environment = ["HUBSPOT_TOKEN": Canaries.hubSpotToken.text]
    let plan = try await place.run(["plan", "--trace", "t.har", "--verbose"], environment: environment)
    #expect(plan.status == 0, "\(plan)")
    #expect(hosts.map(\.requests.changing) == [0, 0, 0, 0])
    let sync = try await place.run(["sync"], environment: environment)
    #expect(sync.status == 0, "\(sync)")
    let fields = ["lead_score", "lead_score", "native", "UF_CRM_LEAD_SCORE"]
    let held = zip(hosts, fields).map { host, field in
      Self.scores(host.withSimulator { Array($0.heldLines(of: [field])) }).sorted()
    }
    #expect(held[0].count == Self.people)
    #expect(Set(held[0]).count == 8)
    for other in held.dropFirst() { #expect(other == held[0]) }
    let idle = try await place.run(["sync", "--json"], environment: environment)
    #expect(idle.out.contains(#""written":0"#), "\(idle)")
  }

  private static func scores(_ lines: [String]) -> [Int] {
    lines.compactMap {
      $0.split(separator: ",", omittingEmptySubsequences: false).dropFirst().first.flatMap { Int($0) }
    }
  }
}

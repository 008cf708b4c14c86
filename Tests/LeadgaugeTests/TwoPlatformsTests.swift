import Foundation
import HubSpotSimulator
import MauticSimulator
import Platform
import Sandbox
import Scoring
import Testing

@Suite("Mautic and HubSpot together", .serialized)
struct TwoPlatformsTests {
  private static let people = 60

  @Test("people who stand on both get one score on both, and a dry run changes nothing on either")
  func oneScore() async throws {
    let now = Timestamp(Int64(Date().timeIntervalSince1970))
    var mautic = MauticServer(settings: MauticServerSettings())
    var hub = HubSpotServerSettings()
    hub.token = Canaries.hubSpotToken.text
    hub.plan = .enterprise
    var hubSpot = HubSpotServer(settings: hub)
    for number in 1...Self.people {
      let contact = SimulatedContact(
        number: number, email: "p\(number)@example.com", createdAt: now - TimeSpan.days(90))
      mautic.add(contact)
      hubSpot.add(contact)
      // A visit on each, so that neither platform alone knows the whole score.
      let visit = SimulatedActivity(
        contact: number, kind: .known(.pageVisit), time: now - TimeSpan.days(Int64(number % 5 + 1)),
        target: "https://example.com/pricing")
      mautic.add(visit)
      if number % 2 == 0 { hubSpot.add(visit) }
    }
    let web = SimulatorHost(mautic, clock: { Timestamp(Int64(Date().timeIntervalSince1970)) })
    let crm = SimulatorHost(hubSpot, clock: { Timestamp(Int64(Date().timeIntervalSince1970)) })
    do {
      try await scores(web, crm)
    } catch {
      await web.stop()
      await crm.stop()
      throw error
    }
    await web.stop()
    await crm.stop()
  }

  private func scores(_ web: SimulatorHost, _ crm: SimulatorHost) async throws {
    let place = try Workplace()
    try place.write("model.yaml", Workplace.model)
    let settings = MauticServerSettings()
    try place.write(
      "leadgauge.yaml",
      """
      version: 1
      model: model.yaml
      connections:
        web:
          platform: mautic
          url: http://127.0.0.1:\(try await web.start())
          auth: { user: \(settings.user), password: \(settings.password) }
        crm:
          platform: hubspot
          url: http://127.0.0.1:\(try await crm.start())
          auth: { token: "${HUBSPOT_TOKEN}" }
      """)
    let environment = ["HUBSPOT_TOKEN": Canaries.hubSpotToken.text]
    let plan = try await place.run(["plan", "--trace", "t.har", "--verbose"], environment: environment)
    #expect(plan.status == 0, "\(plan)")
    #expect(Self.changes(crm) == 0)
    #expect(Self.held(crm).allSatisfy { $0.hasSuffix(",,") || !$0.contains("lead_") })
    let sync = try await place.run(["sync"], environment: environment)
    #expect(sync.status == 0, "\(sync)")
    let (onWeb, onCRM) = (Self.scores(Self.held(web)), Self.scores(Self.held(crm)))
    #expect(onWeb.count == Self.people)
    #expect(onCRM.sorted() == onWeb.sorted())
    #expect(Set(onWeb).count > 1)
    let idle = try await place.run(["sync", "--json"], environment: environment)
    #expect(idle.out.contains(#""written":0"#), "\(idle)")
  }

  private static func changes(_ host: SimulatorHost) -> Int {
    host.withSimulator { ($0 as? HubSpotServer)?.changingRequests ?? -1 }
  }

  private static func held(_ host: SimulatorHost) -> [String] {
    host.withSimulator { Array($0.heldLines(of: ["lead_score"])) }
  }

  private static func scores(_ lines: [String]) -> [Int] {
    lines.compactMap {
      $0.split(separator: ",", omittingEmptySubsequences: false).dropFirst().first.flatMap { Int($0) }
    }
  }
}

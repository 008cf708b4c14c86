import ConnectorConformance
import Foundation
import MauticSimulator
import Platform
import Scoring
import WebAPI

@testable import MauticConnector

/// Mautic as a subject of the suite, two entries a page.
struct MauticSubject: ConformanceSubject {
  /// What differs between accounts.
  enum Sort: String, CaseIterable {
    case usual = "mautic 5.1.1"
    case seven = "mautic 7"
    case client = "mautic by OAuth2"
    case native = "mautic with native points"
    case withoutAudit = "mautic without audit log"
  }

  let sort: Sort
  var name: String { sort.rawValue }
  let secrets = ["pass-w0rd", "client-s3cret"]

  var layout: WriteLayout {
    var layout = WriteLayout.standard
    if sort == .native { layout.fields.score = .native }
    return layout
  }

  var unsupported: [UnsupportedAbility] {
    switch sort {
    case .usual, .client: return []
    case .seven:
      return [UnsupportedAbility(.moving, "from 7 on the server itself writes to the winner of a merge")]
    case .native: return [UnsupportedAbility(.moving, "a merge adds the points of both")]
    case .withoutAudit:
      let reason = "dates of change tell nothing of deletions; everybody is listed once a week"
      return [UnsupportedAbility(.removing, reason), UnsupportedAbility(.merging, reason)]
    }
  }

  func makeAccount() async throws -> any ConformanceAccount { MauticTestAccount(sort, layout: layout) }
}

/// A Mautic with a clock of its own, and other people at work on it.
final class MauticTestAccount: ConformanceAccount {
  let network: SimulatedTransport<MauticServer>
  let clock = VirtualClock(1_795_000_000)
  private let sort: MauticSubject.Sort
  private let layout: WriteLayout
  private let counter = Counter()

  init(_ sort: MauticSubject.Sort = .usual, layout: WriteLayout = .standard) {
    self.sort = sort
    self.layout = layout
    var settings = MauticServerSettings()
    settings.user = "api"
    settings.password = "pass-w0rd"
    settings.clientID = "1_abc"
    settings.clientSecret = "client-s3cret"
    settings.auditLogAllowed = sort != .withoutAudit
    if sort == .seven { settings.version = "7.0.0" }
    network = SimulatedTransport(MauticServer(settings: settings), clock: clock)
  }

  var settings: MauticSettings {
    let login: MauticSettings.Login =
      sort == .client
      ? .client(id: "1_abc", secret: "client-s3cret") : .basic(user: "api", password: "pass-w0rd")
    return MauticSettings(url: "https://m.example.com", login: login)
  }

  func mautic(pageSize: Int = 2) -> MauticConnector {
    MauticConnector(
      settings: settings, context: ConnectorContext(name: "web", folder: "/", fields: layout.fields),
      surroundings: WebSurroundings(transport: network, clock: clock, random: { 0.5 }),
      sizes: ContactReader.PageSizes(contacts: pageSize, audit: pageSize, rows: pageSize))
  }

  func connector() async throws -> any Connector { mautic() }

  func window() async throws -> PullWindow {
    let now = Int64(clock.now())
    return PullWindow(since: Timestamp(now - 365 * 86_400), now: Timestamp(now))
  }

  func passTime(seconds: Int64) async throws { clock.advance(Double(seconds)) }

  func addContact(email: String, firstName: String) async throws -> ContactID {
    let number = counter.next()
    let id = network.withServer { server, now in
      server.add(
        SimulatedContact(
          number: number, email: email, fields: [ContactField("first_name", firstName)], createdAt: now))
      return server.id(ofContact: number) ?? 0
    }
    numbers.set(id, number)
    return ContactID("\(id)")
  }

  private let numbers = Numbers()

  func rename(_ contact: ContactID, firstName: String) async throws {
    network.withServer { $0.rename(Self.id(contact), to: firstName, at: $1) }
  }

  func remove(_ contact: ContactID) async throws {
    network.withServer { $0.remove(Self.id(contact), at: $1) }
  }

  func merge(_ loser: ContactID, into winner: ContactID) async throws {
    network.withServer { $0.merge(Self.id(loser), into: Self.id(winner), at: $1) }
  }

  func addActivity(of contact: ContactID, number: Int, at time: Timestamp) async throws {
    guard let person = numbers.number(of: Self.id(contact)) else { return }
    network.withServer { server, _ in
      server.add(
        SimulatedActivity(
          contact: person, kind: .known(.pageVisit), time: time, target: "https://example.com/\(number)"))
    }
  }

  func held(_ contact: ContactID) async throws -> HeldState? {
    let layout = layout
    return network.withServer { server, _ -> HeldState? in
      guard let held = server.held(Self.id(contact)), held.id == Self.id(contact) else { return nil }
      var state = HeldState()
      state.tags = held.tags
      switch layout.fields.score {
      case .field(let name): state.score = held.fields[name].flatMap { Double($0) }.map { Int($0) }
      case .native: state.score = held.points
      }
      state.band = layout.fields.band.flatMap { held.fields[$0] }.flatMap { $0.isEmpty ? nil : $0 }
      state.reasons = layout.fields.reasons.flatMap { held.fields[$0] }.flatMap { $0.isEmpty ? nil : $0 }
      return state
    }
  }

  func editScore(_ contact: ContactID, _ score: Int) async throws {
    let layout = layout
    network.withServer { server, now in
      switch layout.fields.score {
      case .field(let name): server.setField(Self.id(contact), name, to: "\(score)", at: now)
      case .native: server.setPoints(Self.id(contact), to: score, at: now)
      }
    }
  }

  func addForeignTag(_ contact: ContactID, _ tag: String) async throws {
    network.withServer { $0.addTag(Self.id(contact), tag, at: $1) }
  }

  func setForeignField(_ contact: ContactID, _ value: String) async throws {
    network.withServer { $0.setField(Self.id(contact), "position", to: value, at: $1) }
  }

  func foreignFields(_ contact: ContactID) async throws -> [String: String] {
    var ours = [layout.fields.band, layout.fields.reasons].compactMap { $0 }
    if case .field(let name) = layout.fields.score { ours.append(name) } else { ours.append("points") }
    let held = network.withServer { server, _ in server.held(Self.id(contact)) }
    return held?.fields.filter { !ours.contains($0.key) } ?? [:]
  }

  func changingRequests() async throws -> Int { network.withServer { server, _ in server.changingRequests } }

  func provoke(_ fault: ConformanceFault) async throws {
    switch fault {
    case .refusal(let contact):
      network.withServer { server, _ in server.refuse(Self.id(contact), message: "it is archived") }
    case .lostAnswer(let contact, let written):
      let needle = "\"id\":\(contact.text),"
      network.decide { request in
        let isWrite =
          request.method == "PATCH" && String(decoding: request.body, as: UTF8.self).contains(needle)
        return isWrite ? .lost(acted: written) : .answered
      }
    case .outage: network.decide { _ in .unreachable }
    case .wrongCredentials:
      network.withServer { server, _ in
        server.settings.password = "another"
        server.settings.clientSecret = "another"
        server.revokeTokens()
      }
    case .unusableRecord:
      network.decide { request in
        guard request.path == "/api/stats/page_hits" else { return .answered }
        return .altered { answer in
          var answer = answer
          let text = String(decoding: answer.body, as: UTF8.self)
          answer.body = Array(
            text.replacingOccurrences(of: "\"date_hit\":\"20", with: "\"date_hit\":\"x").utf8)
          return answer
        }
      }
    }
  }

  func calm() async throws {
    network.decide { _ in .answered }
    // A client that has met an outage rests for a while.
    clock.advance(400)
    network.withServer { server, _ in
      server.calm()
      server.settings.password = "pass-w0rd"
      server.settings.clientSecret = "client-s3cret"
    }
  }

  static func id(_ contact: ContactID) -> Int { Int(contact.text) ?? 0 }
}

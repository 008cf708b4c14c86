import Platform
import Scoring
import WebAPI

/// What `check` finds out about an account, by reading alone.
struct HubSpotCheck: Sendable {
  let api: HubSpotAPI
  let settings: HubSpotSettings
  let fields: WrittenFields?
  let catalogue: PropertyCatalogue
  let clock: any WebClock
  /// Seconds by which two clocks may differ.
  private static let tolerance: Int64 = 300

  func findings(now: Timestamp) async -> [Finding] {
    var findings: [Finding] = []
    if settings.hasPlainSecret {
      findings.append(
        Finding(
          .warning, "the secret stands in the configuration in plain text",
          cure: "Write \"${NAME}\", \"${file:/path}\" or \"${credential:NAME}\" instead"))
    }
    let account: HubSpotAnswer
    do throws(ConnectorFailure) {
      account = try await api.get(api.paths.account)
    } catch {
      return findings + [Self.finding(error)]
    }
    findings += portal(account) + clocks(account, now: now)
    var probes = Self.probes(api.paths, now: now)
    if settings.lists {
      probes.append(
        Probe(
          what: "lists", scope: "crm.lists.read", without: "nothing can be written as long as lists: is true",
          call: APICall(path: api.paths.list(named: TagLists.name("?"))), isNeeded: true, mayBeMissing: true))
    }
    for probe in probes { await findings.append(look(probe)) }
    findings += await written() + tooMany()
    return findings + limits(account)
  }

  private static func finding(_ failure: ConnectorFailure) -> Finding {
    Finding(failure)
  }

  private func portal(_ account: HubSpotAnswer) -> [Finding] {
    let found = account.json["portalId"].text
    guard let wanted = settings.portal else {
      return [
        Finding(.fine, "the credentials are good, for account \(found ?? "?"); portal: would make sure of it")
      ]
    }
    guard found == wanted else { return [Self.finding(HubSpotConnector.wrongPortal(found, wanted))] }
    return [Finding(.fine, "the credentials are good, for account \(wanted)")]
  }

  private func clocks(_ answer: HubSpotAnswer, now: Timestamp) -> [Finding] {
    guard let time = answer.serverTime else { return [] }
    let difference = now.seconds - time.seconds
    guard abs(difference) > Self.tolerance else { return [] }
    let minutes = (abs(difference) + 30) / 60
    return [
      Finding(
        .warning, "this machine's clock is \(minutes) min \(difference > 0 ? "ahead" : "behind")",
        cure: "Set it by NTP: activities of the future do not count")
    ]
  }

  // MARK: Rights

  /// Something that is read, and what is missing without it.
  private struct Probe {
    let what: String
    let scope: String
    let without: String
    let call: APICall
    var isNeeded = false
    /// What else it needs.
    var note = ""
    /// True if there may be no such thing.
    var mayBeMissing = false
  }

  private static func probes(_ paths: HubSpotPaths, now: Timestamp) -> [Probe] {
    let one = [("limit", "1")]
    let counters = "the counters on the contacts stand in for them, dated by the last one"
    var probes = [
      Probe(
        what: "contacts", scope: "crm.objects.contacts.read", without: "nothing works",
        call: APICall(path: paths.contacts, query: one), isNeeded: true),
      Probe(
        what: "properties", scope: "crm.schemas.contacts.read",
        without: "fields of your own are missing, and nothing can be written",
        call: APICall(path: paths.properties), isNeeded: true),
      Probe(
        what: "e-mail events", scope: "content", without: counters,
        call: APICall(
          path: paths.emailEvents,
          query: one + [
            ("eventType", "OPEN"), ("startTimestamp", HubSpotTime.milliseconds(now.seconds - 86_400)),
            ("endTimestamp", HubSpotTime.milliseconds(now.seconds)),
          ])),
      Probe(
        what: "events such as page views",
        scope: "business-intelligence", without: counters,
        call: APICall(
          path: paths.events,
          query: one + [
            ("eventType", "e_visited_page"), ("occurredAfter", Timestamp(now.seconds - 3_600).description),
          ]), note: "; only Enterprise plans have it"),
      Probe(
        what: "forms", scope: "forms", without: counters, call: APICall(path: paths.forms, query: one)),
    ]
    for object in CRMObject.allCases {
      let body = SearchQuery(filters: [], properties: [], limit: 1)
      probes.append(
        Probe(
          what: object.rawValue,
          scope: object == .deals ? "crm.objects.deals.read" : "crm.objects.contacts.read",
          without: "they do not count",
          call: APICall(
            method: "POST", path: paths.search(object.rawValue), body: body.probe.bytes, isRepeatable: true,
            demand: RequestDemand(kind: HubSpotLimits.searchKind))))
    }
    return probes
  }

  private func look(_ probe: Probe) async -> Finding {
    do throws(ConnectorFailure) {
      let answer = try await api.answer(to: probe.call)
      if answer.status == 200 || (probe.mayBeMissing && answer.status == 404) {
        return Finding(.fine, "\(probe.what) can be read")
      }
      guard answer.isRefusal else { return Self.finding(api.refusal(answer, of: probe.call.path)) }
      var scope = probe.scope
      if case .scopes(let names) = answer.trouble.kind, !names.isEmpty {
        scope = names.map(api.plain).joined(separator: ", ")
      }
      return Finding(
        probe.isNeeded ? .error : .warning, "\(probe.what) cannot be read: \(probe.without)",
        cure: "Give the key the scope \(scope)\(probe.note)", kind: .forbidden)
    } catch {
      return Self.finding(error)
    }
  }

  /// Properties that do not fit into the address of a list.
  private func tooMany() async -> [Finding] {
    guard (try? await catalogue.names()) != nil, case let left = await catalogue.left, left > 0 else {
      return []
    }
    return [
      Finding(
        .warning, "the contacts have so many properties that \(left) of them are not read",
        cure: "Those that the model looks at come first; delete what nobody needs")
    ]
  }

  // MARK: Writing

  private func written() async -> [Finding] {
    guard let fields else { return [Finding(.fine, "nothing is written here")] }
    let setup = PropertySetup(api: api, catalogue: catalogue, clock: clock)
    let layout = WriteLayout(fields: fields, bandNames: [], ownedTags: [])
    let present: [String: PropertyCatalogue.Property]
    do throws(ConnectorFailure) {
      present = try await catalogue.present()
    } catch {
      return []
    }
    var findings: [Finding] = []
    for property in PropertySetup.wanted(layout) {
      if let found = present[property.name] {
        findings.append(
          setup.problem(found, property).map(Self.finding)
            ?? Finding(.fine, "the property '\(property.name)' is there"))
      } else {
        findings.append(
          Finding(
            .fine, "the property '\(property.name)' is not there yet; the first write makes it",
            cure: "The key needs the scope crm.schemas.contacts.write for that"))
      }
    }
    findings.append(
      Finding(
        .fine, "whether this key may write contacts shows only at the first write",
        cure: "It needs the scope crm.objects.contacts.write"
          + (settings.lists ? ", and crm.lists.read and crm.lists.write" : "")))
    return findings
  }

  // MARK: Limits

  private func limits(_ account: HubSpotAnswer) -> [Finding] {
    var findings: [Finding] = []
    if let left = account.leftToday {
      findings.append(
        Finding(
          left < 5_000 ? .warning : .fine, "\(left) requests are left to the account today",
          cure: left < 5_000 ? "See which tools use them up, or run after midnight of the account's zone" : ""
        ))
    }
    if let burst = account.burst, burst > 100, settings.plan == nil, !settings.isApp {
      findings.append(
        Finding(
          .fine, "the account may send \(burst) requests in 10 s, of which 100 are used",
          cure: "Name its plan, for example plan: professional"))
    }
    return findings
  }
}

extension SearchQuery {
  /// Any one record.
  fileprivate var probe: JSONOutput { .object([("limit", .integer(limit))]) }
}

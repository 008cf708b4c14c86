import Platform
import Scoring
import WebAPI

/// What `check` finds out about a portal, by reading alone.
struct Bitrix24Check: Sendable {
  let api: Bitrix24API
  let settings: Bitrix24Settings
  let fields: WrittenFields?
  let portal: Portal
  /// Seconds by which two clocks may differ.
  private static let tolerance: Int64 = 300
  /// A method of which less than this share of its working time is left has none to spare.
  private static let little = 0.2

  private static let scope = NamedCommand("q", Command("scope"))
  private static let profile = NamedCommand("q", Command("profile"))

  func findings(now: Timestamp) async -> [Finding] {
    var findings: [Finding] = []
    if settings.hasPlainSecret {
      findings.append(
        Finding(
          .warning, "the secret stands in the configuration in plain text",
          cure: "Write \"${NAME}\", \"${file:/path}\" or \"${credential:NAME}\" instead"))
    }
    let facts: Portal.Facts
    let answer: BatchAnswer
    let probes = Self.probes
    do throws(ConnectorFailure) {
      answer = try await api.read([Self.scope, Self.profile] + probes.map(\.command))
      findings.append(Finding(.fine, "the credentials are good" + user(answer)))
      findings += renamed() + clocks(answer, now: now) + scopes(answer) + rights(answer)
      for probe in probes { findings.append(look(probe, answer)) }
      facts = try await portal.known()
    } catch {
      return findings + [Finding(error)]
    }
    return findings + mode(facts) + written(facts) + limits()
  }

  private func user(_ answer: BatchAnswer) -> String {
    answer.value(Self.profile)?["ID"].text.map { ", for user \(api.plain($0))" } ?? ""
  }

  private func renamed() -> [Finding] {
    guard let host = api.client.renamedTo else { return [] }
    return [
      Finding(.warning, "the portal was renamed to \(host)", cure: "Set webhook: or url: to the new address")
    ]
  }

  private func clocks(_ answer: BatchAnswer, now: Timestamp) -> [Finding] {
    guard let time = answer.time else { return [] }
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

  private func scopes(_ answer: BatchAnswer) -> [Finding] {
    guard let list = answer.value(Self.scope) else { return [] }
    let scopes = Set(list.elements.compactMap(\.text))
    var findings: [Finding] = []
    if !scopes.contains("crm") {
      findings.append(
        Finding(
          .error, "the scope crm is missing: nothing works", cure: "Tick crm in the webhook's settings",
          kind: .forbidden)
      )
    }
    if !scopes.contains("telephony") {
      findings.append(
        Finding(
          .warning,
          "the scope telephony is missing: calls count if they were completed, without the seconds talked",
          cure: "Tick telephony, and give the user the right to see call statistics"))
    }
    return findings
  }

  private func rights(_ answer: BatchAnswer) -> [Finding] {
    guard let profile = answer.value(Self.profile), let isAdmin = profile["ADMIN"].boolean else { return [] }
    if isAdmin { return [Finding(.fine, "the user is an administrator, who sees everything")] }
    return [
      Finding(
        .warning, "the user is no administrator: records that it may not see are missing without a word",
        cure: "Let an administrator make the webhook")
    ]
  }

  /// Something that is read, and what is missing without it.
  private struct Probe {
    let what: String
    let without: String
    let command: NamedCommand
    var isNeeded = false
  }

  private static var probes: [Probe] {
    func command(_ method: String, _ parameters: [(String, String)] = []) -> NamedCommand {
      NamedCommand("q", Command(method, parameters + [("select[0]", "ID"), ("start", "-1")]))
    }
    return [
      Probe(
        what: "contacts", without: "nothing works",
        command: NamedCommand("q", Command(PersonKind.contact.fields)), isNeeded: true),
      Probe(
        what: "activities", without: "calls, e-mails, forms and the like do not count",
        command: command("crm.activity.list", [("order[ID]", "ASC")])),
      Probe(
        what: "the history of deals", without: "deals do not count, and nobody is won or lost",
        command: command("crm.stagehistory.list", [("entityTypeId", "2"), ("order[ID]", "ASC")])),
      Probe(
        what: "companies", without: "contacts have no company", command: command("crm.company.list")),
      Probe(
        what: "call statistics", without: "calls count if they were completed, without the seconds talked",
        command: NamedCommand(
          "q", Command(CallStatistics.method, [("FILTER[ID]", "0"), ("start", "0")]))),
    ]
  }

  private func look(_ probe: Probe, _ answer: BatchAnswer) -> Finding {
    switch answer[probe.command] {
    case .result: return Finding(.fine, "\(probe.what) can be read")
    case .missing:
      return Finding(
        .warning, "whether \(probe.what) can be read was left unanswered", cure: "Look again later")
    case .trouble(let trouble):
      let failure = api.refusal(trouble, of: probe.command.command.method)
      return Finding(
        probe.isNeeded && trouble.kind != .noMethod ? .error : .warning,
        "\(probe.what) cannot be read: \(probe.without)", cure: failure.cure, kind: failure.kind)
    }
  }

  private func mode(_ facts: Portal.Facts) -> [Finding] {
    var findings = [
      Finding(.fine, facts.hasLeads ? "leads are people here, and read too" : "leads are not read")
    ]
    if !facts.hasClassic {
      findings.append(Finding(.fine, "the classic methods are gone; the universal ones are used"))
    }
    return findings
  }

  // MARK: Writing

  private func written(_ facts: Portal.Facts) -> [Finding] {
    guard let fields else { return [Finding(.fine, "nothing is written here")] }
    let setup = FieldSetup(api: api, portal: portal)
    let layout = WriteLayout(fields: fields, bandNames: [], ownedTags: [])
    var findings: [Finding] = []
    for kind in PersonKind.allCases where kind == .contact || facts.hasLeads {
      for field in FieldSetup.wanted(layout) {
        guard let found = facts.catalogues[kind]?[field.name] else {
          findings.append(
            Finding(
              .fine, "the field \(field.name) of \(kind)s is not there yet; the first write makes it",
              cure: "The user has to be a CRM administrator for that"))
          continue
        }
        findings.append(
          setup.problem(found, field).map { Finding($0) }
            ?? Finding(.fine, "the field \(field.name) of \(kind)s is there"))
      }
    }
    return findings
  }

  // MARK: Limits

  private func limits() -> [Finding] {
    let budgets = api.client.quotas().filter { $0.unit == .seconds && $0.count ?? 0 > 0 }
    let least = budgets.min { ($0.left ?? 0) < ($1.left ?? 0) }
    guard let least, let left = least.left, let count = least.count else { return [] }
    let method = least.limit.split(separator: " ").last.map { String($0) } ?? least.limit
    let isLittle = left < count * Self.little
    return [
      Finding(
        isLittle ? .warning : .fine,
        "\(Int(left)) of \(Int(count)) s of working time are left to \(method) for these ten minutes",
        cure: isLittle ? "See which tools use them up; runs wait for it" : "")
    ]
  }
}

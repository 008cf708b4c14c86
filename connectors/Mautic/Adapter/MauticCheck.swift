import Platform
import Scoring
import WebAPI

/// What `check` finds out about a Mautic, by reading alone.
struct MauticCheck: Sendable {
  let api: MauticAPI
  let settings: MauticSettings
  let fields: WrittenFields?
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
    let answer: MauticAnswer
    do throws(ConnectorFailure) {
      answer = try await api.get("/api/contacts", MauticQuery(limit: 1).pairs)
    } catch {
      findings.append(Self.finding(error))
      return findings
    }
    findings.append(version(answer))
    findings += clock(answer, now: now)
    findings.append(Finding(.fine, "contacts can be read: \(answer.json["total"].integer ?? 0)"))
    await findings.append(audit())
    for table in ActivityTable.allCases { await activity(table).map { findings.append($0) } }
    findings += await names()
    await rights().map { findings.append($0) }
    findings += await written()
    if let left = answer.callsLeft {
      findings.append(
        Finding(
          left < 100 ? .warning : .fine, "\(left) calls are left in this hour",
          cure: left < 100 ? "Raise the API's rate limit in Mautic" : ""))
    }
    return findings
  }

  private static func finding(_ failure: ConnectorFailure) -> Finding {
    Finding(failure)
  }

  private func version(_ answer: MauticAnswer) -> Finding {
    guard let version = answer.version else {
      return Finding(
        .warning, "\(settings.url) does not say which version of Mautic it is",
        cure: "Let a proxy between pass the header Mautic-Version on")
    }
    return version.isKnown
      ? Finding(.fine, "\(settings.url) is Mautic \(version), and the credentials are good")
      : Finding(
        .warning, "\(settings.url) is Mautic \(version); known are 4 to 7",
        cure: "Look closely at leadgauge plan before anything is written")
  }

  private func clock(_ answer: MauticAnswer, now: Timestamp) -> [Finding] {
    guard let time = answer.serverTime else { return [] }
    let difference = time.seconds - now.seconds
    guard abs(difference) > Self.tolerance else { return [] }
    let minutes = (abs(difference) + 30) / 60
    return [
      Finding(
        .warning, "the server's clock is \(minutes) min \(difference > 0 ? "ahead" : "behind")",
        cure: "Set both clocks by NTP: activities of the future do not count")
    ]
  }

  private func audit() async -> Finding {
    do throws(ConnectorFailure) {
      var query = MauticQuery(limit: 1)
      query.order(by: "id", descending: true)
      let answer = try await api.get("/api/stats/audit_log", query.pairs)
      if answer.json["stats"].isPresent {
        return Finding(.fine, "the audit log tells of changes and deletions")
      }
    } catch {
      return Self.finding(error)
    }
    return Finding(
      .warning, "the audit log cannot be read: changes are found by date, deletions once a week",
      cure: "Give the role of the API user more rights, if deletions should show at once")
  }

  private func activity(_ table: ActivityTable) async -> Finding? {
    let path = "/api/stats/\(table.rawValue)"
    do throws(ConnectorFailure) {
      let answer = try await api.get(path, MauticQuery(limit: 1).pairs)
      if answer.json["stats"].isPresent { return nil }
      if answer.json["availableTables"].isPresent, answer.errorMessage == nil {
        return Finding(
          .warning, "there is no table \(table.rawValue), so its activities are missing",
          cure: "Nothing, unless a plugin of Mautic that should fill it is switched off")
      }
      let failure = api.refusal(answer, of: path)
      return table.isOptional
        ? Finding(.warning, failure.what, cure: failure.cure) : Self.finding(failure)
    } catch {
      return Self.finding(error)
    }
  }

  private func names() async -> [Finding] {
    var findings: [Finding] = []
    for sort in ["emails", "forms", "assets"] {
      do throws(ConnectorFailure) {
        let answer = try await api.answer(to: APICall(path: "/api/\(sort)", query: [("limit", "1")]))
        if answer.status == 403 {
          findings.append(
            Finding(
              .warning,
              "the names of \(sort) cannot be read: rules see numbers, such as '\(sort.dropLast()) 12'",
              cure: "Give the role the right to view \(sort), own and others'"))
        }
      } catch {
        findings.append(Self.finding(error))
      }
    }
    return findings
  }

  /// Who is no administrator may lack the right to edit, which reading alone does not show.
  private func rights() async -> Finding? {
    guard fields != nil, case .basic = settings.login else { return nil }
    let answer: MauticAnswer
    do throws(ConnectorFailure) {
      answer = try await api.answer(to: APICall(path: "/api/users/self"))
    } catch {
      return nil
    }
    if answer.json["role"]["isAdmin"].boolean == true {
      return Finding(.fine, "the user is an administrator: contacts and fields can be written")
    }
    return Finding(
      .fine, "whether this user may write shows only at the first write",
      cure: "Its role needs to edit contacts, own and others', and full rights on custom fields")
  }

  private func written() async -> [Finding] {
    guard let fields else { return [Finding(.fine, "nothing is written here")] }
    var findings: [Finding] = []
    if fields.score == .native {
      findings.append(
        Finding(
          .warning, "score: native sets Mautic's own points, and changing them fires its point triggers",
          cure: "Write to a field of its own unless the triggers are wanted"))
    }
    let setup = FieldSetup(api: api)
    let wanted = FieldSetup.wanted(WriteLayout(fields: fields, bandNames: [], ownedTags: []))
    do throws(ConnectorFailure) {
      let present = try await setup.present()
      for field in wanted {
        guard let found = present[field.alias] else {
          findings.append(
            Finding(.fine, "the field '\(field.alias)' is not there yet; the first write makes it"))
          continue
        }
        if let failure = setup.problem(found, field) {
          findings.append(Self.finding(failure))
        } else {
          findings.append(Finding(.fine, "the field '\(field.alias)' is there"))
        }
      }
    } catch {
      findings.append(Self.finding(error))
    }
    return findings
  }
}

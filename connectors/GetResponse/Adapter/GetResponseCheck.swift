import Platform
import Scoring
import WebAPI

/// What `check` finds out about an account, by reading alone.
struct GetResponseCheck: Sendable {
  let api: GetResponseAPI
  let settings: GetResponseSettings
  let fields: WrittenFields?
  let mapping: ContactMapping
  let catalogue: AccountCatalogue
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
    let account: GetResponseAnswer
    do throws(ConnectorFailure) {
      account = try await api.get(GetResponsePaths.account)
    } catch {
      return findings + [Self.finding(error)]
    }
    findings.append(Finding(.fine, "the credentials are good, for account \(name(account))"))
    findings += clocks(account, now: now)
    await findings += contacts()
    await findings += features(now: now)
    await findings += written()
    return findings + limits()
  }

  private func name(_ account: GetResponseAnswer) -> String {
    api.plain(account.json["accountId"].text ?? account.json["email"].text ?? "?")
  }

  private static func finding(_ failure: ConnectorFailure) -> Finding {
    Finding(failure)
  }

  private func clocks(_ answer: GetResponseAnswer, now: Timestamp) -> [Finding] {
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

  // MARK: Reading

  private func contacts() async -> [Finding] {
    do throws(ConnectorFailure) {
      let lists = try await catalogue.freshLists().ids
      guard !lists.isEmpty else {
        return [
          Finding(
            .error, "the account has no lists that this user may see",
            cure: "Make a list, or use a key of a user who sees them")
        ]
      }
      let first = try await api.get(GetResponsePaths.contacts, [("perPage", "1")])
      let count = first.total
      let own = try await catalogue.freshFields().keys.filter { !ContactMapping.written(fields).contains($0) }
      var findings = [
        Finding(.fine, "\(lists.count) lists with \(count.map { "\($0)" } ?? "some") contacts can be read")
      ]
      let calls = count.map { "\($0) calls" } ?? "a call for each contact"
      if mapping.needsDetails {
        findings.append(
          Finding(
            .warning,
            "the score is a custom field, which only a contact's details tell: \(calls) to read everybody",
            cure: "Write score: native, which comes with the list, 1,000 contacts a call"))
      } else if !own.isEmpty {
        findings.append(
          Finding(
            .fine,
            "a model that tests one of the \(own.count) custom fields needs the details of contacts: \(calls) to read "
              + "everybody, about once a week"))
      }
      _ = try await SegmentSearch(api: api).count(SegmentQuery(kind: .removed, lists: lists))
      findings.append(Finding(.fine, "searches for contacts can be made"))
      return findings
    } catch {
      return [Self.finding(error)]
    }
  }

  /// Parts of the product that a plan may lack.
  private func features(now: Timestamp) async -> [Finding] {
    var parts = [
      (
        "shops, their orders and carts", "purchases and carts do not count", GetResponsePaths.shops,
        [("perPage", "1")]
      )
    ]
    if settings.transactional {
      let from = GetResponseTime.text(now.seconds - GetResponseTime.day)
      parts.append(
        (
          "transactional e-mails", "they do not count", GetResponsePaths.transactional,
          [("query[sentOn][from]", from), ("perPage", "1")]
        ))
    }
    var findings: [Finding] = []
    for (what, without, path, query) in parts {
      do throws(ConnectorFailure) {
        let answer = try await api.answer(to: api.call(path, query))
        if answer.isGood {
          findings.append(Finding(.fine, "\(what) can be read"))
        } else if answer.isRefusal {
          findings.append(
            Finding(
              .warning, "\(what) cannot be read: \(without)",
              cure: "They are a part of larger plans, or an add-on"))
        } else {
          findings.append(Self.finding(api.refusal(answer, of: path)))
        }
      } catch {
        findings.append(Self.finding(error))
      }
    }
    return findings
  }

  // MARK: Writing

  private func written() async -> [Finding] {
    guard let fields else { return [Finding(.fine, "nothing is written here")] }
    let setup = FieldSetup(api: api, catalogue: catalogue)
    var findings: [Finding] = []
    do throws(ConnectorFailure) {
      let present = try await catalogue.fields()
      for field in FieldSetup.wanted(fields) {
        guard let found = present[field.name] else {
          findings.append(
            Finding(.fine, "the custom field '\(field.name)' is not there yet; the first write makes it"))
          continue
        }
        findings.append(
          setup.problem(found, field).map(Self.finding)
            ?? Finding(.fine, "the custom field '\(field.name)' is there"))
      }
    } catch {
      return []
    }
    if fields.score == .native {
      findings.append(
        Finding(
          .fine, "the score is GetResponse's own",
          cure: "No workflow may have a Score action: both would change the same number"))
    }
    return findings
  }

  // MARK: Limits

  private func limits() -> [Finding] {
    guard let frame = api.client.quotas().first(where: { $0.limit == "frame" }), let left = frame.left,
      let count = frame.count
    else { return [] }
    let isLow = left < count / 5
    return [
      Finding(
        isLow ? .warning : .fine, "\(Int(left)) of \(Int(count)) requests are left for these ten minutes",
        cure: isLow ? "See which other tools use the account" : "")
    ]
  }
}

import ConnectorConformance
import Platform
import Scoring
import Testing

@Suite("The suite finds what a connector writes wrongly")
struct PlantedWritingBugTests {
  private struct AltersWrites: Tampering {
    let inner: InMemoryConnector
    let alter: @Sendable (InMemoryConnector, inout ContactWrite) -> Void

    func write(_ batch: [ContactWrite]) async throws(ConnectorFailure) -> [WriteOutcome] {
      var altered = batch
      for index in altered.indices { alter(inner, &altered[index]) }
      return try await inner.write(altered)
    }
  }

  private struct AltersOutcomes: Tampering {
    let inner: InMemoryConnector
    let alter: @Sendable (InMemoryConnector, [ContactWrite], inout [WriteOutcome]) throws -> Void

    func write(_ batch: [ContactWrite]) async throws(ConnectorFailure) -> [WriteOutcome] {
      var outcomes = try await inner.write(batch)
      do {
        try alter(inner, batch, &outcomes)
      } catch {
        throw ConnectorFailure(.badData, "The batch was refused")
      }
      return outcomes
    }
  }

  @Test("Reasons that are cut off")
  func cutReasons() async throws {
    let broken = try await brokenClauses { inner in
      AltersWrites(inner: inner) { _, write in write.reasons = String(write.reasons.prefix(3)) }
    }
    #expect(broken.contains(.writes))
    #expect(!broken.contains(.leavesForeignTags))
  }

  @Test("Points that are added instead of set")
  func relativeWrites() async throws {
    let broken = try await brokenClauses { inner in
      AltersWrites(inner: inner) { inner, write in
        write.score += inner.held(write.contact.text)?.score ?? 0
      }
    }
    #expect(broken.contains(.writesAbsolutely))
    #expect(!broken.contains(.writes))
  }

  @Test("A foreign tag that is taken away")
  func foreignTag() async throws {
    let broken = try await brokenClauses { inner in
      AltersOutcomes(inner: inner) { inner, batch, _ in
        inner.edit { content in
          for write in batch { _ = content.contacts[write.contact.text]?.tags.remove("vip") }
        }
      }
    }
    #expect(broken == [.leavesForeignTags])
  }

  @Test("A foreign field that is emptied")
  func foreignField() async throws {
    let broken = try await brokenClauses { inner in
      AltersOutcomes(inner: inner) { inner, batch, _ in
        inner.edit { content in
          for write in batch { content.contacts[write.contact.text]?.fields["job_title"] = nil }
        }
      }
    }
    #expect(broken == [.leavesForeignFields])
  }

  @Test("Contacts beside the batch that are reset")
  func otherContacts() async throws {
    let broken = try await brokenClauses { inner in
      AltersOutcomes(inner: inner) { inner, batch, _ in
        let written = Set(batch.map(\.contact.text))
        inner.edit { content in
          for id in content.contacts.keys where !written.contains(id) {
            content.contacts[id]?.fields["lead_score"] = nil
          }
        }
      }
    }
    #expect(broken.contains(.leavesOthers))
    #expect(!broken.contains(.writes))
  }

  @Test("Outcomes in the wrong order")
  func wrongOrder() async throws {
    let broken = try await brokenClauses { inner in
      AltersOutcomes(inner: inner) { _, _, outcomes in outcomes.reverse() }
    }
    #expect(broken.isSuperset(of: [.ordersOutcomes, .saysGone]))
    #expect(!broken.contains(.writes))
  }

  @Test("A contact without an outcome")
  func missingOutcome() async throws {
    let broken = try await brokenClauses { inner in
      AltersOutcomes(inner: inner) { _, _, outcomes in outcomes.removeAll { $0 == .gone } }
    }
    #expect(broken == [.ordersOutcomes, .saysGone])
  }

  @Test("A lost answer that is taken for success")
  func claimedWrite() async throws {
    let broken = try await brokenClauses { inner in
      AltersOutcomes(inner: inner) { _, _, outcomes in
        outcomes = outcomes.map { $0 == .unknown ? .written(version: nil) : $0 }
      }
    }
    #expect(broken == [.admitsLossBefore])
  }

  @Test("A lost answer that is taken for a refusal")
  func deniedWrite() async throws {
    let broken = try await brokenClauses { inner in
      AltersOutcomes(inner: inner) { _, _, outcomes in
        outcomes = outcomes.map { $0 == .unknown ? .refused(reason: "no answer") : $0 }
      }
    }
    #expect(broken == [.admitsLossAfter, .admitsLossBefore])
  }

  @Test("One refusal that fails the whole batch")
  func refusedBatch() async throws {
    struct Refused: Error {}
    let broken = try await brokenClauses { inner in
      AltersOutcomes(inner: inner) { _, _, outcomes in
        for case .refused in outcomes { throw Refused() }
      }
    }
    #expect(broken == [.refuses])
  }

  @Test("A contact that is created because it was gone")
  func createdContact() async throws {
    let broken = try await brokenClauses { inner in
      AltersOutcomes(inner: inner) { inner, batch, outcomes in
        for (write, outcome) in zip(batch, outcomes) where outcome == .gone {
          inner.edit { $0.contacts[write.contact.text] = InMemoryContact() }
        }
      }
    }
    #expect(broken == [.saysGone])
  }

  @Test("A write that follows a merged contact to its winner")
  func followedMerge() async throws {
    let broken = try await brokenClauses { inner in
      AltersOutcomes(inner: inner) { inner, batch, outcomes in
        for (write, outcome) in zip(batch, outcomes) {
          guard case .moved(let winner) = outcome else { continue }
          inner.edit { $0.contacts[winner.text]?.fields["lead_score"] = "\(write.score)" }
        }
      }
    }
    #expect(broken == [.saysMoved])
  }

  @Test("A version that is not the one held")
  func wrongVersion() async throws {
    let broken = try await brokenClauses { inner in
      AltersOutcomes(inner: inner) { _, _, outcomes in
        outcomes = outcomes.map { outcome in
          if case .written = outcome { return .written(version: "v0") }
          return outcome
        }
      }
    }
    #expect(broken == [.ordersOutcomes, .knowsOwnWrites])
  }

  @Test("A band that is kept when it should be cleared")
  func keptBand() async throws {
    let broken = try await brokenClauses { inner in
      AltersWrites(inner: inner) { inner, write in
        write.band = write.band ?? inner.held(write.contact.text)?.band
      }
    }
    #expect(broken == [.clears])
  }

  @Test("A score that becomes 0 when it should be cleared")
  func keptScore() async throws {
    let broken = try await brokenClauses { inner in
      AltersWrites(inner: inner) { _, write in write.clearsScore = false }
    }
    #expect(broken == [.clears])
  }

  @Test("Zero that is not stored, although the capabilities say so")
  func lostZero() async throws {
    let broken = try await brokenClauses { inner in
      AltersOutcomes(inner: inner) { inner, batch, _ in
        inner.edit { content in
          for write in batch where write.score == 0 {
            content.contacts[write.contact.text]?.fields["lead_score"] = nil
          }
        }
      }
    }
    #expect(broken == [.storesZero])
  }

  /// Makes every batch visible at once and calls it staged.
  private struct CommitsEarly: Tampering {
    let inner: InMemoryConnector

    func write(_ batch: [ContactWrite]) async throws(ConnectorFailure) -> [WriteOutcome] {
      let outcomes = try await inner.write(batch)
      _ = try await inner.commit()
      return outcomes
    }
  }

  @Test("Staged writes that are visible before the commit")
  func earlyCommit() async throws {
    let broken = try await brokenClauses(InMemoryConformanceTests.file) { CommitsEarly(inner: $0) }
    #expect(broken == [.stages])
  }

  /// Gives a cursor behind everything, as if nobody else had written.
  private struct HidesOthersEdits: Tampering {
    let inner: InMemoryConnector

    func commit() async throws(ConnectorFailure) -> [StreamName: Cursor] {
      _ = try await inner.commit()
      let window = PullWindow(since: Timestamp(0), now: Timestamp(0))
      let holdings = StreamName("holdings")
      var page = try await inner.page(of: holdings, after: nil, window: window)
      while page.hasMore { page = try await inner.page(of: holdings, after: page.cursor, window: window) }
      return [holdings: page.cursor]
    }
  }

  @Test("A commit whose cursor hides somebody else's edit")
  func hiddenEdit() async throws {
    let broken = try await brokenClauses(InMemoryConformanceTests.file) { HidesOthersEdits(inner: $0) }
    #expect(broken.contains(.seesOthersEdits))
    #expect(!broken.contains(.writes))
  }

  /// Puts the key into what it says.
  private struct LeaksASecret: Tampering {
    let inner: InMemoryConnector
    let key: String

    func current(
      _ contacts: [ContactID]
    ) async throws(ConnectorFailure) -> [ContactID: CurrentState] {
      do {
        return try await inner.current(contacts)
      } catch {
        throw ConnectorFailure(error.kind, "GET /contacts?key=\(key) failed", cure: error.cure)
      }
    }
  }

  @Test(
    "A secret in a failure, plain or encoded", arguments: ["s3cret key", "s3cret%20key", "czNjcmV0IGtleQ=="])
  func leakedSecret(key: String) async throws {
    #expect(try await brokenClauses { LeaksASecret(inner: $0, key: key) } == [.keepsSecrets])
  }

  /// Takes refused credentials for an outage.
  private struct MistakesCredentials: Tampering {
    let inner: InMemoryConnector

    func streams() async throws(ConnectorFailure) -> [StreamDescription] {
      do {
        return try await inner.streams()
      } catch {
        throw ConnectorFailure(.unavailable, error.what, cure: error.cure)
      }
    }
  }

  @Test("Refused credentials that pass for an outage")
  func mistakenCredentials() async throws {
    #expect(try await brokenClauses { MistakesCredentials(inner: $0) } == [.saysForbidden])
  }
}

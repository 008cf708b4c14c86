import ConnectorConformance
import GetResponseSimulator
import Platform
import Scoring
import Testing

@testable import GetResponseConnector

/// Hourly runs over some days in which people do things at random, and the program is killed now and then.
@Suite("Nothing that contacts did is lost")
struct CompletenessTests {
  /// The same numbers for the same seed.
  private struct Chance {
    var state: UInt64

    mutating func below(_ bound: UInt64) -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state >> 33) % bound
    }
  }

  @Test(
    "Whatever happens between and within runs, every activity is known once in the end",
    arguments: [(1, true, 0), (2, true, 7_200), (3, false, 0), (4, true, 600), (5, false, 7_200)])
  func complete(seed: UInt64, keeps: Bool, lag: Int64) async throws {
    let account = GetResponseTestAccount { $0.activityLag = lag }
    let ids = try await account.people(12)
    var settings = account.settings
    settings.activityRefresh = TimeSpan(seconds: 6 * 3_600)
    var chance = Chance(state: seed)
    var done = 0
    var known: Set<ActivityIdentity> = []
    var cursor: Cursor?
    let stream = StreamName("activities")
    for hour in 0..<96 {
      account.clock.advance(3_600)
      // Nobody does anything in the last days, so that all has time to be seen.
      if hour < 40 {
        for _ in 0..<chance.below(4) {
          let id = ids[Int(chance.below(12))]
          account.did(
            id, chance.below(3) == 0 ? .emailClick : .emailOpen, ago: Int64(chance.below(3_000)),
            url: "https://www.example.com/")
          done += 1
        }
      }
      let connector = account.getResponse(pageSize: 3, settings: settings, keeps: keeps)
      while true {
        let page = try await connector.page(of: stream, after: cursor, window: account.year())
        // Killed before the store has taken the page; it goes on with the next run.
        if chance.below(6) == 0 { break }
        cursor = page.cursor
        known.formUnion(page.activities.map(\.identity))
        guard page.hasMore else { break }
      }
    }
    #expect(done > 20)
    #expect(known.count == done)
  }
}

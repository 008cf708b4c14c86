import LimitModels
import Testing

@testable import WebAPI

/// An hour and more of quota in milliseconds: what a client gets of it, and what it is refused.
@Suite("Quotas in virtual time")
struct LimitTrialTests {
  private static let search = RequestDemand(kind: "search")
  private func result(of trial: LimitTrial, seconds: Double) async -> LimitTrial.Outcome {
    await onItsOwnThread {
      var trial = trial
      return trial.run(seconds: seconds)
    }
  }

  private static let update = RequestDemand(methods: ["crm.contact.update": 1])

  @Test("Alone, at least 97 % of each platform's quota is used and nothing is refused", arguments: 0..<6)
  func alone(number: Int) async {
    let trial =
      switch number {
      case 0: LimitTrial(HubSpotLimits(count: 100), HubSpotLimits.described(count: 100))
      case 1: LimitTrial(HubSpotLimits(count: 190), HubSpotLimits.described(count: 190), seed: 2)
      case 2:
        LimitTrial(
          HubSpotLimits(count: 190), HubSpotLimits.described(count: 190), demand: Self.search,
          counts: "search")
      case 3: LimitTrial(Bitrix24Limits(cost: 0.05...0.1), Bitrix24Limits.described, demand: Self.update)
      case 4:
        LimitTrial(
          Bitrix24Limits(cost: 0.8...2.4), Bitrix24Limits.described, demand: Self.update, counts: "operating")
      default: LimitTrial(MauticLimits(count: 1_000, workers: 2), MauticLimits.described)
      }
    // HubSpot's windows are short, the others' long.
    let outcome = await result(of: trial, seconds: number < 3 ? 300 : 3_600)
    #expect(outcome.share >= 0.97)
    #expect(outcome.share <= 1.05)
    #expect(outcome.refused == 0)
  }

  @Test(
    "Beside somebody who takes half, at least 90 % of the rest is used and under 0.5 % refused",
    arguments: 0..<6)
  func shared(number: Int) async {
    let trial =
      switch number {
      case 0: LimitTrial(HubSpotLimits(count: 190), HubSpotLimits.described(count: 190), otherPace: 1 / 9.5)
      case 1:
        // Two and three of five: there is no half.
        LimitTrial(
          HubSpotLimits(count: 190), HubSpotLimits.described(count: 190), demand: Self.search,
          otherPace: 0.51,
          counts: "search")
      case 2:
        LimitTrial(
          HubSpotLimits(count: 190), HubSpotLimits.described(count: 190), demand: Self.search,
          otherPace: 0.35,
          counts: "search")
      case 3:
        LimitTrial(
          Bitrix24Limits(cost: 0.05...0.1), Bitrix24Limits.described, demand: Self.update, otherPace: 1)
      case 4:
        LimitTrial(
          Bitrix24Limits(cost: 0.8...2.4), Bitrix24Limits.described, demand: Self.update, otherPace: 4,
          counts: "operating")
      default:
        LimitTrial(MauticLimits(count: 1_000, workers: 2), MauticLimits.described, otherPace: 7.2)
      }
    let outcome = await result(of: trial, seconds: [300, 3_600, 3_600, 7_200, 7_200, 7_200][number])
    #expect(outcome.share >= 0.9)
    #expect(outcome.refusals < 0.005)
  }

  @Test("A frame is used to its end, alone and beside somebody who takes half")
  func frames() async {
    let alone = LimitTrial(GetResponseLimits(count: 3_000), GetResponseLimits.described)
    let outcome = await result(of: alone, seconds: 1_583)
    #expect(outcome.share >= 0.97)
    #expect(outcome.refused == 0)
    let shared = LimitTrial(GetResponseLimits(count: 3_000), GetResponseLimits.described, otherPace: 0.4)
    let rest = await result(of: shared, seconds: 3_000)
    #expect(rest.share >= 0.9)
    #expect(rest.refusals < 0.005)
    // The other one gets what it asks for, but for what it takes to find out about it.
    #expect(Double(rest.othersRefused) < 0.05 * rest.othersServed)
  }

  @Test("When the other one stops, its part is taken up again")
  func recovers() {
    var book = LimitBook([RateLimit("rate", .bucket(rate: 2, burst: 50))])
    var now = 0.0
    var sent = 0
    func run(until end: Double) -> Int {
      let before = sent
      while now < end {
        switch book.admission(Self.update, at: now).admission {
        case .now:
          let ticket = book.begin(Self.update, at: now)
          sent += 1
          // Refused once, after a minute in which half of it was somebody else's.
          let isRefused = sent == 70
          book.end(
            ticket, at: now,
            RequestEnd(observations: isRefused ? [.refused(limit: "rate", wait: nil)] : []))
        case .at(let time): now = time
        case .afterOneEnds: now += 1
        }
      }
      return sent - before
    }
    _ = run(until: 600)
    let slow = run(until: 700)
    _ = run(until: 3_000)
    #expect(slow < 200)
    #expect(run(until: 3_100) >= 199)
  }

  @Test(
    "A forecast is what the writing then takes, within a twentieth",
    arguments: [(300, 1.0...1.0), (1_000, 0.8...2.4)])
  func forecasts(requests: Int, cost: ClosedRange<Double>) {
    // What was learnt in a first half hour.
    var trial = LimitTrial(
      Bitrix24Limits(cost: cost), Bitrix24Limits.described, demand: Self.update, counts: "operating")
    _ = trial.run(seconds: 600)
    let forecast = trial.knowledge.forecast(Self.update, requests: requests, together: 2, at: 1_800)
    var real = LimitTrial(
      Bitrix24Limits(cost: cost), Bitrix24Limits.described, demand: Self.update, counts: "operating")
    var seconds = 0.0
    while real.sentSoFar < requests {
      seconds += 10
      _ = real.run(seconds: seconds)
    }
    #expect(abs(forecast.seconds - seconds) < max(20, seconds * 0.05))
    if requests > 300 { #expect(forecast.heldBy == "operating") }
  }

  @Test("Without any limit the forecast is the answers' time")
  func forecastsFreely() {
    var book = LimitBook([RateLimit("in flight", .inFlight(1))])
    for number in 0..<10 {
      let ticket = book.begin(Self.update, at: Double(number))
      book.end(ticket, at: Double(number) + 0.5, RequestEnd())
    }
    let forecast = book.forecast(Self.update, requests: 100, together: 1, at: 10)
    #expect(abs(forecast.seconds - 50) < 0.01)
    #expect(forecast.heldBy == nil)
  }
}

/// What goes wrong in one run, by a seed.
final class Trouble: @unchecked Sendable {
  // All work of the process is done by one thread.

  /// How bad it is.
  enum Weather: String {
    case fine
    case rain
    case storm
    /// Nothing gets through from some request on.
    case outage
  }

  /// What becomes of a request.
  enum Fate {
    case answered
    /// It never leaves.
    case unreachable
    /// The answer never comes; the platform acted, or not.
    case lost(acted: Bool)
    /// The platform acts, or not, and something in between answers in its place.
    case replaced(status: Int, html: Bool, acted: Bool, retryAfter: Int?)
    /// Half of the answer comes.
    case truncated
    /// The same rows in another order, one of them twice.
    case shuffled
    /// The answer takes its time.
    case slow(Double)
  }

  /// What becomes of a message to sales.
  enum MessageFate {
    case answered
    case unreachable
    case lost(acted: Bool)
    case refused(Int)
  }

  let weather: Weather
  private(set) var chance: Chance
  private var requests = 0
  private let breaksAt: Int
  /// How often others act while a run is at work, in percent of its requests.
  let bustle: Int

  init(_ weather: Weather, bustle: Int, _ chance: Chance) {
    self.weather = weather
    self.bustle = bustle
    self.chance = chance
    breaksAt = self.chance.number(1...40)
  }

  private var percent: Int { weather == .rain ? 8 : weather == .storm ? 35 : 0 }

  /// Whether something happens in so many of a hundred cases.
  func happens(_ percent: Int) -> Bool { chance.happens(percent) }

  func number(_ range: ClosedRange<Int>) -> Int { chance.number(range) }

  /// Lets the caller draw.
  func draw<Result>(_ body: (inout Chance) -> Result) -> Result { body(&chance) }

  func ofRequest() -> Fate {
    requests += 1
    if weather == .outage, requests >= breaksAt {
      return chance.happens(50) ? .unreachable : .lost(acted: false)
    }
    guard chance.happens(percent) else { return .answered }
    switch chance.number(0...11) {
    case 0: return .unreachable
    case 1, 2: return .lost(acted: true)
    case 3: return .lost(acted: false)
    case 4, 5:
      return .replaced(
        status: chance.one(of: [500, 502, 503, 504]), html: chance.happens(50), acted: chance.happens(40),
        retryAfter: nil)
    case 6:
      return .replaced(
        status: 429, html: false, acted: false, retryAfter: chance.one(of: [nil, 1, 30, 400]))
    case 7: return .replaced(status: 200, html: true, acted: false, retryAfter: nil)
    case 8: return .truncated
    case 9, 10: return .shuffled
    default: return .slow(Double(chance.number(5...100)))
    }
  }

  func ofMessage() -> MessageFate {
    guard weather != .fine, chance.happens(weather == .rain ? 20 : 50) else { return .answered }
    switch chance.number(0...3) {
    case 0: return .unreachable
    case 1: return .lost(acted: chance.happens(50))
    case 2: return .refused(500)
    default: return .refused(429)
    }
  }
}

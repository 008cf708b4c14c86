import Platform
import Scoring

/// People who are invented as they are asked for, a share of whom does something every day.
struct CostWorld {
  let people: Int
  /// Of the people, who do something on a day.
  let activeShare: Double
  /// How many days there are before `now`.
  let days: Int
  let now: Timestamp

  private static let pages = [
    "https://www.example.com/", "https://www.example.com/pricing", "https://www.example.com/products/a",
    "https://www.example.com/products/b", "https://www.example.com/blog/7",
  ]

  /// Fills a stand-in with everybody and with what they did before `now`.
  func fill(_ simulator: inout some Simulator) {
    for number in 1...people {
      simulator.add(
        SimulatedContact(
          number: number, email: "p\(number)@example.com",
          fields: [
            ContactField("first_name", "Person"), ContactField("last_name", "\(number)"),
            ContactField("job_title", number.isMultiple(of: 7) ? "CEO" : "Engineer"),
          ], createdAt: now - .days(Int64(days) + 200)))
    }
    for day in 0..<days {
      let start = now.seconds - Int64(days - day) * 86_400
      var random = CostRandom(UInt64(day) + 1)
      for _ in 0..<Int((Double(people) * activeShare).rounded()) {
        let number = Int(random.next() % UInt64(people)) + 1
        act(number, at: start + Int64(random.next() % 86_000), day, &random, &simulator)
      }
    }
  }

  /// So many people, others every time, do something now.
  func act(_ count: Int, batch: Int, at now: Timestamp, _ simulator: inout some Simulator) {
    var random = CostRandom(UInt64(batch) &+ 1_000)
    for place in 0..<count {
      let number = (batch * count + place) % people + 1
      act(number, at: now.seconds - Int64(random.next() % 600), days, &random, &simulator)
    }
  }

  private func act(
    _ number: Int, at second: Int64, _ day: Int, _ random: inout CostRandom,
    _ simulator: inout some Simulator
  ) {
    func add(_ kind: KnownKind, _ offset: Int64, target: String? = nil, campaign: String? = nil) {
      simulator.add(
        SimulatedActivity(
          contact: number, kind: .known(kind), time: Timestamp(second + offset), target: target,
          campaign: campaign))
    }
    let newsletter = "News of week \(day / 7)"
    add(.emailSent, -3_600, campaign: newsletter)
    add(.emailOpen, 0, campaign: newsletter)
    if random.next().isMultiple(of: 4) {
      add(.emailClick, 30, target: Self.pages[1], campaign: newsletter)
    }
    for visit in 0..<2 {
      add(
        .pageVisit, 40 + Int64(visit) * 60, target: Self.pages[Int(random.next() % UInt64(Self.pages.count))])
    }
    if random.next().isMultiple(of: 40) { add(.formSubmit, 200, target: "Contact us") }
    if random.next().isMultiple(of: 60) { add(.call, 300) }
  }
}

/// The same numbers for the same seed.
struct CostRandom {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    return (value ^ value >> 31) >> 1
  }
}

import Scoring

/// All activity of a world in the order of time, in memory that depends on the people alone.
///
/// A calendar queue: everybody waits in a list for the hour of their next episode. An hour's rows are put in
/// order when the hour is over; what reaches into later hours waits.
struct ActivityLog {
  private let world: GeneratedWorld
  private let maker: EpisodeMaker
  private let personas: [Persona]
  private var remaining: [UInt32]
  private var states: [UInt64] = []
  /// How much of the time between first and last day is over, in units of 2^-32.
  private var progress: [UInt32]
  private var next: [UInt32]
  private var heads: [UInt32]

  private static let nobody = UInt32.max
  private static let slot: Int32 = 3_600
  /// Nothing begins in the last six hours, in days: they are left to what began before.
  private static let pause = 0.25

  init(world: GeneratedWorld) {
    self.world = world
    maker = EpisodeMaker(connections: world.connections, end: Int32(GeneratedWorld.days * 86_400))
    personas = (0..<world.people).map(world.persona)
    remaining = world.counts(personas)
    progress = [UInt32](repeating: 0, count: world.people)
    next = [UInt32](repeating: Self.nobody, count: world.people)
    heads = [UInt32](repeating: Self.nobody, count: GeneratedWorld.days * 24)
    states.reserveCapacity(world.people)
    for person in 0..<world.people {
      var random = SeededRandom(seed: world.seed, person: person, use: .history)
      // Nobody's first episode comes at the very start of the time.
      wait(person, &random)
      states.append(random.state)
    }
  }

  /// Hands out every row once; without `sorted` a row may come up to a day too early or too late.
  mutating func forEach<Failure: Error>(
    sorted: Bool, _ body: (GeneratedActivity) throws(Failure) -> Void
  ) throws(Failure) {
    var waiting: [GeneratedActivity] = []
    for hour in heads.indices {
      while heads[hour] != Self.nobody {
        let person = Int(heads[hour])
        heads[hour] = next[person]
        var actor = EpisodeMaker.Actor(
          person: UInt32(person), persona: personas[person], random: SeededRandom(state: states[person]),
          remaining: remaining[person])
        maker.episode(of: &actor, at: start(of: person), into: &waiting)
        remaining[person] = actor.remaining
        wait(person, &actor.random)
        states[person] = actor.random.state
      }
      let hourEnd = sorted ? Int32(hour + 1) * Self.slot : Int32.max
      let due = waiting.partition { $0.time < hourEnd }
      if sorted { waiting[due...].sort(by: GeneratedActivity.precedes) }
      for row in waiting[due...] { try body(row) }
      waiting.removeSubrange(due...)
    }
    for row in waiting.sorted(by: GeneratedActivity.precedes) { try body(row) }
  }

  /// Draws the time of a person's next episode and puts them into its list.
  private mutating func wait(_ person: Int, _ random: inout SeededRandom) {
    guard remaining[person] > 0 else { return }
    let episodes = expectedEpisodes(person)
    let drawn = random.fraction()
    // The mean is that of the least of so many moments drawn evenly from the time that is left.
    let share = episodes == 1 ? drawn : 3 * drawn * drawn / Double(episodes + 1)
    let left = Double(UInt32.max - progress[person])
    progress[person] += UInt32(left * share)
    let hour = Int(start(of: person) / Self.slot)
    next[person] = heads[hour]
    heads[hour] = UInt32(person)
  }

  /// About how many episodes the rows that remain to a person will make; rather too many than too few, for
  /// what finds no place before the end is crowded there.
  private func expectedEpisodes(_ person: Int) -> UInt32 {
    let rows = remaining[person]
    let persona = personas[person]
    guard rows > 4, persona.membership != .shop else { return rows }
    switch persona.interest {
    case .low: return rows * 10 / 16
    case .some: return rows * 10 / 21
    case .high: return rows * 10 / 30
    }
  }

  /// The second at which a person's next episode starts; those who are interested do more toward the end.
  private func start(of person: Int) -> Int32 {
    let persona = personas[person]
    let left = 1 - Double(progress[person]) * 0x1p-32
    let curve: Double
    switch persona.interest {
    case .low: curve = left
    case .some: curve = left * (0.3 + 0.7 * left)
    case .high: curve = left * (0.1 + 0.9 * left * left)
    }
    let last = Double(persona.lastDay) + Self.pause
    let days = last + (Double(persona.firstDay) - last) * curve
    return max(Int32((Double(GeneratedWorld.days) - days) * 86_400), 0)
  }
}

import Scoring

/// What some of the people do after a world's now, in the order of time.
struct AppendedActivity {
  /// How many people do something.
  let people: Int
  let rows: [GeneratedActivity]

  init(world: GeneratedWorld, share: Double, batch: Int, after: Timestamp, span: TimeSpan) {
    let wanted = world.people == 0 ? 0 : Int((Double(world.people) * min(max(share, 0), 1)).rounded())
    people = world.people == 0 ? 0 : min(max(wanted, 1), world.people)
    let first = Int32(clamping: after.seconds - world.origin.seconds)
    let length = max(Int32(clamping: span.seconds), 1)
    let maker = EpisodeMaker(
      connections: world.connections, end: first.addingReportingOverflow(length).partialValue)
    var rows: [GeneratedActivity] = []
    let walk = Walk(world: world)
    for step in 0..<people {
      let person = walk.person(at: (max(batch, 1) - 1) * people + step)
      var random = SeededRandom(
        seed: world.seed &+ UInt64(bitPattern: Int64(batch)), person: person, use: .appended)
      let start = first + Int32(random.below(Int(length)))
      let most = UInt32(1 + random.below(5))
      var actor = EpisodeMaker.Actor(
        person: UInt32(person), persona: world.persona(of: person), random: random, remaining: most)
      maker.episode(of: &actor, at: start, into: &rows)
    }
    self.rows = rows.sorted(by: GeneratedActivity.precedes)
  }

  /// All people once, in an order that has nothing to do with their numbers.
  private struct Walk {
    let count: Int
    let start: Int
    let stride: Int

    init(world: GeneratedWorld) {
      count = max(world.people, 1)
      var random = SeededRandom(seed: world.seed, person: 0, use: .order)
      start = random.below(count)
      var stride = 1 + random.below(count)
      // A stride without a common divisor meets everybody.
      while Self.divisor(stride, count) != 1 { stride += 1 }
      self.stride = stride
    }

    func person(at step: Int) -> Int {
      (start + step % count * stride) % count
    }

    private static func divisor(_ left: Int, _ right: Int) -> Int {
      right == 0 ? left : divisor(right, left % right)
    }
  }
}

import Scoring

/// Makes what a person does at one go: a visit of several pages, a mail that is opened and clicked, a call.
struct EpisodeMaker {
  let catalogue = Catalogue()
  let connections: SandboxConnections
  /// Nothing happens at or after this second.
  let end: Int32

  /// The person's state, carried from episode to episode.
  struct Actor {
    let person: UInt32
    let persona: Persona
    var random: SeededRandom
    /// How many rows the person may still leave.
    var remaining: UInt32
  }

  /// Appends one episode, at least one row and never more than remain; `start` lies before the end.
  func episode(of actor: inout Actor, at start: Int32, into rows: inout [GeneratedActivity]) {
    guard actor.remaining > 0 else { return }
    let isWeb: Bool
    switch actor.persona.membership {
    case .web: isWeb = true
    case .shop: isWeb = false
    case .both: isWeb = actor.random.chance(880)
    }
    var marks: GeneratedActivity.Marks = actor.random.chance(120) ? [.nameless] : []
    let first = rows.count
    if isWeb {
      web(&actor, at: start, marks, into: &rows)
    } else {
      if actor.random.chance(60) { marks.insert(.byAddress) }
      shop(&actor, at: start, marks, into: &rows)
    }
    // The same bytes twice: with an identity one activity, without one two.
    if rows.count > first, actor.remaining > 0, actor.random.chance(6) {
      rows.append(rows[rows.count - 1])
      actor.remaining -= 1
    }
  }

  // MARK: What happens on the site and by mail

  private func web(
    _ actor: inout Actor, at start: Int32, _ marks: GeneratedActivity.Marks,
    into rows: inout [GeneratedActivity]
  ) {
    let isHigh = actor.persona.interest == .high
    switch actor.random.below(1_000) {
    case ..<(isHigh ? 560 : 540): visit(&actor, at: start, marks, into: &rows)
    case ..<930: mail(&actor, at: start, marks, into: &rows)
    case ..<960:
      let form = pick(isHigh ? catalogue.forms : catalogue.forms.prefix(3), &actor)
      put(.formSubmit, form, on: .web, at: start, marks, &actor, &rows)
    case ..<985: put(.download, pick(catalogue.downloads, &actor), on: .web, at: start, marks, &actor, &rows)
    default:
      put(.eventRegistration, pick(catalogue.events, &actor), on: .web, at: start, marks, &actor, &rows)
    }
  }

  private func visit(
    _ actor: inout Actor, at start: Int32, _ marks: GeneratedActivity.Marks,
    into rows: inout [GeneratedActivity]
  ) {
    var time = start
    let pricing: Int
    let pages: Int
    switch actor.persona.interest {
    case .low: (pricing, pages) = (20, 3)
    case .some: (pricing, pages) = (110, 5)
    case .high: (pricing, pages) = (320, 8)
    }
    for _ in 0...actor.random.below(pages) {
      let stay = 3 + actor.random.below(40) * actor.random.below(12)
      let page: UInt16
      switch actor.random.below(1_000) {
      case ..<pricing: page = pick(catalogue.pricing, &actor)
      case ..<(pricing + 350): page = pick(catalogue.products, &actor)
      case ..<800: page = pick(catalogue.posts, &actor)
      default: page = pick(catalogue.others, &actor)
      }
      let value = actor.random.chance(850) ? Int32(stay) : -1
      put(.pageVisit, page, on: .web, at: time, marks, value: value, &actor, &rows)
      time += Int32(stay)
    }
  }

  private func mail(
    _ actor: inout Actor, at start: Int32, _ marks: GeneratedActivity.Marks,
    into rows: inout [GeneratedActivity]
  ) {
    let campaign = catalogue.campaign(day: Int(start) / 86_400, choice: actor.random.below(3))
    func put(_ kind: KnownKind, _ target: UInt16 = 0, at time: Int32, _ actor: inout Actor) {
      self.put(kind, target, on: .web, at: time, marks, campaign: campaign, &actor, &rows)
    }
    put(.emailSent, at: start, &actor)
    if actor.persona.isScanned {
      put(.emailOpen, at: start + 2, &actor)
      let link = catalogue.links.lowerBound + actor.random.below(catalogue.links.count - 2)
      for step in 0..<3 { put(.emailClick, UInt16(link + step), at: start + 4 + Int32(step), &actor) }
    }
    let opens: Int
    switch actor.persona.interest {
    case .low: opens = 250
    case .some: opens = 450
    case .high: opens = 700
    }
    guard actor.random.chance(opens) else { return }
    let opened = start + 60 + Int32(actor.random.below(1_200) * actor.random.below(60))
    put(.emailOpen, at: opened, &actor)
    guard actor.random.chance(opens / 2) else { return }
    put(.emailClick, pick(catalogue.links, &actor), at: opened + 4 + Int32(actor.random.below(90)), &actor)
  }

  // MARK: What happens in the shop and with sales

  private func shop(
    _ actor: inout Actor, at start: Int32, _ marks: GeneratedActivity.Marks,
    into rows: inout [GeneratedActivity]
  ) {
    let plain = marks.subtracting(.byAddress)
    switch actor.random.below(1_000) {
    case ..<300:
      let cents = 900 + actor.random.below(400) * actor.random.below(400)
      put(
        .purchase, pick(catalogue.articles, &actor), on: .shop, at: start, plain, value: Int32(cents), &actor,
        &rows)
    case ..<560: put(.chat, 0, on: .shop, at: start, marks, &actor, &rows)
    case ..<800:
      let talked = actor.random.below(30) * actor.random.below(40)
      put(.call, 0, on: .shop, at: start, plain, value: Int32(5 + talked), &actor, &rows)
    case ..<960: put(.emailReply, 0, on: .shop, at: start, marks, &actor, &rows)
    case ..<994: put(.meeting, 0, on: .shop, at: start, plain, &actor, &rows)
    default:
      let cents = 100_000 + actor.random.below(5_000_000)
      put(.dealWon, 0, on: .shop, at: start, plain, value: Int32(cents), &actor, &rows)
    }
  }

  private func pick(_ range: Range<Int>, _ actor: inout Actor) -> UInt16 {
    UInt16(range.lowerBound + actor.random.below(range.count))
  }

  /// Leaves a row, unless the person has left enough or it would lie in the future.
  private func put(
    _ kind: KnownKind, _ target: UInt16, on connection: SandboxConnection, at time: Int32,
    _ marks: GeneratedActivity.Marks, campaign: UInt16 = 0, value: Int32 = -1, _ actor: inout Actor,
    _ rows: inout [GeneratedActivity]
  ) {
    guard actor.remaining > 0, time < end else { return }
    rows.append(
      GeneratedActivity(
        time: time, person: actor.person, ordinal: actor.remaining, kind: kind,
        connection: connections == .one ? .web : connection, marks: marks, target: target, campaign: campaign,
        value: value))
    actor.remaining -= 1
  }
}

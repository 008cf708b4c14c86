/// What decides how a generated person behaves, in a few bytes.
struct Persona {
  /// Where the person leaves traces.
  enum Membership: UInt8 {
    case web
    case shop
    case both
  }

  /// How near the person is to buying.
  enum Interest: UInt8 {
    case low
    case some
    case high
  }

  let membership: Membership
  let interest: Interest
  /// Activity starts so many days before the world's now.
  let firstDay: UInt8
  /// Activity ends so many days before the world's now.
  let lastDay: UInt8
  /// The employer lets a machine open all mail first.
  let isScanned: Bool

  func stands(in connection: SandboxConnection) -> Bool {
    switch membership {
    case .both: return true
    case .web: return connection == .web
    case .shop: return connection == .shop
    }
  }
}

extension GeneratedWorld {
  /// How a person behaves: a function of seed and number.
  func persona(of person: Int) -> Persona {
    var random = SeededRandom(seed: seed, person: person, use: .persona)
    let place = random.below(1_000)
    let membership: Persona.Membership
    switch person % SharedMailbox.period {
    case ..<SharedMailbox.users: membership = place < 500 ? .both : .web
    case SharedMailbox.users: membership = .shop
    default: membership = place < 400 ? .both : place < 700 ? .web : .shop
    }
    let level = random.below(1_000)
    let interest: Persona.Interest = level < 70 ? .high : level < 310 ? .some : .low
    let first = random.chance(600) ? Self.days : 8 + random.below(Self.days - 8)
    let quiet: Int
    switch interest {
    case .high: quiet = 40
    case .some: quiet = 150
    case .low: quiet = 400
    }
    let last = random.chance(quiet) ? first * (100 + random.below(880)) / 1_000 : 0
    let scanned = SeededRandom(seed: seed, person: company(of: person), use: .company).state % 100 < 4
    return Persona(
      membership: membership, interest: interest, firstDay: UInt8(first), lastDay: UInt8(last),
      isScanned: scanned)
  }

  /// How much a person does compared with others: a heavy tail without end, cut at a hundred times the middle.
  func weight(of person: Int, _ persona: Persona) -> Double {
    var random = SeededRandom(seed: seed, person: person, use: .weight)
    let tail = 1 / max(random.fraction(), 1e-4).squareRoot() - 1
    let place: Double
    switch persona.membership {
    case .both: place = 1.3
    case .web: place = 1
    case .shop: place = 0.3
    }
    switch persona.interest {
    case .low: return tail * place * 0.7
    case .some: return tail * place * 1.4
    case .high: return (tail + 0.5) * place * 2.5
    }
  }
}

import Scoring

/// Invented people and what they did, the same for the same seed on every machine.
///
/// Nothing is held in memory: each person is computed from the seed and a number whenever they are needed.
/// All addresses are at domains that are reserved for examples.
public struct GeneratedWorld: Sendable {
  /// How many different people there are.
  public let people: Int
  /// Rows of activity divided by people; most people do less, a few do very much more.
  public let activitiesPerPerson: Double
  /// Decides everything.
  public let seed: UInt64
  /// Everything happened before this moment, in the 200 days up to it.
  public let now: Timestamp
  /// Whether people are spread over two connections.
  public let connections: SandboxConnections

  /// How far back activity goes.
  static let days = 200

  /// A world to be written or asked.
  public init(
    people: Int, activitiesPerPerson: Double, seed: UInt64, now: Timestamp,
    connections: SandboxConnections = .two
  ) {
    self.people = min(max(people, 0), Int(UInt32.max) - 1)
    self.activitiesPerPerson = activitiesPerPerson > 0 ? min(activitiesPerPerson, 1_000_000) : 0
    self.seed = seed
    self.now = now
    self.connections = connections
  }

  /// How many rows of activity there are, on all connections together.
  public var activities: Int {
    people == 0 ? 0 : Int((Double(people) * activitiesPerPerson).rounded())
  }

  /// The names of the connections, in the order of the configuration.
  public var connectionNames: [String] { sandboxConnections.map(\.rawValue) }

  /// The moment from which activity is counted in seconds.
  var origin: Timestamp { now - .days(Int64(Self.days)) }

  var sandboxConnections: [SandboxConnection] {
    connections == .one ? [.web] : SandboxConnection.allCases
  }

  /// Where a person has contacts.
  func places(of person: Int) -> [SandboxConnection] {
    guard connections == .two else { return [.web] }
    let persona = persona(of: person)
    return SandboxConnection.allCases.filter(persona.stands)
  }

  /// People per company are few, so that companies grow with the world.
  var companies: Int { max(12, people / 6) }

  func company(of person: Int) -> Int {
    Int(SeededRandom(seed: seed, person: person, use: .details).state % UInt64(companies))
  }

  /// Rows of activity for each person; they add up to `activities` exactly.
  func counts(_ personas: [Persona]) -> [UInt32] {
    var sum = 0.0
    for person in 0..<people { sum += weight(of: person, personas[person]) }
    guard sum > 0 else { return [UInt32](repeating: 0, count: people) }
    var counts: [UInt32] = []
    counts.reserveCapacity(people)
    var (given, due) = (0, 0.0)
    // What is cut off one person's share goes to the next.
    for person in 0..<people {
      due += weight(of: person, personas[person]) / sum * Double(activities)
      let upTo = person == people - 1 ? activities : min(Int(due), activities)
      counts.append(UInt32(max(upTo - given, 0)))
      given = max(upTo, given)
    }
    return counts
  }
}

/// Mailboxes that so many contacts of one connection share that they tell nothing about who is who.
enum SharedMailbox {
  /// One such mailbox for so many people.
  static let period = 1_000
  /// So many contacts in `web` use it, beside their own address; one in `shop` has nothing else.
  static let users = 14
}

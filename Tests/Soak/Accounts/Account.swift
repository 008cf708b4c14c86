import Platform
import Scoring

/// Something that somebody did, as the platform can tell of it.
struct Deed {
  /// Under which number they were added.
  var number: Int
  var kind: KnownKind
  var time: Int64
  var target: String?
  var campaign: String?
  var value: Double?
}

/// What really stands on a platform for one contact.
struct Seen: Equatable {
  var addresses: [String] = []
  var createdAt: Int64?
  /// By canonical names.
  var fields: [String: String] = [:]
  var score: Int?
  var band: String?
  var tags: Set<String> = []
  /// False for who takes no writes.
  var takesWrites = true
}

/// What a platform's people cannot do to it.
enum Ability {
  case merging
  case removing
  case secondAddresses
  case band
}

/// Something of a contact that others edit.
enum Mark {
  case firstName
  case job
  case score
}

/// An account on a platform: what it answers to requests, what its people do, and what really stands there.
protocol Account: AnyObject {
  /// The connection's name.
  var name: String { get }
  /// The platform's name in a configuration.
  var platform: String { get }
  /// The hosts of its addresses.
  var hosts: [String] { get }
  /// Its lines in a configuration, below its name.
  var settings: [String] { get }
  /// What its people can do.
  var abilities: Set<Ability> { get }
  /// What can be done there.
  var kinds: [KnownKind] { get }
  /// Numbers of all that were ever added.
  var numbers: [Int] { get }

  func answer(_ request: SimulatedRequest, at now: Timestamp) -> SimulatedAnswer
  func mayChange(_ request: SimulatedRequest) -> Bool

  /// Somebody is added, with more addresses.
  func add(_ contact: SimulatedContact, more addresses: [String])
  /// Somebody does something; gives what the platform can tell of it.
  func act(_ deed: Deed) -> [Deed]
  /// The contact's id; nil if it is gone.
  func id(of number: Int) -> String?
  /// Everybody who is there, by id.
  func seen() -> [String: Seen]

  // What others do to a contact.
  func set(_ mark: Mark, of number: Int, to text: String, at now: Timestamp)
  func addTag(_ number: Int, _ tag: String, at now: Timestamp)
  func remove(_ number: Int, at now: Timestamp)
  func merge(_ loser: Int, into winner: Int, at now: Timestamp)

  /// Something of the platform's own goes wrong for a while.
  func stumble(_ chance: inout Chance, at now: Timestamp)
  /// All is well again.
  func calm()
}

extension Account {
  func merge(_ loser: Int, into winner: Int, at now: Timestamp) {}
  func remove(_ number: Int, at now: Timestamp) {}
}

/// An account whose platform is a stand-in inside the process.
protocol HostedAccount: Account {
  associatedtype Server: Simulator
  var server: Server { get set }
}

extension HostedAccount {
  func answer(_ request: SimulatedRequest, at now: Timestamp) -> SimulatedAnswer {
    server.answer(request, at: now)
  }

  func mayChange(_ request: SimulatedRequest) -> Bool { server.mayChange(request) }
}

/// Something that other people mark contacts with; a model never owns it.
let foreignTags = ["vip", "event_2026", "do_not_call"]

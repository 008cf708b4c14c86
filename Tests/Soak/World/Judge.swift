import PlainScorer
import Platform
import Scoring
import Sync

/// Compares what stands in the world with what should.
struct Judge {
  let world: World
  let hasForgotten: Bool

  /// What everybody should hold at a moment.
  func scores(at moment: Timestamp) -> [PlainScore] {
    world.truth().people().map {
      world.model.score($0, asOf: moment.seconds, free: ["gmail.com"], disposable: [])
    }
  }

  /// Everybody holds what the plain scorer says.
  func compare(at moment: Timestamp) {
    let truth = world.truth()
    for person in truth.people() {
      let right = world.model.score(person, asOf: moment.seconds, free: ["gmail.com"], disposable: [])
      for contact in person.contacts {
        guard let account = world.accounts.first(where: { $0.name == contact.connection }),
          let seen = account.seen()[contact.id], seen.takesWrites
        else { continue }
        check(account, contact.id, seen, right, person)
      }
    }
  }

  private func check(
    _ account: any Account, _ id: String, _ seen: Seen, _ right: PlainScore, _ person: PlainPerson
  ) {
    let place = "\(account.name)/\(id)"
    // Mautic stores no 0.
    let score = account.platform == "mautic" ? seen.score ?? 0 : seen.score
    if score.map({ Int64($0) }) != right.score {
      world.accuse(
        "\(place) holds the score \(score.map { "\($0)" } ?? "none"), right is \(right.score): \(right.rules.filter { $0.value != 0 }) \(person.contacts.map { "\($0.connection)/\($0.id) \($0.addresses) \($0.fields)" }) \(person.activities.map { "\($0.connection)/\($0.contact) \($0.kind) \($0.time)" })"
      )
    }
    if account.abilities.contains(.band), seen.band != right.band {
      world.accuse("\(place) holds the band \(seen.band ?? "none"), right is \(right.band ?? "none")")
    }
    let tags = seen.tags.intersection(world.owned)
    if tags != right.tags {
      world.accuse("\(place) holds the tags \(tags.sorted()), right are \(right.tags.sorted())")
    }
  }

  /// Whoever is in a band that is handed over was told of, and nobody twice by two names.
  func lookAtHandoffs(_ result: RunResult) {
    if let waiting = result.handoff?.waiting, waiting.contains(where: { $0.waiting > 0 }) {
      world.accuse("somebody still waits to be told of: \(waiting)")
    }
    let told = world.sales.told.map {
      (key: $0.key, contacts: Set($0.contacts.map(world.successor)), email: $0.email?.lowercased())
    }
    var entered: [String: Int] = [:]
    for (place, count) in world.entries { entered[world.successor(of: place), default: 0] += count }
    let untold = Set(world.untold.map(world.successor))
    for person in world.truth().people() {
      let places = person.contacts.map { "\($0.connection)/\($0.id)" }
      // Contacts that are gone or somebody else's by now came into the band, too; of some that are gone the program
      // does not know yet, and tells nobody anew of their address.
      let related = world.relatives(of: places)
      let addresses = Set(person.contacts.flatMap(\.addresses).map { $0.lowercased() })
      let news = told.filter {
        !$0.contacts.isDisjoint(with: related) || $0.email.map(addresses.contains) == true
      }
      let named = news.reduce(into: related) { $0.formUnion($1.contacts) }
      let entries = named.compactMap { entered[$0] }.reduce(0, +)
      let isIn = person.contacts.contains { contact in
        world.accounts.first { $0.name == contact.connection }?.seen()[contact.id].map(world.isHandedOver)
          == true
      }
      let keys = Set(news.map(\.key))
      if isIn, entries > 0, keys.isEmpty, untold.isDisjoint(with: related) {
        world.accuse("nobody was told of \(places)")
      }
      if !hasForgotten, keys.count > entries {
        world.accuse("\(places) came \(entries) times into a band, and were told of under \(keys.count) keys")
      }
    }
  }

  /// Everybody who is there was looked at.
  func lookAtCounts(_ result: RunResult) {
    let there = world.accounts.reduce(0) { $0 + $1.seen().count }
    if result.record.contacts != there {
      world.accuse("the program knows \(result.record.contacts) contacts, there are \(there)")
    }
    if let plan = result.plan, plan.header.contacts != there {
      world.accuse("the plan is about \(plan.header.contacts) contacts, there are \(there)")
    }
  }
}

import PlainScorer
import Platform
import Scoring

/// Everything outside of the program: the time, the accounts, the people, and what was seen to go wrong.
final class World: @unchecked Sendable {
  // All work of the process is done by one thread.

  let clock: WorldClock
  let accounts: [any Account]
  let model: PlainModel
  let sales = Sales()
  /// What people did, by account, as far as the platform tells.
  private(set) var deeds: [String: [Deed]] = [:]
  /// Promises that were seen to be broken.
  private(set) var violations: [String] = []
  /// What happened, if somebody wants to know.
  private(set) var diary: [String] = []
  var keepsDiary = false
  /// True while only a dry run is at work.
  var isDry = false
  /// The tags that the model owns.
  let owned: Set<String>
  /// Humans: their addresses.
  private var humans: [[String]] = []
  private var nextNumber = 1
  /// Addresses by account that somebody had there.
  private var taken: Set<String> = []
  private var chance: Chance
  /// Which parts of which contacts this run has changed, and to what.
  private var changed: [String: String] = [:]
  /// Contacts that took another one in since the run began.
  private var mixed: Set<String> = []
  /// What contacts became a part of.
  private var successors: [String: String] = [:]
  /// Tags that others set since the program looked at the account, by account and id.
  private var unread: [String: Set<String>] = [:]
  /// How often a contact came into a band that is handed over, by account and id.
  private(set) var entries: [String: Int] = [:]
  /// Contacts that were one person when some run began: whoever is told of one of them is told of all.
  private var ties: [String: Set<String>] = [:]
  /// Who stood in such a band when the state was deleted, and with it what was still to be told of them.
  private(set) var untold: Set<String> = []

  init(seed: UInt64) {
    var chance = Chance(seed)
    let begin = 1_780_000_000 + Double(chance.number(0...20_000_000))
    clock = WorldClock(begin)
    var accounts: [any Account] = []
    let makers: [(inout Chance) -> any Account] = [
      { MauticAccount(name: "web", &$0) }, { HubSpotAccount(name: "hub", &$0) },
      { GetResponseAccount(name: "mail", &$0) }, { Bitrix24Account(name: "crm", &$0) },
      { FilesAccount(name: "list", &$0) },
    ]
    for maker in makers.shuffled(using: &chance).prefix(chance.number(1...3)) {
      accounts.append(maker(&chance))
    }
    self.accounts = accounts
    model = WorldModel.make(&chance, connections: accounts.map(\.name))
    owned = Set(model.bands.compactMap(\.tag) + model.segments.map(\.tag))
    self.chance = chance.branch()
  }

  var now: Timestamp { Timestamp(Int64(clock.seconds)) }

  /// Writes into the diary.
  func note(_ text: @autoclosure () -> String) {
    if keepsDiary { diary.append("\(now) \(text())") }
  }

  /// A promise was broken.
  func accuse(_ text: String) {
    if violations.count < 20, !violations.contains(text) { violations.append(text) }
    note("BROKEN: \(text)")
  }

  // MARK: People

  /// So many people with a past.
  func populate() {
    let count = chance.number(3...12)
    for human in 0..<count {
      var addresses = ["p\(human)@\(chance.one(of: ["firma.example", "gmail.com", "münchen.example"]))"]
      if chance.happens(40) { addresses.append("P\(human).Second@Example.org") }
      if chance.happens(10) { addresses.append("p\(human)+news@example.net") }
      humans.append(addresses)
    }
    for human in 0..<count {
      for account in accounts where chance.happens(75) { join(human, account) }
    }
    for account in accounts {
      for number in account.numbers {
        for _ in 0..<chance.number(0...6) { act(number, on: account, ago: chance.number(60...10_000_000)) }
      }
    }
  }

  private func join(_ human: Int, _ account: any Account, at time: Timestamp? = nil) {
    var addresses = humans[human].shuffled(using: &chance)
    var primary = addresses.removeFirst()
    if chance.happens(30) { primary = primary.uppercased() }
    let hasNone = chance.happens(5) && ["bitrix24", "files"].contains(account.platform)
    let more = !hasNone && account.abilities.contains(.secondAddresses) && chance.happens(60) ? addresses : []
    // Where an address is unique nobody comes twice.
    let marks = ([primary] + more).map { "\(account.name)/\($0.lowercased())" }
    let mayRepeat = ["bitrix24", "files"].contains(account.platform)
    guard mayRepeat || marks.allSatisfy({ !taken.contains($0) }) else { return }
    taken.formUnion(marks)
    var fields = [ContactField("first_name", chance.one(of: ["Ada", "Bình", "Zoë", "Max"]))]
    if chance.happens(60), account.platform != "getresponse" {
      fields.append(ContactField("job_title", chance.one(of: ["CEO", "Giám đốc", "Clerk"])))
    }
    let created = time ?? now - TimeSpan(seconds: Int64(chance.number(3_600...20_000_000)))
    account.add(
      SimulatedContact(number: nextNumber, email: hasNone ? "" : primary, fields: fields, createdAt: created),
      more: more)
    note("\(account.name): \(nextNumber) joins as \(hasNone ? "nobody" : primary) \(more)")
    nextNumber += 1
  }

  private func act(_ number: Int, on account: any Account, ago: Int) {
    guard account.id(of: number) != nil else { return }
    let kind = chance.one(of: account.kinds)
    let pages = ["/pricing", "/bang-giá", "/products/a", "/products/b", "/about"]
    let deed = Deed(
      number: number, kind: kind, time: Int64(clock.seconds) - Int64(ago),
      target: kind == .pageVisit || kind == .emailClick || kind == .videoView
        ? "https://www.example.com" + chance.one(of: pages)
        : chance.one(of: ["Pricing talk", "Báo giá", "Order 7", "Webinar"]),
      campaign: chance.one(of: ["News 1", "News 2", "Offer"]),
      value: [.pageVisit, .videoView, .call, .purchase].contains(kind)
        ? Double(chance.number(5...300)) : nil)
    if account.platform == "getresponse" || account.platform == "hubspot" || account.platform == "mautic" {
      // Mails go to addresses.
      let isMail = kind.name.hasPrefix("email_") && kind != .emailReply
      if isMail || kind == .formSubmit, let id = account.id(of: number),
        account.seen()[id]?.addresses.isEmpty != false
      {
        return
      }
    }
    let told = account.act(deed)
    deeds[account.name, default: []] += told
    for deed in told { note("\(account.name): \(number) did \(deed)") }
  }

  /// Others do something.
  func disturb(mayRemove: Bool = true) {
    let account = chance.one(of: accounts)
    guard let number = account.numbers.randomElement(using: &chance) else { return }
    touch(account, number)
    switch chance.number(0...11) {
    case 0...4: act(number, on: account, ago: chance.number(0...5))
    case 5: account.set(.firstName, of: number, to: chance.one(of: ["Ada", "Bình", "Eve"]), at: now)
    case 6: account.set(.job, of: number, to: chance.one(of: ["CEO", "Clerk", "Trưởng phòng"]), at: now)
    case 7:
      // Nobody edits what is not there yet.
      let id = account.id(of: number) ?? ""
      if account.seen()[id]?.score != nil {
        account.set(.score, of: number, to: "\(chance.number(0...99))", at: now)
      }
    case 8:
      let tag = chance.one(of: foreignTags)
      account.addTag(number, tag, at: now)
      // These take tags as a whole: one that comes between reading and writing is lost.
      if ["bitrix24", "getresponse"].contains(account.platform), let id = account.id(of: number) {
        unread["\(account.name)/\(id)", default: []].insert(tag)
      }
    case 9:
      guard account.abilities.contains(.removing), mayRemove, chance.happens(40) else { return }
      account.remove(number, at: now)
    case 10:
      guard account.abilities.contains(.merging), let other = account.numbers.randomElement(using: &chance)
      else { return }
      touch(account, other)
      let old = [account.id(of: number), account.id(of: other)]
      account.merge(number, into: other, at: now)
      // What was planned for both is written to the one that is left.
      guard let id = account.id(of: other) else { return }
      mixed.insert("\(account.name)/\(id)")
      for gone in old.compactMap(\.self) where gone != id {
        successors["\(account.name)/\(gone)"] = "\(account.name)/\(id)"
      }
    default:
      let human = chance.number(0...humans.count - 1)
      join(human, account, at: now)
    }
    note("\(account.name): somebody had to do with \(number)")
  }

  private func touch(_ account: any Account, _ number: Int) {
    guard let id = account.id(of: number) else { return }
    for part in ["score", "band", "tags"] { changed["\(account.name)/\(id)/\(part)"] = nil }
  }

  // MARK: What the program does

  /// A run begins.
  func beginRun(isDry: Bool) {
    self.isDry = isDry
    changed = [:]
    mixed = []
    for person in truth().people() {
      let places = person.contacts.map { "\($0.connection)/\($0.id)" }
      let all = places.reduce(into: Set(places)) { $0.formUnion(ties[$1] ?? []) }
      for place in all { ties[place] = all }
    }
  }

  /// These contacts, and all with whom one of them was one person once.
  func relatives(of places: [String]) -> Set<String> {
    let all = places.reduce(into: Set(places)) { $0.formUnion(ties[$1] ?? []) }
    return Set(all.map(successor))
  }

  /// Compares what stood there before the program changed something with what stands there now.
  ///
  /// - Returns: Who is another one now.
  @discardableResult
  func compare(_ account: any Account, _ before: [String: Seen], _ after: [String: Seen]) -> Set<String> {
    countEntries(account, before, after)
    var others: Set<String> = []
    if Set(before.keys) != Set(after.keys) {
      accuse("\(account.name): contacts came or went: \(Set(before.keys).symmetricDifference(after.keys))")
    }
    for (id, old) in before {
      guard let new = after[id], new != old else { continue }
      others.insert(id)
      let place = "\(account.name)/\(id)"
      if new.fields != old.fields || new.addresses != old.addresses {
        accuse("\(place): what is not ours was changed: \(old.fields) to \(new.fields)")
      }
      let lost = unread[place] ?? []
      let (theirs, left) = (old.tags.subtracting(owned), new.tags.subtracting(owned))
      if left != theirs, left != theirs.subtracting(lost) {
        accuse("\(place): others' tags were changed: \(old.tags.sorted()) to \(new.tags.sorted())")
      }
      if isDry { accuse("\(place): a dry run wrote") }
      note(
        "\(place): written \(old.score ?? -1) \(old.band ?? "-") to \(new.score ?? -1) \(new.band ?? "-") \(new.tags.sorted())"
      )
      check(place, "score", old.score.map { "\($0)" }, new.score.map { "\($0)" })
      check(place, "band", old.band, new.band)
    }
    return others
  }

  /// The program looked at an account: at everybody or, with GetResponse's tags, at one contact.
  func noteReading(of account: any Account, _ path: String) {
    for place in unread.keys where place.hasPrefix(account.name + "/") {
      let id = place.dropFirst(account.name.count + 1)
      if account.platform != "getresponse" || path.hasSuffix("/contacts/\(id)") { unread[place] = nil }
    }
  }

  /// Counts who came into a band that is handed over.
  func countEntries(_ account: any Account, _ before: [String: Seen], _ after: [String: Seen]) {
    for (id, new) in after where isHandedOver(new) && before[id].map(isHandedOver) != true {
      entries["\(account.name)/\(id)", default: 0] += 1
    }
  }

  /// The state is deleted, and with it what sales was still to be told.
  func forgetNews() {
    for account in accounts {
      untold.formUnion(account.seen().filter { isHandedOver($1) }.map { "\(account.name)/\($0.key)" })
    }
  }

  /// The contact that another one became a part of, or the same.
  func successor(of place: String) -> String {
    var place = place
    while let next = successors[place] { place = next }
    return place
  }

  /// Whether somebody stands in a band that is handed over; where bands are not written, their tags tell.
  func isHandedOver(_ seen: Seen) -> Bool {
    model.bands.contains { band in
      band.handoff && (seen.band.map { $0 == band.name } ?? band.tag.map(seen.tags.contains) ?? false)
    }
  }

  private func check(_ place: String, _ part: String, _ old: String?, _ new: String?) {
    guard old != new else { return }
    let key = "\(place)/\(part)"
    if let earlier = changed[key], earlier != new ?? "", !mixed.contains(place) {
      accuse("\(place): one run wrote two values of \(part), \(earlier) and \(new ?? "none")")
    }
    changed[key] = new ?? ""
  }

  // MARK: The truth

  /// The world as the plain scorer wants it.
  func truth() -> PlainWorld {
    var contacts: [PlainContact] = []
    var activities: [PlainActivity] = []
    for account in accounts {
      for (id, seen) in account.seen().sorted(by: { $0.key < $1.key }) {
        contacts.append(
          PlainContact(
            connection: account.name, platform: account.platform, id: id, addresses: seen.addresses,
            createdAt: seen.createdAt, fields: seen.fields))
      }
      for (place, deed) in (deeds[account.name] ?? []).enumerated() {
        guard let id = account.id(of: deed.number) else { continue }
        activities.append(
          PlainActivity(
            connection: account.name, contact: id, identity: "\(place)", kind: deed.kind.name,
            time: deed.time, target: deed.target, campaign: deed.campaign, value: deed.value))
      }
    }
    return PlainWorld(connections: accounts.map(\.name), contacts: contacts, activities: activities)
  }
}

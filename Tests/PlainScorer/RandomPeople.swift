import Foundation

/// Worlds by chance: a handful of people on several connections, with what is hard about them.
///
/// Ages stand right on, before and after the edges of windows and half-lives; activities share a time; scanners open and
/// click; texts fold; addresses are shared by two, or by more than ten.
public enum RandomPeople {
  /// The time for which scores are asked: 2026-09-21T14:13:20Z. A few activities are later.
  public static let asOf: Int64 = 1_790_000_000

  /// The world of a seed.
  public static func make(seed: UInt64) -> PlainWorld {
    var dice = PlainDice(seed: seed &* 2)
    let connections = dice.some(1, 4, of: RandomWords.connections)
    var world = PlainWorld(connections: connections.map(\.0), contacts: [], activities: [])
    let addresses = (0..<6).map { address(number: $0, &dice) }
    for number in 0..<dice.number(1...6) {
      let (connection, platform) = dice.one(of: connections)
      var contact = PlainContact(
        connection: connection, platform: platform,
        id: dice.one(of: ["", "a", "B", "0"]) + String(number * 7 + 2))
      contact.addresses = dice.some(0, 2, of: addresses).map { respelt($0, &dice) }
      if !dice.once(in: 4) { contact.createdAt = asOf - age(&dice) }
      for field in dice.some(0, 8, of: RandomWords.fields) {
        contact.fields[field] = dice.one(of: RandomWords.fieldTexts)
      }
      if let primary = contact.addresses.first { contact.fields["email"] = primary }
      world.contacts.append(contact)
      for _ in 0..<dice.one(of: [0, 1, 5, 12]) { addActivity(of: contact, to: &world, &dice) }
      if dice.once(in: 2) { addMail(of: contact, to: &world, &dice) }
    }
    if dice.once(in: 6) {
      addCrowd(sharing: addresses[0], count: dice.number(9...12), to: &world, connections[0])
    }
    world.activities.shuffle(using: &dice)
    return world
  }

  private static func address(number: Int, _ dice: inout PlainDice) -> String {
    let domain = dice.one(of: [
      "corp.example", "free.example", "gone.example", "bücher.example", "ĐÀ-lạt.example",
    ])
    return "\(dice.one(of: ["lan.tran", "Nam+x", "ĐỨC"]))\(number)@\(domain)"
  }

  private static func respelt(_ address: String, _ dice: inout PlainDice) -> String {
    switch dice.number(0...3) {
    case 0: address.uppercased()
    case 1: " " + address + " "
    case 2: address.decomposedStringWithCanonicalMapping
    default: address
    }
  }

  /// Seconds, often right at the edge of what rules ask for.
  private static func age(_ dice: inout PlainDice) -> Int64 {
    if dice.once(in: 4) { return Int64(dice.number(-100...8_000_000)) }
    let times = dice.one(of: [0, 1, 1, 1, 2, 3, 9, 10, 11, 12])
    return dice.one(of: RandomWords.lengths) * Int64(times) + Int64(dice.number(-1...1))
  }

  private static func addActivity(
    of contact: PlainContact, to world: inout PlainWorld, _ dice: inout PlainDice
  ) {
    var activity = PlainActivity(
      connection: contact.connection, contact: contact.id, identity: "i\(world.activities.count)",
      kind: dice.once(in: 2) ? "page_visit" : dice.one(of: RandomWords.kinds), time: asOf - age(&dice))
    if let last = world.activities.last, dice.once(in: 4) { activity.time = last.time }
    if !dice.once(in: 5) { activity.target = dice.one(of: RandomWords.targets) }
    if dice.once(in: 2) { activity.campaign = dice.one(of: RandomWords.campaigns) }
    if dice.once(in: 2) { activity.value = dice.one(of: RandomWords.numbers) }
    world.activities.append(activity)
    if dice.once(in: 10) { world.activities.append(activity) }
  }

  /// A mail with what came of it within seconds: people, scanners, and what lies right between them.
  private static func addMail(of contact: PlainContact, to world: inout PlainWorld, _ dice: inout PlainDice) {
    let start = asOf - age(&dice)
    let campaign = dice.once(in: 8) ? nil : dice.one(of: RandomWords.campaigns)
    for _ in 0..<dice.number(1...12) {
      var activity = PlainActivity(
        connection: contact.connection, contact: contact.id, identity: "m\(world.activities.count)",
        kind: dice.one(of: RandomWords.mailKinds + ["email_click", "email_click"]),
        time: start + Int64(dice.number(0...30)), campaign: campaign)
      if let campaign, dice.once(in: 3) {
        activity.campaign = dice.once(in: 2) ? campaign.uppercased() : dice.one(of: RandomWords.campaigns)
      }
      if activity.kind == "email_click", !dice.once(in: 8) {
        activity.target = dice.one(of: ["/a", "/b", "/c", "/A", "/é"])
      }
      world.activities.append(activity)
    }
  }

  private static func addCrowd(
    sharing address: String, count: Int, to world: inout PlainWorld, _ connection: (String, String)
  ) {
    for number in 0..<count {
      world.contacts.append(
        PlainContact(
          connection: connection.0, platform: connection.1, id: "crowd\(number)",
          addresses: ["own\(number)@corp.example", address]))
    }
  }
}

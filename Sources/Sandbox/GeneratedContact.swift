import Scoring

/// One record of a generated person on one connection.
struct GeneratedContact {
  let id: String
  /// As the connection writes it: letter case differs between connections; empty if there is none.
  let email: String
  let otherAddresses: [String]
  /// In the order of `fieldNames`.
  let fields: [String]
  let createdAt: Timestamp
  /// False if the address stands in more than one contact of the connection.
  let ownsAddress: Bool

  static let fieldNames = [
    "first_name", "last_name", "phone", "company", "job_title", "industry", "country", "city", "language",
    "lifecycle_stage", "source", "created_at",
  ]
}

extension GeneratedWorld {
  /// The id of a person on a connection: unique there, and another one elsewhere.
  func id(of person: Int, on connection: SandboxConnection) -> String {
    switch connection {
    case .web: return "\(person + 1)"
    case .shop:
      // An odd factor permutes the numbers below 2^40. Capitals and small letters are different digits.
      var rest = (UInt64(person) &* 0x9e_3779_b97f &+ 0x2545_f491) & 0xff_ffff_ffff
      var digits: [UInt8] = []
      for _ in 0..<7 {
        digits.append(Self.digits[Int(rest % 62)])
        rest /= 62
      }
      return "C" + String(decoding: digits, as: UTF8.self)
    }
  }

  private static let digits = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

  /// The record that a connection has of a person.
  func contact(_ person: Int, on connection: SandboxConnection) -> GeneratedContact {
    let profile = GeneratedProfile(person, of: self)
    // One sequence for all connections: they have to agree on which address joins them.
    var random = SeededRandom(seed: seed, person: person, use: .records)
    let sharing = random.below(1_000)
    let hasMany = random.chance(250)
    let hasNone = random.chance(60)
    let (work, home, third) = (profile.workAddress, profile.homeAddress, profile.thirdAddress)
    let isDouble = places(of: person).count == 2
    let slot = person % SharedMailbox.period
    var addresses: [String]
    switch (connection, sharing) {
    case _ where slot == SharedMailbox.users: addresses = [sharedMailbox(of: person)]
    case (.web, _) where slot < SharedMailbox.users:
      let shared = sharedMailbox(of: person)
      addresses = slot.isMultiple(of: 2) ? [work, shared] : [shared, work]
    case (.shop, _) where slot < SharedMailbox.users: addresses = [work]
    case _ where !isDouble:
      addresses = connection == .shop && hasNone ? [] : hasMany ? [work, home] : [work]
    case (.web, 550..<750): addresses = [work, home]
    case (.shop, 550..<750): addresses = [home]
    case (.shop, 750..<880): addresses = [home, work]
    case (.web, 880...): addresses = [work, third]
    case (.shop, 880...): addresses = [home, third]
    default: addresses = hasMany && connection == .web ? [work, third] : [work]
    }
    let style = random.below(4)
    if connection == .shop || person.isMultiple(of: 7) {
      addresses = addresses.map { Self.cased($0, style: style) }
    }
    return GeneratedContact(
      id: id(of: person, on: connection), email: addresses.first ?? "",
      otherAddresses: Array(addresses.dropFirst()),
      fields: profile.fields(on: connection, now: now),
      createdAt: profile.createdAt(on: connection, now: now),
      ownsAddress: slot > SharedMailbox.users && !addresses.isEmpty)
  }

  func sharedMailbox(of person: Int) -> String {
    let group = person / SharedMailbox.period
    var random = SeededRandom(seed: seed, person: group, use: .mailbox)
    return "info@\(random.pick(WordLists.companyFirst).slug)-group\(group + 1).example"
  }

  /// The same mailbox in another letter case.
  private static func cased(_ address: String, style: Int) -> String {
    switch style {
    case 0: return address.uppercased()
    case 1, 2:
      var result = ""
      var startsWord = true
      for character in address {
        result += startsWord ? character.uppercased() : String(character)
        startsWord = character == "." || character == "@"
      }
      return result
    default: return address
    }
  }
}

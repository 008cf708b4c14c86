import Scoring

/// A connection of a sandbox of platforms: whose traces it has of the people of `web` or of `shop`.
///
/// A third platform is `mail`: most people of `web` are there too, and what they do by e-mail is seen there alone. A
/// fourth is `crm`, with people of `shop` and what sales does with them.
struct SandboxPlace: Hashable, Sendable {
  let name: String
  /// The connection of the world that its contacts look like.
  let base: SandboxConnection
  /// Kinds that are seen here and not at the base; none: it is the base itself.
  let kinds: Set<KnownKind>
  /// Who is here: all of the base but every so many of them; 0 for all.
  let leavesOut: Int

  private static let bases = [
    SandboxPlace(name: "web", base: .web, kinds: [], leavesOut: 0),
    SandboxPlace(name: "shop", base: .shop, kinds: [], leavesOut: 0),
  ]
  private static let further = [
    SandboxPlace(
      name: "mail", base: .web,
      kinds: [
        .emailSent, .emailOpen, .emailClick, .emailBounce, .emailUnsubscribe, .emailComplaint,
      ], leavesOut: 4),
    SandboxPlace(
      name: "crm", base: .shop,
      kinds: [.chat, .call, .meeting, .task, .note, .emailReply, .dealCreated, .dealWon, .dealLost],
      leavesOut: 3),
  ]

  /// The most platforms that a sandbox can have.
  static let most = bases.count + further.count

  /// The connections of a sandbox with so many platforms; files come after them.
  static func places(of platforms: Int) -> [SandboxPlace] { Array((bases + further).prefix(platforms)) }

  /// Whether the person stands here.
  func has(_ person: Int, in world: GeneratedWorld) -> Bool {
    world.places(of: person).contains(base) && (leavesOut == 0 || person % leavesOut != leavesOut - 1)
  }

  /// Whether something that happened at the base is seen here, where these are the places there are.
  func takes(_ row: GeneratedActivity, of world: GeneratedWorld, among places: [SandboxPlace]) -> Bool {
    guard row.connection == base else { return false }
    let elsewhere = places.contains {
      $0 != self && $0.base == base && $0.kinds.contains(row.kind) && $0.has(Int(row.person), in: world)
    }
    return kinds.isEmpty ? !elsewhere : kinds.contains(row.kind) && has(Int(row.person), in: world)
  }
}

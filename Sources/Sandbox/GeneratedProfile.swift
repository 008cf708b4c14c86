import Scoring

/// What a generated person would say about themselves.
struct GeneratedProfile {
  private let person: Int
  private let first: WordLists.Word
  private let last: WordLists.Word
  private let companyName: String
  private let companyDomain: String?
  private let job: String
  private let place: WordLists.Place
  private let industry: String
  private let source: String
  private let stage: String
  /// Days between becoming known and the start of activity, in seconds.
  private let knownBefore: Int64
  private let firstDay: Int64
  private let gaps: UInt64

  init(_ person: Int, of world: GeneratedWorld) {
    var random = SeededRandom(seed: world.seed, person: person, use: .details)
    self.person = person
    place = random.pick(WordLists.places)
    let isVietnamese = place.isVietnamese || random.chance(100)
    first = random.pick(isVietnamese ? WordLists.vietnameseFirst : WordLists.englishFirst)
    last = random.pick(isVietnamese ? WordLists.vietnameseLast : WordLists.englishLast)
    let company = world.company(of: person)
    let head = WordLists.companyFirst[company % WordLists.companyFirst.count]
    let rest = company / WordLists.companyFirst.count
    let tail = WordLists.companyLast[rest % WordLists.companyLast.count]
    let number = rest / WordLists.companyLast.count
    let isKnown = random.chance(850)
    companyName = isKnown ? "\(head.text) \(tail.text)\(number > 0 ? " \(number + 1)" : "")" : ""
    companyDomain =
      random.chance(650) ? "\(head.slug)-\(tail.slug)\(number > 0 ? "\(number + 1)" : "").example" : nil
    var drawn = random.below(1_000)
    job =
      WordLists.jobs.first { entry in
        drawn -= entry.share
        return drawn < 0
      }?.title ?? ""
    industry = random.pick(WordLists.industries)
    source = random.pick(WordLists.sources)
    stage = random.pick(WordLists.stages)
    knownBefore = Int64(random.below(500 * 86_400))
    firstDay = Int64(world.persona(of: person).firstDay)
    gaps = random.next()
  }

  // The number makes each address one person's.
  var workAddress: String { "\(first.slug).\(last.slug)\(person + 1)@\(companyDomain ?? privateDomain)" }
  var homeAddress: String { "\(last.slug).\(first.slug)\(person + 1)@\(privateDomain)" }
  var thirdAddress: String { "\(first.slug)\(person + 1)@\(privateDomain)" }

  private var privateDomain: String { ["example.com", "example.org", "example.net"][person % 3] }

  /// When a connection first knew the person, before anything that they did.
  func createdAt(on connection: SandboxConnection, now: Timestamp) -> Timestamp {
    now - TimeSpan(seconds: firstDay * 86_400 + knownBefore + (connection == .shop ? 0 : 3_600))
  }

  /// What a connection knows of it, in the order of `GeneratedContact.fieldNames`.
  func fields(on connection: SandboxConnection, now: Timestamp) -> [String] {
    let isShop = connection == .shop
    func unless(_ bit: UInt64, _ text: String) -> String { gaps >> bit & 3 == 0 ? "" : text }
    let phone =
      gaps >> 20 & 1 == 0 ? "+44 20 7946 0\(100 + person % 900)" : "+1 202 555 01\(10 + person % 90)"
    return [
      first.text, last.text, isShop ? phone : unless(0, unless(2, phone)), unless(4, companyName),
      isShop ? unless(6, job) : job, isShop ? "" : industry, place.country, isShop ? place.city : "",
      place.isVietnamese ? "vi" : "en", isShop ? stage : "", isShop ? "" : source,
      createdAt(on: connection, now: now).description,
    ]
  }
}

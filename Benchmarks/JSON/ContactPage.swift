/// A page of contacts as a hosted platform sends it, the same at every run.
struct ContactPage {
  private static let first = [
    "Anna", "José", "Zoë", "Nguyễn", "Søren", "Łukasz", "Mary", "John", "Priya", "Chloé", "Omar", "李娜", "Ewa",
  ]
  private static let last = [
    "Müller", "Smith", "García", "Trần", "O'Neill", "Kowalski", "Østergård", "Brown", "Sato", "Okafor",
    "de Vries",
  ]
  private static let companies = [
    "Acme \\\"North\\\" Ltd", "Bäckerei Schmidt GmbH", "Initech", "Société Générale d'Essais",
    "R\\u0026D Partners",
    "Globex Corporation", "Umbrella/Health", "Stark & Sons", "Wayne Logistics International",
  ]
  private static let stages = ["lead", "subscriber", "marketingqualifiedlead", "opportunity", "customer"]
  private static let cities = ["Wien", "Hà Nội", "São Paulo", "London", "Kraków", "New York", "Zürich"]

  private var state: UInt64 = 20_261_127
  private var text = ""

  /// The page's bytes: compact JSON, about 1,300 for each contact.
  static func make(contacts: Int) -> [UInt8] {
    var page = ContactPage()
    page.text = "{\"total\":\(contacts * 7),\"results\":["
    for index in 0..<contacts {
      if index > 0 { page.text += "," }
      page.add(index)
    }
    page.text +=
      "],\"paging\":{\"next\":{\"after\":\"\(contacts)\",\"link\":\"https://api.example.test/x?after=100\"}}}"
    return Array(page.text.utf8)
  }

  private mutating func chance(_ count: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % count
  }

  private mutating func pick(_ list: [String]) -> String { list[chance(list.count)] }

  private mutating func time() -> String {
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "2026-\(two(1 + chance(11)))-\(two(1 + chance(28)))T\(two(chance(24))):\(two(chance(60)))"
      + ":\(two(chance(60))).\(100 + chance(900))Z"
  }

  private mutating func add(_ index: Int) {
    let id = 51_000_000 + index * 97 + chance(90)
    let (first, last, company) = (pick(Self.first), pick(Self.last), pick(Self.companies))
    let properties: [(String, String?)] = [
      (
        "address",
        "\"\(1 + chance(300)) Market Street\\nFloor \(chance(20))\\nBuilding \(chance(9)), please ring twice\""
      ),
      ("annualrevenue", chance(3) == 0 ? "\(chance(90_000_000))" : nil), ("city", "\"\(pick(Self.cities))\""),
      ("company", "\"\(company)\""), ("country", "\"Österreich\""),
      (
        "hs_latest_source_data",
        "\"newsletter-\(chance(90))/autumn/landing-page-\(chance(500))/thank-you-and-see-you-soon\""
      ), ("createdate", "\"\(time())\""),
      ("email", "\"person\(index).\(chance(9999))@mail\(chance(40)).example.test\""),
      ("firstname", "\"\(first)\""),
      (
        "hs_analytics_first_url",
        "\"https://www.example.test/pricing?utm_source=newsletter&utm_medium=email&utm_campaign=autumn-"
          + "\(chance(90))&gclid=Cj0KCQiAx5qBhDTARIsAHREX\(id)\""
      ),
      ("hs_analytics_num_page_views", "\(chance(400))"), ("hs_analytics_num_visits", "\(chance(40))"),
      ("hs_analytics_source", "\"ORGANIC_SEARCH\""), ("hs_email_bounce", chance(9) == 0 ? "1" : nil),
      ("hs_email_click", "\(chance(30))"),
      ("hs_email_last_open_date", chance(2) == 0 ? "\"\(time())\"" : nil),
      ("hs_email_open", "\(chance(60))"), ("hs_lead_status", "\"ATTEMPTED_TO_CONTACT\""),
      ("hs_object_id", "\(id)"), ("hubspot_owner_id", "\"\(7_000_000 + chance(20))\""),
      ("hubspotscore", "\(chance(100)).\(1 + chance(9))"),
      ("jobtitle", "\"Head of Growth and Partner Marketing, Central and Eastern Europe\""),
      ("lastmodifieddate", "\"\(time())\""), ("lastname", "\"\(last)\""),
      ("lifecyclestage", "\"\(pick(Self.stages))\""),
      ("mobilephone", nil), ("notes_last_contacted", nil),
      ("phone", "\"+43 1 \(1_000_000 + chance(8_999_999))\""),
      ("website", "\"https:\\/\\/www.company\(chance(500)).example.test\\/\""),
      ("zip", "\"\(1000 + chance(8999))\""),
    ]
    text += "{\"id\":\"\(id)\",\"properties\":{"
    text += properties.map { "\"\($0.0)\":\($0.1 ?? "null")" }.joined(separator: ",")
    text += "},\"createdAt\":\"\(time())\",\"updatedAt\":\"\(time())\",\"archived\":false}"
  }
}

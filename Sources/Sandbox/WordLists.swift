import Scoring

/// What names, companies and places are put together from.
enum WordLists {
  /// A word and how it is written in an address.
  struct Word: Sendable {
    let text: String
    let slug: String

    init(_ text: String) {
      self.text = text
      slug = String(
        TextFolding.fold(text).filter { $0 != " " && $0 != "'" && $0 != "." && $0 != "&" && $0 != "," })
    }
  }

  struct Place: Sendable {
    let country: String
    let city: String
    let isVietnamese: Bool
  }

  static let englishFirst = words(
    """
    Ann,Ben,Carla,David,Emma,Frank,Grace,Henry,Iris,Jack,Kate,Liam,Mary,Noah,Olivia,Peter,Quinn,Rose,Sam,Tara,
    Uma,Victor,Wendy,Xavier,Yvonne,Zoe,Alice,Bruno,Chloe,Daniel,Elena,Felix,Gina,Hugo,Ivy,James,Karen,Leo,Mia,René
    """)
  static let englishLast = words(
    """
    Lee,Smith,Jones,Taylor,Brown,Wilson,Evans,Walker,Wright,Green,Hall,Wood,Harris,Clark,Turner,Hill,Cooper,
    Ward,Morris,Moore,King,Watson,Baker,Young,Allen,Mitchell,O'Neill,Parker,Cook,Bell,Kelly,Müller,Garcia,Dubois,
    Rossi,Novák,Lindström,Silva,Fox,Stone
    """)
  static let vietnameseFirst = words(
    """
    Đức,Hương,Thảo,Minh,Lan,Hùng,Mai,Tuấn,Ngọc,Phương,Quỳnh,Sơn,Trang,Việt,Yến,Anh,Bình,Châu,Dũng,Giang,Hà,
    Khánh,Linh,Long,Nam,Nga,Nhung,Phúc,Thu,Thủy,Tiến,Trung,Tú,Văn Đạt,Thị Hồng,Thị Đào,Xuân,Vy,Ánh,Đăng Khoa
    """)
  static let vietnameseLast = words(
    """
    Nguyễn,Trần,Lê,Phạm,Hoàng,Huỳnh,Phan,Vũ,Võ,Đặng,Bùi,Đỗ,Hồ,Ngô,Dương,Lý,Đinh,Trịnh,Đoàn,Mạc
    """)
  static let companyFirst = words(
    """
    Vinasun,Việt Phát,Sao Mai,Đại Nam,Hoa Sen,Bến Thành,Phú Mỹ,Tân Á,Sông Đà,Hồng Hà,An Bình,Đông Á,Northwind,
    Acme,Globex,Initech,Bluewater,Redwood,Stonebridge,Lighthouse,Harbour,Summit,Evergreen,Ironworks,Brightside,
    Oakfield,Silverline,Clearview,Westgate,Kingsway
    """)
  static let companyLast = words(
    """
    Logistics,Foods,Thương mại,Xây dựng,Software,Design,Energy,Textiles,Media,Travel,Trading,Du lịch,Education,
    Nội thất,Systems,Health,Consulting,Steel,Paper,Furniture
    """)

  /// With the share of people, in a thousand, who bear each title.
  static let jobs: [(title: String, share: Int)] = [
    ("", 120), ("Marketing manager", 110), ("Sales representative", 100), ("Nhân viên kinh doanh", 90),
    ("Kế toán", 60), ("Software engineer", 70), ("Office manager", 60), ("Chuyên viên marketing", 70),
    ("Intern", 50), ("Thực tập sinh", 40), ("Student", 30), ("Founder", 25), ("Co-Founder & CEO", 15),
    ("Giám đốc", 30), ("Phó giám đốc", 15), ("GIÁM ĐỐC KINH DOANH", 10),
    // The same title in decomposed form, as some systems hand it out.
    ("Gia\u{0301}m đo\u{0302}\u{0301}c", 5), ("Trưởng phòng mua hàng", 25), ("Director of Operations", 20),
    ("Head of Purchasing, EMEA", 15), ("Consultant", 40),
  ]
  static let industries = [
    "Retail", "Manufacturing", "Logistics", "Education", "Tourism", "Software", "Construction", "",
  ]
  static let sources = ["website", "trade fair", "referral", "advertisement", "giới thiệu", ""]
  static let stages = ["subscriber", "lead", "lead", "opportunity", "customer"]

  static let places: [Place] = [
    Place(country: "Vietnam", city: "Hà Nội", isVietnamese: true),
    Place(country: "Vietnam", city: "Thành phố Hồ Chí Minh", isVietnamese: true),
    Place(country: "Vietnam", city: "Đà Nẵng", isVietnamese: true),
    Place(country: "Vietnam", city: "Cần Thơ", isVietnamese: true),
    Place(country: "United Kingdom", city: "London", isVietnamese: false),
    Place(country: "United States", city: "Portland, Oregon", isVietnamese: false),
    Place(country: "Germany", city: "Köln", isVietnamese: false),
    Place(country: "Singapore", city: "Singapore", isVietnamese: false),
    Place(country: "Australia", city: "Melbourne", isVietnamese: false),
    Place(country: "France", city: "Orléans", isVietnamese: false),
  ]

  private static func words(_ list: String) -> [Word] {
    list.split { $0 == "," || $0 == "\n" }.map { Word(String($0)) }
  }
}

import Foundation
import Scoring

/// The language of a page, with its way to write numbers and times.
public enum PageLanguage: String, CaseIterable, Sendable {
  case english = "en"
  case vietnamese = "vi"

  /// The texts of the page.
  var texts: PageTexts {
    switch self {
    case .english: .english
    case .vietnamese: .vietnamese
    }
  }

  private var group: String { self == .english ? "," : "." }
  private var point: String { self == .english ? "." : "," }

  /// `1,234` or `1.234`.
  func number(_ number: Int) -> String {
    let plain = TerminalText.number(number)
    return group == "," ? plain : plain.replacing(",", with: group)
  }

  /// The same with a sign, and a real minus.
  func signed(_ number: Int) -> String {
    number > 0 ? "+" + self.number(number) : number < 0 ? "−" + self.number(number).dropFirst() : "0"
  }

  /// Points from units of 1/1024, with at most so many decimals: `+7.5`.
  func points(units: Int64, decimals: Int) -> String {
    let scale = decimals == 0 ? 1.0 : 10.0
    let tenths = (Double(units) / 1_024 * scale).rounded()
    guard abs(tenths) < 1e15, tenths != 0 else { return "0" }
    let magnitude = Int(abs(tenths))
    var text = number(magnitude / Int(scale))
    if magnitude % Int(scale) != 0 { text += point + "\(magnitude % Int(scale))" }
    return (tenths < 0 ? "−" : "+") + text
  }

  /// A share of one: `12.5%` or `12,5%`.
  func percent(_ share: Double) -> String {
    guard share.isFinite else { return "–" }
    let tenths = Int((min(abs(share), 1e9) * 1_000).rounded())
    if tenths == 0 && share > 0 { return "<" + "0\(point)1%" }
    let text =
      tenths % 10 == 0 || tenths >= 1_000 ? number(tenths / 10) : "\(tenths / 10)\(point)\(tenths % 10)"
    return text + "%"
  }

  /// `22 November 2026, 07:05` or `22/11/2026, 07:05`, in UTC.
  func time(_ moment: Timestamp) -> String {
    let (year, month, day) = moment.date
    let minutes = (moment.seconds % 86_400 + 86_400) % 86_400 / 60
    let clock = Self.two(Int(minutes) / 60) + ":" + Self.two(Int(minutes) % 60)
    switch self {
    case .english: return "\(day) \(Self.months[month - 1]) \(year), \(clock)"
    case .vietnamese: return "\(Self.two(day))/\(Self.two(month))/\(year), \(clock)"
    }
  }

  private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

  private static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
  ]

  /// A text with its gaps filled.
  func fill(_ text: String, _ gaps: [String: String]) -> String {
    var result = ""
    var rest = Substring(text)
    // In one walk, so that what is filled in is never taken for a gap.
    while let start = rest.firstIndex(of: "{"), let end = rest[start...].firstIndex(of: "}") {
      result += rest[..<start]
      let name = String(rest[rest.index(after: start)..<end])
      result += gaps[name] ?? "{\(name)}"
      rest = rest[rest.index(after: end)...]
    }
    return result + rest
  }

  /// A number with its word, in the form that goes with it.
  func count(_ number: Int, _ text: String, _ gaps: [String: String] = [:]) -> String {
    let forms = text.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
    let form = number == 1 ? forms[0] : forms[forms.count - 1]
    return fill(form, gaps.merging(["n": self.number(number)]) { first, _ in first })
  }

  /// Seconds, minutes, hours or days, whichever reads best; rounded up.
  func duration(_ seconds: Double) -> String {
    let texts = texts
    let (size, text): (Double, String) =
      switch seconds {
      case ..<90: (1, texts.seconds)
      case ..<5_400: (60, texts.minutes)
      case ..<172_800: (3_600, texts.hours)
      default: (86_400, texts.days)
      }
    return count(Int((min(max(0, seconds), 1e12) / size).rounded(.up)), text)
  }
}

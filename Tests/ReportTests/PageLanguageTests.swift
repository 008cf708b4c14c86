import Scoring
import Testing

@testable import Report

@Suite("The languages of the page")
struct PageLanguageTests {
  private func texts(_ texts: PageTexts) -> [String: String] {
    Dictionary(
      uniqueKeysWithValues: Mirror(reflecting: texts).children.map {
        ($0.label ?? "", $0.value as? String ?? "")
      })
  }

  @Test("every text has the same gaps in both languages, and is translated")
  func gaps() {
    let (english, vietnamese) = (texts(.english), texts(.vietnamese))
    for (name, text) in english {
      let other = vietnamese[name] ?? ""
      func gaps(_ text: String) -> Set<String> {
        Set(text.matches(of: #/\{([A-Za-z]+)\}/#).map { String($0.output.1) })
      }
      #expect(!text.isEmpty && !other.isEmpty, "\(name)")
      #expect(gaps(text) == gaps(other), "\(name)")
      // Without letters there is nothing to translate.
      if text.replacing(#/\{[A-Za-z]+\}|[^A-Za-z]/#, with: "").count > 2 { #expect(text != other, "\(name)") }
    }
  }

  @Test("numbers, shares, points and times in each language's way")
  func numbers() {
    let (english, vietnamese) = (PageLanguage.english, PageLanguage.vietnamese)
    #expect(english.number(1_234_567) == "1,234,567" && vietnamese.number(1_234_567) == "1.234.567")
    #expect(english.signed(-1_234) == "−1,234" && vietnamese.signed(12) == "+12" && english.signed(0) == "0")
    #expect(english.points(units: 7_680, decimals: 1) == "+7.5")
    #expect(vietnamese.points(units: -7_680, decimals: 1) == "−7,5")
    #expect(
      english.points(units: -100, decimals: 0) == "0" && english.points(units: 1_024, decimals: 1) == "+1")
    #expect(english.percent(0.125) == "12.5%" && vietnamese.percent(0.125) == "12,5%")
    #expect(english.percent(0.0001) == "<0.1%" && english.percent(4) == "400%" && english.percent(0) == "0%")
    let moment = Timestamp(1_790_000_000)
    #expect(english.time(moment) == "21 September 2026, 14:13")
    #expect(vietnamese.time(moment) == "21/09/2026, 14:13")
    #expect(english.duration(1) == "1 s" && english.duration(172_800) == "2 days")
    #expect(vietnamese.duration(7_200) == "2 giờ")
  }

  @Test("what fills a gap is never taken for one")
  func fill() {
    #expect(PageLanguage.english.fill("{a} of {b}", ["a": "{b}", "b": "2"]) == "{b} of 2")
    #expect(PageLanguage.english.fill("{a", ["a": "1"]) == "{a")
    #expect(PageLanguage.english.count(1, "1 contact|{n} contacts") == "1 contact")
    #expect(PageLanguage.vietnamese.count(1, "{n} liên hệ") == "1 liên hệ")
  }
}

import Foundation

extension PlainModel {
  /// True if the test of a profile rule passes.
  func passes(
    _ rule: PlainProfileRule, _ fields: [String: String], free: Set<String>, disposable: Set<String>
  ) -> Bool {
    let text = rule.field.flatMap { fields[$0] }
    let folded = text.map(PlainText.fold)
    switch rule.test {
    case .equals(let wanted):
      return folded.map { text in wanted.contains { PlainText.fold($0) == text } } ?? false
    case .equalsNone(let unwanted):
      return folded.map { text in unwanted.allSatisfy { PlainText.fold($0) != text } } ?? true
    case .contains(let wanted):
      return folded.map { text in wanted.contains { text.contains(PlainText.fold($0)) } } ?? false
    case .containsNone(let unwanted):
      return folded.map { text in unwanted.allSatisfy { !text.contains(PlainText.fold($0)) } } ?? true
    case .matches(let patterns):
      return text.map { text in patterns.contains { PlainText.matches(text, pattern: $0) } } ?? false
    case .atLeast(let least):
      return text.flatMap(number).map { $0 >= least } ?? false
    case .atMost(let most):
      return text.flatMap(number).map { $0 <= most } ?? false
    case .emailDomain(let sort):
      guard let address = text.flatMap(PlainAddress.normalised) else { return false }
      let domain = PlainAddress.domain(of: address)
      let isFree = free.contains(domain)
      let isDisposable = disposable.contains(domain)
      return sort == "free" ? isFree : sort == "disposable" ? isDisposable : !isFree && !isDisposable
    case .filled(let names):
      return names.allSatisfy { fields[$0] != nil }
    case .missing(let names):
      return names.contains { fields[$0] == nil }
    }
  }

  /// A plain decimal number with a point, blanks around it or not.
  private func number(_ text: String) -> Double? {
    let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
    guard trimmed.allSatisfy({ "+-.0123456789".contains($0) }) else { return nil }
    return Double(trimmed)
  }
}

/// Which mail domains anybody can have an address at, and which throw theirs away; all others are a business's.
public struct DomainLists: Sendable {
  /// Whole domains such as `gmail.com`.
  public let free: Set<String>
  /// Whole domains such as `mailinator.com`.
  public let disposable: Set<String>

  /// Takes the texts of two list files: one domain a line, `#` starts a comment.
  public init(free: String, disposable: String) {
    self.free = Self.domains(in: free)
    self.disposable = Self.domains(in: disposable)
  }

  /// Lists without entries: every domain is a business's.
  public static let empty = DomainLists(free: "", disposable: "")

  /// The class of an address's domain.
  public func classify(_ address: EmailAddress) -> DomainClass {
    let domain = address.domain
    if disposable.contains(domain) { return .disposable }
    return free.contains(domain) ? .free : .business
  }

  private static func domains(in text: String) -> Set<String> {
    var found: Set<String> = []
    for line in text.split(whereSeparator: \.isNewline) {
      let domain = line.prefix { $0 != "#" }.filter { !$0.isWhitespace }.lowercased()
      if !domain.isEmpty { found.insert(domain) }
    }
    return found
  }
}

/// What kind of domain an address is at.
public enum DomainClass: String, CaseIterable, Sendable {
  case business
  case free
  case disposable
}

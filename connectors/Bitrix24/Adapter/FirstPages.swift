import Platform

/// First pages of lists that came along with those of others in one request, until they are asked for.
///
/// They are only a short cut: whoever finds none here asks by itself.
actor FirstPages {
  /// What a first page is of.
  enum Part: Hashable, Sendable {
    case leads
    case activities
    case stages
  }

  /// A first page, and what it was asked for.
  struct Entry: Sendable {
    /// What changed from this moment on; nil: everything.
    let since: Int64?
    let chain: KeysetList.Chain
    let time: PortalTime
  }

  private var entries: [Part: Entry] = [:]

  /// Keeps a page; only the last one of a part.
  func put(_ part: Part, _ entry: Entry) { entries[part] = entry }

  /// Gives a page that has all that changed since a moment, once.
  func take(_ part: Part, since: Int64?) -> Entry? {
    guard let entry = entries.removeValue(forKey: part), (entry.since ?? .min) <= since ?? .min else {
      return nil
    }
    return entry
  }

  /// Forgets everything: another reading begins.
  func clear() { entries = [:] }
}

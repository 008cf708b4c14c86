import Platform
import Store

extension JournalEntry {
  /// True if what is held now is what this write wanted: score, band, and the tags it set and took away.
  ///
  /// - Parameter storesZero: False where a score of 0 is read as none.
  func isFulfilled(by held: HeldState, storesZero: Bool) -> Bool {
    let added = wanted.tags.subtracting(was.tags)
    let removed = was.tags.subtracting(wanted.tags)
    return HeldState.isSame(held.score, wanted.score, storesZero) && held.band == wanted.band
      && added.isSubset(of: held.tags) && removed.isDisjoint(with: held.tags)
  }
}

extension HeldState {
  /// True if two held scores are the same; where 0 cannot be stored, it is the same as none.
  static func isSame(_ left: Int?, _ right: Int?, _ storesZero: Bool) -> Bool {
    storesZero ? left == right : (left ?? 0) == (right ?? 0)
  }

  /// True if a reasons text is the one that was written, as far as a platform keeps texts: it may cut a long one
  /// off, strip what looks like markup, and write signs in another way. Words that are not ours are somebody's.
  static func isSameText(_ held: String?, written: String?) -> Bool {
    if (held ?? "") == (written ?? "") { return true }
    let (heldWords, ours) = (words(held), words(written))
    guard !heldWords.isEmpty else { return ours.isEmpty }
    var rest = ours[...]
    for (index, word) in heldWords.enumerated() {
      let isCut = index == heldWords.count - 1 && held?.contains("…") == true
      if let place = rest.firstIndex(where: { $0 == word || (isCut && $0.hasPrefix(word)) }) {
        rest = rest[(place + 1)...]
      } else if !entities.contains(word) {
        return false
      }
    }
    return true
  }

  private static func words(_ text: String?) -> [Substring] {
    (text ?? "").split { !$0.isLetter && !$0.isNumber }
  }

  /// What is left of `&amp;`, `&#39;` and the like.
  private static let entities: Set<Substring> = [
    "amp", "lt", "gt", "quot", "apos", "34", "38", "39", "039", "60", "62",
  ]
}

extension PlannedChange {
  /// Why the plan is no longer true for this contact; nil if it is.
  ///
  /// - Parameters:
  ///   - storesZero: False where a score of 0 is read as none.
  ///   - isUndo: The plan takes back a run: its `from` is what we wrote, and the reasons count, too.
  func contradiction(
    with held: HeldState, _ policy: WritePolicy, storesZero: Bool, isUndo: Bool = false
  ) -> String? {
    func difference(_ what: String, _ now: String?, _ before: String?) -> String {
      let (now, before) = (now ?? "empty", before ?? "empty")
      return isUndo
        ? "its \(what) is \(now) now, not \(before) as written"
        : "its \(what) is \(now) now and was \(before) in the plan"
    }
    if !HeldState.isSame(held.score, scoreFrom, storesZero) {
      return difference("score", held.score.map(String.init), scoreFrom.map(String.init))
    }
    if policy.fields.band != nil, held.band != bandFrom { return difference("band", held.band, bandFrom) }
    if addTags.contains(where: held.tags.contains) || !removeTags.allSatisfy(held.tags.contains) {
      guard isUndo else { return "its tags are others now than in the plan" }
      let lost = removeTags.filter { !held.tags.contains($0) }
      let back = addTags.filter(held.tags.contains)
      return "its tags were changed since: "
        + [
          lost.isEmpty ? nil : "\(lost.joined(separator: ", ")) taken away",
          back.isEmpty ? nil : "\(back.joined(separator: ", ")) set again",
        ].compactMap(\.self).joined(separator: ", ")
    }
    if isUndo, policy.fields.reasons != nil, let reasonsText,
      !HeldState.isSameText(held.reasons, written: reasonsText.from)
    {
      return difference("reasons text", held.reasons.map { "'\($0)'" }, reasonsText.from.map { "'\($0)'" })
    }
    return nil
  }
}

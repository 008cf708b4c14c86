import StrictYAML

/// What the stored data say about a model.
extension Model {
  func dataFindings(_ data: LintData) -> [LintFinding] {
    guard data.persons > 0 else { return [] }
    return unmetFindings(data) + emptyBandFindings(data) + fieldFindings(data) + tagFindings(data)
      + nameFindings(data)
  }

  private func unmetFindings(_ data: LintData) -> [LintFinding] {
    actions.enumerated().compactMap { index, rule in
      if case .absence = rule.form { return nil }
      guard data.matched[index] == 0 else { return nil }
      return .init(
        position: rule.position,
        what: "no activity of the last 90 days is what the rule '\(rule.id)' is about",
        cure: "Check its kinds, its patterns and whether the platform tells of such things; or drop it")
    }
  }

  private func emptyBandFindings(_ data: LintData) -> [LintFinding] {
    bands.enumerated().compactMap { index, band in
      guard data.bandSizes[index] == 0 else { return nil }
      return .init(
        position: band.position,
        what: "none of the \(data.persons) persons is in the band '\(band.name)'",
        cure: "Move its from: and look at leadgauge model diff, or wait for more activity")
    }
  }

  private func fieldFindings(_ data: LintData) -> [LintFinding] {
    profile.flatMap { rule in
      rule.test.fields.compactMap { field -> LintFinding? in
        guard !data.fields.contains(field), let twin = Self.sameButForCase(field, in: data.fields) else {
          return nil
        }
        return .init(
          position: rule.position,
          what: "the rule '\(rule.id)' asks for '\(field)', but the field is '\(twin)'",
          cure: "Write '\(twin)': upper and lower case matter")
      }
    }
  }

  private func tagFindings(_ data: LintData) -> [LintFinding] {
    let places =
      bands.compactMap { band in band.tag.map { ($0, band.position) } }
      + segments.map { ($0.tag, $0.position) }
    return places.compactMap { tag, position in
      guard let twin = Self.sameButForCase(tag, in: data.tags) else { return nil }
      return .init(
        position: position,
        what: "contacts hold the tag '\(twin)', which is '\(tag)' but for upper and lower case",
        cure: "Rename '\(twin)' on the platform: it is not this model's, and stays where it is")
    }
  }

  /// Rules do not mind upper and lower case, but whoever reads the platform's own reports should know.
  private func nameFindings(_ data: LintData) -> [LintFinding] {
    var spellings: [String: [String]] = [:]
    for name in data.names { spellings[name.lowercased(), default: []].append(name) }
    let twins = spellings.values.filter { $0.count > 1 }.map { $0.sorted() }.sorted { $0[0] < $1[0] }
    guard let first = twins.first else { return [] }
    let shown = first.prefix(3).map { "'\($0.prefix(60))'" }.joined(separator: " and ")
    return [
      .init(
        position: .start,
        what: "campaigns or forms differ in upper and lower case only: \(shown)"
          + (twins.count > 1 ? ", and \(twins.count - 1) more" : ""),
        cure: "Rules take them for one; rename them on the platform if they are one")
    ]
  }
}

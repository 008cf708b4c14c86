/// What a simulated Mautic holds for one contact, read past its API.
public struct MauticHolding: Equatable, Sendable {
  /// The contact's id.
  public var id: Int
  /// Stored values by field alias; a field without value is not in it. A number stands as it is stored.
  public var fields: [String: String]
  /// The contact's tags, as stored: `&`, `<`, `>` and quotes are escaped.
  public var tags: Set<String>
  /// The contact's points.
  public var points: Int
  /// Scores by point group.
  public var groupScores: [Int: Int]
}

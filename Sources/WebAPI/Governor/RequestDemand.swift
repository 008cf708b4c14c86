/// What one request asks of the limits.
public struct RequestDemand: Hashable, Sendable {
  /// Who goes first when not all may go.
  public enum Priority: Int, Comparable, Hashable, Sendable {
    /// New work.
    case reading
    /// Work that was begun: half a batch written is worse than a page not read.
    case writing

    /// Writing is more urgent.
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
  }

  /// The kind that some limits single out: `search`; nil for the rest.
  public var kind: String?
  /// For budgets of working time: the methods that it calls, and how often each.
  public var methods: [String: Int]
  /// Who goes first.
  public var priority: Priority

  /// Describes a demand.
  public init(kind: String? = nil, methods: [String: Int] = [:], priority: Priority = .reading) {
    self.kind = kind
    self.methods = methods
    self.priority = priority
  }
}

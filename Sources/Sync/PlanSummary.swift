import Platform
import Scoring
import Store

/// What a plan comes to; all reports are made from it.
public struct PlanSummary: Sendable {
  /// One connection's part.
  public struct Connection: Sendable {
    /// The connection's name.
    public var name: String
    /// The platform's name.
    public var platform: String
    /// How many contacts it has.
    public var contacts: Int
    /// How many of them would be written.
    public var changes = 0
    /// How many of them would change their band.
    public var bandChanges = 0
    /// How many of them would leave a band that they hold.
    public var bandsLeft = 0
    /// How many hold no score yet.
    public var firstScores = 0
    /// True if nothing of ours is there yet.
    public var isFirstWrite: Bool
    /// True if a first write was begun before and goes on.
    public var isFirstWriteResumed = false
    /// True if nothing is ever written to it.
    public var isReadOnly: Bool
    /// Contacts missing from the last full listing, kept because the fuse blew.
    public var missing = 0
    /// Records that could not be used.
    public var rejected = 0
    /// The first of them.
    public var rejectedSamples: [RejectedRecord] = []
    /// Why it could not be read to the end.
    public var failure: ConnectorFailure?
  }

  /// The plan's id, time, model and totals.
  public var header: PlanHeader
  /// In the order of the configuration.
  public var connections: [Connection]
  /// The model's bands, highest first.
  public var bandNames: [String]
  /// Contacts by the band they hold and the band they get; -1 stands for none.
  public var moves: [BandMove: Int] = [:]
  /// How many persons are in each band after the plan; -1 stands for none.
  public var bandSizes: [Int: Int] = [:]
  /// The largest moves of score, largest first, ties by connection and id.
  public var largest: [PlannedChange] = []
  /// Contacts that enter a band with a handoff.
  public var handoffs = 0
  /// Every fuse and how near it is.
  public var fuses: [FuseReading] = []
  /// What the scoring before it touched.
  public var rescoring = RescoringSummary()
  /// What the pull before it brought; nil without a pull.
  public var pull: PullSummary?
  /// Labels of the rules by id, for reports.
  public var labels: [String: String] = [:]

  /// How many contacts would be written.
  public var changes: Int { header.changes }

  /// From one band to another, by index; -1 stands for none.
  public struct BandMove: Hashable, Sendable {
    /// The band held.
    public var from: Int
    /// The band wanted.
    public var to: Int

    /// From one band to another.
    public init(from: Int, to: Int) {
      self.from = from
      self.to = to
    }
  }

  /// How many of the largest moves are kept.
  public static let largestCount = 10

  mutating func add(_ change: PlannedChange, from: Int?, to: Int?, isHandoff: Bool, connection: Int) {
    connections[connection].changes += 1
    if from != to { connections[connection].bandChanges += 1 }
    if from != nil && from != to { connections[connection].bandsLeft += 1 }
    if change.scoreFrom == nil { connections[connection].firstScores += 1 }
    moves[BandMove(from: from ?? -1, to: to ?? -1), default: 0] += 1
    if isHandoff && from != to { handoffs += 1 }
    guard largest.count < Self.largestCount || largest.last.map({ Self.isLarger(change, $0) }) ?? true else {
      return
    }
    largest.insert(change, at: largest.firstIndex { Self.isLarger(change, $0) } ?? largest.count)
    if largest.count > Self.largestCount { largest.removeLast() }
  }

  /// By size of the move, then by connection and id, so that the order never depends on how a store lies.
  private static func isLarger(_ left: PlannedChange, _ right: PlannedChange) -> Bool {
    let (leftSize, rightSize) = (size(of: left), size(of: right))
    if leftSize != rightSize { return leftSize > rightSize }
    return (left.connection, ContactID(left.contact)) < (right.connection, ContactID(right.contact))
  }

  private static func size(of change: PlannedChange) -> Int { change.scoreMove }
}

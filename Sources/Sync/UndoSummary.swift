import Platform
import Scoring
import Store

/// What taking a run back comes to; all reports of an undo are made from it.
public struct UndoSummary: Sendable {
  /// One connection's part.
  public struct Connection: Sendable {
    /// The connection's name.
    public var name: String
    /// How many contacts it has.
    public var contacts: Int
    /// How many of them the run wrote.
    public var written: Int
    /// How many are to get back what they held.
    public var takenBack = 0
    /// How many of these change their band.
    public var bandChanges = 0
    /// How many are left as they are.
    public var left = 0
    /// Why nothing is taken back on it at all, and what to do; nil if something is.
    public var obstacle: String?
  }

  /// From one band to another; nil stands for none.
  public struct BandMove: Hashable, Sendable {
    /// The band that the run wrote.
    public var from: String?
    /// The band that was there before.
    public var to: String?

    /// From one band to another; nil stands for none.
    public init(from: String?, to: String?) {
      self.from = from
      self.to = to
    }
  }

  /// The run that is taken back.
  public var run: RunRecord
  /// The plan's id, time and totals.
  public var header: PlanHeader
  /// In the order of the configuration.
  public var connections: [Connection] = []
  /// How many contacts move between which bands.
  public var moves: [BandMove: Int] = [:]
  /// The first contacts that are left as they are, each with the reason.
  public var left: [ApplySummary.Refusal] = []
  /// The first contacts that keep their score, because it was empty and the platform cannot empty it again.
  public var keptScores: [ApplySummary.Refusal] = []
  /// How many keep their score.
  public var keptScoreCount = 0
  /// The largest moves of score, largest first.
  public var largest: [PlannedChange] = []
  /// How many contacts the run brought into a band with a handoff.
  public var handoffs = 0
  /// Every fuse and how near it is.
  public var fuses: [FuseReading] = []
  /// The undo that took the run back before; nil if none did.
  public var earlier: RunRecord?
  /// The run that the run itself took back; nil if it is no undo.
  public var redoes: String?
  /// True if nothing is written: the plan is only shown.
  public var isDryRun: Bool

  /// How many contacts get back what they held.
  public var changes: Int { header.changes }
  /// How many contacts are left as they are.
  public var leftCount: Int { connections.reduce(0) { $0 + $1.left } }

  mutating func leave(_ contact: ContactID, on index: Int, _ reason: String) {
    connections[index].left += 1
    if left.count < ApplySummary.mostListed {
      left.append(
        ApplySummary.Refusal(connection: connections[index].name, contact: contact.text, reason: reason))
    }
  }

  mutating func add(_ change: PlannedChange, on index: Int) {
    header.changes += 1
    connections[index].takenBack += 1
    if change.bandFrom != change.bandTo { connections[index].bandChanges += 1 }
    // What stood in a band's field before us may be any text: only so many different ones are told apart.
    let move = BandMove(from: change.bandFrom, to: change.bandTo)
    if moves[move] != nil || moves.count < 100 { moves[move, default: 0] += 1 }
    guard
      largest.count < PlanSummary.largestCount
        || largest.last.map({ change.scoreMove > $0.scoreMove }) ?? true
    else { return }
    largest.insert(
      change, at: largest.firstIndex { change.scoreMove > $0.scoreMove } ?? largest.count)
    if largest.count > PlanSummary.largestCount { largest.removeLast() }
  }
}

/// Why a run cannot be taken back at all.
public struct UndoRefusal: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is in the way.
  public let what: String
  /// What to do.
  public let cure: String

  /// `what. cure.`
  public var description: String { "\(what). \(cure)." }
}

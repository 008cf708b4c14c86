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
    /// True if the platform cannot hold 0, so that holding nothing is read as 0.
    public var readsNothingAsZero = false
    /// Contacts missing from the last full listing, kept because the fuse blew.
    public var missing = 0
    /// Records that could not be used.
    public var rejected = 0
    /// The first of them.
    public var rejectedSamples: [RejectedRecord] = []
    /// Waiting contacts that the platform refused in the last run that wrote.
    public var refused = 0
    /// The first of them.
    public var refusedSamples: [RefusedWrite] = []
    /// Why it could not be read to the end.
    public var failure: ConnectorFailure?
    /// What writing its changes would take; nil without changes, or if nobody knows.
    public var forecast: WriteForecast?
    /// What is left of the account's quotas, as far as it was last known.
    public var quotas: [Quota] = []
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
  /// What the changes mean for the people behind them.
  public var insight = PlanInsight()
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

  /// How many of the largest moves reports keep.
  public static let largestCount = PlanInsight.mostMoves

  mutating func add(_ change: PlannedChange, from: Int?, to: Int?, isHandoff: Bool, connection: Int) {
    connections[connection].changes += 1
    if from != to { connections[connection].bandChanges += 1 }
    if from != nil && from != to { connections[connection].bandsLeft += 1 }
    if change.scoreFrom == nil { connections[connection].firstScores += 1 }
    moves[BandMove(from: from ?? -1, to: to ?? -1), default: 0] += 1
    if isHandoff && from != to { handoffs += 1 }
    insight.distribution?.move(
      from: connections[connection].readsNothingAsZero ? change.scoreFrom ?? 0 : change.scoreFrom,
      to: change.scoreTo)
  }

  /// Asks the connections what writing the changes would take and what is left of their quotas. They answer from
  /// what they know; no request is sent.
  mutating func foresee(_ context: RunContext) async {
    for index in connections.indices {
      guard let connector = context.working.first(where: { $0.name == connections[index].name })?.connector
      else { continue }
      let changes = connections[index].changes
      connections[index].quotas = await connector.quotas()
      if changes > 0 { connections[index].forecast = await connector.forecast(writes: changes) }
    }
  }
}

import Foundation
import Platform
import Scoring
import Store

/// Knows for each write what it means for handoffs.
final class HandoffBook {
  private let context: RunContext
  private let connection: ActiveConnection
  private let handoffBands: Set<String>
  private var isFirstWrite: Bool?

  init(context: RunContext, connection: ActiveConnection) {
    self.context = context
    self.connection = connection
    handoffBands = Set(context.model.model.bands.filter(\.handoff).map(\.name))
  }

  /// What a write means if it is done; nil if it leads into no band of which people are told.
  ///
  /// An undo that leads back into such a band tells nobody: it takes something back.
  func entry(for change: PlannedChange, labels: [String: String], of plan: PlanHeader) throws -> BandEntry? {
    guard let band = change.personBand ?? change.bandTo, handoffBands.contains(band) else { return nil }
    let settings = context.notify.handoff
    let facts = HandoffFacts(
      score: change.scoreTo, asOf: plan.asOf, model: context.model.model.name,
      reasons: change.reasons.map {
        HandoffNotice.Reason(
          rule: $0.rule, label: labels[$0.rule] ?? $0.rule,
          points: Double(PointsText.format(units: $0.units)) ?? 0,
          count: $0.count,
          last: $0.last?.description)
      })
    return BandEntry(
      band: band, isQuiet: try !(settings?.first ?? false) && isFirst(),
      targets: plan.undoes == nil ? settings?.targets ?? [] : [],
      facts: try HandoffJSON.text(facts))
  }

  /// Asked before the first write of this run is laid down, and kept.
  private func isFirst() throws -> Bool {
    if let isFirstWrite { return isFirstWrite }
    let store = context.store
    let record = try store.connections().first { $0.id == connection.stored.id } ?? connection.stored
    // A first write that was cut off is still the first one when the next run goes on with it.
    let isFirst =
      try !record.hasBeenWritten && (!store.holdsAnything(on: record) || store.hasJournal(of: record))
    isFirstWrite = isFirst
    return isFirst
  }

  /// Brings what is known of who stands in which band up to date, before anything is written.
  static func open(_ context: RunContext) throws {
    let bands = context.model.model.bands.filter(\.handoff).map { (name: $0.name, tag: $0.tag) }
    var keeping: [StoredConnection] = []
    for connection in context.working {
      guard let policy = connection.configured.write else { continue }
      try context.store.takeStanding(in: bands, on: connection.stored)
      if policy.fields.band != nil { keeping.append(connection.stored) }
    }
    try context.store.dropStandingElsewhere(on: keeping)
  }
}

/// What is known of an entry into a band when it is written.
struct HandoffFacts: Codable, Equatable {
  var score: Int
  var asOf: String
  var model: String
  var reasons: [HandoffNotice.Reason]

  init(score: Int, asOf: Timestamp, model: String, reasons: [HandoffNotice.Reason]) {
    self.score = score
    self.asOf = asOf.description
    self.model = model
    self.reasons = reasons
  }
}

/// JSON as it is kept and sent: keys in order, so that the same content is the same text.
enum HandoffJSON {
  static func text(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  static func read<Form: Decodable>(_ form: Form.Type, from text: String) -> Form? {
    try? JSONDecoder().decode(form, from: Data(text.utf8))
  }
}

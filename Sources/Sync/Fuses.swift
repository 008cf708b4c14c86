import Scoring
import Store

/// A fuse that a plan or a listing is beyond.
public struct BlownFuse: Hashable, Sendable {
  /// `maxChanges`, `maxWrites` or `maxShrink`.
  public let fuse: String
  /// The connection's name; empty for a fuse over the whole plan.
  public let connection: String
  /// What is beyond what, without a full stop.
  public let message: String
  /// What to do about it.
  public let cure: String
  /// What was counted; 0 if it was not counted anew.
  public var count = 0
}

/// How near a fuse is.
public struct FuseReading: Hashable, Sendable {
  /// `maxChanges`, `maxWrites` or `maxShrink`.
  public let fuse: String
  /// The connection's name; empty for a fuse over the whole plan.
  public let connection: String
  /// What was counted.
  public let count: Int
  /// Of how many; nil if the limit is a number and no share.
  public let total: Int?
  /// The limit: a number, or hundredths of a percent.
  public let limit: Int
  /// True if the count is beyond the limit.
  public let isBlown: Bool
}

extension FuseLimits {
  /// A share fuse never blows for fewer contacts than this.
  public static let fewest = 20

  /// True if so many of so many are beyond a share in hundredths of a percent.
  static func isBeyond(_ count: Int, of total: Int, share: Int) -> Bool {
    count >= fewest && count * 10_000 > total * share
  }

  func blowsOnShrink(missing: Int, of known: Int) -> Bool {
    Self.isBeyond(missing, of: known, share: maxShrink)
  }

  /// A share in hundredths of a percent as people write it: `25 %`, `12.5 %`.
  public static func percent(_ share: Int) -> String {
    share % 100 == 0 ? "\(share / 100) %" : "\(Double(share) / 100) %"
  }
}

/// Reads the fuses of a plan.
enum FuseBox {
  /// Every fuse and how near it is.
  static func readings(_ summary: PlanSummary, limits: FuseLimits) -> [FuseReading] {
    var readings: [FuseReading] = []
    for connection in summary.connections {
      readings.append(
        maxChanges(connection, limits))
      readings.append(
        FuseReading(
          fuse: "maxShrink", connection: connection.name, count: connection.missing,
          total: connection.contacts,
          limit: limits.maxShrink,
          isBlown: limits.blowsOnShrink(missing: connection.missing, of: connection.contacts)))
    }
    readings.append(
      FuseReading(
        fuse: "maxWrites", connection: "", count: summary.changes, total: nil, limit: limits.maxWrites,
        isBlown: summary.changes > limits.maxWrites))
    return readings
  }

  /// A first write is free; one that goes on after a while counts those who lose a band that they hold, so that
  /// another model does not pass as the rest of it.
  private static func maxChanges(
    _ connection: PlanSummary.Connection, _ limits: FuseLimits
  ) -> FuseReading {
    let count = connection.isFirstWriteResumed ? connection.bandsLeft : connection.bandChanges
    return FuseReading(
      fuse: "maxChanges", connection: connection.name, count: count, total: connection.contacts,
      limit: limits.maxChanges,
      isBlown: (!connection.isFirstWrite || connection.isFirstWriteResumed)
        && FuseLimits.isBeyond(count, of: connection.contacts, share: limits.maxChanges))
  }

  /// Those that are blown, in words.
  static func blown(_ readings: [FuseReading]) -> [BlownFuse] {
    readings.filter(\.isBlown).map { reading in
      BlownFuse(
        fuse: reading.fuse, connection: reading.connection, message: message(reading), cure: cure(reading),
        count: reading.count)
    }
  }

  private static func message(_ reading: FuseReading) -> String {
    switch reading.fuse {
    case "maxChanges":
      return
        "\(reading.count) of \(reading.total ?? 0) contacts on \(reading.connection) would change their band,"
        + " more than maxChanges \(FuseLimits.percent(reading.limit))"
    case "maxShrink":
      return
        "\(reading.count) of \(reading.total ?? 0) contacts on \(reading.connection) are missing from its last"
        + " full listing, more than maxShrink \(FuseLimits.percent(reading.limit))"
    default:
      return "the plan writes \(reading.count) contacts, more than maxWrites \(reading.limit)"
    }
  }

  private static func cure(_ reading: FuseReading) -> String {
    switch reading.fuse {
    case "maxShrink":
      return
        "Check whether the platform really lost them (they are kept until then); if so, run: leadgauge sync --approve"
    default:
      return
        "Look at it with: leadgauge plan -o FILE; then run: leadgauge apply FILE, or: leadgauge sync --approve"
    }
  }
}

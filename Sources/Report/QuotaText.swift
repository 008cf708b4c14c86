import Platform
import Sync

/// Quotas and forecasts in words and as JSON.
enum QuotaText {
  /// `quota daily: 231,400 of 250,000 requests left, full again at …`
  static func line(_ quota: Quota) -> String {
    var line = "quota \(TerminalText.safe(quota.name)): "
    switch (quota.left, quota.count) {
    case (let left?, let count?):
      line += "\(number(left)) of \(number(count)) \(quota.unit) left"
    case (let left?, nil): line += "\(number(left)) \(quota.unit) left"
    case (nil, let count?): line += "\(number(count)) \(quota.unit), what is left is not known"
    case (nil, nil): line += "not known"
    }
    if let resetsAt = quota.resetsAt { line += ", resets at \(resetsAt)" }
    return line + " (as of \(quota.asOf))"
  }

  /// `at this rate 18,400 writes take about 9 min (368 requests)`
  static func line(_ forecast: WriteForecast, writes: Int) -> String {
    let what = TerminalText.count(writes, "write")
    guard forecast.seconds.isFinite else {
      return "\(what): the quota \(TerminalText.safe(forecast.heldBy ?? "")) does not allow it"
    }
    let verb = writes == 1 ? "takes" : "take"
    let held = forecast.heldBy.map { ", held up by the quota \(TerminalText.safe($0))" } ?? ""
    return "at this rate \(what) \(verb) about \(duration(forecast.seconds)) "
      + "(\(TerminalText.count(forecast.requests, "request"))\(held))"
  }

  /// `873 of 1,000 requests (hourly)`; nil if nobody knows what is left.
  static func left(_ quota: Quota) -> String? {
    guard let left = quota.left else { return nil }
    let of = quota.count.map { " of \(number($0))" } ?? ""
    return "\(number(left))\(of) \(TerminalText.safe(quota.unit)) (\(TerminalText.safe(quota.name)))"
  }

  /// The quota as a JSON object.
  static func json(_ quota: Quota) -> String {
    #"{"name":\#(PlanJSON.quote(quota.name)),"unit":\#(PlanJSON.quote(quota.unit)),"#
      + #""left":\#(number(orNull: quota.left)),"count":\#(number(orNull: quota.count)),"#
      + #""resetsAt":\#(ReportJSON.time(quota.resetsAt)),"asOf":"\#(quota.asOf)"}"#
  }

  /// The forecast as a JSON object.
  static func json(_ forecast: WriteForecast) -> String {
    #"{"requests":\#(forecast.requests),"seconds":\#(number(orNull: forecast.seconds)),"#
      + #""heldBy":\#(forecast.heldBy.map { PlanJSON.quote($0) } ?? "null")}"#
  }

  /// Seconds, minutes, hours or days, whichever reads best.
  static func duration(_ seconds: Double) -> String {
    switch seconds {
    case ..<90: "\(Int(seconds.rounded(.up))) s"
    case ..<5_400: "\(Int((seconds / 60).rounded(.up))) min"
    case ..<172_800: "\(Int((seconds / 3_600).rounded(.up))) h"
    default: TerminalText.count(Int((min(seconds, 1e12) / 86_400).rounded(.up)), "day")
    }
  }

  private static func number(_ value: Double) -> String {
    TerminalText.number(Int(min(max(value.rounded(.down), -1e15), 1e15)))
  }

  private static func number(orNull value: Double?) -> String {
    guard let value, value.isFinite else { return "null" }
    return value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
  }
}

import Scoring
import Store
import Sync

/// Who was told of whom, for people and for programs.
public enum HandoffReport {
  /// The lines at the end of a run; none if there is nothing to say.
  public static func lines(_ summary: HandoffSummary?, style: TextStyle, columns: Int = 80) -> [String] {
    guard let summary, !summary.isEmpty else { return [] }
    var lines: [String] = []
    if summary.told > 0 { lines.append("Sales were told of \(TerminalText.count(summary.told, "person")).") }
    for trouble in summary.troubles {
      let color = trouble.needsSomebody ? style.red : style.yellow
      lines += TerminalText.wrapped("Handoff: \(text(trouble))", columns, indent: 0).map(color)
    }
    for count in summary.waiting {
      lines += TerminalText.wrapped(text(count) + "; tried again by the next run.", columns, indent: 0)
    }
    return lines
  }

  /// What needs somebody, for a run that is to be quiet otherwise: what trying again will not mend, and what has
  /// waited for a day.
  public static func urgent(_ summary: HandoffSummary?, at now: Timestamp) -> [String] {
    guard let summary else { return [] }
    let troubles = summary.troubles.filter(\.needsSomebody).map(text)
    guard troubles.isEmpty else { return troubles }
    return summary.waiting.filter { now.seconds - $0.since.seconds > 86_400 }.map { count in
      text(count) + (count.trouble.map { ": \($0)" } ?? "")
    }
  }

  private static func text(_ trouble: HandoffSummary.Trouble) -> String {
    "\(trouble.place): \(trouble.what)" + (trouble.what.hasSuffix(".") ? "" : ".")
      + (trouble.needsSomebody ? " Check notify: handoff: in the configuration." : "")
  }

  private static func text(_ count: OutboxCount) -> String {
    "\(TerminalText.count(count.waiting, "person")) \(count.waiting == 1 ? "waits" : "wait") to be told of"
      + " (\(count.target)) since \(count.since)"
  }

  /// The lines of `status`.
  static func status(_ counts: [OutboxCount], columns: Int) -> [String] {
    counts.flatMap { count in
      TerminalText.wrapped(
        text(count) + (count.trouble.map { ". The last try: \($0)" } ?? "") + ".", columns, indent: 0)
    }
  }

  /// The summary of a run as JSON.
  static func json(_ summary: HandoffSummary) -> String {
    let troubles = summary.troubles.map {
      #"{"place":\#(PlanJSON.quote($0.place)),"message":\#(PlanJSON.quote($0.what)),"needsSomebody":\#($0.needsSomebody)}"#
    }.joined(separator: ",")
    return #"{"told":\#(summary.told),"waiting":\#(json(summary.waiting)),"troubles":[\#(troubles)]}"#
  }

  static func json(_ counts: [OutboxCount]) -> String {
    "["
      + counts.map {
        #"{"target":\#(PlanJSON.quote($0.target)),"waiting":\#($0.waiting),"since":"\#($0.since)","trouble":\#(PlanJSON.optional($0.trouble))}"#
      }.joined(separator: ",") + "]"
  }
}

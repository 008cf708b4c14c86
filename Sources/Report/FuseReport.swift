import Store
import Sync

/// What is said of fuses that are blown and of who approves them.
public enum FuseReport {
  /// The lines of `status`.
  static func status(
    _ latches: [Latch], _ limits: FuseLimits, style: TextStyle, columns: Int
  ) -> [String] {
    guard !latches.isEmpty else {
      return TerminalText.wrapped(
        "Fuses: all whole. Limits: maxChanges \(FuseLimits.percent(limits.maxChanges)), maxWrites"
          + " \(TerminalText.number(limits.maxWrites)), maxShrink \(FuseLimits.percent(limits.maxShrink)).",
        columns, indent: 0)
    }
    return latches.flatMap { latch in
      TerminalText.wrapped(
        "Fuse \(latch.fuse) blown since \(latch.blownAt), nothing is written: \(ended(latch.message))",
        columns,
        indent: 0
      ).map(style.red)
    }
  }

  /// What `--approve` came to.
  public static func text(_ approval: Approval, style: TextStyle, columns: Int = 80) -> String {
    var lines: [String] = []
    if approval.released.isEmpty { lines.append("No fuse was blown, so --approve approved nothing.") }
    for latch in approval.released {
      lines += TerminalText.wrapped(
        "Approved: fuse \(latch.fuse)\(place(latch)), blown since \(latch.blownAt): \(latch.reason).",
        columns,
        indent: 0)
    }
    for latch in approval.kept {
      lines += TerminalText.wrapped(
        "Not approved: fuse \(latch.fuse)\(place(latch)) stays blown since \(latch.blownAt), as this run is not"
          + " about all of its connections: \(latch.reason).", columns, indent: 0
      ).map(style.yellow)
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Fuses that were blown before a dry run, under its report; empty if there are none.
  public static func latched(_ result: RunResult, style: TextStyle, columns: Int = 80) -> String {
    let latched = result.blown.filter { $0.message.hasPrefix("blown since") }
    guard !latched.isEmpty else { return "" }
    let lines = latched.flatMap { fuse in
      TerminalText.wrapped("Fuse \(fuse.fuse): \(fuse.message). \(fuse.cure).", columns, indent: 0)
        .map(style.red)
    }
    return "\n" + lines.joined(separator: "\n") + "\n"
  }

  /// A member of a run's JSON.
  static func json(_ approval: Approval) -> String {
    func list(_ latches: [Latch]) -> String {
      latches.map {
        #"{"fuse":\#(PlanJSON.quote($0.fuse)),"connection":\#(PlanJSON.quote($0.connection)),"message":\#(PlanJSON.quote($0.message))}"#
      }.joined(separator: ",")
    }
    return #""approved":[\#(list(approval.released))],"notApproved":[\#(list(approval.kept))]"#
  }

  private static func place(_ latch: Latch) -> String {
    latch.connection.isEmpty ? "" : " of \(latch.connection)"
  }

  private static func ended(_ text: String) -> String { text.hasSuffix(".") ? text : text + "." }
}

import Platform
import Sync

/// One line of `check`.
public struct CheckLine: Sendable {
  /// What was looked at: a connection's name, `model`, `state`.
  public let subject: String
  /// What was found.
  public let finding: Finding

  /// One line of `check`.
  public init(_ subject: String, _ finding: Finding) {
    self.subject = subject
    self.finding = finding
  }

  /// For a terminal, with the cure below.
  public func text(_ style: TextStyle, columns: Int = 80) -> String {
    let mark: String
    switch finding.severity {
    case .fine: mark = style.green("ok     ")
    case .warning: mark = style.yellow("warning")
    case .error: mark = style.red("error  ")
    }
    let wide = 14
    let body = TerminalText.wrapped(finding.text, max(60, columns), indent: 9 + wide + 1)
    let first = body.first.map { String($0.drop { $0 == " " }) } ?? ""
    var lines = ["\(mark)  " + TerminalText.left(subject, wide) + " " + first] + body.dropFirst()
    if !finding.cure.isEmpty {
      lines += TerminalText.wrapped("→ " + finding.cure, max(60, columns), indent: 9 + wide + 1).map(
        style.dim)
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// For programs.
  public var json: String {
    #"{"subject":\#(PlanJSON.quote(subject)),"severity":"\#(finding.severity.rawValue)","text":\#(PlanJSON.quote(finding.text)),"cure":\#(PlanJSON.quote(finding.cure))}"#
  }
}

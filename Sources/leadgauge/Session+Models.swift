import Foundation
import Platform
import Report
import Scoring
import Store
import Sync

/// What the commands about models share.
extension Session {
  /// What a lint may know of a configuration; with the stored data if they are wanted and there.
  func lintContext(
    for model: Model, _ configuration: Configuration?, withData: Bool
  ) throws -> LintContext {
    var context = LintContext(now: environment.now)
    guard let configuration else { return context }
    context.connections = configuration.connections.map {
      ConnectionLabel(name: $0.name, platform: $0.connector.platform)
    }
    context.history = configuration.history
    let now = context.now
    if withData {
      try withState(configuration) { store in
        let survey = try ModelSurvey(store: store, configuration: configuration, domains: Self.domains)
        context.history = max(survey.reach(at: now) ?? configuration.history, configuration.history)
        context.data = try survey.data(for: model, at: now)
      }
    } else {
      // A state that cannot be read is no fault of the model.
      let reach = try? withState(configuration) { store in
        try ModelSurvey(store: store, configuration: configuration, domains: Self.domains).reach(at: now)
      }
      context.history = max((reach ?? nil) ?? configuration.history, configuration.history)
    }
    return context
  }

  /// Lets a body read the state as it is now; nil if there is none yet.
  @discardableResult
  func withState<Result>(
    _ configuration: Configuration, _ body: (LeadStore) throws -> Result
  ) throws -> Result? {
    guard FileManager.default.fileExists(atPath: configuration.statePath) else { return nil }
    let store = try LeadStore(path: configuration.statePath, isReadOnly: true)
    defer { store.close() }
    return try body(store)
  }

  /// Prints lines of `check` and `model lint`.
  func sayLines(_ lines: [CheckLine]) {
    sayJSON("[" + lines.map(\.json).joined(separator: ",") + "]")
    let columns = Terminal.columns(of: STDOUT_FILENO)
    say(lines.map { $0.text(Terminal.style, columns: columns) }.joined())
    // Whoever wants errors only wants them all the same.
    guard options.quiet, !options.json else { return }
    for line in lines where line.finding.severity == .error {
      let cure = line.finding.cure.isEmpty ? "" : " \(line.finding.cure)."
      Terminal.printError("leadgauge: " + TerminalText.safe("\(line.subject): \(line.finding.text).\(cure)"))
    }
  }
}

extension CheckLine {
  /// A lint's finding as a warning with its place.
  init(_ finding: LintFinding, in path: String) {
    let place = "\(path):\(finding.position.line):\(finding.position.column)"
    self.init("model", Finding(.warning, "\(place): \(finding.what)", cure: finding.cure))
  }
}

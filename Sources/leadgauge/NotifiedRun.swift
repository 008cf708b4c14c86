import Foundation
import Report
import Scoring
import Sync

extension Session {
  /// A run of which a watchman hears and that leaves figures behind, as `notify:` says: `sync`, and `backfill`
  /// where it writes. Neither ever fails the run.
  ///
  /// A run that finds another one at work tells nobody: that one does.
  func notified(
    _ command: String, _ run: (RunContext) async throws -> RunResult
  ) async throws -> ExitStatus {
    let configuration = try configuration()
    let ping = NotifyPing(configuration.notify, by: environment.messenger)
    var hasEnded = false
    do {
      return try await withContext(configuration, command: command, locks: true) { context in
        sayTrouble(await ping?.began())
        defer { hasEnded = true }
        return try await notified(context, ping, run)
      }
    } catch {
      let failure = CommandFailure(error)
      if !hasEnded && failure.status != .locked { sayTrouble(await ping?.ended(failure)) }
      throw error
    }
  }

  private func notified(
    _ context: RunContext, _ ping: NotifyPing?, _ run: (RunContext) async throws -> RunResult
  ) async throws -> ExitStatus {
    let begun = Date().timeIntervalSince1970
    let result: RunResult
    do {
      result = try await run(context)
    } catch {
      let failure = CommandFailure(error)
      writeMetrics(context, nil, failure.status, begun: begun)
      sayTrouble(await ping?.ended(failure))
      throw error
    }
    let status = ExitStatus.of(result)
    sayRun(result)
    writeMetrics(context, result, status, begun: begun)
    sayTrouble(await ping?.ended(status, summary: result.plainSummary))
    return status
  }

  /// A watchman that cannot be reached notices by himself: with `--quiet` nothing is said.
  private func sayTrouble(_ trouble: String?) {
    guard let trouble, !options.quiet else { return }
    bar?.clear()
    Terminal.printError("leadgauge: notify: " + TerminalText.safe(trouble))
  }

  private func writeMetrics(
    _ context: RunContext, _ result: RunResult?, _ status: ExitStatus, begun: Double
  ) {
    guard let path = context.notify.metricsPath else { return }
    var requests: [String: Int] = [:]
    for route in watch.traffic.routes { requests[route.connection, default: 0] += route.requests }
    do {
      try RunMetrics(
        context, result: result, exit: status, startedAt: begun, endedAt: Date().timeIntervalSince1970,
        requests: requests
      ).write(to: path)
    } catch {
      bar?.clear()
      Terminal.printError("leadgauge: notify: " + TerminalText.safe("\(error)"))
    }
  }
}

extension NotifyPing {
  /// A run that did not come to its end.
  fileprivate func ended(_ failure: CommandFailure) async -> String? {
    await ended(
      failure.status, summary: "leadgauge: exit \(failure.status.rawValue)\n\(failure.message)\n")
  }
}

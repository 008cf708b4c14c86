import Foundation
import Report
import Scoring
import Sync

extension Session {
  /// A run of which a watchman hears and that leaves figures behind, as `notify:` says: `sync`, and `backfill`
  /// where it writes. Neither ever fails the run.
  func notified(_ context: RunContext, _ run: () async throws -> RunResult) async throws -> ExitStatus {
    let ping = NotifyPing(context)
    let begun = Date().timeIntervalSince1970
    sayTrouble(await ping?.began())
    let result: RunResult
    do {
      result = try await run()
    } catch {
      let failure = CommandFailure(error)
      writeMetrics(context, nil, failure.status, begun: begun)
      sayTrouble(
        await ping?.ended(
          failure.status, summary: "leadgauge: exit \(failure.status.rawValue)\n\(failure.message)\n"))
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

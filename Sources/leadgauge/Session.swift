import ArgumentParser
import Foundation
import Platform
import Report
import Scoring
import ShippedFiles
import Store
import StrictYAML
import Sync

/// A command's surroundings: files read, state opened, errors turned into messages and exit statuses.
struct Session {
  let options: SharedOptions
  let bar: ProgressBar?
  /// Sees every request.
  let watch: RequestWatch

  init(_ options: SharedOptions) {
    self.options = options
    let bar: ProgressBar? =
      Terminal.showsProgress && !options.quiet && !options.json
      ? ProgressBar(columns: Terminal.columns(of: STDERR_FILENO)) : nil
    self.bar = bar
    let sayLine: @Sendable (String) -> Void = { line in
      bar?.clear()
      Terminal.printError(line)
    }
    watch = RequestWatch(sayLine: options.verbose ? sayLine : nil)
  }

  /// Runs a command's body and ends the program with the right status.
  static func run(
    _ options: SharedOptions, _ body: @escaping @Sendable (Session) async throws -> ExitStatus
  ) async throws {
    let session = Session(options)
    let work = Task {
      if let path = options.trace { try session.watch.begin(tracing: path) }
      return try await body(session)
    }
    let signals = Signals { work.cancel() }
    defer { signals.stop() }
    do {
      let status = try await work.value
      session.endWatch()
      if status != .done { throw ExitCode(status.rawValue) }
    } catch let code as ExitCode {
      throw code
    } catch {
      session.endWatch()
      throw ExitCode(session.report(error).rawValue)
    }
  }

  /// Sums up the requests, with `--verbose`, and says if the trace is not whole.
  private func endWatch() {
    bar?.clear()
    let traffic = watch.traffic
    if options.verbose, !traffic.routes.isEmpty {
      let table = traffic.text(columns: max(100, Terminal.columns(of: STDERR_FILENO)))
      Terminal.printError(String(table.drop { $0.isNewline }.reversed().drop { $0.isNewline }.reversed()))
    }
    if let failure = watch.traceFailure {
      Terminal.printError("leadgauge: " + TerminalText.safe(failure))
    }
  }

  private func report(_ error: any Error) -> ExitStatus {
    let failure = CommandFailure(error)
    if options.json {
      Terminal.print(
        #"{"error":\#(PlanJSON.quote(failure.message)),"exit":\#(failure.status.rawValue)}"# + "\n")
    }
    let style = Terminal.errorStyle
    for line in failure.message.split(separator: "\n") {
      Terminal.printError("leadgauge: " + style.failure(TerminalText.safe(String(line))))
    }
    return failure.status
  }

  // MARK: - Files

  /// Reads the configuration.
  func configuration() throws -> Configuration {
    let path = options.configPath
    let data = try Self.read(
      path,
      or: CommandFailure(
        .badConfiguration, "the configuration \(path) cannot be read",
        cure: "Make one with: leadgauge init, or name it with --config"))
    let text = try Self.text(data, of: path, else: .badConfiguration)
    let configuration: Configuration
    do {
      configuration = try Configuration(
        yaml: text, file: path, platforms: Platforms.all(observer: watch),
        secrets: SecretExpansion(environment: ProcessInfo.processInfo.environment))
    } catch {
      throw CommandFailure(.badConfiguration, error.description, cure: "")
    }
    for name in options.connection where !configuration.connections.contains(where: { $0.name == name }) {
      let known = configuration.connections.map(\.name).joined(separator: ", ")
      throw CommandFailure(.usage, "there is no connection '\(name)' in \(path)", cure: "Known: \(known)")
    }
    return configuration
  }

  /// Reads a model.
  func model(_ path: String, named: Bool = true) throws -> LoadedModel {
    let data = try Self.read(
      path,
      or: CommandFailure(
        .badConfiguration, "the model \(path) cannot be read",
        cure: named ? "Check model: in \(options.configPath)" : "Check the path"))
    return LoadedModel(
      model: try Model(yaml: Self.text(data, of: path, else: .badData), file: path),
      sha256: SHA256.hex(of: data), path: path)
  }

  static var domains: DomainLists {
    DomainLists(free: ShippedFiles.freeDomains, disposable: ShippedFiles.disposableDomains)
  }

  /// More than anybody writes by hand.
  private static let mostBytes = 8 << 20

  private static func read(_ path: String, or failure: CommandFailure) throws -> Data {
    do throws(SmallFile.Trouble) {
      return try SmallFile.read(path, most: mostBytes, allowsPipes: true)
    } catch {
      switch error {
      case .unreadable: throw failure
      case .noFile: throw CommandFailure(failure.status, "\(path) is no plain file", cure: failure.cure)
      case .tooLong:
        throw CommandFailure(failure.status, "\(path) is longer than 8 MiB", cure: failure.cure)
      }
    }
  }

  private static func text(_ data: Data, of path: String, else status: ExitStatus) throws -> String {
    guard let text = String(data: data, encoding: .utf8) else {
      throw CommandFailure(status, "\(path) is not UTF-8", cure: "Save it as UTF-8")
    }
    return text
  }

  // MARK: - Runs

  var environment: RunEnvironment {
    let bar = bar
    return RunEnvironment(
      milliseconds: { Self.milliseconds() }, random: { UInt64.random(in: .min ... .max) },
      progress: { progress in bar?.show(progress, milliseconds: Self.milliseconds()) },
      messenger: WebMessenger(observer: watch))
  }

  private static func milliseconds() -> Int64 { Int64(Date().timeIntervalSince1970 * 1_000) }

  /// Opens the state and gets everything together, under the lock if the command changes the state.
  func withContext<Result>(
    command: String, locks: Bool, _ body: (RunContext) async throws -> Result
  ) async throws -> Result {
    try await withContext(try configuration(), command: command, locks: locks, body)
  }

  /// The same for a configuration that was read already.
  func withContext<Result>(
    _ configuration: Configuration, command: String, locks: Bool,
    _ body: (RunContext) async throws -> Result
  ) async throws -> Result {
    let model = try model(configuration.modelPath)
    if !locks && !FileManager.default.fileExists(atPath: configuration.statePath) {
      throw CommandFailure(
        .badConfiguration, "there is no state yet at \(configuration.statePath)", cure: "Run: leadgauge pull")
    }
    let now = environment.now
    let lock =
      try locks
      ? StoreLock(beside: configuration.statePath, holder: "\(command), process \(getpid()), since \(now)")
      : nil
    // Whoever only looks needs no right to write, and changes nothing.
    let store = try LeadStore(path: configuration.statePath, isReadOnly: !locks)
    defer {
      store.close()
      withExtendedLifetime(lock) {}
    }
    let context = try RunContext(
      store: store, configuration: configuration, model: model, domains: Self.domains,
      chosen: Set(options.connection), environment: environment)
    let result: Result
    do {
      result = try await body(context)
    } catch {
      await Self.close(configuration)
      throw error
    }
    await Self.close(configuration)
    return result
  }

  /// Connectors keep what the next command should know, however this one ended.
  static func close(_ configuration: Configuration) async {
    for connection in configuration.connections { await connection.connector.close() }
  }

  /// Prints to stdout unless the user wants quiet.
  func say(_ text: @autoclosure () -> String) {
    bar?.clear()
    if !options.quiet && !options.json { Terminal.print(text()) }
  }

  /// Prints the one JSON document.
  func sayJSON(_ text: @autoclosure () -> String) {
    bar?.clear()
    if options.json { Terminal.print(text() + "\n") }
  }

  /// Says to stderr what is done, with `--verbose`.
  func note(_ text: @autoclosure () -> String) {
    guard options.verbose else { return }
    bar?.clear()
    Terminal.printError(text())
  }

  /// Failures of single connections go to stderr whatever else is printed.
  func sayFailures(_ result: RunResult) {
    bar?.clear()
    for (name, failure) in result.failures.sorted(by: { $0.key < $1.key }) {
      Terminal.printError("leadgauge: \(name): " + TerminalText.safe(failure.description))
    }
    if options.quiet && result.isHeldBack {
      for fuse in result.blown {
        Terminal.printError("leadgauge: \(fuse.fuse): " + TerminalText.safe("\(fuse.message). \(fuse.cure)."))
      }
    }
    for line in HandoffReport.urgent(result.handoff, at: environment.now) {
      Terminal.printError("leadgauge: handoff: " + TerminalText.safe(line))
    }
  }
}

/// An error of a command with its status.
struct CommandFailure: Error {
  let status: ExitStatus
  let message: String
  let what: String
  let cure: String

  init(_ status: ExitStatus, _ what: String, cure: String) {
    self.status = status
    (self.what, self.cure) = (what, cure)
    message = cure.isEmpty ? what : "\(what). \(cure)."
  }

  /// The same as findings, one for each mistake in a file.
  static func findings(_ error: any Error) -> [Finding] {
    if let problems = error as? InputProblems {
      return problems.problems.map { problem in
        Finding(
          .error, "\(problem.file):\(problem.line):\(problem.column): \(problem.what)", cure: problem.cure,
          kind: .badData)
      }
    }
    let failure = CommandFailure(error)
    let kind: ConnectorFailure.Kind =
      switch failure.status {
      case .badData: .badData
      case .cannotCreate: .cannotCreate
      case .inputOutput: .inputOutput
      default: .configuration
      }
    return [Finding(.error, failure.what, cure: failure.cure, kind: kind)]
  }

  init(_ error: any Error) {
    if let failure = error as? CommandFailure {
      self = failure
      return
    }
    status = ExitStatus.of(error)
    message = error is CancellationError ? "stopped; the next run goes on from here" : "\(error)"
    (what, cure) = (message, "")
  }
}

/// Ctrl-C and the service manager's stop: the first one stops cleanly, the second one at once.
private final class Signals {
  private let sources: [any DispatchSourceSignal]

  init(_ stop: @escaping @Sendable () -> Void) {
    sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      let count = Counter()
      source.setEventHandler {
        if count.next() > 1 { _exit(130) }
        stop()
      }
      source.resume()
      return source
    }
  }

  func stop() {
    for source in sources { source.cancel() }
  }

  private final class Counter: @unchecked Sendable {
    // Only touched by the signal source's handler, which never runs twice at once.
    private var value = 0

    func next() -> Int {
      value += 1
      return value
    }
  }
}

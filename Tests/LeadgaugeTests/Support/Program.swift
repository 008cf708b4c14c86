import Foundation
import Testing

/// The built program, as a shell runs it.
enum Program {
  /// It lies where the tests lie.
  static let url = Bundle.main.bundleURL.appendingPathComponent("leadgauge")

  /// Runs it to its end. No secret of any test may stand in what it says or leaves behind.
  static func run(
    _ arguments: [String], in folder: String, environment: [String: String] = [:]
  ) async throws -> Outcome {
    try await run(process(arguments, in: folder, environment: environment))
  }

  /// Runs a process that was made for it to its end.
  static func run(_ process: Process) async throws -> Outcome {
    let out = try Capture()
    let err = try Capture()
    process.standardOutput = out.handle
    process.standardError = err.handle
    let status = try await status(of: process)
    let outcome = Outcome(
      arguments: process.arguments ?? [], status: status, out: try out.text(), err: try err.text())
    scan(outcome.out, of: "standard output", after: process)
    scan(outcome.err, of: "standard error", after: process)
    return outcome
  }

  /// A run that has not begun; nothing of the tests' own surroundings reaches it.
  static func process(
    _ arguments: [String], in folder: String, environment: [String: String]
  ) -> Process {
    let process = Process()
    process.executableURL = url
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.standardInput = FileHandle.nullDevice
    let passed = ["PATH", "HOME", "TMPDIR"]
    var surroundings = ProcessInfo.processInfo.environment.filter { passed.contains($0.key) }
    // A run that is killed would leave half a record of what it covered, which spoils those of all others.
    surroundings["LLVM_PROFILE_FILE"] = "/dev/null"
    process.environment = surroundings.merging(environment) { $1 }
    return process
  }

  /// Runs a process to its end; a signal counts 128 and its number, as shells say it. If it was the program, no
  /// secret may stand in the folder's files.
  static func status(of process: Process, whileRunning: () async -> Void = {}) async throws -> Int32 {
    let (ends, end) = AsyncStream<Int32>.makeStream()
    process.terminationHandler = { process in
      let isSignal = process.terminationReason == .uncaughtSignal
      end.yield(isSignal ? 128 + process.terminationStatus : process.terminationStatus)
    }
    try process.run()
    await whileRunning()
    var iterator = ends.makeAsyncIterator()
    let status = try #require(await iterator.next())
    if process.executableURL == url { try scanFolder(after: process) }
    return status
  }

  /// Looks for secrets in what a process said.
  static func scan(_ text: String, of place: String, after process: Process) {
    SecretScan.record(
      SecretScan.ofAll.hits(in: Data(text.utf8), of: place), after: process.arguments ?? [])
  }

  private static func scanFolder(after process: Process) throws {
    let arguments = process.arguments ?? []
    let named = arguments.firstIndex(of: "--config").flatMap { arguments.dropFirst($0 + 1).first }
    let hits = try SecretScan.ofAll.hits(
      inFolder: try #require(process.currentDirectoryURL?.path),
      configuration: named ?? process.environment?["LEADGAUGE_CONFIG"] ?? "leadgauge.yaml")
    SecretScan.record(hits, after: arguments)
  }
}

/// What a run of the program came to.
struct Outcome: Sendable, CustomStringConvertible {
  let arguments: [String]
  let status: Int32
  let out: String
  let err: String

  /// All that a person would look at when a test fails.
  var description: String {
    "leadgauge \(arguments.joined(separator: " ")) → \(status)\n--- stdout\n\(out)--- stderr\n\(err)"
  }

  /// Standard output as one JSON document on one line with nothing around it.
  func document<Form: Decodable>(_ form: Form.Type) throws -> Form {
    #expect(out.hasSuffix("\n") && out.split(separator: "\n").count == 1, "\(self)")
    return try JSONDecoder().decode(form, from: Data(out.utf8))
  }

  /// The keys of the one JSON object on standard output.
  func keys() throws -> Set<String> {
    let object = try JSONSerialization.jsonObject(with: Data(out.utf8))
    return Set(try #require(object as? [String: Any], "\(self)").keys)
  }
}

/// A file that takes what a process writes; it has no name, and goes with its handle.
private final class Capture {
  let handle: FileHandle

  init() throws {
    let path = NSTemporaryDirectory() + "capture-" + UUID().uuidString
    let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    try #require(descriptor >= 0)
    unlink(path)
    handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
  }

  func text() throws -> String {
    try handle.seek(toOffset: 0)
    return String(decoding: try handle.readToEnd() ?? Data(), as: UTF8.self)
  }
}

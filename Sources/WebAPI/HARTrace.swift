import Curl
import Foundation

/// Writes every request and its answer to a file in the format HAR 1.2, as browsers and proxies read it.
///
/// The file is for this user only, and whole at every moment. Secrets are masked; what the platforms hold
/// about people is not. Nothing of it is kept in memory.
public final class HARTrace: WebObserver {
  /// Bodies are cut here unless another limit is given.
  public static let usualBodyLimit = 1 << 20

  private struct State {
    var file: HARFile
    var failure: HARTraceFailure?
  }

  private let path: String
  private let descriptor: Int32
  private let bodyLimit: Int
  private let state: Guarded<State>

  /// Begins a trace; a regular file of that name is replaced, anything else is refused.
  ///
  /// - Parameters:
  ///   - path: Where to write.
  ///   - version: The version of this program.
  ///   - bodyLimit: Bytes of a body that are written; a longer one is cut there, and a comment says so.
  /// - Throws: `HARTraceFailure` of kind `.cannotCreate`.
  public init(path: String, version: String, bodyLimit: Int = HARTrace.usualBodyLimit) throws(HARTraceFailure)
  {
    let (file, descriptor) = try HARFile.create(path, head: HARTrace.head(version: version))
    self.path = path
    self.descriptor = descriptor
    self.bodyLimit = max(0, bodyLimit)
    state = Guarded(State(file: file))
  }

  /// A trace through another way of writing than a file of its own.
  init(path: String, version: String, write: @escaping HARFile.Write) throws(HARTraceFailure) {
    self.path = path
    descriptor = -1
    bodyLimit = HARTrace.usualBodyLimit
    state = Guarded(State(file: try HARFile(path, head: HARTrace.head(version: version), write: write)))
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// Why the trace has ended before the run did; nil as long as it goes on. It never changes again.
  public var failure: HARTraceFailure? {
    state.withLock { $0.failure }
  }

  /// Writes one request with its outcome; does nothing after a failure.
  public func saw(_ exchange: WebExchange) {
    guard failure == nil else { return }
    let entry = HAREntry(exchange, bodyLimit: bodyLimit).json.bytes
    state.withLock { state in
      guard state.failure == nil, let problem = state.file.add(entry) else { return }
      if descriptor >= 0 { _ = ftruncate(descriptor, off_t(problem.length)) }
      state.failure = HARTraceFailure(
        kind: .inputOutput, what: "writing the trace file \(path) failed (\(problem.reason)); it ends there",
        cure: "Free some space, or name a file elsewhere")
    }
  }

  private static func head(version: String) -> [UInt8] {
    let creator = JSONOutput.object([("name", .text("Leadgauge")), ("version", .text(version))])
    let note = JSONOutput.text("Secrets are masked by \(Redactor.mask); other personal data is not.")
    return Array(#"{"log":{"version":"1.2","creator":"#.utf8) + creator.bytes + Array(#","comment":"#.utf8)
      + note.bytes + Array(#","entries":["#.utf8)
  }
}

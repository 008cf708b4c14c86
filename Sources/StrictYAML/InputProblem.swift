/// One thing that is wrong in a file a user wrote: what, where, and the cure.
public struct InputProblem: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file as the user named it.
  public let file: String
  /// Counted from 1; 0 where the whole file is meant.
  public let line: Int
  /// Counted from 1 in Unicode scalars; 0 where the whole line is meant.
  public let column: Int
  /// What is wrong, without a full stop.
  public let what: String
  /// What the user can do about it.
  public let cure: String

  /// Describes one problem; `line` and `column` count from 1.
  public init(file: String, line: Int, column: Int, what: String, cure: String) {
    self.file = file
    self.line = line
    self.column = column
    self.what = what
    self.cure = cure
  }

  /// `file:line:column: what. cure`
  public var description: String {
    var place = file
    if line > 0 {
      place += ":\(line)"
      if column > 0 { place += ":\(column)" }
    }
    return "\(place): \(what)." + (cure.isEmpty ? "" : " \(cure).")
  }
}

/// All problems found in one reading of a file, in the order in which they stand there.
public struct InputProblems: Error, Equatable, Sendable, CustomStringConvertible {
  /// Never empty.
  public let problems: [InputProblem]

  /// Collects what one reading found.
  public init(_ problems: [InputProblem]) {
    self.problems = problems
  }

  /// One line a problem.
  public var description: String {
    problems.map(\.description).joined(separator: "\n")
  }
}

/// Gathers problems while a file is read, so that a user sees all of them at once.
public final class ProblemCollector {
  /// The file as the user named it.
  public let file: String
  /// What was found so far.
  public private(set) var problems: [InputProblem] = []
  /// Replaces what stands in `${…}` in any text; says what is wrong and the cure if it cannot.
  public var expand: ((String) -> Expansion)?

  /// What became of a text with `${…}` in it.
  public enum Expansion {
    case text(String)
    case problem(what: String, cure: String)
  }

  /// Starts without problems.
  public init(file: String) {
    self.file = file
  }

  private var expansions: [(value: String, written: String)] = []

  /// Remembers what stands for a `${…}`, so that no message ever shows it.
  func note(expansion value: String, of written: String) {
    guard !value.isEmpty else { return }
    // Messages cut long values off; the piece that is left must not be shown either.
    for length in [value.count, 80, 60] where length <= value.count {
      expansions.append((String(value.prefix(length)), written))
    }
  }

  /// Files with secrets that other users can read, each once.
  public private(set) var exposed: [String] = []

  /// Notes that other users can read a file with a secret in it.
  public func noteExposed(_ path: String) {
    if !exposed.contains(path) { exposed.append(path) }
  }

  private func redacted(_ text: String) -> String {
    expansions.reduce(text) { $0.replacing($1.value, with: $1.written) }
  }

  /// Notes a problem at a place in the file.
  public func report(_ what: String, at position: SourcePosition, cure: String) {
    let (what, cure) = (redacted(what), redacted(cure))
    problems.append(
      InputProblem(
        file: file, line: position.line, column: position.column, what: what, cure: cure))
  }

  /// Throws `InputProblems` if anything was reported.
  public func throwIfAny() throws(InputProblems) {
    guard problems.isEmpty else {
      throw InputProblems(
        problems.sorted { ($0.line, $0.column) < ($1.line, $1.column) })
    }
  }
}

/// A place in a text, counted from 1.
public struct SourcePosition: Hashable, Sendable {
  /// Counted from 1.
  public let line: Int
  /// Counted from 1 in Unicode scalars.
  public let column: Int

  /// The first character of a text.
  public static let start = SourcePosition(line: 1, column: 1)

  /// A place counted from 1.
  public init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }
}

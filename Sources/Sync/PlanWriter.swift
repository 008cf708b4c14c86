import Foundation
import Platform
import Scoring

/// Why a plan file could not be written or read.
public struct PlanFileFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// What sort of trouble it is; it decides the exit status.
  public enum Kind: Hashable, Sendable {
    /// The file cannot be made.
    case cannotCreate
    /// Reading or writing failed.
    case inputOutput
    /// The file is no whole plan.
    case badData
    /// There is no such file.
    case missing
  }

  /// What sort of trouble it is.
  public let kind: Kind
  /// What happened and where.
  public let what: String
  /// What to do about it.
  public let cure: String

  /// What happened, and what to do about it, both without a full stop.
  public init(kind: Kind, what: String, cure: String) {
    self.kind = kind
    self.what = what
    self.cure = cure
  }

  /// `what. cure.`
  public var description: String { "\(what). \(cure)." }
}

/// Writes a plan as JSON Lines; the file appears under its name only when it is whole.
final class PlanWriter {
  private let path: String
  private let temporary: String
  private var file: UnsafeMutablePointer<FILE>?
  private(set) var written = 0

  init(path: String, header: PlanHeader) throws(PlanFileFailure) {
    self.path = path
    temporary = path + ".part"
    let descriptor = FreshFile.open(temporary)
    guard descriptor >= 0, let file = fdopen(descriptor, "w") else {
      throw PlanFileFailure(
        kind: .cannotCreate,
        what: "the plan file \(path) cannot be made (\(String(cString: strerror(errno))))",
        cure: "Name a file in a folder that this user may write to")
    }
    self.file = file
    try put(PlanJSON.line(header))
  }

  /// Adds a change that is a line already.
  func add(line: String) throws(PlanFileFailure) {
    try put(line)
    written += 1
  }

  /// Ends the plan and gives it its name.
  func finish() throws(PlanFileFailure) {
    try put(PlanJSON.end(changes: written))
    guard let file else { return }
    self.file = nil
    let isFlushed = fflush(file) == 0 && fsync(fileno(file)) == 0
    guard fclose(file) == 0, isFlushed, rename(temporary, path) == 0 else { throw failed() }
  }

  deinit {
    if let file {
      fclose(file)
      unlink(temporary)
    }
  }

  private func put(_ line: String) throws(PlanFileFailure) {
    var line = line + "\n"
    let count = line.withUTF8 { bytes in file.map { fwrite(bytes.baseAddress, 1, bytes.count, $0) } ?? 0 }
    guard count == line.utf8.count else { throw failed() }
  }

  private func failed() -> PlanFileFailure {
    PlanFileFailure(
      kind: .inputOutput, what: "writing the plan file \(path) failed (\(String(cString: strerror(errno))))",
      cure: "Free some space, or name a file elsewhere")
  }
}

/// The lines of a plan as JSON.
public enum PlanJSON {
  /// The first line.
  public static func line(_ header: PlanHeader) -> String {
    let connections = header.connections.map(quote).joined(separator: ",")
    // What most plans have nothing to say of is left out.
    let missing = header.missing.sorted { $0.key < $1.key }.map { "\(quote($0.key)):\($0.value)" }
    let extra =
      (missing.isEmpty ? "" : #","missing":{\#(missing.joined(separator: ","))}"#)
      + (header.undoes.map { #","undoes":\#(quote($0))"# } ?? "")
    return #"{"type":"plan","version":1,"id":\#(quote(header.id)),"asOf":"\#(header.asOf)","#
      + #""model":{"name":\#(quote(header.modelName)),"sha256":\#(quote(header.modelSHA256))},"#
      + #""connections":[\#(connections)],"totals":{"contacts":\#(header.contacts),"changes":\#(header.changes)}\#(extra)}"#
  }

  /// A change.
  public static func line(_ change: PlannedChange) -> String {
    let reasons = change.reasons.map(reason).joined(separator: ",")
    let text = change.reasonsText.map {
      #","reasonsText":{"from":\#(optional($0.from)),"to":\#(optional($0.to))}"#
    }
    return #"{"type":"change","connection":\#(quote(change.connection)),"contact":\#(quote(change.contact)),"#
      + #""email":\#(optional(change.email)),"score":{"from":\#(change.scoreFrom.map(String.init) ?? "null"),"#
      + #""to":\#(change.clearsScore ? "null" : "\(change.scoreTo)")},"band":{"from":\#(optional(change.bandFrom)),"to":\#(optional(change.bandTo))},"#
      + #""addTags":\#(list(change.addTags)),"removeTags":\#(list(change.removeTags)),"reasons":[\#(reasons)]\#(text ?? "")"#
      + (change.personBand.map { #","personBand":\#(quote($0))}"# } ?? "}")
  }

  /// The last line.
  static func end(changes: Int) -> String { #"{"type":"end","changes":\#(changes)}"# }

  /// A rule that gave points, as it stands in plans and explanations.
  public static func reason(_ reason: PlannedReason) -> String {
    let last = reason.last.map { "\"\($0)\"" } ?? "null"
    return #"{"rule":\#(quote(reason.rule)),"points":\#(PointsText.format(units: reason.units)),"#
      + #""count":\#(reason.count),"last":\#(last)}"#
  }

  /// A list of texts.
  public static func list(_ texts: [String]) -> String {
    "[" + texts.map(quote).joined(separator: ",") + "]"
  }

  /// A text or null.
  public static func optional(_ text: String?) -> String { text.map(quote) ?? "null" }

  /// Control characters, separators of lines, and what turns the direction of writing.
  private static func isEscaped(_ value: UInt32) -> Bool {
    switch value {
    case 0..<0x20, 0x7F...0x9F, 0x61C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }

  /// A text with everything escaped that JSON, terminals and line-wise tools could trip over.
  public static func quote(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where Self.isEscaped(scalar.value):
        let hex = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}

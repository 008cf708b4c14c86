import Platform
import Scoring

/// Where the value of a column comes from, as the configuration says.
enum ColumnSource: Hashable, Sendable {
  /// The column, or key, of this name in the file.
  case header(String)
  /// The same value for every row.
  case always(String)
}

/// `columns` for one file: canonical names and where their values come from.
struct ColumnMapping: Hashable, Sendable {
  var sources: [String: ColumnSource] = [:]

  /// The same text for the same mapping.
  var fingerprint: String {
    sources.sorted { $0.key < $1.key }.map { name, source in
      switch source {
      case .header(let header): return "\(name)=h\(header)"
      case .always(let value): return "\(name)=a\(value)"
      }
    }.joined(separator: "\u{1F}")
  }

  /// Reads one file's mapping and reports what is wrong with it.
  static func read(_ value: SettingValue, kind: FileKind, times: TimeReader) -> ColumnMapping {
    var result = ColumnMapping()
    guard let mapping = value.mapping(expected: "columns and the headers they have in the file") else {
      return result
    }
    for (name, position, value) in mapping.named() {
      guard kind.mappable.contains(name) else {
        let near = ConnectionSettings.nearest(to: name, in: kind.mappable)
        value.problems.report(
          "\(kind.rawValue) have no column '\(name)'", at: position,
          cure: near.map { "Did you mean '\($0)'" } ?? "Columns: \(kind.mappable.joined(separator: ", "))")
        continue
      }
      guard value.isMapping else {
        let header = value.text(expected: "a header, or { always: value }")
        if let header { result.sources[name] = .header(header) }
        continue
      }
      guard let constant = value.mapping() else { continue }
      let always = constant.required("always", cure: "Write { always: value }")
      constant.finish("the column '\(name)'")
      guard let always, let text = always.text() else { continue }
      if let (what, cure) = complaint(about: text, always: name, kind: kind, times: times) {
        always.report(what, cure: cure)
      } else {
        result.sources[name] = .always(text)
      }
    }
    return result
  }

  private static func complaint(
    about text: String, always name: String, kind: FileKind, times: TimeReader
  ) -> (what: String, cure: String)? {
    var text = text
    switch name {
    case "id", "email", "emails", "contact":
      return ("'\(name)' cannot be the same in every row", "Name the header of a column")
    case "kind" where ActivityKind(text) == nil:
      return ("unknown kind '\(text)'", "Use a known kind such as page_visit, or custom:NAME")
    case "outcome" where OutcomeResult(rawValue: text) == nil:
      return ("'\(text)' is no outcome", "Use won or lost")
    case "value", "amount":
      guard PlainNumber.parse(text) == nil else { return nil }
      return ("'\(text)' is no number", "Write it as in 12.5")
    case "at", "created_at":
      guard text.withUTF8({ times.parse($0) }) == nil else { return nil }
      return ("'\(text)' is no time", "Write it as in the file, or as in 2026-11-23T02:00:00Z")
    default: return nil
    }
  }
}

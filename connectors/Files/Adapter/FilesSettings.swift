import Platform

/// What the configuration says about a connection of files.
struct FilesSettings: Sendable {
  /// The paths as they were written.
  var names: [FileKind: String] = [:]
  var mappings: [FileKind: ColumnMapping] = [:]
  var times: [FileKind: TimeReader] = [:]

  /// Reads the settings; nil if something was reported.
  static func read(_ settings: ConnectionSettings, context: ConnectorContext) -> FilesSettings? {
    let before = settings.problems.problems.count
    var result = FilesSettings()
    // The pipeline reads these two.
    _ = settings.optional("platform")
    _ = settings.optional("write")
    let contacts = settings.required(
      "contacts", cure: "Name the file with the contacts: contacts: contacts.csv")
    let values: [(FileKind, SettingValue?)] = [
      (.contacts, contacts), (.activities, settings.optional("activities")),
      (.outcomes, settings.optional("outcomes")), (.output, settings.optional("output")),
    ]
    for (kind, value) in values {
      guard let value, let name = value.text(expected: "a path") else { continue }
      if name.isEmpty || name.utf8.contains(0) || name.hasSuffix("/") {
        value.report("'\(name)' is no path of a file", cure: "Name a file, relative to the configuration")
      }
      result.names[kind] = name
    }
    result.reportOverwriting(values, folder: context.folder)
    let formats = Self.perFile(settings, "dateFormat", files: result.names)
    for (kind, value) in formats {
      guard let pattern = value.text(expected: "a pattern such as yyyyMMdd") else { continue }
      do throws(DateFormatProblem) {
        result.times[kind] = TimeReader(format: try DateFormat(pattern))
      } catch {
        value.report(error.what, cure: error.cure)
      }
    }
    for (kind, value) in Self.perFile(settings, "columns", files: result.names) {
      result.mappings[kind] = ColumnMapping.read(value, kind: kind, times: result.times(of: kind))
    }
    settings.finish("the connection '\(context.name)'")
    return settings.problems.problems.count == before ? result : nil
  }

  func mapping(of kind: FileKind) -> ColumnMapping { mappings[kind] ?? ColumnMapping() }

  func times(of kind: FileKind) -> TimeReader { times[kind] ?? TimeReader(format: nil) }

  /// The path of a file: relative ones stand below the folder of the configuration.
  static func path(_ name: String, in folder: String) -> String {
    name.hasPrefix("/") || folder.isEmpty ? name : folder + "/" + name
  }

  private static func perFile(
    _ settings: ConnectionSettings, _ key: String, files: [FileKind: String]
  ) -> [(FileKind, SettingValue)] {
    guard let entry = settings.optional(key), let mapping = entry.mapping() else { return [] }
    var result: [(FileKind, SettingValue)] = []
    for kind in [FileKind.contacts, .activities, .outcomes] {
      guard let value = mapping.optional(kind.rawValue) else { continue }
      if kind != .contacts, files[kind] == nil {
        value.report(
          "'\(key)' speaks of \(kind.rawValue), but no such file is named",
          cure: "Add \(kind.rawValue): and its path, or remove this")
      }
      result.append((kind, value))
    }
    mapping.finish("'\(key)'")
    return result
  }

  /// The output is replaced as a whole, so it must be none of the files that are read.
  private func reportOverwriting(_ values: [(FileKind, SettingValue?)], folder: String) {
    guard let output = names[.output] else { return }
    func plain(_ name: String) -> [Substring] {
      var parts: [Substring] = []
      for part in Self.path(name, in: folder).split(separator: "/") where part != "." {
        if part == "..", let last = parts.last, last != ".." {
          parts.removeLast()
        } else {
          parts.append(part)
        }
      }
      return parts
    }
    for kind in [FileKind.contacts, .activities, .outcomes] {
      guard let name = names[kind], plain(name) == plain(output) else { continue }
      for case (.output, let value?) in values {
        value.report(
          "the output would replace the \(kind.rawValue) in '\(name)'", cure: "Name a file of its own for it")
      }
    }
  }
}

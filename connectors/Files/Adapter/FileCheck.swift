import Platform

/// Looks at one file without reading its rows.
struct FileCheck {
  let source: FileSource

  /// What there is to say about it.
  func finding() -> Finding {
    do throws(ConnectorFailure) {
      let file = try source.open()
      if source.kind == .output, let trouble = OutputPlace(source.path).folderTrouble { throw trouble }
      guard let file else { return Finding(.fine, "\(source.key): '\(source.name)' will be made") }
      let layout = try source.layout(of: file)
      return Finding(
        .fine,
        "\(source.key): '\(source.name)', \(file.signature.size) bytes, \(layout.format.words)\(columns(layout))"
      )
    } catch {
      return Finding(error)
    }
  }

  private func columns(_ layout: FileLayout) -> String {
    guard !layout.header.isEmpty else { return "" }
    let used = layout.plan.usedNames(source.kind)
    let ignored = source.kind == .contacts ? [] : layout.header.filter { !used.contains($0) && !isMapped($0) }
    return "; reads \(used.joined(separator: ", "))"
      + (ignored.isEmpty ? "" : "; leaves out \(ignored.joined(separator: ", "))")
  }

  private func isMapped(_ header: String) -> Bool {
    source.mapping.sources.values.contains(.header(header))
  }
}

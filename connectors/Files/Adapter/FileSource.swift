import Platform

/// One of a connection's files: where it is, what it is called, and how it is read.
struct FileSource: Sendable {
  let kind: FileKind
  /// As the user wrote it; places in it are named by it.
  let name: String
  let path: String
  /// Where the configuration names it: `connections.list.contacts`.
  let key: String
  let mapping: ColumnMapping
  let times: TimeReader

  /// Opens the file; nil if it is an output that is not there yet.
  func open() throws(ConnectorFailure) -> OpenFile? {
    if kind == .output, OutputPlace.isAbsent(path) { return nil }
    return try OpenFile(path: path, key: key)
  }

  /// Looks at format and header.
  func layout(of file: borrowing OpenFile) throws(ConnectorFailure) -> FileLayout {
    try FileLayout(of: file, kind: kind, name: name, mapping: mapping, times: times)
  }

  /// All rows of the file as it is.
  func rows(of file: consuming OpenFile) throws(ConnectorFailure) -> RowScanner {
    let layout = try layout(of: file)
    let size = file.signature.size
    return RowScanner(file, layout: layout, from: 0, line: 1, to: size)
  }

  func rejected(_ line: Int, _ reason: String) -> RejectedRecord {
    RejectedRecord(place: "\(name):\(line)", reason: reason)
  }
}

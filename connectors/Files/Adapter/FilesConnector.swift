import Platform
import Scoring

/// A connection of files: reads contacts, activities and outcomes, keeps scores in an output of its own.
///
/// Reading takes constant memory and resumes after any row; a file is known by its content, so touching it
/// costs one look and appending to it only the new rows. Writes are staged beside the output, which is replaced
/// as a whole by `commit`.
public actor FilesConnector: Connector {
  /// `files`.
  public nonisolated let platform = "files"
  /// What files can do; they can be written only if the connection has an `output`.
  public nonisolated let capabilities: ConnectorCapabilities

  private let sources: [FileKind: FileSource]
  private let rowsPerPage: Int?
  /// Readings that this process began or resumed.
  private var own: Set<OwnReading> = []
  /// Where the output was last read to its end.
  private var outputAsRead: FileCursor?
  private var staged: StagedWrites?

  private struct OwnReading: Hashable {
    let kind: FileKind
    let number: Int64
  }

  /// `rowsPerPage` is for tests that need several pages of few rows.
  init(settings: FilesSettings, context: ConnectorContext, rowsPerPage: Int? = nil) {
    sources = Dictionary(
      uniqueKeysWithValues: settings.names.map { kind, name in
        let source = FileSource(
          kind: kind, name: name, path: FilesSettings.path(name, in: context.folder),
          key: "connections.\(context.name).\(kind.rawValue)", mapping: settings.mapping(of: kind),
          times: settings.times(of: kind))
        return (kind, source)
      })
    self.rowsPerPage = rowsPerPage
    capabilities = ConnectorCapabilities(
      batchSize: 5_000, readBackSize: 50_000, wantsWritesInOrder: true, canWrite: sources[.output] != nil,
      canClearScore: true)
  }

  /// The files that the connection names: contacts, output, activities, outcomes.
  public func streams() async throws(ConnectorFailure) -> [StreamDescription] {
    FileKind.allCases.filter { sources[$0] != nil }.map {
      StreamDescription(name: $0.stream, role: $0.role, rereadsForReturned: $0 == .activities)
    }
  }

  /// The next rows of a file.
  public func page(
    of stream: StreamName, after cursor: Cursor?, window: PullWindow
  ) async throws(ConnectorFailure) -> Page {
    guard let kind = FileKind(rawValue: stream.text), let source = sources[kind] else {
      throw ConnectorFailure(.configuration, "files have no stream '\(stream)' here", cure: "Name the file")
    }
    guard !Task.isCancelled else {
      throw ConnectorFailure(.cancelled, "the reading of '\(source.path)' was stopped")
    }
    do throws(ConnectorFailure) {
      return try read(source, after: FileCursor(cursor), window: window)
    } catch {
      // Asked again, the reading starts anew instead of failing for ever.
      if error.kind == .changedMeanwhile { own = own.filter { $0.kind != kind } }
      throw error
    }
  }

  private func read(
    _ source: FileSource, after last: FileCursor?, window: PullWindow
  ) throws(ConnectorFailure) -> Page {
    let plan = ReadingPlan(source: source, window: window)
    guard let file = try source.open() else {
      return absentOutput(plan.step(forAbsentAfter: last))
    }
    let layout = try source.layout(of: file)
    let own = own
    let step = try plan.step(for: file, fingerprint: layout.fingerprint, after: last) {
      own.contains(OwnReading(kind: source.kind, number: $0.number))
    }
    switch step {
    case .nothing(let cursor):
      note(cursor, of: source.kind)
      return Self.emptyPage(cursor)
    case .read(let cursor):
      self.own.insert(OwnReading(kind: source.kind, number: cursor.number))
      let reader = PageReader(source: source, rowsPerPage: rowsPerPage ?? source.kind.rowsPerPage)
      let page = try reader.page(of: file, layout: layout, from: cursor)
      note(FileCursor(page.cursor), of: source.kind)
      return page
    }
  }

  private func note(_ cursor: FileCursor?, of kind: FileKind) {
    guard kind == .output else { return }
    outputAsRead = cursor?.isDone == true ? cursor : nil
  }

  /// An output that is not there holds nothing.
  private func absentOutput(_ step: ReadingPlan.Step) -> Page {
    switch step {
    case .nothing(let cursor):
      outputAsRead = cursor
      return Self.emptyPage(cursor)
    case .read(let cursor):
      outputAsRead = cursor
      var page = Self.emptyPage(cursor)
      page.listing = .everythingAndDone
      return page
    }
  }

  private static func emptyPage(_ cursor: FileCursor) -> Page {
    var page = Page(reading: cursor.reading, cursor: cursor.encoded, hasMore: false)
    page.progress = 1
    return page
  }

  /// What the output holds for these contacts, and which of them are gone: one pass through output and contacts.
  public func current(
    _ contacts: [ContactID]
  ) async throws(ConnectorFailure) -> [ContactID: CurrentState] {
    guard !contacts.isEmpty else { return [:] }
    let wanted = Set(contacts)
    var answers = Dictionary(uniqueKeysWithValues: wanted.map { ($0, CurrentState.gone) })
    try forEachContact { id in
      let contact = ContactID(id.text)
      if wanted.contains(contact) { answers[contact] = .present(.nothing) }
    }
    guard let source = sources[.output], let file = try source.open() else { return answers }
    var scanner = try source.rows(of: file)
    var rows = HoldingRows(wanted: wanted)
    while true {
      switch try scanner.advance() {
      case .row: _ = rows.take(scanner.values)
      case .spoiled: continue
      case .end:
        for holding in rows.records where answers[holding.contact] != .gone {
          answers[holding.contact] = .present(holding.state)
        }
        return answers
      }
    }
  }

  /// Goes through the ids of the contacts' file as it is now.
  private func forEachContact(_ body: (Bytes) -> Void) throws(ConnectorFailure) {
    guard let source = sources[.contacts], let file = try source.open() else { return }
    var scanner = try source.rows(of: file)
    while true {
      switch try scanner.advance() {
      case .row: ContactRows.withID(of: scanner.values, body)
      case .spoiled: continue
      case .end: return
      }
    }
  }

  /// Forgets what was staged and sees whether the output can be replaced.
  public func prepare(_ layout: WriteLayout) async throws(ConnectorFailure) {
    let source = try output()
    guard case .field = layout.fields.score else {
      throw ConnectorFailure(
        .configuration, "files have no score of their own", cure: "Name a field for the score in 'write'")
    }
    staged = nil
    // A file that is not ours is refused before anything is made.
    if let file = try source.open() { _ = try source.layout(of: file) }
    staged = try StagedWrites(place: OutputPlace(source.path), layout: layout)
  }

  /// Lays the batch down beside the output; contacts that are not in the contacts' file any more are gone.
  public func write(_ batch: [ContactWrite]) async throws(ConnectorFailure) -> [WriteOutcome] {
    _ = try output()
    guard let staged else {
      throw ConnectorFailure(
        .inputOutput, "nothing can be staged before an apply is prepared", cure: "Run the apply again")
    }
    do throws(ConnectorFailure) {
      if staged.known == nil, !batch.isEmpty {
        let known = KnownIDs()
        try forEachContact { known.insert($0) }
        staged.known = known
      }
      return try staged.append(batch)
    } catch {
      self.staged = nil
      throw error
    }
  }

  /// Replaces the output by one with the staged rows in it.
  ///
  /// The cursor is given only if the output is as it was last read; otherwise the next pull looks at it.
  public func commit() async throws(ConnectorFailure) -> [StreamName: Cursor] {
    guard let staged else { return [:] }
    self.staged = nil
    guard staged.count > 0 else { return [:] }
    let cursor = try OutputMerge(source: try output(), staged: staged).run(asRead: outputAsRead)
    outputAsRead = cursor
    return cursor.map { [FileKind.output.stream: $0.encoded] } ?? [:]
  }

  /// One line for each file.
  public func check(now: Timestamp) async -> [Finding] {
    FileKind.allCases.compactMap { sources[$0] }.map { FileCheck(source: $0).finding() }
  }

  private func output() throws(ConnectorFailure) -> FileSource {
    guard let source = sources[.output] else {
      throw ConnectorFailure(
        .configuration, "the connection has no output to write to", cure: "Add output: scores.csv to it")
    }
    return source
  }
}

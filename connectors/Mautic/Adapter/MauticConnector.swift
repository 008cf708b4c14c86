import Platform
import Scoring
import WebAPI

/// One Mautic: contacts by its audit log, activity by its tables, writes by batches.
public actor MauticConnector: Connector {
  /// `mautic`.
  public nonisolated let platform = "mautic"
  /// What Mautic can do; it cannot store a 0.
  public nonisolated let capabilities: ConnectorCapabilities

  private let settings: MauticSettings
  private let fields: WrittenFields?
  private let api: MauticAPI
  private let contacts: ContactReader
  private let activities: ActivityReader
  private let lookup: ContactLookup
  private let mapping: ContactMapping
  private let clock: any WebClock
  private let webBase: String
  private var batchSize = BatchWriter.largestBatch
  /// Where the contacts were read to their end by this process.
  private var contactsAsRead: ContactCursor?
  /// How often each contact was sent since.
  private var sent: [Int: Int] = [:]

  /// `sizes` is for tests that need several pages of few entries.
  init(
    settings: MauticSettings, context: ConnectorContext, surroundings: WebSurroundings,
    sizes: ContactReader.PageSizes = ContactReader.PageSizes()
  ) {
    self.settings = settings
    fields = context.fields
    // Its own points are a number always.
    capabilities = ConnectorCapabilities(
      batchSize: BatchWriter.largestBatch, readBackSize: ContactLookup.most, storesZero: false,
      hasNativeScore: true, canClearScore: context.fields?.score != .native)
    let redactor = Redactor(secrets: settings.secrets)
    let client = APIClient(
      base: settings.url, connection: context.name, authorization: settings.authorization,
      policy: RetryPolicy(resetHeader: MauticLimits.resetHeader),
      governor: Governor(
        MauticLimits.limits, signs: MauticLimits.signs,
        memory: context.privateFile("limits.json").map { GovernorFile(path: $0) }), redactor: redactor,
      surroundings: settings.transport.map { surroundings.reaching(by: $0) } ?? surroundings)
    api = MauticAPI(client: client, place: "Mautic", redactor: redactor)
    mapping = ContactMapping(fields: context.fields)
    contacts = ContactReader(api: api, mapping: mapping, sizes: sizes)
    activities = ActivityReader(api: api, names: MauticNames(api: api), sizes: sizes)
    lookup = ContactLookup(api: api, mapping: mapping)
    clock = surroundings.clock
    webBase = String(settings.url.reversed().drop { $0 == "/" }.reversed())
  }

  private static let contactStream = StreamName("contacts")

  /// Contacts, then one stream for each table of activity.
  public func streams() async throws(ConnectorFailure) -> [StreamDescription] {
    [StreamDescription(name: Self.contactStream, role: .contacts)]
      + ActivityTable.allCases.map { StreamDescription(name: $0.stream, role: .activities) }
  }

  /// The next page of a stream.
  public func page(
    of stream: StreamName, after cursor: Cursor?, window: PullWindow
  ) async throws(ConnectorFailure) -> Page {
    if stream == Self.contactStream {
      let page = try await contacts.page(after: cursor, window)
      contactsAsRead = page.hasMore ? nil : try ContactCursor(page.cursor)
      sent = [:]
      return page
    }
    guard let table = ActivityTable(rawValue: stream.text) else {
      throw ConnectorFailure(.configuration, "Mautic has no stream '\(stream)'")
    }
    return try await activities.page(of: table, after: cursor, window)
  }

  /// The contact's page, below the same folder as the API.
  public nonisolated func contactURL(_ id: ContactID) -> String? {
    "\(webBase)/s/contacts/view/\(APICall.segment(id.text))"
  }

  /// What Mautic holds now for these contacts.
  public func current(
    _ contacts: [ContactID]
  ) async throws(ConnectorFailure) -> [ContactID: CurrentState] {
    try await lookup.current(contacts)
  }

  /// Creates the fields that are missing; tags come with the first write.
  public func prepare(_ layout: WriteLayout) async throws(ConnectorFailure) {
    try await FieldSetup(api: api).prepare(layout)
  }

  /// Writes a batch, in as many requests as the server's speed asks for.
  public func write(_ batch: [ContactWrite]) async throws(ConnectorFailure) -> [WriteOutcome] {
    guard let fields else {
      throw ConnectorFailure(.configuration, "nothing is to be written to \(api.place)")
    }
    let writer = BatchWriter(api: api, mapping: mapping, fields: fields, clock: clock)
    for write in batch { Int(write.contact.text).map { sent[$0, default: 0] += 1 } }
    var size = batchSize
    defer { batchSize = size }
    return try await writer.write(batch, size: &size)
  }

  /// Takes the audit log's rows about our own writes as read, if there are no others.
  ///
  /// All writes are done and verified by then, so trouble here costs no more than reading them once again.
  public func commit() async throws(ConnectorFailure) -> [StreamName: Cursor] {
    do throws(ConnectorFailure) {
      return try await cursorsBehindOwnWrites()
    } catch {
      guard error.kind == .cancelled else { return [:] }
      throw error
    }
  }

  private func cursorsBehindOwnWrites() async throws(ConnectorFailure) -> [StreamName: Cursor] {
    guard var cursor = contactsAsRead, let begin = cursor.audit, !sent.isEmpty else { return [:] }
    let user: Int
    switch settings.login {
    case .basic: user = try await api.get("/api/users/self").json["id"].integer ?? -1
    // What a client does is nobody's.
    case .client: user = 0
    }
    var allowed = sent
    var last = begin
    while true {
      guard let rows = try await contacts.auditRows(after: last, limit: 5_000) else { return [:] }
      for row in rows {
        guard let id = row["id"].integer, row["action"].text == "update",
          row["user_id"].integer == user, let contact = row["object_id"].integer, let left = allowed[contact],
          left > 0
        else { return [:] }
        allowed[contact] = left - 1
        last = max(last, id)
      }
      if rows.count < 5_000 { break }
    }
    cursor.audit = last
    contactsAsRead = cursor
    sent = [:]
    return [Self.contactStream: cursor.encoded]
  }

  /// What is left of the hour, if calls are limited.
  public func quotas() async -> [Quota] {
    api.client.quotas().compactMap { reading in
      guard reading.count != nil else { return nil }
      return Quota(
        name: reading.limit, unit: reading.unit.rawValue, left: reading.left, count: reading.count,
        resetsAt: reading.resetsAt.map { Timestamp(clamping: $0.rounded(.up)) },
        asOf: Timestamp(Int64(reading.asOf)))
    }
  }

  /// Batches go one after the other.
  public func forecast(writes: Int) async -> WriteForecast? {
    let requests = (writes + batchSize - 1) / batchSize
    let forecast = api.client.forecast(RequestDemand(priority: .writing), requests: requests)
    return WriteForecast(requests: requests, seconds: forecast.seconds, heldBy: forecast.heldBy)
  }

  /// Keeps what is known of the limits.
  public func close() async { api.client.close() }

  /// Credentials, version, clock, rights, fields and limits.
  public func check(now: Timestamp) async -> [Finding] {
    await MauticCheck(api: api, settings: settings, fields: fields).findings(now: now)
  }
}

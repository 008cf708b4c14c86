import Platform
import Scoring
import WebAPI

/// One GetResponse account: contacts of all its lists, what they did with e-mails and shops, and its own score.
///
/// A person on several lists is several contacts of the same address, and gets the same score on each.
/// `commit` gives no cursors: our own writes come once more with the next changes, 1,000 a call.
public actor GetResponseConnector: Connector {
  /// `getresponse`.
  public nonisolated let platform = "getresponse"
  /// What GetResponse can do.
  public nonisolated let capabilities: ConnectorCapabilities

  private let settings: GetResponseSettings
  private let fields: WrittenFields?
  private let api: GetResponseAPI
  private let catalogue: AccountCatalogue
  private let contacts: ContactReader
  private let marks: MarkReader?
  private let activities: [any ActivityReader]
  private let lookup: ContactLookup
  private let mapping: ContactMapping

  /// `sizes` is for tests that need several pages of few entries.
  init(
    settings: GetResponseSettings, context: ConnectorContext, surroundings: WebSurroundings,
    sizes: ContactReader.PageSizes = ContactReader.PageSizes()
  ) {
    self.settings = settings
    fields = context.fields
    // A number in a custom field stays until there is another one.
    capabilities = ConnectorCapabilities(
      batchSize: ContactWriter.largestBatch, readBackSize: ContactLookup.most, hasNativeScore: true,
      canClearScore: context.fields?.score == .native)
    let redactor = Redactor(secrets: settings.secrets)
    let client = APIClient(
      base: settings.url, connection: context.name, authorization: settings.authorization(context),
      policy: GetResponseLimits.policy,
      governor: Governor(
        GetResponseLimits.limits, signs: GetResponseLimits.signs,
        memory: context.privateFile("limits.json").map { GovernorFile(path: $0) }), redactor: redactor,
      surroundings: settings.transport.map { surroundings.reaching(by: $0) } ?? surroundings)
    let api = GetResponseAPI(client: client, headers: settings.headers, redactor: redactor)
    self.api = api
    let mapping = ContactMapping(fields: context.fields)
    self.mapping = mapping
    let catalogue = AccountCatalogue(api: api)
    self.catalogue = catalogue
    let lookup = ContactLookup(api: api, mapping: mapping)
    self.lookup = lookup
    contacts = ContactReader(
      api: api, mapping: mapping, catalogue: catalogue, lookup: lookup, fullList: settings.fullList,
      sizes: sizes)
    marks =
      mapping.markParts.isEmpty
      ? nil
      : MarkReader(
        api: api, mapping: mapping, catalogue: catalogue, lookup: lookup, fullList: settings.fullList,
        size: sizes.list)
    activities = ActivityStreams.readers(
      api: api, catalogue: catalogue, settings: settings, seen: { context.privateFile($0) }, sizes: sizes)
  }

  /// Contacts, who holds which tag and band, then one stream for each source of activity.
  public func streams() async throws(ConnectorFailure) -> [StreamDescription] {
    var streams = [StreamDescription(name: ContactReader.stream, role: .contacts)]
    if marks != nil {
      streams.append(
        StreamDescription(name: MarkReader.stream, role: .holdings, parts: mapping.markParts))
    }
    return streams
      + activities.map { StreamDescription(name: $0.stream, role: .activities, rereadsForReturned: true) }
  }

  /// The next page of a stream.
  public func page(
    of stream: StreamName, after cursor: Cursor?, window: PullWindow
  ) async throws(ConnectorFailure) -> Page {
    do throws(ConnectorFailure) {
      if stream == ContactReader.stream { return try await contacts.page(after: cursor, window) }
      if stream == MarkReader.stream, let marks { return try await marks.page(after: cursor, window) }
      if let reader = activities.first(where: { $0.stream == stream }) {
        return try await reader.page(after: cursor, window)
      }
    } catch {
      // A list or a field that was known is gone.
      if error.kind == .changedMeanwhile { await catalogue.forget() }
      throw error
    }
    throw ConnectorFailure(.configuration, "GetResponse has no stream '\(stream)'")
  }

  /// What GetResponse holds now for these contacts.
  public func current(
    _ contacts: [ContactID]
  ) async throws(ConnectorFailure) -> [ContactID: CurrentState] {
    try await lookup.current(contacts)
  }

  /// Makes tags, custom fields and segments that are missing.
  public func prepare(_ layout: WriteLayout) async throws(ConnectorFailure) {
    try await FieldSetup(api: api, catalogue: catalogue).prepare(layout)
    if settings.segments { try await SavedSegments(api: api, catalogue: catalogue).prepare(layout) }
  }

  /// Writes a batch.
  public func write(_ batch: [ContactWrite]) async throws(ConnectorFailure) -> [WriteOutcome] {
    guard !batch.isEmpty else { return [] }
    guard let fields else {
      throw ConnectorFailure(.configuration, "nothing is to be written to \(api.place)")
    }
    return try await ContactWriter(
      api: api, mapping: mapping, fields: fields, catalogue: catalogue, lookup: lookup,
      mayEmptyTags: settings.emptyTags
    ).write(batch)
  }

  /// What is left of the account's limits.
  public func quotas() async -> [Quota] {
    api.client.quotas().compactMap { reading in
      guard reading.count != nil, reading.limit != "in flight" else { return nil }
      return Quota(
        name: reading.limit, unit: reading.unit.rawValue, left: reading.left, count: reading.count,
        resetsAt: reading.resetsAt.map { Timestamp(clamping: $0.rounded(.up)) },
        asOf: Timestamp(Int64(reading.asOf)))
    }
  }

  /// A call for the score, one for custom fields, and one for tags, since nobody knows yet whose have to change.
  public func forecast(writes: Int) async -> WriteForecast? {
    guard let fields else { return WriteForecast(requests: 0, seconds: 0, heldBy: nil) }
    var each = fields.score == .native ? 1 : 0
    if !ContactMapping.written(fields).isEmpty { each += 1 }
    if fields.tags { each += 1 }
    let requests = writes * each
    let forecast = api.client.forecast(
      RequestDemand(priority: .writing), requests: requests, together: GetResponseLimits.together)
    // So few requests are tried out there that a whole frame is not met.
    let frame = api.client.quotas().first { $0.limit == "frame" }
    let least = GetResponseLimits.seconds(
      requests: requests, left: frame?.left,
      resetsIn: frame.flatMap { reading in reading.resetsAt.map { max(0, $0 - reading.asOf) } })
    return WriteForecast(
      requests: requests, seconds: max(forecast.seconds, least),
      heldBy: least > forecast.seconds ? "frame" : forecast.heldBy)
  }

  /// Keeps what is known of the limits.
  public func close() async { api.client.close() }

  /// Credentials, lists, rights, fields and limits.
  public func check(now: Timestamp) async -> [Finding] {
    await GetResponseCheck(
      api: api, settings: settings, fields: fields, mapping: mapping, catalogue: catalogue
    ).findings(now: now)
  }
}

import Platform
import Scoring
import WebAPI

/// One Bitrix24 portal: contacts and leads, the CRM's activities and deals by chained batches, writes by batches.
///
/// `commit` gives no cursors: to know that nobody but us changed a contact, all that changed would have to be
/// read, which is what the next reading does anyway, 2,500 a request.
public actor Bitrix24Connector: Connector {
  /// `bitrix24`.
  public nonisolated let platform = "bitrix24"
  /// What Bitrix24 can do.
  public nonisolated let capabilities = ConnectorCapabilities(
    batchSize: BatchWriter.largestBatch, readBackSize: ContactLookup.most, createsTasks: true)

  private let settings: Bitrix24Settings
  private let origin: String?
  private let fields: WrittenFields?
  private let api: Bitrix24API
  private let portal: Portal
  private let contacts: ContactReader
  private let activities: [StreamReader]
  private let lookup: ContactLookup
  private let mapping: ContactMapping
  private let tasks: TaskMaker

  /// `sizes` is for tests that need several pages of few rows.
  init(
    settings: Bitrix24Settings, context: ConnectorContext, surroundings: WebSurroundings,
    sizes: ChainSizes = ChainSizes()
  ) {
    self.settings = settings
    origin = settings.origin
    fields = context.fields
    let redactor = Redactor(secrets: settings.secrets)
    let operating = Double(settings.operating.seconds)
    let client = APIClient(
      base: settings.base, connection: context.name, authorization: settings.authorization(context),
      policy: Bitrix24Limits.retries,
      governor: Governor(
        Bitrix24Limits.limits(isEnterprise: settings.isEnterprise, operating: operating),
        signs: Bitrix24Limits.signs(operating: operating, charge: BatchCharge()),
        memory: context.privateFile("limits.json").map { GovernorFile(path: $0) }),
      rename: PortalHosts.rename, redactor: redactor,
      surroundings: settings.transport.map { surroundings.reaching(by: $0) } ?? surroundings)
    let pace = CommandPace(
      budget: operating, memory: context.privateFile("pace.json").map { GovernorFile(path: $0) })
    let api = Bitrix24API(client: client, pace: pace, redactor: redactor)
    let portal = Portal(api: api, settings: settings)
    let mapping = ContactMapping(fields: context.fields)
    let firstPages = FirstPages()
    let sources: [any ActivitySource] = [
      CRMActivities(api: api, portal: portal, rows: sizes.rows), DealStages(api: api, rows: sizes.rows),
    ]
    activities = sources.map { StreamReader(api: api, source: $0, firstPages: firstPages, sizes: sizes) }
    contacts = ContactReader(
      api: api, mapping: mapping, portal: portal, companies: CompanyNames(api: api, sizes: sizes),
      firstPages: firstPages, others: activities, sweep: settings.sweep, sizes: sizes)
    lookup = ContactLookup(api: api, mapping: mapping, portal: portal, rows: sizes.rows)
    tasks = TaskMaker(api: api, sizes: sizes)
    self.api = api
    self.portal = portal
    self.mapping = mapping
  }

  private static let contactStream = StreamName("contacts")

  /// The page of a contact or a lead.
  public nonisolated func contactURL(_ id: ContactID) -> String? {
    guard let origin, let person = PersonNumber(id) else { return nil }
    return "\(origin)/crm/\(person.kind.rawValue)/details/\(person.number)/"
  }

  /// Contacts and leads, then activities, then deals.
  ///
  /// A contact can be restored from the recycle bin; what it did is not listed anew for that.
  public func streams() async throws(ConnectorFailure) -> [StreamDescription] {
    [StreamDescription(name: Self.contactStream, role: .contacts)]
      + activities.map { StreamDescription(name: $0.stream, role: .activities, rereadsForReturned: true) }
  }

  /// The next page of a stream.
  public func page(
    of stream: StreamName, after cursor: Cursor?, window: PullWindow
  ) async throws(ConnectorFailure) -> Page {
    if stream == Self.contactStream { return try await contacts.page(after: cursor, window) }
    guard let reader = activities.first(where: { $0.stream == stream }) else {
      throw ConnectorFailure(.configuration, "Bitrix24 has no stream '\(stream)'")
    }
    return try await reader.page(after: cursor, window)
  }

  /// What Bitrix24 holds now for these contacts.
  public func current(
    _ contacts: [ContactID]
  ) async throws(ConnectorFailure) -> [ContactID: CurrentState] {
    try await lookup.current(contacts)
  }

  /// Makes user fields and options that are missing.
  public func prepare(_ layout: WriteLayout) async throws(ConnectorFailure) {
    try await FieldSetup(api: api, portal: portal).prepare(layout)
  }

  /// Writes a batch.
  public func write(_ batch: [ContactWrite]) async throws(ConnectorFailure) -> [WriteOutcome] {
    guard !batch.isEmpty else { return [] }
    guard let fields else {
      throw ConnectorFailure(.configuration, "nothing is to be written to \(api.place)")
    }
    return try await BatchWriter(api: api, mapping: mapping, fields: fields, portal: portal, lookup: lookup)
      .write(batch)
  }

  /// Makes a to-do for a contact or a lead, unless there is one of the same key.
  public func createTask(_ task: HandoffTask, for contact: ContactID) async throws(ConnectorFailure) {
    try await tasks.make(task, for: contact)
  }

  /// What is left of the portal's limits.
  public func quotas() async -> [Quota] {
    api.client.quotas().compactMap { reading in
      guard let count = reading.count, reading.limit != "in flight" else { return nil }
      // There is one for each method; what was not used tells nothing.
      if let left = reading.left, reading.unit == .seconds, left > count * 0.95 { return nil }
      return Quota(
        name: reading.limit, unit: reading.unit.rawValue, left: reading.left, count: reading.count,
        resetsAt: reading.resetsAt.map { Timestamp(clamping: $0.rounded(.up)) },
        asOf: Timestamp(Int64(reading.asOf)))
    }
  }

  /// Batches go one after the other, as large as the portal's pace allows; before each of them the tags there are
  /// read, if tags are written. What holds it up is the working time of the updates.
  public func forecast(writes: Int) async -> WriteForecast? {
    guard writes > 0 else { return WriteForecast(requests: 0, seconds: 0, heldBy: nil) }
    let most = api.pace.isMeasured(BatchWriter.method) ? api.pace.most(of: BatchWriter.method) : .max
    let size = min(writes, BatchWriter.largestBatch, most)
    let batches = (writes + size - 1) / size
    var demand = api.demand([String](repeating: BatchWriter.method, count: size), .writing)
    // The portal charges the method, or the batch, or both: by now it has told which.
    let charged = demand.methods.filter { method, _ in
      api.client.quotas().contains { $0.limit == "\(Bitrix24Limits.operating) \(method)" }
    }
    demand.methods = charged.isEmpty ? [BatchWriter.method: size] : charged
    let reads =
      fields?.tags == true ? (writes + BatchWriter.largestBatch - 1) / BatchWriter.largestBatch : 0
    let forecast = api.client.forecast(demand, requests: batches)
    let reading = api.client.forecast(RequestDemand(), requests: reads)
    return WriteForecast(
      requests: batches + reads,
      seconds: max(forecast.seconds, reading.seconds, leastSeconds(writes: writes)),
      heldBy: forecast.heldBy)
  }

  /// The governor remembers how long requests of all sorts took; updates alone take longer, once they were measured.
  private func leastSeconds(writes: Int) -> Double {
    guard api.pace.isMeasured(BatchWriter.method) else { return 0 }
    return Bitrix24Limits.leastSeconds(
      work: Double(writes) * api.pace.seconds(of: BatchWriter.method),
      budget: Double(settings.operating.seconds))
  }

  /// Keeps what is known of the limits and of the portal's pace.
  public func close() async {
    api.client.close()
    api.pace.save()
  }

  /// Credentials, rights, mode, fields and limits.
  public func check(now: Timestamp) async -> [Finding] {
    await Bitrix24Check(api: api, settings: settings, fields: fields, portal: portal).findings(now: now)
  }
}

/// The zones of Bitrix24's cloud: a portal may be renamed within them.
enum PortalHosts {
  static let rename = RenameRule(
    suffixes: [
      "com", "ru", "eu", "de", "fr", "it", "pl", "es", "uk", "in", "vn", "id", "jp", "cn", "by", "kz", "ua",
      "co",
      "mx", "com.br", "com.tr", "net", "tech",
    ].map { ".bitrix24.\($0)" })
}

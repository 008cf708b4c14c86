import Platform
import Scoring
import WebAPI

/// One HubSpot account: contacts by list and search, what they did by events or by counters, writes by batches.
///
/// `commit` gives no cursors: to know that nobody but us changed a contact, all that changed would have to be
/// read, which is what the next reading does anyway, 200 a call.
public actor HubSpotConnector: Connector {
  /// `hubspot`.
  public nonisolated let platform = "hubspot"
  /// What HubSpot can do.
  public nonisolated let capabilities = ConnectorCapabilities(
    batchSize: BatchWriter.largestBatch, readBackSize: ContactLookup.most, canClearScore: true,
    createsTasks: true)

  private let settings: HubSpotSettings
  private let fields: WrittenFields?
  private let api: HubSpotAPI
  private let catalogue: PropertyCatalogue
  private let contacts: ContactReader
  private let activities: [StreamName: any ActivityReader]
  private let lookup: ContactLookup
  private let mapping: ContactMapping
  private let lists: TagLists
  private let clock: any WebClock
  private let portal: String?

  /// `sizes` is for tests that need several pages of few entries.
  init(
    settings: HubSpotSettings, context: ConnectorContext, surroundings: WebSurroundings,
    sizes: ContactReader.PageSizes = ContactReader.PageSizes()
  ) {
    self.settings = settings
    fields = context.fields
    let redactor = Redactor(secrets: settings.secrets)
    let client = APIClient(
      base: settings.url, connection: context.name, authorization: settings.authorization(context),
      policy: RetryPolicy(busyStatuses: HubSpotLimits.busyStatuses),
      governor: Governor(
        HubSpotLimits.limits(plan: settings.plan, isApp: settings.isApp), signs: HubSpotLimits.signs,
        memory: context.privateFile("limits.json").map { GovernorFile(path: $0) }), redactor: redactor,
      surroundings: settings.transport.map { surroundings.reaching(by: $0) } ?? surroundings)
    let api = HubSpotAPI(client: client, paths: settings.paths, redactor: redactor)
    self.api = api
    mapping = ContactMapping(fields: context.fields)
    catalogue = PropertyCatalogue(api: api, mapping: mapping)
    let growth = CounterGrowth(path: context.privateFile("counters"))
    contacts = ContactReader(
      api: api, mapping: mapping, catalogue: catalogue, growth: growth, fullList: settings.fullList,
      sizes: sizes)
    let all = ActivityStreams.readers(api: api, growth: growth, sizes: sizes)
    activities = Dictionary(all.map { ($0.stream, $0) }) { first, _ in first }
    lookup = ContactLookup(api: api, mapping: mapping)
    lists = TagLists(api: api)
    clock = surroundings.clock
    portal = settings.portal
  }

  private static let contactStream = StreamName("contacts")

  /// Contacts, then one stream for each source of activity.
  ///
  /// A contact that was deleted can be restored for 90 days; what it did is not listed anew for that.
  public func streams() async throws(ConnectorFailure) -> [StreamDescription] {
    [StreamDescription(name: Self.contactStream, role: .contacts)]
      + ActivityStreams.names.map { StreamDescription(name: $0, role: .activities, rereadsForReturned: true) }
  }

  /// The next page of a stream.
  public func page(
    of stream: StreamName, after cursor: Cursor?, window: PullWindow
  ) async throws(ConnectorFailure) -> Page {
    if stream == Self.contactStream { return try await contacts.page(after: cursor, window) }
    guard let reader = activities[stream] else {
      throw ConnectorFailure(.configuration, "HubSpot has no stream '\(stream)'")
    }
    return try await reader.page(after: cursor, window)
  }

  /// The contact's page in the account that `portal:` names; without it nobody knows which account it is.
  public nonisolated func contactURL(_ id: ContactID) -> String? {
    portal.map {
      "https://app.hubspot.com/contacts/\(APICall.segment($0))/record/0-1/\(APICall.segment(id.text))"
    }
  }

  /// What HubSpot holds now for these contacts.
  public func current(
    _ contacts: [ContactID]
  ) async throws(ConnectorFailure) -> [ContactID: CurrentState] {
    try await lookup.current(contacts)
  }

  /// Makes properties, their options and lists that are missing, in the account that was meant.
  public func prepare(_ layout: WriteLayout) async throws(ConnectorFailure) {
    if let portal = settings.portal {
      let found = try await api.get(api.paths.account).json["portalId"].text
      guard found == portal else { throw Self.wrongPortal(found, portal) }
    }
    try await PropertySetup(api: api, catalogue: catalogue, clock: clock).prepare(layout)
    if settings.lists, layout.fields.tags { try await lists.prepare(layout.ownedTags) }
  }

  static func wrongPortal(_ found: String?, _ wanted: String) -> ConnectorFailure {
    ConnectorFailure(
      .configuration, "the credentials lead to the HubSpot account \(found ?? "?"), not to \(wanted)",
      cure: "Check auth: and portal:; nothing was written")
  }

  /// Writes a batch.
  public func write(_ batch: [ContactWrite]) async throws(ConnectorFailure) -> [WriteOutcome] {
    guard !batch.isEmpty else { return [] }
    guard let fields else {
      throw ConnectorFailure(.configuration, "nothing is to be written to \(api.place)")
    }
    if settings.lists, fields.tags { try await lists.update(batch) }
    return try await BatchWriter(api: api, mapping: mapping, fields: fields, lookup: lookup).write(batch)
  }

  /// Makes a task that is due at once.
  public func createTask(_ task: HandoffTask, for contact: ContactID) async throws(ConnectorFailure) {
    try await TaskMaker(api: api).make(task, for: contact)
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

  /// Batches go one after the other; one in which tags have to go is read first.
  public func forecast(writes: Int) async -> WriteForecast? {
    let batches = (writes + BatchWriter.largestBatch - 1) / BatchWriter.largestBatch
    let requests = fields?.tags == true ? batches * 2 : batches
    let forecast = api.client.forecast(RequestDemand(priority: .writing), requests: requests)
    return WriteForecast(requests: requests, seconds: forecast.seconds, heldBy: forecast.heldBy)
  }

  /// Keeps what is known of the limits.
  public func close() async { api.client.close() }

  /// Credentials, account, rights, properties and limits.
  public func check(now: Timestamp) async -> [Finding] {
    await HubSpotCheck(api: api, settings: settings, fields: fields, catalogue: catalogue, clock: clock)
      .findings(now: now)
  }
}

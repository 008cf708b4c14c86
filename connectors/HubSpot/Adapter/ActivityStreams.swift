import Platform
import WebAPI

/// Reads one source of activity page by page.
protocol ActivityReader: Sendable {
  /// Under which its cursor is kept.
  var stream: StreamName { get }

  /// The next page.
  func page(after last: Cursor?, _ window: PullWindow) async throws(ConnectorFailure) -> Page
}

/// All sources of activity.
enum ActivityStreams {
  /// In the order in which they are read.
  static let names: [StreamName] =
    [EmailEventReader.stream, EventReader.stream, FormReader.stream]
    + CRMObject.allCases.map(\.stream)

  static func readers(
    api: HubSpotAPI, growth: CounterGrowth, sizes: ContactReader.PageSizes
  ) -> [any ActivityReader] {
    let pipelines = DealStages(api: api)
    let objects = CRMObject.allCases.map {
      ObjectReader(api: api, object: $0, stages: pipelines, size: sizes.search)
    }
    return [
      EmailEventReader(api: api, growth: growth, names: CampaignNames(api: api), size: sizes.emailEvents),
      EventReader(api: api, growth: growth, types: EventTypes(api: api), size: sizes.events),
      FormReader(api: api, growth: growth, forms: FormList(api: api), size: sizes.submissions),
    ] + objects
  }
}

extension Page {
  /// A page of activities that came, or changed, since the reading before.
  static func activities(_ cursor: ActivityCursor) -> Page {
    Page(
      reading: Reading(number: cursor.reading, isContinuation: true), cursor: cursor.encoded, hasMore: false)
  }

  /// Ends the reading of a source that HubSpot refuses; the run's summary says so.
  mutating func refuse(_ failure: ConnectorFailure, _ cursor: ActivityCursor, place: String) {
    rejected = [RejectedRecord(place: place, reason: "\(failure.what). \(failure.cure)")]
    end(cursor, isRefused: true)
  }

  /// Ends the reading.
  mutating func end(_ cursor: ActivityCursor, isRefused: Bool = false) {
    var cursor = cursor
    cursor.isDone = true
    cursor.isRefused = isRefused
    self.cursor = cursor.encoded
    hasMore = false
  }
}

extension HubSpotAnswer {
  /// Whether the plan, the scopes or the age of an API keep us from it.
  var isRefusal: Bool { status == 403 || status == 404 || status == 410 }
}

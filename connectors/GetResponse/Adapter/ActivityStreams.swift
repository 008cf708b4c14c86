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
  static func readers(
    api: GetResponseAPI, catalogue: AccountCatalogue, settings: GetResponseSettings,
    seen: @escaping @Sendable (String) -> String?, sizes: ContactReader.PageSizes
  ) -> [any ActivityReader] {
    var readers: [any ActivityReader] = [
      EmailActivityReader(
        api: api, catalogue: catalogue, refresh: settings.activityRefresh, path: seen("active"), sizes: sizes),
      OrderReader(api: api, fullList: settings.fullList, size: sizes.list),
    ]
    if settings.transactional {
      readers.append(
        TransactionalReader(
          api: api, refresh: settings.activityRefresh, path: seen("mails"), size: sizes.list))
    }
    return readers
  }
}

extension Page {
  /// A page of activities of a reading.
  static func activities(_ reading: Int64, _ cursor: Cursor) -> Page {
    Page(reading: Reading(number: reading, isContinuation: true), cursor: cursor, hasMore: false)
  }
}

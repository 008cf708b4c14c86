import Platform

/// A table of `/api/stats` that activities come from.
enum ActivityTable: String, CaseIterable {
  case pageHits = "page_hits"
  case emailStats = "email_stats"
  case emailOpens = "email_stats_devices"
  case emailReplies = "email_stat_replies"
  case formSubmissions = "form_submissions"
  case assetDownloads = "asset_downloads"
  case videoHits = "video_hits"
  case doNotContact = "lead_donotcontact"

  /// The stream has the table's name.
  var stream: StreamName { StreamName(rawValue) }

  /// The column that says when it happened.
  var timeColumn: String {
    switch self {
    case .pageHits, .videoHits: return "date_hit"
    case .emailStats: return "date_sent"
    case .emailOpens: return "date_opened"
    case .emailReplies: return "date_replied"
    case .formSubmissions: return "date_submitted"
    case .assetDownloads: return "date_download"
    case .doNotContact: return "date_added"
    }
  }

  /// Rows younger than this, in seconds, are read again by the next reading.
  ///
  /// Ids can become visible out of order under load; the time spent on a page, or with a video, is filled in
  /// later by the next hit.
  var openFor: Int64 {
    switch self {
    case .pageHits, .videoHits: return 7_200
    default: return 600
    }
  }

  /// True if the ids rise; those of replies are random.
  var hasRisingIDs: Bool { self != .emailReplies }

  /// True for what a Mautic may lack or be unable to give without being broken.
  ///
  /// Replies need a monitored inbox, and for users with few rights the table answers with an SQL error (read in
  /// the sources of 4 to 8).
  var isOptional: Bool {
    switch self {
    case .emailReplies, .videoHits: return true
    default: return false
    }
  }
}

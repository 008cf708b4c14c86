import Platform
import Scoring
import WebAPI

@testable import GetResponseConnector

/// GetResponse as a subject.
enum GetResponseFuzz {
  static let subject = WebSubject(
    connector: { sort, folder, surroundings in
      var settings = GetResponseSettings(
        login: sort & 1 == 0
          ? .key("key-s3cret")
          : .app(id: "client-id", secret: "client-s3cret", refreshToken: "refresh-s3cret"))
      settings.emptyTags = sort & 2 != 0
      settings.segments = sort & 16 != 0
      if sort & 32 != 0 {
        settings.fullList = TimeSpan(seconds: 1_800)
        settings.activityRefresh = TimeSpan(seconds: 0)
      }
      return GetResponseConnector(
        settings: settings,
        context: ConnectorContext(
          name: "mail", folder: folder ?? "/", fields: layout(sort).fields, privateFolder: folder),
        surroundings: surroundings,
        sizes: ContactReader.PageSizes(list: 2, details: 2, activityContacts: 2))
    }, layout: layout, keeps: { $0 & 8 != 0 }, ids: ["pV3r", "101", "zzzzzzzz", "/"],
    secrets: { $0 & 1 == 0 ? ["key-s3cret"] : ["client-s3cret", "refresh-s3cret"] })

  @Sendable private static func layout(_ sort: Int) -> WriteLayout {
    var layout = WriteLayout.fuzzed
    if sort & 4 == 0 {
      layout.fields = WrittenFields(score: .native, band: nil, reasons: nil, tags: true)
    }
    return layout
  }
}

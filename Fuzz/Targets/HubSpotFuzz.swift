import Platform
import Scoring
import WebAPI

@testable import HubSpotConnector

/// HubSpot as a subject.
enum HubSpotFuzz {
  static let subject = WebSubject(
    connector: { sort, folder, surroundings in
      let login: HubSpotSettings.Login =
        sort & 1 == 0
        ? .token("pat-na1-s3cret")
        : .app(id: "client-id", secret: "client-s3cret", refreshToken: "refresh-s3cret")
      var settings = HubSpotSettings(login: login)
      settings.portal = sort & 2 == 0 ? nil : "12345678"
      settings.plan = sort & 2 == 0 ? nil : .enterprise
      settings.lists = sort & 4 != 0
      if sort & 16 != 0 { settings.fullList = TimeSpan(seconds: 1_800) }
      return HubSpotConnector(
        settings: settings,
        context: ConnectorContext(
          name: "hub", folder: folder ?? "/", fields: WriteLayout.fuzzed.fields, privateFolder: folder),
        surroundings: surroundings,
        sizes: ContactReader.PageSizes(list: 2, search: 2, emailEvents: 2, events: 2, submissions: 2))
    }, layout: { _ in .fuzzed }, keeps: { $0 & 8 != 0 }, ids: ["7", "101", "9223372036854775807", "x"],
    secrets: { $0 & 1 == 0 ? ["pat-na1-s3cret"] : ["client-s3cret", "refresh-s3cret"] })
}

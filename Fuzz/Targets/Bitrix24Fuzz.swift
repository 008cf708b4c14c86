import Platform
import Scoring
import WebAPI

@testable import Bitrix24Connector

/// Bitrix24 as a subject.
enum Bitrix24Fuzz {
  static let subject = WebSubject(
    connector: { sort, folder, surroundings in
      let login: Bitrix24Settings.Login =
        sort & 1 == 0
        ? .webhook(address: "https://portal.bitrix24.com/rest/1/w3bh00ks3cret", secret: "w3bh00ks3cret")
        : .app(
          url: "https://portal.bitrix24.com", id: "client-id", secret: "client-s3cret",
          refreshToken: "refresh-s3cret")
      var settings = Bitrix24Settings(login: login)
      settings.leads = sort & 2 == 0 ? .auto : .yes
      settings.sweep = sort & 4 == 0 ? .days(1) : TimeSpan(seconds: 1_800)
      return Bitrix24Connector(
        settings: settings,
        context: ConnectorContext(
          name: "crm", folder: folder ?? "/", fields: WriteLayout.fuzzed.fields, privateFolder: folder),
        surroundings: surroundings, sizes: ChainSizes(rows: 2, longest: 2))
    }, layout: { _ in .fuzzed }, keeps: { $0 & 8 != 0 },
    ids: ["7", "L7", "101", "9223372036854775807", "x"],
    secrets: { $0 & 1 == 0 ? ["w3bh00ks3cret"] : ["client-s3cret", "refresh-s3cret"] })
}

import Platform
import WebAPI

@testable import MauticConnector

/// Mautic as a subject.
enum MauticFuzz {
  static let subject = WebSubject(
    connector: { sort, folder, surroundings in
      let login: MauticSettings.Login =
        sort & 1 == 0
        ? .basic(user: "api", password: "pass-w0rd-s3cret") : .client(id: "1_abc", secret: "client-s3cret")
      let size = sort & 2 == 0 ? 2 : 100
      return MauticConnector(
        settings: MauticSettings(url: "https://m.example.com", login: login),
        context: ConnectorContext(
          name: "web", folder: folder ?? "/", fields: layout(sort).fields, privateFolder: folder),
        surroundings: surroundings,
        sizes: ContactReader.PageSizes(contacts: size, audit: size, rows: size))
    }, layout: layout, keeps: { $0 & 8 != 0 }, ids: ["7", "101", "9223372036854775807", "x"],
    secrets: { $0 & 1 == 0 ? ["pass-w0rd-s3cret"] : ["client-s3cret"] })

  @Sendable private static func layout(_ sort: Int) -> WriteLayout {
    var layout = WriteLayout.fuzzed
    if sort & 4 != 0 { layout.fields.score = .native }
    return layout
  }
}

extension WriteLayout {
  /// What most configurations write.
  static let fuzzed = WriteLayout(
    fields: WrittenFields(
      score: .field("lead_score"), band: "lead_band", reasons: "lead_reasons", tags: true),
    bandNames: ["hot", "warm", "cold"], bandFloors: [80, 40, 0],
    ownedTags: ["lead_hot", "lead_warm", "lead_cold"])
}

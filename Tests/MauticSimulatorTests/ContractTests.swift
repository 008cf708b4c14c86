import Platform
import Testing

@testable import MauticSimulator

/// The simulator against what a real server was seen to answer: status, headers, and the type of every value.
@Suite("The simulated Mautic answers as the recorded one")
struct ContractTests {
  @Test("There are at least ninety recordings")
  func enoughRecordings() {
    #expect(RecordedExchange.all.count >= 90)
  }

  @Test("A recorded request gets an answer of the recorded form", arguments: RecordedExchange.all)
  func form(exchange: RecordedExchange) throws {
    var world = RecordedWorld(of: exchange)
    let answer = world.server.answer(world.request, at: world.now)
    #expect(answer.status == exchange.status)
    func header(_ name: String) -> String? {
      answer.headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
    for name in ["Content-Type", "Mautic-Version"] {
      #expect(header(name) == exchange.header(name), "\(name)")
    }
    for name in ["Location", "Date", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"] {
      #expect((header(name) == nil) == (exchange.header(name) == nil), "\(name)")
    }
    guard exchange.header("Content-Type") == "application/json", exchange.request.method != "HEAD" else {
      #expect(answer.body.isEmpty == exchange.body.isEmpty)
      return
    }
    let recorded = try #require(JSONParser.parse(exchange.body))
    let simulated = try #require(JSONParser.parse(answer.body))
    let differences = Self.allowances(for: exchange).differences(
      JSONShape(recorded), JSONShape(simulated))
    #expect(differences.isEmpty, "\(differences.prefix(12).joined(separator: "\n"))")
    // Codes are no data of a person: they must be the same.
    #expect(recorded["statusCodes"] == simulated["statusCodes"])
    if recorded["availableTables"] != nil { #expect(recorded == simulated) }
  }

  /// What may differ, and why; kept as small as the recordings allow.
  static func allowances(for exchange: RecordedExchange) -> ShapeAllowances {
    var allowed = ShapeAllowances()
    let path = exchange.request.path
    if path.hasPrefix("/api/contacts") {
      // Who made and changed a contact, and when, is its own history.
      allowed.nullable = [
        "dateModified", "createdBy", "createdByUser", "modifiedBy", "modifiedByUser", "lastActive",
        "dateIdentified", "preferredProfileImage",
        // Stages are no part of the simulator: it always answers null.
        "stage",
      ]
      // So are its tags, addresses and stops.
      allowed.maybeEmpty = ["tags", "ipAddresses", "doNotContact"]
      allowed.filledFieldsDiffer = true
      if exchange.request.query.contains(where: { $0.name == "select[]" }) {
        // Null is left out here, so what may be null may be missing.
        allowed.optional = allowed.nullable
      }
    }
    if path.hasPrefix("/api/stats/") {
      // Columns that are null in some rows are left out of them. All else is in every row.
      allowed.optional = [
        "lead_id", "redirect_id", "email_id", "source", "source_id", "referer", "page_language", "date_left",
        "url_title", "date_read", "last_opened", "channel_id", "group_id",
      ]
    }
    if path.hasPrefix("/api/fields") {
      // A field that came with Mautic has no maker, and which fields a page shows is a matter of their order.
      allowed.nullable = ["dateAdded", "createdBy", "createdByUser"]
    }
    return allowed
  }
}

import Foundation
import Testing

@Suite("plan --html", .serialized)
struct PlanPageCommandTests {
  @Test("the page is written for this user alone, and nothing else is left behind")
  func page() async throws {
    let place = try Workplace.small()
    let plan = try await place.runAsOf("plan", "--html", "monday.html")
    #expect(plan.status == 0, "\(plan)")
    #expect(plan.out.contains("The page is monday.html"), "\(plan)")
    let attributes = try FileManager.default.attributesOfItem(atPath: place.at("monday.html"))
    #expect((attributes[.posixPermissions] as? Int) == 0o600)
    let html = try place.text("monday.html")
    #expect(html.contains("an.tran@acme.example") && html.contains("<html lang=\"en\">"))
    #expect(html.contains("leadgauge plan -o plan.jsonl --html plan.html"))
    #expect(try place.names().allSatisfy { !$0.contains("plan") && !$0.hasSuffix(".part") })
  }

  @Test("a page beside a plan names the plan, and speaks the language that is asked for")
  func language() async throws {
    let place = try Workplace.small()
    let plan = try await place.runAsOf("plan", "-o", "monday.plan", "--html", "monday.html", "--lang", "vi")
    #expect(plan.status == 0, "\(plan)")
    let html = try place.text("monday.html")
    #expect(html.contains("<html lang=\"vi\">") && html.contains("leadgauge apply monday.plan"))
    #expect(html.contains("3 thay đổi trong 3 liên hệ"))
  }

  @Test("--json with a page is still one document")
  func json() async throws {
    let place = try Workplace.small()
    let plan = try await place.runAsOf("plan", "--html", "monday.html", "--json")
    #expect(try plan.document(ResultForm.self).plan?.changes == 3)
    #expect(place.exists("monday.html"))
  }

  @Test("a language that is not known, and one file for both, are usage errors")
  func usage() async throws {
    let place = try Workplace.small()
    #expect(try await place.runAsOf("plan", "--html", "a.html", "--lang", "fr").status == 64)
    #expect(try await place.runAsOf("plan", "-o", "a", "--html", "a").status == 64)
    #expect(try place.names().allSatisfy { !$0.hasPrefix("a") || $0 == "activities.csv" })
  }

  @Test("a page where none can be made is 73")
  func unwritable() async throws {
    let place = try Workplace.small()
    let plan = try await place.runAsOf("plan", "--html", "model.yaml/monday.html")
    #expect(plan.status == 73 && plan.err.contains("model.yaml/monday.html"), "\(plan)")
  }

  @Test("requests, time and what is left of the quota are told before anything is written, without a request")
  func forecast() async throws {
    struct Form: Decodable {
      struct Plan: Decodable {
        struct Connection: Decodable {
          struct Forecast: Decodable { let requests: Int }
          struct Quota: Decodable { let left: Double? }
          let changes: Int
          let forecast: Forecast?
          let quotas: [Quota]
        }
        let connections: [Connection]
      }
      let plan: Plan
    }
    try await MauticPlace.with({ $0.rateLimit = 1_000 }) { mautic in
      let plan = try await mautic.run("plan", "--html", "page.html", "--json")
      #expect(plan.status == 0, "\(plan)")
      let connection = try #require(try plan.document(Form.self).plan.connections.first)
      let requests = try #require(connection.forecast?.requests)
      #expect(connection.changes == MauticPlace.people && requests >= 1)
      let left = 1_000 - mautic.host.requests.all
      #expect(connection.quotas.contains { $0.left == Double(left) })
      #expect(try mautic.place.text("page.html").contains("\(left) of 1,000 requests (hourly)"))
      let asked = mautic.host.requests.all
      let text = try await mautic.run("plan", "--no-pull")
      let words = text.out.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      #expect(words.contains("web: at this rate 120 writes take about"), "\(text)")
      #expect(words.contains("Left: \(left) of 1,000 requests (hourly)."), "\(text)")
      #expect(mautic.host.requests.all == asked)
    }
  }
}

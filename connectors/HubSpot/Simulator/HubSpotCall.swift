import Foundation
import Platform
import Scoring
import SimulatorJSON

/// One request on its way through the routes.
struct HubSpotCall {
  let method: String
  /// Which of the APIs.
  let area: Area
  /// The path's parts behind area and version, decoded.
  let path: [String]
  let query: [SimulatedPair]
  let body: JSON
  let now: Moment
  /// The path and query as they were sent, for links.
  let target: String

  /// The APIs, whatever version their path bears.
  enum Area: String {
    case objects, properties, lists, associations, pipelines, limits
    case account, occurrences, forms, emailEvents, emailCampaigns, submissions, token
  }

  /// The first value of this name in the query.
  func parameter(_ name: String) -> String? { query.first { $0.name == name }?.value }

  /// All values of this name, each of which may be a list with commas.
  func list(_ name: String) -> [String] {
    query.filter { $0.name == name || $0.name == name + "[]" }
      .flatMap { $0.value.split(separator: ",") }.map { $0.trimmingCharacters(in: .whitespaces) }
  }

  /// A page's size.
  func limit(default usual: Int, most: Int) throws(Refusal) -> Int {
    guard let text = parameter("limit") else { return usual }
    guard let limit = Int(text), limit > 0 else {
      throw .invalid("limit: must be a whole number above 0, got \(text)")
    }
    guard limit <= most else {
      throw .invalid(
        "The limit \(limit) is larger than the maximum of \(most).",
        errors: [["message": .text("limit must be at most \(most)"), "in": "limit"]])
    }
    return limit
  }

  /// The inputs of a batch, at most so many.
  func inputs(most: Int) throws(Refusal) -> [JSON] {
    guard case .list(let inputs)? = body["inputs"] else {
      throw .badInput("Some required fields were not set: [inputs]")
    }
    guard inputs.count <= most else {
      throw .invalid("The number of inputs (\(inputs.count)) is larger than the maximum of \(most).")
    }
    return inputs
  }
}

extension HubSpotCall {
  /// A version in a path: a date that the account knows, or an old number.
  private static func isVersion(_ text: String, _ versions: Set<String>, _ old: String) -> Bool {
    versions.contains(text) || text == old
  }

  /// Which API a path belongs to, and the rest of the path; nil if there is none.
  static func route(
    _ path: String, versions: Set<String>
  ) -> (area: Area, rest: [String])? {
    let parts = path.split(separator: "/").map { $0.removingPercentEncoding ?? String($0) }
    guard parts.count >= 3 else { return nil }
    switch parts[0] {
    case "crm": return crmRoute(parts, versions)
    case "account-info" where isVersion(parts[1], versions, "v3"): return (.account, Array(parts[2...]))
    case "events":
      if parts[1] == "event-occurrences", versions.contains(parts[2]) {
        return (.occurrences, Array(parts[3...]))
      }
      return parts[1] == "v3" && parts[2] == "events" ? (.occurrences, Array(parts[3...])) : nil
    case "marketing" where parts[1] == "v3" && parts[2] == "forms": return (.forms, Array(parts[3...]))
    case "email" where parts.count == 4 && parts[1...] == ["public", "v1", "events"]:
      return (.emailEvents, [])
    case "email" where parts.count == 5 && parts[1...3] == ["public", "v1", "campaigns"]:
      return (.emailCampaigns, [parts[4]])
    case "form-integrations" where parts.count == 5 && parts[1...3] == ["v1", "submissions", "forms"]:
      return (.submissions, [parts[4]])
    case "oauth" where isVersion(parts[1], versions, "v1") && parts[2] == "token":
      return (.token, Array(parts[3...]))
    default: return nil
    }
  }

  private static func crmRoute(
    _ parts: [String], _ versions: Set<String>
  ) -> (area: Area, rest: [String])? {
    let isOld = ["v3", "v4"].contains(parts[1])
    guard isOld || versions.contains(parts[2]), let area = Area(rawValue: isOld ? parts[2] : parts[1]) else {
      return nil
    }
    switch area {
    case .objects, .properties, .lists, .pipelines, .limits:
      return parts[1] == "v4" ? nil : (area, Array(parts[3...]))
    // The third version of the associations has another form of answers, which nobody should build on now.
    case .associations: return parts[1] == "v3" ? nil : (area, Array(parts[3...]))
    default: return nil
    }
  }
}

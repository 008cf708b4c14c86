import Foundation
import WebAPI

/// What is read of each contact: five texts, a number without and one with a fraction, and a time.
struct Contact {
  var email = ""
  var first = ""
  var last = ""
  var company = ""
  var stage = ""
  var id = 0
  var modified = ""
  var score = 0.0

  /// Something that differs if anything was read otherwise, and costs next to nothing.
  var digest: Int {
    email.utf8.count + first.utf8.count * 3 + last.utf8.count * 5 + company.utf8.count * 7
      + stage.utf8.count * 11 + id + modified.utf8.count * 13 + Int(score * 10)
  }
}

/// The ways of reading a page that are compared.
enum Reader: String, CaseIterable {
  case own, ownParsing = "own, parsing only", ownStrict = "own, strict parsing only"
  case decoder = "JSONDecoder", serialization = "JSONSerialization"

  /// The page's contacts; empty if only its parsing is measured.
  func contacts(_ page: [UInt8], _ data: Data) throws -> [Contact] {
    switch self {
    case .own: return Self.own(try JSONValue.parse(page))
    case .ownParsing:
      _ = try JSONValue.parse(page)
      return []
    case .ownStrict:
      _ = try JSONValue.parse(page, strictly: true)
      return []
    case .decoder: return try JSONDecoder().decode(DecodedPage.self, from: data).results.map(\.contact)
    case .serialization: return Self.serialized(try JSONSerialization.jsonObject(with: data))
    }
  }

  private static func own(_ page: JSONValue) -> [Contact] {
    page["results"].elements.map { entry in
      let properties = entry["properties"]
      return Contact(
        email: properties["email"].text ?? "", first: properties["firstname"].text ?? "",
        last: properties["lastname"].text ?? "", company: properties["company"].text ?? "",
        stage: properties["lifecyclestage"].text ?? "", id: properties["hs_object_id"].integer ?? 0,
        modified: properties["lastmodifieddate"].text ?? "", score: properties["hubspotscore"].number ?? 0)
    }
  }

  private static func serialized(_ page: Any) -> [Contact] {
    guard let page = page as? [String: Any], let results = page["results"] as? [[String: Any]] else {
      return []
    }
    return results.map { entry in
      let properties = entry["properties"] as? [String: Any] ?? [:]
      func text(_ name: String) -> String { properties[name] as? String ?? "" }
      return Contact(
        email: text("email"), first: text("firstname"), last: text("lastname"), company: text("company"),
        stage: text("lifecyclestage"), id: properties["hs_object_id"] as? Int ?? 0,
        modified: text("lastmodifieddate"), score: properties["hubspotscore"] as? Double ?? 0)
    }
  }
}

/// The page as `JSONDecoder` reads it.
private struct DecodedPage: Decodable {
  struct Entry: Decodable {
    let properties: Properties

    var contact: Contact {
      Contact(
        email: properties.email, first: properties.firstname, last: properties.lastname,
        company: properties.company, stage: properties.lifecyclestage, id: properties.hs_object_id,
        modified: properties.lastmodifieddate, score: properties.hubspotscore)
    }
  }

  /// Named as in the page, so that no coding keys are needed.
  struct Properties: Decodable {
    let email: String
    let firstname: String
    let lastname: String
    let company: String
    let lifecyclestage: String
    let hs_object_id: Int
    let lastmodifieddate: String
    let hubspotscore: Double
  }

  let results: [Entry]
}

import Foundation
import Testing

/// A file of `--trace`, with what HAR 1.2 asks for.
struct HARForm: Decodable {
  struct Creator: Decodable {
    let name: String
    let version: String
  }
  struct Pair: Decodable {
    let name: String
    let value: String
  }
  struct Content: Decodable {
    let size: Int
    let mimeType: String
    let text: String?
  }
  struct PostData: Decodable {
    let mimeType: String
    let text: String
  }
  struct Request: Decodable {
    let method: String
    let url: String
    let httpVersion: String
    let cookies: [Pair]
    let headers: [Pair]
    let queryString: [Pair]
    let postData: PostData?
    let headersSize: Int
    let bodySize: Int
  }
  struct Response: Decodable {
    let status: Int
    let statusText: String
    let httpVersion: String
    let cookies: [Pair]
    let headers: [Pair]
    let content: Content
    let redirectURL: String
    let headersSize: Int
    let bodySize: Int
    let _error: String?
  }
  struct Timings: Decodable {
    let send: Double
    let wait: Double
    let receive: Double
  }
  struct Cache: Decodable {}
  struct Entry: Decodable {
    let startedDateTime: String
    let time: Double
    let request: Request
    let response: Response
    let cache: Cache
    let timings: Timings
  }
  struct Log: Decodable {
    let version: String
    let creator: Creator
    let entries: [Entry]
  }
  let log: Log

  /// Reads a trace and holds it to what is promised of each: version, creator, rights, moments.
  static func read(_ name: String, of place: Workplace) throws -> HARForm {
    let form = try JSONDecoder().decode(HARForm.self, from: Data(place.text(name).utf8))
    #expect(form.log.version == "1.2" && form.log.creator.name == "Leadgauge")
    let attributes = try FileManager.default.attributesOfItem(atPath: place.at(name))
    #expect(attributes[.posixPermissions] as? Int == 0o600)
    for entry in form.log.entries {
      #expect(entry.startedDateTime.contains(#/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/#))
      #expect(entry.time >= 0 && entry.request.url.hasPrefix("http"))
    }
    return form
  }

  /// The answers' statuses, in the order of the file.
  var statuses: [Int] { log.entries.map(\.response.status) }

  /// The values of a header in all requests that have it.
  func values(ofHeader name: String) -> [String] {
    log.entries.flatMap(\.request.headers).filter { $0.name.lowercased() == name }.map(\.value)
  }
}

import Platform
import WebAPI

/// The properties that contacts of the account have.
actor PropertyCatalogue {
  /// A property that is there.
  struct Property: Sendable {
    let name: String
    let type: String
    let fieldType: String
    let isOwn: Bool
    let isHidden: Bool
    let isReadOnly: Bool
    /// As HubSpot gives them, to be sent back as they are.
    let options: JSONValue

    init?(_ json: JSONValue) {
      guard let name = json["name"].text, json["archived"].boolean != true else { return nil }
      self.name = name
      type = json["type"].text ?? "string"
      fieldType = json["fieldType"].text ?? "text"
      isOwn = json["hubspotDefined"].boolean != true
      isHidden = json["hidden"].boolean ?? false
      isReadOnly = json["modificationMetadata"]["readOnlyValue"].boolean ?? false
      options = json["options"]
    }

    /// The values that a choice has.
    var values: [String] { options.elements.compactMap { $0["value"].text } }
  }

  private let api: HubSpotAPI
  private let mapping: ContactMapping
  private var wanted: [String]?
  /// How many names did not fit into an address.
  private(set) var left = 0
  /// Longer lists of names would make the address too long for proxies on the way.
  static let longestList = 14_000

  init(api: HubSpotAPI, mapping: ContactMapping) {
    self.api = api
    self.mapping = mapping
  }

  /// All properties by name, as they are now.
  func present() async throws(ConnectorFailure) -> [String: Property] {
    let answer = try await api.get(api.paths.properties)
    var found: [String: Property] = [:]
    for property in answer.json["results"].elements.compactMap(Property.init) {
      found[property.name] = property
    }
    return found
  }

  /// The names of those that are asked for with each contact; asked for once. Those that the model looks at come
  /// before others, so that they fit whatever else there is.
  ///
  /// Names that are not there would be passed over in silence, so a list of the usual ones does where the key
  /// may not see which there are.
  func names(for needs: PullNeeds? = nil) async throws(ConnectorFailure) -> [String] {
    if let wanted { return wanted }
    let answer = try await api.answer(to: APICall(path: api.paths.properties))
    let names: [String]
    switch answer.status {
    case 200:
      names = mapping.wanted(
        of: answer.json["results"].elements.compactMap(Property.init), first: needs?.fields ?? [])
    case 403: names = mapping.usual
    default: throw api.refusal(answer, of: api.paths.properties)
    }
    let fitting = Self.fitting(names)
    left = names.count - fitting.count
    wanted = fitting
    return fitting
  }

  /// Those at the beginning that fit into an address.
  static func fitting(_ names: [String]) -> [String] {
    var length = 0
    return Array(
      names.prefix { name in
        // A comma takes three characters there.
        length += name.utf8.count + 3
        return length <= longestList
      })
  }
}

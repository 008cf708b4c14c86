import WebAPI

/// Every path of GetResponse's API that is used; they follow the address, which ends in the version.
enum GetResponsePaths {
  // MARK: Account

  static let account = "/accounts"
  static let token = "/token"
  /// Lists, as the web application calls them.
  static let campaigns = "/campaigns"
  static let tags = "/tags"
  static let customFields = "/custom-fields"

  // MARK: Contacts

  static let contacts = "/contacts"
  static func contact(_ id: String) -> String { contacts + "/" + APICall.segment(id) }
  static func tags(of id: String) -> String { contact(id) + "/tags" }
  static func customFields(of id: String) -> String { contact(id) + "/custom-fields" }
  static func activities(of id: String) -> String { contact(id) + "/activities" }

  // MARK: Segments, as the web application calls them

  static let search = "/search-contacts/contacts"
  static let segments = "/search-contacts"
  static func segment(_ id: String) -> String { segments + "/" + APICall.segment(id) }

  // MARK: Shops and transactional mail

  static let shops = "/shops"
  static func orders(of shop: String) -> String { "/shops/" + APICall.segment(shop) + "/orders" }
  static func carts(of shop: String) -> String { "/shops/" + APICall.segment(shop) + "/carts" }
  static let transactional = "/transactional-emails"
  static func transactional(_ id: String) -> String { transactional + "/" + APICall.segment(id) }

  /// A path with the ids of one contact, mail or shop taken out: ids of GetResponse's are texts, which counters
  /// of requests cannot tell from names.
  static func route(_ path: String) -> String {
    var parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    if parts.count > 2, parts[2] != "contacts" { parts[2] = "{id}" }
    return parts.joined(separator: "/")
  }
}

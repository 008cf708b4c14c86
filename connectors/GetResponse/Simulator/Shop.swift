/// A shop whose orders and carts GetResponse knows.
struct Shop: Sendable {
  let name: String
  let currency: String
  let created: Int64

  /// The id of the shop at a place.
  static func id(_ place: Int) -> String { Identifier.text(FirstID.shop + place) }
}

/// An order in a shop.
struct StoredOrder: Sendable {
  let shop: Int
  /// Where the contact stands who ordered.
  let contact: Int
  /// When GetResponse heard of it.
  let created: Int64
  /// When the shop took it.
  let processed: Int64
  let total: Double
  let currency: String
  let description: String?
  let externalID: String?
  var status: String

  /// The id of the order at a place.
  static func id(_ place: Int) -> String { Identifier.text(FirstID.order + place) }
}

/// A cart in a shop.
struct StoredCart: Sendable {
  let shop: Int
  /// Where the contact stands whose cart it is.
  let contact: Int
  let created: Int64
  let total: Double
  let currency: String
  let externalID: String?

  /// The id of the cart at a place.
  static func id(_ place: Int) -> String { Identifier.text(FirstID.cart + place) }
}

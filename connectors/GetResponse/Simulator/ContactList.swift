/// A list of contacts, which the API calls a campaign.
struct ContactList: Sendable {
  var name: String
  let created: Int64

  /// The id of the list at a place.
  static func id(_ place: Int) -> String { Identifier.text(FirstID.campaign + place) }
}

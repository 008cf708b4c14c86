/// A contact field as Mautic defines it.
struct FieldDefinition: Sendable {
  let id: Int
  let alias: String
  let label: String
  let type: String
  let group: String
  let isFixed: Bool
  var isPublished = true
  /// An empty map or list if it has none.
  let properties: JSONValue
  let defaultValue: String?
  /// When and by whom it was made; nil for those that came with Mautic.
  let created: (moment: Int64, writer: ContactWriter)?

  init(
    id: Int, alias: String, label: String, type: String, group: String = "core", isFixed: Bool = false,
    properties: JSONValue = [:], defaultValue: String? = nil,
    created: (moment: Int64, writer: ContactWriter)? = nil
  ) {
    self.id = id
    self.alias = alias
    self.label = label
    self.type = type
    self.group = group
    self.isFixed = isFixed
    self.properties = properties
    self.defaultValue = defaultValue
    self.created = created
    let hasProperties = properties != [:] && properties != []
    let serialized = hasProperties ? PHPText.serialize(properties) : "a:0:{}"
    var read: [JSONMember] = [
      JSONMember("id", .text("\(id)")), JSONMember("label", .text(label)), JSONMember("alias", .text(alias)),
      JSONMember("type", .text(type)), JSONMember("group", .text(group)), JSONMember("object", "lead"),
      JSONMember("is_fixed", .text(isFixed ? "1" : "0")), JSONMember("properties", .text(serialized)),
    ]
    if let defaultValue { read.append(JSONMember("default_value", .text(defaultValue))) }
    selectedHead = Self.head(alias, .map(read))
    if defaultValue == nil { read.append(JSONMember("default_value", nil)) }
    readHead = Self.head(alias, .map(read))
    createdHead = Self.head(
      alias,
      [
        "id": .integer(id), "group": .text(group), "label": .text(label), "alias": .text(alias),
        "type": .text(type), "properties": hasProperties ? properties : [],
      ])
    var name = JSONWriter()
    name.append(text: alias)
    nameBytes = name.bytes + [UInt8(ascii: ":")]
  }

  /// Digits behind the point with which a number is shown.
  var scale: Int {
    guard case .integer(let scale)? = properties["scale"] else { return 0 }
    return scale
  }

  /// The field's part of a contact as it is read, without value and closing brace.
  let readHead: [UInt8]
  /// The same where null is left out.
  let selectedHead: [UInt8]
  /// The same in the answer to a creation.
  let createdHead: [UInt8]
  /// The alias in quotes, and a colon.
  let nameBytes: [UInt8]

  private static func head(_ alias: String, _ members: JSONValue) -> [UInt8] {
    var writer = JSONWriter()
    writer.append(text: alias)
    writer.append(raw: ":")
    writer.append(members)
    return writer.bytes.dropLast()
  }
}

/// Who wrote a contact or a field.
struct ContactWriter: Hashable, Sendable {
  /// The user's number; nil for a client of OAuth2, for the tracker, and if nobody did.
  var id: Int?
  /// The user's name; nil if nobody did.
  var name: String?

  /// Nobody.
  static let nobody = ContactWriter(id: nil, name: nil)
  /// What stands there when a visitor's own doing changed a contact.
  static let tracker = ContactWriter(id: nil, name: " ")
}

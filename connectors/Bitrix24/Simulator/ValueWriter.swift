import SimulatorJSON

/// Turns what an update was sent into values of fields.
struct ValueWriter {
  let settings: Bitrix24ServerSettings
  /// Whether `crm.item.update` asks.
  let isUniversal: Bool
  /// The options of fields with options, by the fields' names.
  var options: [String: Set<Int64>] = [:]
  private(set) var changes: [(field: Field, cell: Cell)] = []
  /// Fields whose new value is answered and not stored.
  private(set) var notStored: [Field] = []

  init(settings: Bitrix24ServerSettings, isUniversal: Bool) {
    self.settings = settings
    self.isUniversal = isUniversal
  }

  /// Takes a value; fields that cannot be written are left out.
  mutating func take(_ value: JSON, for field: Field) throws(Refusal) {
    guard !field.isReadOnly, case .stored = field.source else { return }
    if field.isMultiple {
      try takeMany(value, for: field)
    } else {
      changes.append((field, try cell(value, field)))
    }
  }

  private mutating func takeMany(_ value: JSON, for field: Field) throws(Refusal) {
    guard value.isArray || (value.phpText ?? "").isEmpty else {
      // The older methods leave a value alone that is no list.
      if !isUniversal { return }
      throw Refusal(400, 100, "Expected iterable value for multiple field, but got string instead")
    }
    var cells: [Cell] = []
    for element in value.values {
      let cell = try cell(element, field)
      if !cell.isEmpty { cells.append(cell) }
    }
    if !cells.isEmpty {
      changes.append((field, .many(cells)))
    } else if isUniversal {
      if settings.itemUpdateClears { changes.append((field, .none)) } else { notStored.append(field) }
    } else if value == .list([]) || value == .map([]) || settings.emptyTextClears {
      changes.append((field, .none))
    }
  }

  private func cell(_ value: JSON, _ field: Field) throws(Refusal) -> Cell {
    guard let text = value.phpText, !text.isEmpty else {
      // A list where one value belongs.
      if value.isArray, !value.values.isEmpty { throw bad(field) }
      return field.kind == .boolean && value == .bool(false) ? .flag(false) : .none
    }
    switch field.kind {
    case .integer:
      guard let number = Int64(text) ?? Double(text).flatMap({ Int64(exactly: $0.rounded()) }) else {
        throw bad(field)
      }
      return .whole(number)
    case .double:
      guard let number = Double(text) else { throw bad(field) }
      return .number(number)
    case .enumeration:
      if let number = Int64(text), options[field.name]?.contains(number) ?? false { return .whole(number) }
      // To the older methods a text is the number 0, which is no option: nothing is held then.
      if isUniversal { throw bad(field) }
      return .none
    case .datetime:
      guard let seconds = settings.time.seconds(text) else { throw bad(field) }
      return .time(seconds)
    case .date:
      guard settings.time.seconds(text) != nil else { throw bad(field) }
      return .day(String(text.prefix(10)))
    case .char, .boolean: return .flag(["Y", "y", "1", "true"].contains(text))
    case .user, .company, .contact, .lead: return Int64(text).map { .whole($0) } ?? .none
    default: return .text(text)
    }
  }

  private func bad(_ field: Field) -> Refusal {
    isUniversal
      ? .badValue(field.name)
      : Refusal(400, "ERROR_CORE", "The value of the field \"\(field.name)\" is invalid.<br>")
  }
}

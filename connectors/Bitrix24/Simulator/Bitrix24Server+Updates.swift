import SimulatorJSON

/// How values are changed.
extension Bitrix24Server {
  /// `crm.contact.update` and its kin.
  mutating func update(_ type: EntityType, _ call: MethodCall) throws(Refusal) -> MethodResult {
    guard let id = call["id"]?.phpWhole, id > 0 else { throw .badID }
    guard let place = visiblePlace(id, of: type) else {
      throw .classic("\(type.word.prefix(1).uppercased() + type.word.dropFirst()) is not found")
    }
    guard let given = call["fields"], given.isArray else {
      throw .classic("Parameter 'fields' must be array.")
    }
    if let refusal = refusals[EntityReference(type: type, id: id)] { throw .classic(refusal.description) }
    var writer = ValueWriter(settings: settings, isUniversal: false)
    writer.options = options(of: type)
    for member in given.entries {
      guard let field = spaces[type].fields[member.name] else { continue }
      if field.kind == .multifield {
        addChannels(member.value, field.name, at: place, of: type)
      } else {
        try writer.take(member.value, for: field)
      }
    }
    store(
      writer.changes, at: place, of: type, now: call.second, by: settings.webhookUser,
      always: settings.equalUpdatesMoveModified)
    return MethodResult(true)
  }

  /// Entries without id are added, those with one are changed, and an empty value deletes.
  private mutating func addChannels(_ value: JSON, _ name: String, at place: Int, of type: EntityType) {
    guard let kind = Entity.Channel.Kind(rawValue: name) else { return }
    for entry in value.values {
      let text = entry["VALUE"]?.phpText ?? ""
      guard let id = entry["ID"]?.phpWhole else {
        if !text.isEmpty { addChannel(kind, text, at: place, of: type) }
        continue
      }
      guard let index = spaces[type].rows[place].channels.firstIndex(where: { $0.id == id }) else { continue }
      if text.isEmpty {
        spaces[type].rows[place].channels.remove(at: index)
      } else {
        spaces[type].rows[place].channels[index].value = text
      }
    }
  }

  mutating func addChannel(_ kind: Entity.Channel.Kind, _ value: String, at place: Int, of type: EntityType) {
    spaces[type].rows[place].channels.append(Entity.Channel(id: nextChannelID, kind: kind, value: value))
    nextChannelID += 1
  }

  /// Sets values; the time of change moves if one of them is another one.
  mutating func store(
    _ changes: [(field: Field, cell: Cell)], at place: Int, of type: EntityType, now: Int64, by user: Int64,
    always: Bool
  ) {
    var isChanged = always
    for (field, cell) in changes {
      guard case .stored(let column) = field.source, spaces[type].rows[place][column] != cell else {
        continue
      }
      if cell.isEmpty, spaces[type].rows[place][column].isEmpty { continue }
      spaces[type].rows[place][column] = cell
      isChanged = true
    }
    guard isChanged else { return }
    spaces[type].rows[place].modified = max(now, spaces[type].rows[place].created)
    spaces[type].rows[place].modifiedBy = user
  }
}

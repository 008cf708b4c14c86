import SimulatorJSON

/// Reads filter, order and place of a list's parameters.
struct ListReader {
  let fields: FieldList
  let dialect: Dialect
  let time: PortalTime

  /// A filter. The older methods leave out fields that they do not know, and bounds that are empty; the
  /// universal ones refuse the former.
  func filter(_ json: JSON?) throws(Refusal) -> Filter {
    guard let json, json != .null, json != .text("") else { return .all([]) }
    guard json.isArray else { throw .classic("Parameter 'filter' must be array.") }
    var filters: [Filter] = []
    var isAny = false
    for member in json.entries {
      if dialect == .universal, member.name == "logic" {
        isAny = member.value.phpText?.uppercased() == "OR"
      } else if Int(member.name) != nil {
        if dialect == .universal { filters.append(try filter(member.value)) }
      } else if let condition = try condition(member) {
        filters.append(.one(condition))
      }
    }
    return isAny ? .any(filters) : .all(filters)
  }

  private func condition(_ member: JSON.Member) throws(Refusal) -> Condition? {
    let (comparison, name) = Condition.split(member.name)
    guard let field = fields.field(name, in: dialect) else {
      if dialect == .classic { return nil }
      throw .badArgument("Invalid filter: field '\(name)' is not allowed in filter")
    }
    if field.kind == .multifield {
      guard dialect == .classic else {
        throw .badArgument("Invalid filter: field '\(name)' is not allowed in filter")
      }
    }
    let values = member.value.isArray ? member.value.values : [member.value]
    var operands: [Condition.Operand] = []
    for value in values {
      if let operand = Condition.Operand.of(value.phpText ?? "", field, time) {
        operands.append(operand)
      } else if dialect == .universal {
        throw .badArgument("Invalid filter: field '\(name)' has invalid value")
      } else {
        // A date that cannot be read is none, and a text is 0 where a number belongs.
        operands.append(field.kind == .datetime ? .nothing : .number(0))
      }
    }
    if operands.isEmpty { operands = [.nothing] }
    let condition = Condition(field: field, comparison: comparison, operands: operands)
    return condition.isVoid ? nil : condition
  }

  /// An order; only the universal methods refuse what they do not know.
  func order(_ json: JSON?) throws(Refusal) -> [(field: Field, descends: Bool)] {
    guard let json, json != .null, json != .text("") else { return [] }
    guard json.isArray else { throw .classic("Parameter 'order' must be array.") }
    var result: [(field: Field, descends: Bool)] = []
    for member in json.entries {
      // Clients that order `crm.item.list` by `ID` were answered.
      let isID = member.name == "ID" && dialect == .universal
      guard let field = fields.field(isID ? "id" : member.name, in: dialect) ?? fields[isID ? "ID" : ""]
      else {
        if dialect == .classic { continue }
        throw .badArgument("Invalid order: field '\(member.name)' is not allowed in order")
      }
      let direction = member.value.phpText?.uppercased() ?? "ASC"
      guard ["ASC", "DESC"].contains(direction) || dialect == .classic else {
        throw .badArgument(
          "Invalid order: allowed sort directions are `ASC, DESC`. But got '\(direction)' for field "
            + "'\(member.name)'")
      }
      result.append((field, direction == "DESC"))
    }
    return result
  }

  /// Where a page begins: -1 counts nothing, other numbers begin at a page's start.
  static func start(_ json: JSON?, size: Int, maySkipCount: Bool = true) -> Int? {
    let number = Int(json?.phpWhole ?? 0)
    if number < 0 { return maySkipCount ? nil : 0 }
    return number / size * size
  }
}

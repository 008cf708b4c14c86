import SimulatorJSON

/// A call of a method, by itself or in a batch.
struct MethodCall {
  /// In small letters.
  let name: String
  let parameters: JSON
  /// Seconds since 1970, with what earlier commands of a batch took.
  let now: Double
  let isCommand: Bool

  /// The whole second.
  var second: Int64 { Int64(now) }

  /// A parameter by its name in any case.
  subscript(name: String) -> JSON? { parameters.parameter(name) }
}

/// What a method gives back.
struct MethodResult {
  let result: JSON
  var total: Int?
  var next: Int?

  init(_ result: JSON, total: Int? = nil, next: Int? = nil) {
    self.result = result
    self.total = total
    self.next = next
  }

  /// A list with what is told of the rest.
  init(_ result: JSON, of found: ListQuery.Found) {
    self.init(result, total: found.total, next: found.next)
  }

  /// As they stand in an answer.
  var members: [JSON.Member] {
    [
      JSON.Member("result", result), next.map { JSON.Member("next", .integer(Int64($0))) },
      total.map { JSON.Member("total", .integer(Int64($0))) },
    ].compactMap { $0 }
  }
}

/// What sort of method one is, by its name in small letters.
struct MethodKind {
  private let name: String

  init(_ name: String) {
    self.name = name.lowercased()
  }

  private var last: Substring { name.split(separator: ".").last ?? "" }

  var isChanging: Bool { ["add", "update", "delete"].contains(last) }

  /// The scope that it needs; nil if everybody has it.
  var scope: String? {
    if name.hasPrefix("crm.") { return "crm" }
    if name.hasPrefix("voximplant.") { return "telephony" }
    return name.hasPrefix("user.") ? "user" : nil
  }

  func seconds(_ settings: Bitrix24ServerSettings.CallSeconds, counts: Bool) -> Double {
    if name.contains(".userfield."), isChanging { return settings.userField }
    if isChanging { return settings.update }
    if name == "voximplant.statistic.get" || last == "list" {
      return counts ? settings.countedList : settings.list
    }
    return last == "get" && name.hasPrefix("crm.") ? settings.get : settings.other
  }
}

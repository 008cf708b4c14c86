/// Which method is answered by what, and what it costs.
extension Bitrix24Server {
  /// Calls a method unless it has worked too long, and counts its seconds.
  mutating func perform(_ call: MethodCall) throws(Refusal) -> (result: MethodResult, seconds: Double) {
    calls[call.name, default: 0] += 1
    let ownBudget = !call.isCommand || settings.batchPayer == .commands
    if ownBudget { try checkBudget(of: call.name, at: call.now) }
    try checkAccess(to: call.name)
    let start = call["start"]?.phpWhole ?? 0
    let seconds = MethodKind(call.name).seconds(settings.seconds, counts: start >= 0)
    // A refusal takes hardly any time.
    let result = try dispatch(call)
    if ownBudget { ledger.add(seconds, to: call.name, at: call.now, free: settings.seconds.free) }
    return (result, seconds)
  }

  /// The check is made before the call: the one that crosses the line is still answered.
  mutating func checkBudget(of method: String, at now: Double) throws(Refusal) {
    guard settings.limitsRequests, ledger.seconds(of: method, at: now) > settings.operatingBudget else {
      return
    }
    operatingRefusals += 1
    throw Refusal(429, "OPERATION_TIME_LIMIT", "Method is blocked due to operation time limit.")
  }

  private func checkAccess(to method: String) throws(Refusal) {
    guard exists(method) else { throw .noSuchMethod }
    if let scope = MethodKind(method).scope, !settings.scopes.contains(scope) {
      throw Refusal(
        403, "insufficient_scope", "The request requires higher privileges than provided by the webhook token"
      )
    }
  }

  private static let plainMethods: Set<String> = [
    "batch", "scope", "method.get", "server.time", "profile", "feature.get", "user.current",
    "crm.item.list", "crm.item.get", "crm.item.update", "crm.item.fields", "crm.activity.list",
    "crm.activity.get", "crm.activity.binding.list", "crm.activity.todo.add", "crm.stagehistory.list",
    "crm.status.list",
    "crm.duplicate.findbycomm", "crm.settings.mode.get", "voximplant.statistic.get",
  ]
  private static let entityMethods: Set<String> = ["list", "get", "update", "fields"]
  private static let userFieldMethods: Set<String> = ["list", "get", "add", "update", "delete"]

  /// Whether the portal has a method of this name in small letters.
  func exists(_ method: String) -> Bool {
    if settings.missingMethods.contains(method) { return false }
    if Self.plainMethods.contains(method) { return true }
    let parts = method.split(separator: ".").map { String($0) }
    guard parts.count >= 3, parts[0] == "crm", EntityType(word: parts[1]) != nil else { return false }
    if parts.count == 3 { return Self.entityMethods.contains(parts[2]) }
    return parts.count == 4 && parts[2] == "userfield" && Self.userFieldMethods.contains(parts[3])
  }

  private mutating func dispatch(_ call: MethodCall) throws(Refusal) -> MethodResult {
    switch call.name {
    case "crm.item.list": return try itemList(call)
    case "crm.item.get": return try itemGet(call)
    case "crm.item.update": return try itemUpdate(call)
    case "crm.item.fields": return try itemFields(call)
    case "crm.activity.list": return try activityList(call)
    case "crm.activity.get": return try activityGet(call)
    case "crm.activity.binding.list": return try bindingList(call)
    case "crm.activity.todo.add": return try todoAdd(call)
    case "crm.stagehistory.list": return try historyList(call)
    case "voximplant.statistic.get": return try callList(call)
    case "crm.status.list": return try statusList(call)
    case "crm.duplicate.findbycomm": return try duplicates(call)
    default: break
    }
    let parts = call.name.split(separator: ".").map { String($0) }
    guard parts.count >= 3, parts[0] == "crm", let type = EntityType(word: parts[1]) else {
      return try account(call)
    }
    switch parts[2] {
    case "list": return try list(type, call)
    case "get": return try get(type, call)
    case "update": return try update(type, call)
    case "fields": return fieldDescriptions(type)
    default: return try userField(type, parts.count > 3 ? parts[3] : "", call)
    }
  }
}

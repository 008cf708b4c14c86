import ArgumentParser
import Foundation

/// Answers to what the platforms' guides ask: from options first, from the terminal where somebody can be asked.
struct InitAnswers {
  let asks: Bool
  /// Addresses by the place of the platform among those that `--platform` names.
  var urls: [String]
  /// True if there is an address for platforms that need none, too.
  var hasAllURLs = false
  var users: [String]
  var names: [String]
  var variables: [String]
  var files: [PlatformGuide.Option: String]
  /// The absolute path of the folder for secrets.
  let secretsFolder: String
  /// True if secrets are kept in files.
  let keepsSecrets: Bool

  /// One connection; called again for the same one, it asks for everything anew.
  mutating func connection(_ guide: PlatformGuide, beside others: [InitPlan.Connection]) throws
    -> InitPlan.Connection
  {
    if asks { Prompt.say("\n\(guide.title)\n") }
    let name = try name(guide, beside: others)
    var connection = InitPlan.Connection(guide: guide, name: name)
    for key in guide.keys {
      if key.isSecret {
        connection.secrets[key.path] = try secret(key, connection, beside: others)
      } else {
        connection.values[key.path] = try value(key, guide)
      }
    }
    return connection
  }

  private mutating func name(_ guide: PlatformGuide, beside others: [InitPlan.Connection]) throws -> String {
    func isTaken(_ name: String) -> Bool { others.contains { $0.name == name } }
    var usual = guide.connection
    var number = 2
    while isTaken(usual) {
      usual = "\(guide.connection)\(number)"
      number += 1
    }
    while true {
      let given = names.isEmpty ? nil : names.removeFirst()
      let name = try given ?? (asks ? Prompt.ask("Your name for it", standard: usual) : usual)
      let isUsable = name.wholeMatch(of: #/[^\s/@\x00-\x1f]{1,60}/#) != nil
      if isUsable && !isTaken(name) { return name }
      let what =
        isTaken(name) ? "there is a connection '\(name)' already" : "'\(name)' cannot be a connection's name"
      guard asks, given == nil else {
        throw CommandFailure(
          .usage, what, cure: "Use up to 60 characters without blanks, / and @, each name once")
      }
      Prompt.say("No: \(what).\n")
    }
  }

  private mutating func value(_ key: PlatformGuide.Key, _ guide: PlatformGuide) throws -> String {
    let given: String?
    switch key.option {
    case .url:
      let isTaken = key.isNeeded || hasAllURLs
      given = urls.isEmpty || !isTaken ? nil : urls.removeFirst()
    case .user: given = users.isEmpty ? nil : users.removeFirst()
    case .some(let option): given = files[option]
    case nil: given = nil
    }
    if let given { return given }
    if asks, key.isAsked {
      return try Prompt.ask(key.question, hint: key.hint, standard: key.standard, isNeeded: key.isNeeded)
    }
    if let standard = key.standard { return standard }
    guard key.isNeeded else { return "" }
    throw CommandFailure(
      .usage, "\(guide.title) needs \(key.question.lowercased())",
      cure: "Give it with --\(key.option?.rawValue ?? key.path)")
  }

  // MARK: Secrets

  private mutating func secret(
    _ key: PlatformGuide.Key, _ connection: InitPlan.Connection, beside others: [InitPlan.Connection]
  ) throws -> InitPlan.Secret {
    var secret = InitPlan.Secret(variable: try variable(key, connection, beside: others))
    let known = ProcessInfo.processInfo.environment[secret.variable].flatMap { $0.isEmpty ? nil : $0 }
    let file = secretsFolder + "/\(connection.name).\(key.path.split(separator: ".").last ?? "secret")"
    if asks, known == nil {
      let typed = try Prompt.secret(
        "\(key.question) (hidden; empty: it comes from \(secret.variable))", hint: key.hint)
      guard !typed.isEmpty else { return secret }
      secret.value = typed
      let keeps =
        try keepsSecrets || Prompt.confirm("Keep it in \(file), readable by you alone?", standard: true)
      if keeps { secret.file = file }
      return secret
    }
    secret.value = known
    guard keepsSecrets else { return secret }
    guard known != nil else {
      throw CommandFailure(
        .usage, "\(secret.variable) is not set, so there is no secret to keep",
        cure: "Set it for this one call, or leave --secrets-file out")
    }
    secret.file = file
    return secret
  }

  private mutating func variable(
    _ key: PlatformGuide.Key, _ connection: InitPlan.Connection, beside others: [InitPlan.Connection]
  ) throws -> String {
    if !variables.isEmpty {
      let name = variables.removeFirst()
      guard name.wholeMatch(of: #/[A-Za-z_][A-Za-z0-9_]*/#) != nil else {
        throw CommandFailure(
          .usage, "'\(name)' is no name of an environment variable", cure: "Use letters, digits and _")
      }
      return name
    }
    let usual = key.variable ?? "SECRET"
    let taken = others.flatMap { $0.secrets.values.map(\.variable) }
    guard taken.contains(usual) else { return usual }
    let letters = connection.name.uppercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" }
    return String(letters) + "_" + usual
  }
}

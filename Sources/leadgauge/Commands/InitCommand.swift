import ArgumentParser
import Foundation
import Platform
import Report
import Scoring
import ShippedFiles
import StrictYAML
import Sync

struct InitCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Write a configuration and a starter model from a persona, and try the credentials.",
    discussion: """
      On a terminal it asks for what no option says. Elsewhere --url, --user and --connection go with the platforms
      in their order. Secrets are never written into the configuration: it names an environment variable, or with
      --secrets-file a file that only you can read. Their values come from those variables, or are asked for.
      Guessing is a fine start: the starter models are guesses, and data corrects them later.

      EXAMPLES
        leadgauge init
        leadgauge init --persona saas --activities activities.csv
        leadgauge init --platform mautic --url https://m.example.com --connection web --lang vi --secrets-file
      """)

  @OptionGroup var options: SharedOptions

  @Option(
    help:
      "Which platform: \(PlatformGuide.all.map(\.name).joined(separator: ", ")); may be given several times.")
  var platform: [String] = []

  @Option(
    help:
      "Whose model to start from: \(InitPlan.personas.map(\.name).joined(separator: ", ")). (default: b2b-services)"
  )
  var persona: String?

  @Option(help: "Language of the model's titles: en or vi. (default: en)")
  var lang: String?

  @Option(help: "The platform's address; may be given several times.")
  var url: [String] = []

  @Option(help: "The user for the API; may be given several times.")
  var user: [String] = []

  @Option(help: "The environment variable that a secret is in; may be given several times.")
  var variable: [String] = []

  @Option(help: "Files: the file with the contacts. (default: contacts.csv)")
  var contacts: String?

  @Option(help: "Files: the file with the activities.")
  var activities: String?

  @Option(help: "Files: the file that the scores are written to. (default: scores.csv)")
  var output: String?

  @Flag(help: "Keep secrets in files beside the configuration, mode 0600, instead of variables.")
  var secretsFile = false

  @Flag(help: "Do not try the credentials.")
  var noCheck = false

  @Flag(help: "Replace files that are there.")
  var force = false

  func validate() throws {
    if let persona, !InitPlan.personas.contains(where: { $0.name == persona }) {
      let known = InitPlan.personas.map(\.name).sorted().joined(separator: ", ")
      throw ValidationError("There is no persona '\(persona)'. Known: \(known).")
    }
    if let lang, InitPlan.Language(rawValue: lang) == nil {
      throw ValidationError("There are no titles in '\(lang)'. Known: en, vi.")
    }
    let known = Self.guides.map(\.name)
    for name in platform where !known.contains(name) {
      let isPlanned = PlatformGuide.all.contains { $0.name == name }
      throw ValidationError(
        "There is no platform '\(name)'\(isPlanned ? " yet" : ""). Known: \(known.joined(separator: ", ")).")
    }
  }

  /// What can be set up: what this program has.
  private static var guides: [PlatformGuide] {
    let names = Set(Platforms.all().map(\.name))
    return PlatformGuide.all.filter { names.contains($0.name) }
  }

  func run() async throws {
    let command = self
    try await Session.run(options) { session in
      let path = session.options.configPath
      if !command.force { try Self.refuse(ifThere: [path]) }
      let asks = Prompt.isPossible && !session.options.json && !session.options.quiet
      let plan: InitPlan
      do {
        plan = try await command.plan(session, asks: asks)
      } catch is Prompt.Ended {
        throw CommandFailure(.interrupted, "nothing was written", cure: "")
      }
      let files = plan.files(for: path, today: session.environment.now)
      if !command.force { try Self.refuse(ifThere: files.map(\.path) + plan.secretFiles.map(\.path)) }
      for file in plan.secretFiles { try NewFile.write(file.text, to: file.path, isSecret: true) }
      for file in files { try NewFile.write(file.text, to: file.path) }
      let lines = command.noCheck ? [] : await Self.check(plan, path, plan.connections.map(\.name), session)
      command.report(plan, files.map(\.path), lines, session)
      return ExitStatus.of(
        lines.filter { line in plan.connections.contains { $0.name == line.subject && $0.guide.hasLogin } }
          .map(\.finding))
    }
  }

  private static func refuse(ifThere paths: [String]) throws {
    guard let there = paths.first(where: { FileManager.default.fileExists(atPath: $0) }) else { return }
    throw CommandFailure(
      .cannotCreate, "\(there) is there already",
      cure: "Use --force to replace it, or --config for another place")
  }

  // MARK: Questions

  private func plan(_ session: Session, asks: Bool) async throws -> InitPlan {
    var plan = InitPlan()
    var answers = InitAnswers(
      asks: asks, urls: url, users: user, names: options.connection, variables: variable,
      files: [.contacts: contacts, .activities: activities, .output: output].compactMapValues(\.self),
      secretsFolder: ScheduleNeeds.absolute(
        Self.beside(session.options.configPath, "secrets"), in: FileManager.default.currentDirectoryPath),
      keepsSecrets: secretsFile)
    var wanted = platforms(asks)
    answers.hasAllURLs = try takesAllURLs(wanted)
    repeat {
      let guide =
        try wanted.isEmpty ? choosePlatform(isFirst: plan.connections.isEmpty) : wanted.removeFirst()
      var connection: InitPlan.Connection
      repeat {
        connection = try answers.connection(guide, beside: plan.connections)
      } while try await isToBeAskedAgain(connection, plan, session, asks)
      plan.connections.append(connection)
    } while try !wanted.isEmpty
      || asks && platform.isEmpty
        && Prompt.confirm("\nAnother platform?", standard: false)
    if asks, persona == nil { Prompt.say("\n") }
    plan.persona =
      try persona
      ?? (asks ? Prompt.choose("Which business", InitPlan.personas, standard: "1") : "b2b-services")
    plan.language = try language(asks)
    return plan
  }

  /// Whether platforms that have an address of their own take one from `--url` too: never one that was meant for
  /// another, since the credentials go there.
  ///
  /// - Throws: A usage error if there are more answers than questions, or too few to tell whose they are.
  private func takesAllURLs(_ wanted: [PlatformGuide]) throws -> Bool {
    guard !wanted.isEmpty else { return false }
    let keys = wanted.flatMap(\.keys)
    func count(_ option: PlatformGuide.Option, needed: Bool) -> Int {
      keys.count { $0.option == option && ($0.isNeeded || !needed) }
    }
    let (needing, all) = (count(.url, needed: true), count(.url, needed: false))
    guard url.isEmpty || url.count == needing || url.count == all else {
      throw CommandFailure(
        .usage,
        "addresses were given (\(url.count)) for platforms of which \(needing) need one and \(all) take one",
        cure: "Give --url once for each of them, in the order of --platform")
    }
    guard user.count <= count(.user, needed: false) else {
      throw CommandFailure(
        .usage, "--user was given more often than there are platforms that ask for one", cure: "Leave it out")
    }
    let secrets = keys.count(where: \.isSecret)
    guard variable.count <= secrets else {
      throw CommandFailure(
        .usage, "--variable was given more often than there are secrets (\(secrets))", cure: "Leave it out")
    }
    return url.count == all
  }

  /// What options say; empty if that is to be asked.
  private func platforms(_ asks: Bool) -> [PlatformGuide] {
    if !platform.isEmpty {
      return platform.compactMap { name in Self.guides.first { $0.name == name } }
    }
    // Options that only files have say which platform it is.
    let isAsked = asks && contacts == nil && activities == nil && output == nil
    return isAsked ? [] : Self.guides.filter { $0.name == "files" }
  }

  private func choosePlatform(isFirst: Bool) throws -> PlatformGuide {
    let name = try Prompt.choose(
      isFirst ? "Where are your contacts" : "Where else", Self.guides.map { ($0.name, $0.title) },
      standard: "1")
    return Self.guides.first { $0.name == name } ?? Self.guides[0]
  }

  private func language(_ asks: Bool) throws -> InitPlan.Language {
    if let lang { return InitPlan.Language(rawValue: lang) ?? .english }
    guard asks else { return .english }
    let isVietnamese = (ProcessInfo.processInfo.environment["LANG"] ?? "").hasPrefix("vi")
    let name = try Prompt.choose(
      "Language of the model's titles", [("en", "English"), ("vi", "Tiếng Việt")],
      standard: isVietnamese ? "2" : "1")
    return InitPlan.Language(rawValue: name) ?? .english
  }

  /// Tries a connection as soon as it is described, so that a mistake can be mended at once.
  private func isToBeAskedAgain(
    _ connection: InitPlan.Connection, _ plan: InitPlan, _ session: Session, _ asks: Bool
  ) async throws -> Bool {
    guard asks, !noCheck, connection.guide.hasLogin,
      connection.secrets.values.allSatisfy({ $0.value != nil })
    else { return false }
    var trial = plan
    trial.connections = [connection]
    let lines = await Self.check(trial, session.options.configPath, [connection.name], session)
    let errors = lines.filter { $0.finding.severity == .error }
    guard !errors.isEmpty else {
      Prompt.say("\(connection.guide.title) answers, and the credentials are good.\n")
      return false
    }
    let columns = Terminal.columns(of: STDERR_FILENO)
    Prompt.say(errors.map { $0.text(Terminal.errorStyle, columns: columns) }.joined())
    return try Prompt.confirm("Answer again?", standard: true)
  }

  // MARK: Trying and telling

  /// What the connectors say; a connection whose secret is not known is told as such.
  private static func check(
    _ plan: InitPlan, _ path: String, _ names: [String], _ session: Session
  ) async -> [CheckLine] {
    let environment = ProcessInfo.processInfo.environment.merging(plan.knownSecrets) { $1 }
    let unknown = plan.variablesToSet.filter { environment[$0, default: ""].isEmpty }
    guard unknown.isEmpty else {
      return [
        CheckLine(
          "credentials",
          Finding(
            .warning,
            "not tried: \(unknown.joined(separator: ", ")) \(unknown.count == 1 ? "is" : "are") not set",
            cure: "Set \(unknown.count == 1 ? "it" : "them"), then run leadgauge check"))
      ]
    }
    do throws(InputProblems) {
      let configuration = try Configuration(
        yaml: plan.configuration(isTrial: true), file: path,
        platforms: Platforms.all(observer: session.watch),
        secrets: SecretExpansion(environment: environment))
      var lines: [CheckLine] = []
      for connection in configuration.connections where names.contains(connection.name) {
        for finding in await connection.connector.check(now: session.environment.now) {
          lines.append(CheckLine(connection.name, finding))
        }
      }
      await Session.close(configuration)
      return lines
    } catch {
      let name = names.last ?? "configuration"
      return error.problems.map { CheckLine(name, Finding(.error, $0.what, cure: $0.cure)) }
    }
  }

  private func report(_ plan: InitPlan, _ files: [String], _ lines: [CheckLine], _ session: Session) {
    let secrets = plan.secretFiles.map(\.path)
    let columns = Terminal.columns(of: STDOUT_FILENO)
    var text = "Written: \((files + secrets).joined(separator: ", ")).\n"
    text += lines.filter { $0.finding.severity != .fine || $0.subject == "credentials" }
      .map { $0.text(Terminal.style, columns: columns) }.joined()
    let tried = plan.connections.filter { connection in
      let own = lines.filter { $0.subject == connection.name }
      return connection.guide.hasLogin && !own.isEmpty && !own.contains { $0.finding.severity == .error }
    }.map(\.name)
    if !tried.isEmpty { text += "Tried, and the credentials are good: \(tried.joined(separator: ", ")).\n" }
    let variables = plan.variablesToSet
    if !variables.isEmpty {
      text += "Set before every run, in the environment of whoever runs it:\n"
      text += variables.map { "  export \($0)=…\n" }.joined()
    }
    let option = session.options.config.map { " --config \($0)" } ?? ""
    text += """
      Next: put your own page names into \(plan.modelFile), then
        leadgauge check\(option)      is everything there
        leadgauge plan\(option)       the dry run: what would be written

      """
    session.say(text)
    session.sayJSON(
      #"{"files":\#(PlanJSON.list(files)),"secretFiles":\#(PlanJSON.list(secrets)),"variables":\#(PlanJSON.list(variables)),"findings":[\#(lines.map(\.json).joined(separator: ","))]}"#
    )
  }

  static func beside(_ path: String, _ name: String) -> String {
    let folder = (path as NSString).deletingLastPathComponent
    return folder.isEmpty ? name : folder + "/" + name
  }
}

extension InitPlan {
  /// The files to write, without secrets.
  fileprivate func files(for path: String, today: Timestamp) -> [(path: String, text: String)] {
    func beside(_ name: String) -> String { InitCommand.beside(path, name) }
    return [
      (path, configuration()), (beside(modelFile), model(today: today)),
      (beside("schema/model.schema.json"), ShippedFiles.modelSchema),
      (beside("schema/configuration.schema.json"), ShippedFiles.configurationSchema),
    ]
  }

  /// The secrets that are kept in files.
  fileprivate var secretFiles: [(path: String, text: String)] {
    connections.flatMap { connection in
      connection.guide.keys.compactMap { key in
        connection.secrets[key.path].flatMap { secret in
          secret.file.flatMap { file in secret.value.map { (file, $0) } }
        }
      }
    }
  }
}

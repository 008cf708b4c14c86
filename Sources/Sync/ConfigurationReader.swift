import Foundation
import Platform
import Scoring
import StrictYAML

extension Configuration {
  /// Reads a configuration from the text of its file.
  ///
  /// - Parameters:
  ///   - file: The file's path for messages and for relative paths.
  ///   - platforms: Every platform there is.
  /// - Throws: `InputProblems` with all that is wrong, each with line, column and cure.
  public init(
    yaml text: String, file: String, platforms: [any PlatformEntry], secrets: SecretExpansion
  ) throws(InputProblems) {
    let problems = ProblemCollector(file: file)
    problems.expand = { text in secrets.expand(text) { problems.noteExposed($0) } }
    let root = try YAMLDocument.mapping(in: text, problems: problems)
    let folder = (file as NSString).deletingLastPathComponent
    let reader = ConfigurationReader(
      problems: problems, folder: folder.isEmpty ? "." : folder, platforms: platforms)
    self = reader.configuration(root, file: file)
    exposedSecrets = problems.exposed
    try problems.throwIfAny()
  }
}

private struct ConfigurationReader {
  let problems: ProblemCollector
  let folder: String
  let platforms: [any PlatformEntry]

  func configuration(_ root: YAMLMapping, file: String) -> Configuration {
    if let version = root.required("version", cure: "Write version: 1"), let number = version.integer(),
      number != 1
    {
      version.report("this is a configuration of version \(number)", cure: "This program reads version 1")
    }
    let model = root.required("model", cure: "Name the model file, for example model: models/b2b.yaml")?
      .text()
    let state = root.optional("state")?.text() ?? "state/leadgauge.db"
    let privateFolder = path(state) + ".d"
    let history = root.optional("history").flatMap(span) ?? .days(365)
    let hasWrite = root.has("write")
    let general = writePolicy(
      root.optional("write")?.mapping(), over: hasWrite ? Self.nothingNamed : .standard)
    let fuses = fuses(root.optional("fuses")?.mapping())
    let notify = NotifyReader(path: path).settings(root.optional("notify")?.mapping())
    var connections: [ConfiguredConnection] = []
    let named = root.required("connections", cure: "Name at least one connection")?.mapping()?.named() ?? []
    for (name, position, value) in named {
      checkName(name, at: position)
      if let settings = value.mapping(),
        let connection = connection(name, settings, general: general, privateFolder: privateFolder)
      {
        connections.append(connection)
      }
    }
    if named.isEmpty, root.has("connections"), problems.problems.isEmpty {
      problems.report(
        "there is no connection", at: root.position(of: "connections") ?? .start, cure: "Name at least one")
    }
    if named.count > 64 {
      problems.report(
        "there are \(named.count) connections", at: root.position(of: "connections") ?? .start,
        cure: "Keep to 64")
    }
    root.finish("the configuration")
    return Configuration(
      file: file, folder: folder, modelPath: path(model ?? ""), statePath: path(state), history: history,
      connections: connections, fuses: fuses, notify: notify)
  }

  private static let nothingNamed: WritePolicy = {
    var policy = WritePolicy.standard
    (policy.fields.band, policy.fields.reasons) = (nil, nil)
    return policy
  }()

  private func path(_ text: String) -> String {
    text.hasPrefix("/") || folder == "." ? text : folder + "/" + text
  }

  private func checkName(_ name: String, at position: SourcePosition) {
    let isUsable =
      !name.isEmpty && name.utf8.count <= 60
      && name.unicodeScalars.allSatisfy {
        $0.value > 0x20 && $0 != "/" && $0 != "@" && !$0.properties.isWhitespace
      }
    if !isUsable {
      problems.report(
        "'\(name.prefix(80))' cannot be the name of a connection", at: position,
        cure: "Use up to 60 characters without blanks, / and @")
    }
  }

  // MARK: Connections

  private func connection(
    _ name: String, _ settings: YAMLMapping, general: WritePolicy, privateFolder: String
  ) -> ConfiguredConnection? {
    let value = settings.required("platform", cure: "Name the platform: \(platformNames)")
    guard let value, let platform = value.text() else { return nil }
    guard let entry = platforms.first(where: { $0.name == platform }) else {
      let near = YAMLMapping.nearest(to: platform, in: platforms.map(\.name))
      value.report(
        "there is no platform '\(platform)'",
        cure: near.map { "Did you mean '\($0)'" } ?? "Known: \(platformNames)")
      return nil
    }
    var base = general
    if entry.prefersNativeScore {
      (base.fields.score, base.fields.band, base.fields.reasons) = (.native, nil, nil)
    }
    var policy: WritePolicy? = base
    if let write = settings.optional("write") {
      if write.isMapping {
        policy = writePolicy(write.mapping(), over: base)
      } else if write.boolean(expected: "what to write, or false") == false {
        policy = nil
      }
    }
    let context = ConnectorContext(
      name: name, folder: folder, fields: policy?.fields, privateFolder: privateFolder)
    guard let connector = entry.connector(settings: settings, context: context) else { return nil }
    if policy?.fields.score == .native, !connector.capabilities.hasNativeScore {
      problems.report(
        "\(platform) has no score of its own that could be set",
        at: settings.position(of: "write") ?? settings.position,
        cure: "Name a field, for example score: lead_score")
    }
    return ConfiguredConnection(
      name: name, connector: connector, write: connector.capabilities.canWrite ? policy : nil)
  }

  private var platformNames: String { platforms.map(\.name).joined(separator: ", ") }

  private func writePolicy(_ map: YAMLMapping?, over base: WritePolicy) -> WritePolicy {
    guard let map else { return base }
    var policy = base
    if let score = map.optional("score")?.text() {
      policy.fields.score = score == "native" ? .native : .field(score)
    }
    if map.has("band") { policy.fields.band = map.optional("band")?.text() }
    if map.has("reasons") { policy.fields.reasons = map.optional("reasons")?.text() }
    if let tags = map.optional("tags")?.boolean() { policy.fields.tags = tags }
    if let value = map.optional("minDelta") { policy.minDelta = count(value, "minDelta", from: 1) ?? 1 }
    if let value = map.optional("bandSlack") { policy.bandSlack = count(value, "bandSlack", from: 0) ?? 0 }
    map.finish("write")
    return policy
  }

  // MARK: Fuses and small values

  private func fuses(_ map: YAMLMapping?) -> FuseLimits {
    guard let map else { return .standard }
    var limits = FuseLimits.standard
    if let value = map.optional("maxChanges") { limits.maxChanges = share(value) ?? limits.maxChanges }
    if let value = map.optional("maxWrites") {
      limits.maxWrites = count(value, "maxWrites", from: 1) ?? limits.maxWrites
    }
    if let value = map.optional("maxShrink") { limits.maxShrink = share(value) ?? limits.maxShrink }
    map.finish("fuses")
    return limits
  }

  /// A share such as `25%` in hundredths of a percent.
  private func share(_ value: YAMLValue) -> Int? {
    guard let text = value.text(expected: "a share such as 25%") else { return nil }
    guard text.hasSuffix("%"), let number = PlainNumber.parse(String(text.dropLast())),
      (0...100).contains(number)
    else {
      value.report("'\(text)' is no share", cure: "Write a number from 0 to 100 and %, for example 25%")
      return nil
    }
    return Int((number * 100).rounded())
  }

  private func span(_ value: YAMLValue) -> TimeSpan? {
    guard let text = value.text(expected: "a duration such as 365d") else { return nil }
    guard let span = TimeSpan(text) else {
      value.report(
        "'\(text)' is no duration", cure: "Write a whole number and s, m, h, d or w, for example 365d")
      return nil
    }
    return span
  }

  private func count(_ value: YAMLValue, _ key: String, from lowest: Int) -> Int? {
    guard let number = value.integer() else { return nil }
    guard number >= lowest, number <= 1_000_000_000 else {
      value.report("'\(key)' is \(number)", cure: "Write a whole number from \(lowest)")
      return nil
    }
    return number
  }
}

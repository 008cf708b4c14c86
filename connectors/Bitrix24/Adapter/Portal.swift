import Platform
import WebAPI

/// What is known of a portal, asked for once: its mode, its fields, and which methods it has.
actor Portal {
  /// What reading and writing need to know.
  struct Facts: Sendable {
    var hasLeads = false
    /// False once the portal turns out to have no classic list any more.
    var hasClassic = true
    var catalogues: [PersonKind: FieldCatalogue] = [:]
    /// The names of sources by their keys.
    var sources: [String: String] = [:]
  }

  private let api: Bitrix24API
  private let settings: Bitrix24Settings
  private var facts = Facts()
  private var isLoaded = false

  init(api: Bitrix24API, settings: Bitrix24Settings) {
    self.api = api
    self.settings = settings
  }

  private static let mode = NamedCommand("q", Command("crm.settings.mode.get"))
  private static let method = NamedCommand(
    "q", Command("method.get", [("name", PersonKind.contact.list)]))
  private static let sources = NamedCommand(
    "q", Command("crm.status.list", [("filter[ENTITY_ID]", "SOURCE")]))

  /// What is still to be asked; it may go along with other commands.
  func questions(leads: Bool) -> [NamedCommand] {
    guard !isLoaded else { return [] }
    return (settings.leads == .auto ? [Self.mode] : []) + [Self.method, Self.sources]
      + FieldCatalogue.questions(.contact)
      + (leads || settings.leads == .yes ? FieldCatalogue.questions(.lead) : [])
  }

  /// Takes the answers to the questions.
  func take(_ answer: BatchAnswer) async throws(ConnectorFailure) {
    guard !isLoaded else { return }
    try check([Self.method, Self.sources] + FieldCatalogue.questions(.contact), answer)
    switch settings.leads {
    case .yes: facts.hasLeads = true
    case .no: facts.hasLeads = false
    case .auto: facts.hasLeads = try isClassic(answer)
    }
    if let method = answer.value(Self.method) {
      facts.hasClassic = method["isExisting"].boolean ?? true && method["isAvailable"].boolean ?? true
    }
    for source in answer.value(Self.sources)?.elements ?? [] {
      guard let key = source["STATUS_ID"].text, let name = source["NAME"].text else { continue }
      facts.sources[key] = name
    }
    facts.catalogues[.contact] = FieldCatalogue(.contact, answer)
    if facts.hasLeads {
      let questions = FieldCatalogue.questions(.lead)
      let isThere = questions.contains { if case .missing = answer[$0] { false } else { true } }
      let leads = isThere ? answer : try await api.read(questions)
      try check(questions, leads)
      facts.catalogues[.lead] = FieldCatalogue(.lead, leads)
    }
    try await askForOptions()
    isLoaded = true
  }

  /// Whether people arrive as leads. Guessing would make all leads come or go.
  private func isClassic(_ answer: BatchAnswer) throws(ConnectorFailure) -> Bool {
    if case .trouble(let trouble) = answer[Self.mode], trouble.kind == .noMethod { return false }
    // 1 is the classic mode, 2 the simple one.
    return try api.needed(Self.mode, answer).integer == 1
  }

  /// What is refused for good is done without; what is not answered this time would make fields come and go.
  private func check(_ questions: [NamedCommand], _ answer: BatchAnswer) throws(ConnectorFailure) {
    for question in questions {
      if case .trouble(let trouble) = answer[question], trouble.isForGood { continue }
      _ = try api.needed(question, answer)
    }
  }

  /// Lists of fields may leave out the options of enumerations.
  private func askForOptions() async throws(ConnectorFailure) {
    var questions: [(kind: PersonKind, name: String, command: NamedCommand)] = []
    for kind in PersonKind.allCases {
      for field in facts.catalogues[kind]?.untold ?? [] {
        let command = Command(kind.prefix + ".userfield.get", [("id", field.number ?? "")])
        questions.append((kind, field.name, NamedCommand("o\(field.number ?? "")", command)))
      }
    }
    for start in stride(from: 0, to: questions.count, by: Bitrix24API.mostCommands) {
      let part = questions[start..<min(questions.count, start + Bitrix24API.mostCommands)]
      let answer = try await api.read(part.map(\.command))
      for question in part {
        guard let value = answer.value(question.command) else { continue }
        facts.catalogues[question.kind]?.take(optionsOf: question.name, value)
      }
    }
  }

  /// What is known, asked for if it was not yet.
  func known() async throws(ConnectorFailure) -> Facts {
    if !isLoaded {
      let questions = questions(leads: false)
      let answer = try await api.read(questions)
      // Whoever may not read fields may read nothing; of the classic and the universal method one is enough.
      let fields = FieldCatalogue.questions(.contact)
      if answer.value(fields[1]) == nil { _ = try api.needed(fields[0], answer) }
      try await take(answer)
    }
    return facts
  }

  /// What is known so far.
  var soFar: Facts { facts }

  /// The classic list was refused as unknown.
  func loseClassic() { facts.hasClassic = false }

  /// Fields were made: they are to be asked for anew.
  func forget() { isLoaded = false }
}

/// What `init` and `schedule` know of a platform: what to ask, and where the answers come from. Data only; what a
/// connection's keys mean is the connector's affair.
struct PlatformGuide: Sendable {
  /// One key under the connection.
  struct Key: Sendable {
    /// As it stands in the configuration: `url`, `auth.password`.
    let path: String
    /// What is asked on a terminal.
    let question: String
    /// Where one finds the answer.
    var hint = ""
    /// The option that gives it where nobody can be asked; nil for secrets.
    var option: Option?
    /// The answer if none is given; nil if one is needed.
    var standard: String?
    /// The environment variable for a secret; nil for all else.
    var variable: String?
    /// False if the key may be left out.
    var isNeeded = true
    /// False if nobody is asked for it: only an option gives it.
    var isAsked = true

    var isSecret: Bool { variable != nil }
  }

  /// Options of `init` that answer.
  enum Option: String, Sendable {
    case url
    case user
    case contacts
    case activities
    case output
  }

  /// As it stands under `platform:`.
  let name: String
  /// As people call it.
  let title: String
  /// The usual name of a connection.
  let connection: String
  let keys: [Key]
  /// Keys that name files that are read.
  var readFiles: [String] = []
  /// Keys that name files that are written.
  var writtenFiles: [String] = []

  /// True if the platform asks who one is.
  var hasLogin: Bool { keys.contains(where: \.isSecret) }

  /// Every platform, whether the program has it yet or not.
  static let all: [PlatformGuide] = [files, mautic, hubspot, getresponse, bitrix24]

  private static let files = PlatformGuide(
    name: "files", title: "Files (CSV or JSON Lines)", connection: "list",
    keys: [
      Key(
        path: "contacts", question: "File with the contacts",
        hint: "one line a contact, with the column email",
        option: .contacts, standard: "contacts.csv"),
      Key(
        path: "activities", question: "File with what they did",
        hint: "columns email, kind, at, target; leave it empty if there is none", option: .activities,
        isNeeded: false),
      Key(
        path: "output", question: "File that the scores are written to", option: .output,
        standard: "scores.csv"),
    ], readFiles: ["contacts", "activities", "outcomes"], writtenFiles: ["output"])

  private static let mautic = PlatformGuide(
    name: "mautic", title: "Mautic", connection: "web",
    keys: [
      Key(
        path: "url", question: "Mautic's address",
        hint: "as in the browser, for example https://m.example.com",
        option: .url),
      Key(
        path: "auth.user", question: "User for the API",
        hint: "one of its own; Settings, Configuration, API settings: switch on the API and HTTP basic auth",
        option: .user, standard: "leadgauge"),
      Key(path: "auth.password", question: "Its password", variable: "MAUTIC_PASSWORD"),
    ])

  private static let hubspot = PlatformGuide(
    name: "hubspot", title: "HubSpot", connection: "hub",
    keys: [
      Key(
        path: "auth.token", question: "Service key",
        hint: "HubSpot: Development, Keys, Service keys; check names the scopes that are missing",
        variable: "HUBSPOT_TOKEN"),
      Key(path: "url", question: "HubSpot's address", option: .url, isNeeded: false, isAsked: false),
    ])

  private static let getresponse = PlatformGuide(
    name: "getresponse", title: "GetResponse", connection: "mail",
    keys: [
      Key(
        path: "auth.apiKey", question: "API key", hint: "GetResponse: Tools, Integrations and API, API",
        variable: "GETRESPONSE_KEY"),
      Key(path: "url", question: "GetResponse's address", option: .url, isNeeded: false, isAsked: false),
    ])

  private static let bitrix24 = PlatformGuide(
    name: "bitrix24", title: "Bitrix24", connection: "crm",
    keys: [
      Key(
        path: "webhook", question: "Inbound webhook, the whole address",
        hint: "Bitrix24: Developer resources, Other, Inbound webhook, with the right crm",
        variable: "BITRIX24_WEBHOOK")
    ])
}

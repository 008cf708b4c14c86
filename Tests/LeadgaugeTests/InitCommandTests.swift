import Foundation
import Testing

@Suite("init writes what the other commands need")
struct InitCommandTests {
  @Test(
    "what it writes passes check and can be planned",
    arguments: ["b2b-services", "saas", "retail", "education", "real-estate", "purchases"])
  func persona(name: String) async throws {
    let place = try Workplace()
    try place.write("people.csv", "id,email\n1,an@example.com\n")
    try place.write("log.csv", "email,kind,at\nan@example.com,page_visit,2026-10-28\n")
    let made = try await place.run(
      "init", "--persona", name, "--contacts", "people.csv", "--activities", "log.csv", "--output", "out.csv")
    #expect(made.status == 0, "\(made)")
    #expect(made.out.contains("models/\(name).yaml"))
    #expect(place.exists("schema/model.schema.json") && place.exists("schema/configuration.schema.json"))

    let check = try await place.run("check", "--json")
    #expect(check.status == 0, "\(check)")
    let findings = try check.document([FindingForm].self)
    #expect(!findings.contains { $0.severity == "error" }, "\(check)")
    #expect(["people.csv", "log.csv", "out.csv"].allSatisfy(check.out.contains))

    let plan = try await place.run("plan", "--json")
    #expect(try plan.document(ResultForm.self).plan?.changes == 1)
  }

  @Test("it replaces nothing unless told to")
  func refusesToOverwrite() async throws {
    let place = try Workplace()
    try place.write("models/saas.yaml", "name: mine\n")
    let refused = try await place.run("init", "--persona", "saas")
    #expect(refused.status == 73, "\(refused)")
    #expect(refused.err.contains("models/saas.yaml is there already"))
    #expect(refused.err.contains("--force"))
    #expect(try place.names() == ["models", "models/saas.yaml"])
    #expect(try place.text("models/saas.yaml") == "name: mine\n")

    let forced = try await place.run("init", "--persona", "saas", "--force")
    #expect(forced.status == 0, "\(forced)")
    #expect(try place.text("models/saas.yaml").contains("name: SaaS"))
  }

  @Test("it writes beside the configuration that is named, and says so in JSON")
  func elsewhere() async throws {
    let place = try Workplace()
    let made = try await place.run("init", "--config", "etc/lg.yaml", "--json")
    #expect(made.status == 0, "\(made)")
    struct Made: Decodable { let files: [String] }
    let files = try made.document(Made.self).files
    #expect(files.contains("etc/lg.yaml") && files.contains("etc/models/b2b-services.yaml"))
    #expect(files.allSatisfy(place.exists))
  }

  @Test("odd names of files come through whole")
  func oddNames() async throws {
    let place = try Workplace()
    let name = #"khách "hàng" \ 1.csv"#
    try place.write(name, "id,email\n1,an@example.com\n")
    #expect(try await place.run("init", "--contacts", name).status == 0)
    let check = try await place.run("check")
    #expect(check.status == 0, "\(check)")
  }

  @Test("a persona that is not there is told with those that are")
  func unknownPersona() async throws {
    let place = try Workplace()
    let made = try await place.run("init", "--persona", "bank")
    #expect(made.status == 64, "\(made)")
    #expect(made.err.contains("b2b-services, education, purchases, real-estate, retail, saas"))
    #expect(try place.names().isEmpty)
  }

  @Test("a folder that cannot be made is 73")
  func noFolder() async throws {
    let place = try Workplace()
    try place.write("file", "")
    let made = try await place.run("init", "--config", "file/leadgauge.yaml")
    #expect(made.status == 73, "\(made)")
  }

  @Test("every starter model passes lint without a finding, in both languages", arguments: ["en", "vi"])
  func starters(lang: String) async throws {
    for name in ["b2b-services", "saas", "retail", "education", "real-estate", "purchases"] {
      let place = try Workplace()
      #expect(try await place.run("init", "--persona", name, "--lang", lang).status == 0)
      let lint = try await place.run("model", "lint", "--strict")
      #expect(lint.status == 0, "\(lint)")
    }
  }

  @Test("Vietnamese exchanges every title and no rule")
  func vietnamese() async throws {
    for name in ["b2b-services", "saas", "retail", "education", "real-estate", "purchases"] {
      let (english, vietnamese) = (try Workplace(), try Workplace())
      #expect(try await english.run("init", "--persona", name).status == 0)
      #expect(try await vietnamese.run("init", "--persona", name, "--lang", "vi").status == 0)
      func lines(_ place: Workplace) throws -> [String] {
        try place.text("models/\(name).yaml").split(separator: "\n").map {
          String($0).replacing(#/(^|\s+)#.*$/#, with: "")
        }.filter { !$0.isEmpty }
      }
      func isTitle(_ line: String) -> Bool { line.hasPrefix("name: ") || line.contains(" label: ") }
      let (before, after) = (try lines(english), try lines(vietnamese))
      #expect(before.filter { !isTitle($0) } == after.filter { !isTitle($0) })
      let same = Set(before.filter(isTitle)).intersection(after.filter(isTitle))
      #expect(same.isEmpty, "\(same)")
    }
  }

  @Test("a platform: the variable stands in the configuration, is named, and what cannot be tried is said")
  func variable() async throws {
    let place = try Workplace()
    let made = try await place.run(
      "init", "--platform", "mautic", "--url", "https://m.example.com", "--connection", "shop", "--user", "me"
    )
    #expect(made.status == 0, "\(made)")
    #expect(made.out.contains("export MAUTIC_PASSWORD=") && made.out.contains("not tried"), "\(made)")
    let text = try place.text("leadgauge.yaml")
    for line in [
      "  shop:", "user: \"me\"", "password: \"${MAUTIC_PASSWORD}\"", "url: \"https://m.example.com\"",
    ] {
      #expect(text.contains(line), "\(text)")
    }
  }

  @Test("several platforms take their options in order, and each secret has a variable of its own")
  func several() async throws {
    let place = try Workplace()
    let made = try await place.run(
      "init", "--platform", "mautic", "--platform", "mautic", "--platform", "hubspot", "--platform", "files",
      "--url", "https://a.example.com", "--url", "https://b.example.com", "--contacts", "c.csv", "--json")
    #expect(made.status == 0, "\(made)")
    let text = try place.text("leadgauge.yaml")
    for name in [
      "  web:", "  web2:", "  hub:", "  list:", "${MAUTIC_PASSWORD}", "${WEB2_MAUTIC_PASSWORD}",
      "b.example.com",
    ] {
      #expect(text.contains(name), "\(text)")
    }
    let check = try await place.run("check")
    #expect(check.status == 78 && check.err.contains("WEB2_MAUTIC_PASSWORD is not set"), "\(check)")
  }

  @Test("credentials are tried at once: good ones are said, wrong ones are 77")
  func tried() async throws {
    try await MauticPlace.with { mautic in
      let text = try mautic.place.text("leadgauge.yaml")
      let url = String(try #require(text.firstMatch(of: #/http:\S+/#)).0)
      let arguments = ["init", "--force", "--platform", "mautic", "--url", url, "--user", "api"]
      let good = try await mautic.place.run(arguments, environment: MauticPlace.environment())
      #expect(good.status == 0 && good.out.contains("the credentials are good: web"), "\(good)")
      let wrong = try await mautic.place.run(arguments, environment: ["MAUTIC_PASSWORD": "another-one"])
      #expect(wrong.status == 77 && wrong.out.contains("→ Check auth:"), "\(wrong)")
      #expect(mautic.place.exists("leadgauge.yaml"))
    }
  }

  @Test("--secrets-file keeps secrets in files that only this user can read, and nowhere else")
  func secretsFile() async throws {
    let place = try Workplace()
    let arguments = ["init", "--platform", "hubspot", "--secrets-file", "--no-check"]
    let made = try await place.run(arguments, environment: ["HUBSPOT_TOKEN": "kept-in-a-file"])
    #expect(made.status == 0 && !made.out.contains("kept-in-a-file"), "\(made)")
    #expect(try place.text("secrets/hub.token") == "kept-in-a-file\n")
    let attributes = try FileManager.default.attributesOfItem(atPath: place.at("secrets/hub.token"))
    #expect(attributes[.posixPermissions] as? Int == 0o600)
    let text = try place.text("leadgauge.yaml")
    #expect(text.contains("/secrets/hub.token}\"") && !text.contains("kept-in-a-file"), "\(text)")
    let lint = try await place.run("model", "lint")
    #expect(lint.status == 0, "the file is found: \(lint)")
  }

  @Test("without a secret there is none to keep, and nothing is written")
  func noSecret() async throws {
    let place = try Workplace()
    let made = try await place.run("init", "--platform", "hubspot", "--secrets-file")
    #expect(made.status == 64 && made.err.contains("HUBSPOT_TOKEN is not set"), "\(made)")
    #expect(try place.names().isEmpty)
  }

  @Test(
    "what is missing or unknown is 64 with the option that gives it",
    arguments: [
      (["--platform", "mautic"], "--url"), (["--platform", "salesforce"], "Known: files, mautic, hubspot"),
      (["--lang", "de"], "Known: en, vi"), (["--connection", "a b"], "cannot be a connection's name"),
      (["--platform", "hubspot", "--variable", "1X"], "no name of an environment variable"),
    ])
  func missing(arguments: [String], said: String) async throws {
    let place = try Workplace()
    let made = try await Program.run(["init"] + arguments, in: place.path)
    #expect(made.status == 64 && made.err.contains(said), "\(made)")
    #expect(try place.names().isEmpty)
  }

  @Test("on a terminal it asks, hides what is secret, and tries it; a mistake can be mended at once")
  func asked() async throws {
    try await MauticPlace.with { mautic in
      let url = String(
        try #require(try mautic.place.text("leadgauge.yaml").firstMatch(of: #/http:\S+/#)).0)
      let place = try Workplace()
      let talk = try await PseudoTerminal.talks(
        ["init"],
        answering: [
          "2", "site", url, "api", "not-the-one", "n", "y", "site", url, "api", MauticPlace.password, "n",
          "n",
          "2", "vi",
        ], in: place.path)
      #expect(talk.status == 0, "\(talk)")
      #expect(
        talk.shown.contains("refused the credentials") && talk.shown.contains("Answer again?"), "\(talk)")
      #expect(talk.shown.contains("Mautic answers, and the credentials are good."), "\(talk)")
      #expect(
        !talk.shown.contains("not-the-one") && talk.shown.contains("export MAUTIC_PASSWORD="), "\(talk)")
      #expect(try place.text("leadgauge.yaml").contains("  site:\n    platform: mautic"))
      #expect(try place.text("models/saas.yaml").contains("Mô hình"))
      #expect(!place.exists("secrets"))
    }
  }

  @Test("an address goes to the platform it was meant for, and one too many is an error")
  func addresses() async throws {
    func made(_ arguments: String...) async throws -> (status: Int32, text: String) {
      let place = try Workplace()
      let outcome = try await Program.run(
        ["init", "--no-check", "--persona", "saas"] + arguments, in: place.path)
      return (outcome.status, place.exists("leadgauge.yaml") ? try place.text("leadgauge.yaml") : outcome.err)
    }
    func address(of platform: String, in text: String) -> String? {
      text.components(separatedBy: "platform: ").first { $0.hasPrefix(platform) }?
        .firstMatch(of: #/url: "?(https:\S+?)"?\s/#).map { String($0.1) }
    }
    let one = try await made(
      "--platform", "hubspot", "--platform", "mautic", "--url", "https://m.example.com")
    #expect(one.status == 0, "\(one)")
    #expect(address(of: "mautic", in: one.text) == "https://m.example.com")
    #expect(address(of: "hubspot", in: one.text) == nil)
    let both = try await made(
      "--platform", "getresponse", "--url", "https://max.example.com/v3", "--platform", "mautic", "--url",
      "https://m.example.com")
    #expect(address(of: "getresponse", in: both.text) == "https://max.example.com/v3", "\(both)")
    #expect(address(of: "mautic", in: both.text) == "https://m.example.com", "\(both)")
    let many = try await made("--platform", "files", "--url", "https://m.example.com")
    #expect(many.status == 64 && many.text.contains("addresses were given"), "\(many)")
    let user = try await made("--platform", "hubspot", "--user", "me")
    #expect(user.status == 64, "\(user)")
  }

  @Test("Ctrl-C at a question ends it with nothing written")
  func interrupted() async throws {
    let place = try Workplace()
    let talk = try await PseudoTerminal.talks(
      ["init"], answering: ["1", "list", "contacts.csv", "\u{3}"], in: place.path)
    #expect(talk.status == 130 && talk.shown.contains("nothing was written"), "\(talk)")
    #expect(try place.names().isEmpty)
  }
}

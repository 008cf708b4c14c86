import Foundation
import Testing

@Suite("Secrets show nowhere")
struct SecretTests {
  private let surroundings = ["SALES_SECRET": "geheim-hunter2-and-more"]

  private func place(_ more: String) throws -> Workplace {
    let place = try Workplace.small()
    try place.append("leadgauge.yaml", more)
    return place
  }

  private func expectSilence(of outcome: Outcome) {
    for secret in ["hunter2", "tiefgeheim"] {
      #expect(!outcome.out.contains(secret) && !outcome.err.contains(secret), "\(outcome)")
    }
  }

  @Test("in no output, plan, state or other file of any command")
  func everywhere() async throws {
    let file = try Workplace()
    try file.write("secret", "tiefgeheim\n")
    let place = try place(
      """
      notify:
        ping: "http://127.0.0.1:9/${SALES_SECRET}"
        handoff: { webhook: "http://127.0.0.1:9/${file:\(file.at("secret"))}" }

      """)
    let commands = [
      ["check"], ["pull"], ["plan", "-o", "monday.plan"], ["apply", "monday.plan"], ["sync"], ["status"],
      ["runs"], ["explain", "list/1"], ["model", "lint"],
    ]
    for command in commands {
      for flags in [["--verbose"], ["--json"]] {
        let outcome = try await Program.run(command + flags, in: place.path, environment: surroundings)
        #expect(outcome.status == 0 || (command[0] == "apply" && flags == ["--json"]), "\(outcome)")
        expectSilence(of: outcome)
      }
    }
    let names = try place.names()
    #expect(names.contains("monday.plan") && names.contains("state/leadgauge.db"))
    for name in names {
      guard let bytes = FileManager.default.contents(atPath: place.at(name)) else { continue }
      for secret in ["hunter2", "tiefgeheim"] {
        #expect(bytes.range(of: Data(secret.utf8)) == nil, "\(name)")
      }
    }
  }

  @Test(
    "in no message about a value that it was put into by mistake",
    arguments: [
      "history: ${SALES_SECRET}", "fuses: { maxChanges: ${SALES_SECRET} }",
      "write: { minDelta: ${SALES_SECRET} }", "${SALES_SECRET}: 1", "robots: ${SALES_SECRET}",
      "  crm: { platform: ${SALES_SECRET} }",
      "  crm: { platform: files, contacts: a.csv, dateFormat: { contacts: \"${SALES_SECRET}\" } }",
      "  crm: { platform: files, contacts: a.csv, password: \"${SALES_SECRET}\" }",
    ])
  func mistakes(line: String) async throws {
    let place = try place("")
    let text = try place.text("leadgauge.yaml").replacing("history: 36500d\n", with: "")
    try place.write("leadgauge.yaml", text + line + "\n")
    for flags in [["plan"], ["plan", "--json"], ["check", "--verbose"]] {
      let outcome = try await Program.run(flags, in: place.path, environment: surroundings)
      #expect(outcome.status == 78, "\(outcome)")
      #expect(outcome.err.contains("leadgauge.yaml:"), "\(outcome)")
      expectSilence(of: outcome)
    }
  }
}

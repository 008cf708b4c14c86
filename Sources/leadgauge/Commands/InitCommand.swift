import ArgumentParser
import Foundation
import ShippedFiles
import Sync

struct InitCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Write a configuration and a starter model from a persona.",
    discussion: """
      Guessing is a fine start: the starter models are guesses, and data corrects them later.

      EXAMPLE
        leadgauge init --persona saas --activities activities.csv
      """)

  @OptionGroup var options: SharedOptions

  @Option(help: "Whose model to start from: b2b-services, saas, retail, education, real-estate or purchases.")
  var persona = "b2b-services"

  @Option(help: "The file with the contacts.")
  var contacts = "contacts.csv"

  @Option(help: "The file with the activities.")
  var activities: String?

  @Option(help: "The file that the scores are written to.")
  var output = "scores.csv"

  @Flag(help: "Replace files that are there.")
  var force = false

  func validate() throws {
    guard ShippedFiles.starterModels[persona] != nil else {
      let known = ShippedFiles.starterModels.keys.sorted().joined(separator: ", ")
      throw ValidationError("There is no persona '\(persona)'. Known: \(known).")
    }
  }

  func run() async throws {
    let command = self
    try await Session.run(options) { session in
      let path = session.options.configPath
      let folder = (path as NSString).deletingLastPathComponent
      func beside(_ name: String) -> String { folder.isEmpty ? name : folder + "/" + name }
      let files = [
        (path, command.configurationText),
        (beside("models/\(command.persona).yaml"), ShippedFiles.starterModels[command.persona] ?? ""),
        (beside("schema/model.schema.json"), ShippedFiles.modelSchema),
        (beside("schema/configuration.schema.json"), ShippedFiles.configurationSchema),
      ]
      if !command.force,
        let there = files.map(\.0).first(where: { FileManager.default.fileExists(atPath: $0) })
      {
        throw CommandFailure(
          .cannotCreate, "\(there) is there already",
          cure: "Use --force to replace it, or --config for another place")
      }
      for (file, text) in files { try Self.write(text, to: file) }
      session.say(
        """
        Written: \(files.map(\.0).joined(separator: ", ")).
        Next: leadgauge check, then leadgauge plan.

        """)
      session.sayJSON("{\"files\":\(PlanJSON.list(files.map(\.0)))}")
      return .done
    }
  }

  private static func write(_ text: String, to path: String) throws {
    let folder = (path as NSString).deletingLastPathComponent
    do {
      if !folder.isEmpty {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      }
      try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw CommandFailure(
        .cannotCreate, "\(path) cannot be written",
        cure: "Check that its folder is there and may be written to")
    }
  }

  private var configurationText: String {
    let activitiesLine =
      activities.map { "    activities: \(Self.quoted($0))\n" } ?? "    # activities: activities.csv\n"
    return """
      # yaml-language-server: $schema=schema/configuration.schema.json
      version: 1
      model: models/\(persona).yaml        # paths are relative to this file
      state: state/leadgauge.db
      history: 365d                       # how far back a first pull reads
      connections:
        list:                             # your name for it
          platform: files
          contacts: \(Self.quoted(contacts))
      \(activitiesLine)    output: \(Self.quoted(output))
      write:
        score: lead_score
        band: lead_band                   # omit to leave out
        reasons: lead_reasons             # the top three reasons; omit to leave out
        tags: true
        minDelta: 1                       # a score alone is written when it moved at least so far
        bandSlack: 0
      fuses:                              # a plan beyond a fuse is not written until somebody approves
        maxChanges: 25%
        maxWrites: 50000
        maxShrink: 20%

      """
  }

  private static func quoted(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
  }
}

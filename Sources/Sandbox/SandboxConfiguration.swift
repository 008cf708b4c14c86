/// The configuration that goes with a generated world.
struct SandboxConfiguration {
  let world: GeneratedWorld
  let contacts: [String: Int]
  /// What connections are that are no files.
  var simulated: [Simulated] = []
  /// What connections are files; nil for all that the world has.
  var files: [SandboxConnection]?

  /// A platform that is stood in for.
  struct Simulated {
    let name: String
    let platform: SimulatedPlatform
    let url: String
  }

  var text: String {
    let mostWrites = max(50_000, 2 * (contacts.values.max() ?? 0))
    var lines = """
      # Generated people (\(world.people), seed \(world.seed)). Nobody here exists.
      version: 1
      model: model.yaml
      state: state/leadgauge.db
      history: 365d
      connections:

      """
    for simulated in simulated {
      lines += """
          \(simulated.name):
            platform: \(simulated.platform.name)

        """
      // A platform without `url:` has its address among the settings.
      let settings = simulated.platform.settings
      let hasAddress = settings.contains { $0.contains(SimulatedPlatform.address) }
      if !hasAddress { lines += "    url: \(simulated.url)\n" }
      for setting in settings {
        lines += "    \(setting.replacing(SimulatedPlatform.address, with: simulated.url))\n"
      }
    }
    for connection in files ?? world.sandboxConnections {
      let name = connection.rawValue
      lines += """
          \(name):
            platform: files
            contacts: \(name)-contacts.csv
            activities: \(name)-activities.csv
            output: \(name)-scores.csv

        """
    }
    lines += """
      fuses:
        maxChanges: 25%
        maxWrites: \(mostWrites)
        maxShrink: 20%

      """
    return lines
  }
}

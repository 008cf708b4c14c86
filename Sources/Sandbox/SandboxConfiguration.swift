/// The configuration that goes with a generated world.
struct SandboxConfiguration {
  let world: GeneratedWorld
  let contacts: [String: Int]
  /// What connections are that are no files.
  var simulated: [SandboxConnection: Simulated] = [:]

  /// A platform that is stood in for.
  struct Simulated {
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
    for connection in world.sandboxConnections {
      let name = connection.rawValue
      if let simulated = simulated[connection] {
        lines += """
            \(name):
              platform: \(simulated.platform.name)
              url: \(simulated.url)

          """
        for setting in simulated.platform.settings { lines += "    \(setting)\n" }
      } else {
        lines += """
            \(name):
              platform: files
              contacts: \(name)-contacts.csv
              activities: \(name)-activities.csv
              output: \(name)-scores.csv

          """
      }
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

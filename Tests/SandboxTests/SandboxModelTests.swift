import Sandbox
import Scoring
import Testing

@Suite struct SandboxModelTests {
  @Test func `the model can be read and has a rule of each sort`() throws {
    let written = try WrittenSandbox(people: 20)
    let model = try Model(yaml: written.text("model.yaml"), file: "model.yaml")
    #expect(model.actions.count + model.profile.count >= 9)
    #expect(model.bands.map(\.name) == ["hot", "warm", "cold"])
    #expect(model.bands.first?.handoff == true)
  }

  @Test(arguments: [SandboxConnections.one, .two]) func `a few people are hot and some are warm`(
    connections: SandboxConnections
  ) throws {
    let written = try WrittenSandbox(people: 5_000, activitiesPerPerson: 20, connections: connections)
    let people = try PeopleOfFiles(written)
    let sizes = try people.verdict(written).bands
    let count = Double(people.people.count)
    #expect((0.02...0.06).contains(Double(sizes["hot", default: 0]) / count), "\(sizes)")
    #expect((0.15...0.30).contains(Double(sizes["warm", default: 0]) / count), "\(sizes)")
    #expect(sizes["none"] == nil)
  }

  @Test func `every rule gives somebody points and no rule to all`() throws {
    let written = try WrittenSandbox(people: 2_000, activitiesPerPerson: 20)
    let people = try PeopleOfFiles(written)
    for (rule, count) in try people.verdict(written).rules {
      #expect((10..<people.people.count).contains(count), "\(rule): \(count)")
    }
  }

  @Test func `the configuration names the files that are there and lets everybody be written`() throws {
    let written = try WrittenSandbox(people: 30_000, activitiesPerPerson: 0)
    let text = try written.text("leadgauge.yaml")
    for name in try written.names where name != "leadgauge.yaml" { #expect(text.contains(name)) }
    #expect(text.contains("output: shop-scores.csv"))
    #expect(text.contains("maxWrites: 50000"))
  }
}

import Platform
import Scoring
import Testing

@testable import Report
@testable import Sync

@Suite("The comparison of two models")
struct ModelDiffReportTests {
  private func loaded(_ bands: [String], path: String, name: String) -> LoadedModel {
    var model = Model(name: name)
    model.bands = bands.map { Band(name: $0, from: 0) }
    return LoadedModel(model: model, sha256: "ab", path: path)
  }

  private func summary(_ bands: [String], name: String = "Test") -> ModelDiffSummary {
    let model = loaded(bands, path: name, name: name)
    return ModelDiffSummary(models: (model, model), asOf: Samples.moment)
  }

  @Test("cells of the matrix add up to the persons, and the sizes to the cells")
  func sums() {
    var summary = summary(["hot", "warm", "cold"])
    (summary.persons, summary.moved, summary.lower) = (1_245, 45, 40)
    summary.matrix = [
      .init(from: 0, to: 0): 200, .init(from: 0, to: 1): 45, .init(from: 2, to: 2): 1_000,
    ]
    let lines = Shown(ModelDiffReport.text(summary, style: .plain)).lines
    #expect(lines.contains("A: hot 245, warm 0, cold 1,000."))
    #expect(lines.contains("B: hot 200, warm 45, cold 1,000."))
    #expect(lines.contains("hot                    200            45             ·"))
    #expect(lines.contains("cold                     ·             ·         1,000"))
  }

  @Test("nothing wild comes through, and nothing is wider than the terminal", arguments: [60, 80, 120])
  func wild(columns: Int) {
    var summary = summary(WildText.names, name: WildText.long)
    (summary.persons, summary.handoffs, summary.higher) = (12_345_678, 7, 9)
    for index in -1..<8 { summary.matrix[.init(from: index, to: 7 - index)] = 1_234_567 }
    summary.largest = WildText.names.map { name in
      ModelDiffSummary.Move(
        contacts: [(connection: name, id: ContactID(name), email: name)], name: name, scoreFrom: -1_000_000,
        scoreTo: 1_000_000, bandFrom: name, bandTo: name + "!",
        rules: [ScoreTurn.Rule(id: name, label: name, from: 9_999_999, to: -9_999_999)])
    }
    let text = ModelDiffReport.text(summary, style: .plain, columns: columns)
    Shown(text).expectTame(columns: columns)
    let coloured = ModelDiffReport.text(summary, style: TextStyle(hasColor: true), columns: columns)
    #expect(Shown(coloured).lines == Shown(text).lines)
    #expect(!ModelDiffReport.json(summary).contains("\u{1B}"))
  }
}

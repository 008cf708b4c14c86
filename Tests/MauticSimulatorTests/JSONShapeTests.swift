import Testing

@testable import MauticSimulator

/// The comparison itself: it must see what an adapter would stumble over.
@Suite("The comparison of shapes")
struct JSONShapeTests {
  private func differences(
    _ recorded: JSONValue, _ simulated: JSONValue, _ allowed: ShapeAllowances = ShapeAllowances()
  ) -> [String] {
    allowed.differences(JSONShape(recorded), JSONShape(simulated))
  }

  @Test("finds nothing between values that differ only in their data")
  func sameShape() {
    let recorded: JSONValue = ["total": "3", "contacts": ["7": ["id": 7, "points": 1]]]
    let simulated: JSONValue = [
      "contacts": ["1": ["points": 0, "id": 1], "2": ["id": 2, "points": 9]], "total": "2",
    ]
    #expect(differences(recorded, simulated).isEmpty)
  }

  @Test("sees a number where a text was recorded")
  func numberForText() {
    #expect(differences(["total": "3"], ["total": 3]) == ["total: recorded text, simulated integer"])
  }

  @Test("sees an integer where a number with a point was recorded")
  func integerForNumber() {
    #expect(differences(["a": .number(0)], ["a": 0]) == ["a: recorded number, simulated integer"])
  }

  @Test("sees a wrong type inside one of several elements")
  func wrongTypeInside() {
    let found = differences(
      ["stats": [["id": "1"], ["id": "2"]]], ["stats": [["id": "1"], ["id": 2]]])
    #expect(found == ["stats.#.id: recorded text, simulated integer|text"])
  }

  @Test("sees a missing key")
  func missingKey() {
    #expect(differences(["a": 1, "b": 2], ["a": 1]) == ["b: only recorded"])
  }

  @Test("sees a key that was never recorded")
  func extraKey() {
    #expect(differences(["a": 1], ["a": 1, "b": 2]) == ["b: only simulated"])
  }

  @Test("sees a key that only some elements have")
  func sometimesMissing() {
    let found = differences([["a": 1, "b": 1], ["a": 2, "b": 2]], [["a": 1, "b": 1], ["a": 2]])
    #expect(found == ["#.b: recorded always, the other not"])
  }

  @Test("sees a list where a map by id was recorded")
  func listForMap() {
    let found = differences(["tags": ["1": ["id": 1]]], ["tags": [["id": 1]]])
    #expect(found == ["tags: recorded keyedMap, simulated list"])
  }

  @Test("tells an empty list from an empty map")
  func emptyListForMap() {
    #expect(
      differences(["contacts": [:]], ["contacts": []]) == ["contacts: recorded emptyMap, simulated emptyList"]
    )
  }

  @Test("sees null where a text was recorded, unless that is allowed")
  func nullForText() {
    #expect(differences(["a": "x"], ["a": nil]) == ["a: recorded text, simulated null"])
    #expect(differences(["a": "x"], ["a": nil], ShapeAllowances(nullable: ["a"])).isEmpty)
  }

  @Test("sees a wrong type even where null is allowed")
  func wrongTypeWhereNullIsAllowed() {
    let found = differences([["a": "x"], ["a": nil]], [["a": 1]], ShapeAllowances(nullable: ["a"]))
    #expect(found == ["#.a: recorded null|text, simulated integer"])
  }

  @Test("sees a wrong type of a contact's field even where fields may be empty")
  func wrongFieldType() {
    let found = differences(
      ["fields": ["all": ["points": 1]]], ["fields": ["all": ["points": "1"]]],
      ShapeAllowances(filledFieldsDiffer: true))
    #expect(found == ["fields.all.points: recorded integer, simulated text"])
  }
}

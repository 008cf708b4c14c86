import Platform
import Sync
import Testing

@Suite("How a check ends")
struct FindingStatusTests {
  @Test(
    "the first error decides, by its kind; warnings do not",
    arguments: [
      (ConnectorFailure.Kind.forbidden, Sync.ExitStatus.forbidden), (.unavailable, .unavailable),
      (.configuration, .badConfiguration), (.badData, .badData), (.cannotCreate, .cannotCreate),
      (.inputOutput, .inputOutput),
    ])
  func kinds(kind: ConnectorFailure.Kind, status: Sync.ExitStatus) {
    let failure = Finding(ConnectorFailure(kind, "it went wrong", cure: "Mend it"))
    let others = [Finding(.fine, "fine"), Finding(.warning, "hm", cure: "Look", kind: .forbidden)]
    #expect(Sync.ExitStatus.of(others) == .done)
    #expect(Sync.ExitStatus.of(others + [failure, Finding(.error, "another", kind: .unavailable)]) == status)
    #expect(failure.text == "it went wrong" && failure.cure == "Mend it")
  }

  @Test("an error that names no kind is one of the configuration")
  func unnamed() {
    #expect(Sync.ExitStatus.of([Finding(.error, "wrong")]) == .badConfiguration)
  }
}

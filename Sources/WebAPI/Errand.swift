/// One call made ready for sending.
struct Errand: Sendable {
  /// Begins every failure's text, without any secret: `GET /api/contacts`.
  let label: String
  /// Without the headers that log in.
  let request: WebRequest
  let isRepeatable: Bool
  /// Whether it only reads, so that a failure leaves no doubt about what was done.
  let changesNothing: Bool
  let authorization: any Authorization
  /// The call without what differs from one contact to the next.
  let route: String
  /// What it asks of the limits.
  var demand = RequestDemand()
  /// Nil: need not wait.
  let governor: Governor?
  /// Texts that no failure may show, beside those the redactor knows of.
  var secrets: [String] = []
}

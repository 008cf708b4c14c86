/// The account's forms with what was sent in, ascending by time.
struct FormList: Sendable {
  private(set) var forms: [Form] = []
  private var places: [String: Int] = [:]
  private var count: UInt32 = 0

  /// A form.
  struct Form: Sendable {
    let id: String
    let name: String
    let created: Moment
    fileprivate(set) var submissions: [Submission] = []
  }

  /// What somebody sent in.
  struct Submission: Sendable {
    let number: UInt32
    let time: Moment
    let contact: Int64
    /// The address that was typed in; empty if the form asks for none.
    let email: UInt32
  }

  func id(of name: String) -> String? { places[name].map { forms[$0].id } }

  /// A form by its id.
  subscript(id: String) -> Form? { forms.first { $0.id == id } }

  /// Adds a form of this name, unless there is one, and gives its place.
  @discardableResult
  mutating func form(named name: String, at time: Moment) -> Int {
    if let place = places[name] { return place }
    places[name] = forms.count
    forms.append(Form(id: Identifier.uuid("form", UInt64(forms.count + 1)), name: name, created: time))
    return forms.count - 1
  }

  /// Adds what somebody sent in with the form at a place.
  mutating func submit(_ place: Int, contact: Int64, email: UInt32, at time: Moment) {
    count += 1
    let submission = Submission(number: count, time: time, contact: contact, email: email)
    let end = forms[place].submissions.lastIndex { $0.time <= time }.map { $0 + 1 } ?? 0
    forms[place].submissions.insert(submission, at: end)
  }
}

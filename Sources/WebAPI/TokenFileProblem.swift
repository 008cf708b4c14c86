import Foundation

/// Why a token file cannot be used.
struct TokenFileProblem: Error, Hashable {
  /// Plain words with the cure where there is one; no secret and no full stop.
  let what: String

  init(_ what: String) {
    self.what = what
  }

  /// What went wrong, with the reason that the system gave last.
  static func after(_ what: String) -> TokenFileProblem {
    TokenFileProblem("\(what) (\(String(cString: strerror(errno))))")
  }

  /// The failure of the calls that wait for the token.
  var failure: APIFailure {
    APIFailure(kind: .unauthorized(what), tries: 0, what: what)
  }
}

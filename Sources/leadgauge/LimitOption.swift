import ArgumentParser

/// `--limit`, for commands that write, or make the plan of it.
struct LimitOption: ParsableArguments {
  @Option(help: "Write so many contacts at most, the most important ones; the rest is for the next run.")
  var limit: Int?

  func validate() throws {
    guard let limit, limit < 1 else { return }
    throw ValidationError("--limit is \(limit); it must be 1 or more.")
  }
}

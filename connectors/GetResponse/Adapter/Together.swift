import Platform

/// Work that is done several pieces at a time.
enum Together {
  /// What each piece gives, in their order; the failure of the first one that fails, once those under way have
  /// ended.
  static func map<Item: Sendable, Output: Sendable>(
    _ items: [Item], most: Int = GetResponseLimits.together,
    _ work: @escaping @Sendable (Item) async throws(ConnectorFailure) -> Output
  ) async throws(ConnectorFailure) -> [Output] {
    let results = await withTaskGroup(of: (Int, Result<Output, ConnectorFailure>).self) { group in
      var results = [Result<Output, ConnectorFailure>?](repeating: nil, count: items.count)
      var next = 0
      var hasFailed = false
      func add(_ group: inout TaskGroup<(Int, Result<Output, ConnectorFailure>)>) {
        guard next < items.count, !hasFailed else { return }
        let (index, item) = (next, items[next])
        next += 1
        group.addTask { (index, await result { () async throws(ConnectorFailure) in try await work(item) }) }
      }
      for _ in 0..<max(1, most) { add(&group) }
      while let (index, result) = await group.next() {
        results[index] = result
        if case .failure = result { hasFailed = true }
        add(&group)
      }
      return results
    }
    var outputs: [Output] = []
    for result in results { if case .failure(let failure) = result { throw failure } }
    for result in results { if case .success(let output) = result { outputs.append(output) } }
    return outputs
  }

  private static func result<Output>(
    _ work: () async throws(ConnectorFailure) -> Output
  ) async -> Result<Output, ConnectorFailure> {
    do throws(ConnectorFailure) {
      return .success(try await work())
    } catch {
      return .failure(error)
    }
  }
}

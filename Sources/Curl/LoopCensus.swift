/// What the event loop holds at a moment, for tests.
struct LoopCensus: Sendable, Equatable {
  var transfers = 0
  var spareHandles = 0
}

import Curl

/// Sends many small requests and checks every answer: `bench-http URL COUNT IN_FLIGHT [own]`.
///
/// Request number 7 goes to `URL` followed by `7`, so that no two addresses are alike. With `own` the tasks run
/// on the client's own thread, otherwise on those that all tasks share.
@main
struct BenchHTTP {
  private struct WrongUse: Error {}
  private struct WrongAnswer: Error {}

  let client: HTTPClient
  let url: String

  static func main() async throws {
    let words = CommandLine.arguments
    guard words.count >= 4, let count = Int(words[2]), let inFlight = Int(words[3]), inFlight > 0 else {
      throw WrongUse()
    }
    let client = try HTTPClient(HTTPSettings(connectionsPerHost: inFlight, connectionsInAll: inFlight))
    let bench = BenchHTTP(client: client, url: words[1])
    try await withTaskExecutorPreference(words.dropFirst(4).first == "own" ? client.executor : nil) {
      try await bench.send(count, inFlight)
    }
    await client.close()
  }

  private func send(_ count: Int, _ inFlight: Int) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for first in 1...inFlight {
        group.addTask {
          for number in stride(from: first, through: count, by: inFlight) { try await send(number) }
        }
      }
      try await group.waitForAll()
    }
  }

  private func send(_ number: Int) async throws {
    let response = try await client.send(HTTPRequest(url: "\(url)\(number)"))
    guard try await response.body.collect().count == 162, response.status == 200 else { throw WrongAnswer() }
  }
}

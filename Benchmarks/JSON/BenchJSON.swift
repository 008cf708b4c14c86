import Foundation
import WebAPI

/// Reads a page of 100 contacts again and again, in each of the ways that are compared.
///
/// Usage: `bench-json [file to write the page to] [the only way to measure]`
@main
struct BenchJSON {
  private static let rounds = 15

  static func main() throws {
    let page = ContactPage.make(contacts: 100)
    let data = Data(page)
    if let path = CommandLine.arguments.dropFirst().first { try data.write(to: URL(fileURLWithPath: path)) }
    print("page of \(page.count) bytes, 100 contacts of 30 properties; CPU time, best of \(rounds) rounds")
    let only = CommandLine.arguments.dropFirst(2).first
    let readers = Reader.allCases.filter { only == nil || only == $0.rawValue }
    var results = readers.map { _ in (seconds: Double.infinity, digest: 0) }
    // In turns, so that a busy minute of the machine falls on all of them.
    for _ in 0..<rounds {
      for (index, reader) in readers.enumerated() {
        let (seconds, digest) = try measure(reader, page, data)
        results[index] = (min(results[index].seconds, seconds), digest)
      }
    }
    for (reader, result) in zip(readers, results) {
      let speed = Double(page.count) / result.seconds / 1e6
      let name = reader.rawValue.padding(toLength: 26, withPad: " ", startingAt: 0)
      print(name + String(format: "%8.1f MB/s  digest %ld", speed, result.digest))
    }
  }

  /// CPU seconds for reading the page once.
  private static func measure(_ reader: Reader, _ page: [UInt8], _ data: Data) throws -> (Double, Int) {
    let start = cpuTime()
    var (count, digest) = (0, 0)
    repeat {
      digest = try reader.contacts(page, data).reduce(0) { $0 &+ $1.digest }
      count += 1
    } while cpuTime() - start < 0.1
    return ((cpuTime() - start) / Double(count), digest)
  }

  private static func cpuTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}

import Testing
import WebAPI

@testable import HubSpotConnector

@Suite("Moments of HubSpot")
struct HubSpotTimeTests {
  @Test(
    "are read from milliseconds, whatever their number",
    arguments: [
      ("1795000000123", 1_795_000_000), ("-9223372036854775808", -9_223_372_036_854_775),
      ("9223372036854775807", 9_223_372_036_854_775), ("-100000000000", -100_000_000),
    ] as [(String, Int64)])
  func milliseconds(text: String, seconds: Int64) throws {
    #expect(HubSpotTime.read(try JSONValue.parse(Array(text.utf8)))?.seconds == seconds)
    #expect(HubSpotTime.read(try JSONValue.parse(Array("\"\(text)\"".utf8)))?.seconds == seconds)
  }
}

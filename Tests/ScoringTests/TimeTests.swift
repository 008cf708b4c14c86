import Foundation
import Scoring
import Testing

@Suite struct `Moments` {
  /// Unix seconds as Python's datetime gives them.
  @Test(
    arguments: [
      ("0001-01-01T00:00:00Z", -62_135_596_800), ("1582-10-15T12:00:00Z", -12_219_249_600),
      ("1600-02-29T23:59:59Z", -11_670_912_001), ("1899-12-31T00:00:01Z", -2_209_075_199),
      ("1900-02-28T00:00:00Z", -2_203_977_600), ("1900-03-01T00:00:00Z", -2_203_891_200),
      ("1969-12-31T23:59:59Z", -1), ("1970-01-01T00:00:00Z", 0), ("1972-02-29T12:34:56Z", 68_214_896),
      ("1999-12-31T23:59:59Z", 946_684_799), ("2000-02-29T00:00:00Z", 951_782_400),
      ("2000-03-01T00:00:00Z", 951_868_800), ("2026-11-23T02:00:00Z", 1_795_399_200),
      ("2038-01-19T03:14:08Z", 2_147_483_648), ("2100-02-28T23:59:59Z", 4_107_542_399),
      ("2100-03-01T00:00:00Z", 4_107_542_400), ("2400-02-29T06:07:08Z", 13_574_585_228),
      ("5138-11-16T09:46:39Z", 99_999_999_999), ("9999-12-31T23:59:59Z", 253_402_300_799),
    ] as [(String, Int64)])
  func `are printed and read as ISO 8601 in UTC`(text: String, seconds: Int64) {
    #expect(Timestamp(text) == Timestamp(seconds))
    #expect(Timestamp(seconds).description == text)
  }

  @Test(
    arguments: [
      ("2026-11-23T02:00:00", 0), ("2026-11-23 02:00:00", 0), ("2026-11-23t02:00:00z", 0),
      ("2026-11-23T02:00", 0),
      ("2026-11-23T02:00Z", 0), ("2026-11-23T02:00:00.999Z", 0), ("2026-11-23T02:00:00,5", 0),
      ("2026-11-23T02:00:00.123456789+00:00", 0), ("2026-11-23T09:00:00+07:00", 0),
      ("2026-11-23T09:00:00+0700", 0),
      ("2026-11-23T09:00:00+07", 0), ("2026-11-22T22:00:00-04:00", 0), ("2026-11-23T07:45:00+05:45", 0),
      ("2026-11-22T22:30:00-0330", 0), ("2026-11-23T09:00:00.25+0700", 0), ("  2026-11-23T02:00:00Z\n", 0),
      ("2026-11-23T02:00:01Z", 1), ("2026-11-23", -7_200), ("1795399200", 0), ("2026-11-23T02:00:60Z", 60),
      ("2026-11-23T16:00:00+14:00", 0),
    ] as [(String, Int64)])
  func `are read with or without zone, fraction and seconds`(text: String, offset: Int64) {
    #expect(Timestamp(text) == Timestamp(1_795_399_200 + offset))
  }

  @Test(arguments: [
    ("0", 0), ("-1", -1), ("7", 7), ("1700000000", 1_700_000_000), (" 1700000000 ", 1_700_000_000),
  ])
  func `are read from Unix seconds`(text: String, seconds: Int64) {
    #expect(Timestamp(text) == Timestamp(seconds))
  }

  @Test(arguments: [
    "", " ", "x", "-", "--1", "+", "1.5", "1e9", "123456789012", "17000000O0", "2026-13-01", "2026-00-01",
    "2026-02-30",
    "2025-02-29", "1900-02-29", "2026-04-31", "2026-01-00", "2026-01-32", "2026-1-1", "26-01-01",
    "2026/01/01",
    "01.02.2026", "2026-01-01T", "2026-01-01T24:00:00", "2026-01-01T12:60:00", "2026-01-01T12:00:61",
    "2026-01-01T12",
    "2026-01-01T12:00:00.", "2026-01-01T12:00:00X", "2026-01-01T12:00:00+", "2026-01-01T12:00:00+7",
    "2026-01-01T12:00:00+07:", "2026-01-01T12:00:00+07:60", "2026-01-01T12:00:00+25:00",
    "2026-01-01T12:00:00Z0",
    "2026-01-01T12:00:00ZZ", "2026-01-01Z", "2026-01-01 x", "２０２６-01-01", "2026-01-01T12:00:00+07:00:00",
    "today",
    "-2026-01-01", "2026-W01-1", "2026-001", "20a6-01-01",
  ])
  func `are not read from rubbish`(text: String) {
    #expect(Timestamp(text) == nil)
  }

  @Test func `come back from their own text over nine thousand years, as Foundation writes them`() throws {
    var random = SeededRandom(seed: 11)
    let style = Date.ISO8601FormatStyle()
    for _ in 0..<2_000 {
      // Foundation turns to the Julian calendar before 1582, so it is asked for the years since.
      let seconds = Int64(random.number(-12_219_249_600...253_402_300_799))
      let moment = Timestamp(seconds)
      #expect(Timestamp(moment.description) == moment, "\(seconds)")
      let theirs = Date(timeIntervalSince1970: Double(seconds)).formatted(style)
      #expect(moment.description == theirs, "\(seconds)")
    }
    for _ in 0..<2_000 {
      let moment = Timestamp(Int64(random.number(-62_135_596_800...253_402_300_799)))
      #expect(Timestamp(moment.description) == moment, "\(moment.seconds)")
    }
  }

  @Test func `know every day from 1895 to 2105 in its turn`() {
    var days: Int64 = -27_393
    for year in 1895...2105 {
      for month in 1...12 {
        let isLeap = year % 4 == 0 && year != 1900 && year != 2100
        let length = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
        for day in 1...length {
          let moment = Timestamp(year: year, month: month, day: day)
          if moment != Timestamp(days * 86_400)
            || Timestamp(days * 86_400 + 86_399).date != (year, month, day)
          {
            Issue.record("\(year)-\(month)-\(day)")
          }
          days += 1
        }
        #expect(Timestamp(year: year, month: month, day: length + 1) == nil)
      }
    }
  }

  @Test func `are compared, moved later and moved earlier by seconds`() {
    let moment = Timestamp(100)
    #expect(moment + TimeSpan(seconds: 5) == Timestamp(105))
    #expect(moment - TimeSpan(seconds: 5) == Timestamp(95))
    #expect(Timestamp(99) < moment)
    #expect(!(moment < moment))
  }
}

@Suite struct `Durations` {
  @Test(
    arguments: [
      ("90s", 90), ("15m", 900), ("12h", 43_200), ("7d", 604_800), ("2w", 1_209_600), ("1s", 1),
      ("007d", 604_800),
      ("36525d", 3_155_760_000),
    ] as [(String, Int64)])
  func `are read as a whole number and a unit`(text: String, seconds: Int64) {
    #expect(TimeSpan(text)?.seconds == seconds)
  }

  @Test(arguments: [
    "", "d", "7", "0s", "0d", "-1d", "+1d", "1.5d", "7 d", " 7d", "7d ", "7D", "7days", "1y", "1M", "d7",
    "٧d", "36526d",
    "99999999999999999999d", "9223372036854775807w", "7dd",
  ])
  func `are nothing else`(text: String) {
    #expect(TimeSpan(text) == nil)
  }

  @Test(arguments: [
    ("7d", "7d"), ("2w", "14d"), ("24h", "1d"), ("36h", "36h"), ("90s", "90s"), ("120s", "2m"), ("60m", "1h"),
    ("86401s", "86401s"),
  ])
  func `are written as short as can be and read the same`(text: String, written: String) throws {
    let span = try #require(TimeSpan(text))
    #expect(span.description == written)
    #expect(TimeSpan(span.description) == span)
  }

  @Test func `are ordered by length`() {
    #expect(TimeSpan(seconds: 59) < TimeSpan(seconds: 60))
    #expect(TimeSpan.days(2).seconds == 172_800)
  }

  @Test(arguments: [
    (1.9, Int64(1)), (-1.1, -2), (1e300, 253_402_300_799), (-.infinity, -62_167_219_200), (.nan, 0),
  ])
  func `whatever somebody says in Unix seconds is a moment`(said: Double, seconds: Int64) {
    #expect(Timestamp(clamping: said).seconds == seconds)
  }
}

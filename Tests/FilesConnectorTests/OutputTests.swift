import Foundation
import Platform
import Scoring
import Testing

@testable import FilesConnector

@Suite("The output")
struct OutputTests {
  static let header = "id,email,score,band,tags,reasons,updated_at\n"
  static let settings = "{contacts: contacts.csv, output: scores.csv}"
  static let time = Timestamp(1_795_399_200)

  static func layout(band: String? = "b", reasons: String? = "r", score: WrittenFields.Score = .field("s"))
    -> WriteLayout
  {
    WriteLayout(
      fields: WrittenFields(score: score, band: band, reasons: reasons, tags: true),
      bandNames: ["hot", "cold"],
      ownedTags: ["lead_hot", "lead_cold"])
  }

  static func write(
    _ id: String, _ score: Int, email: String? = nil, band: String? = nil, reasons: String = "",
    add: [String] = [],
    remove: [String] = []
  ) -> ContactWrite {
    ContactWrite(
      contact: ContactID(id), email: email, score: score, band: band, reasons: reasons, addTags: add,
      removeTags: remove, asOf: time)
  }

  /// A folder whose contacts have these ids.
  static func folder(_ ids: [String], output: String? = nil) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    var encoder = RowEncoder()
    for text in ["id", "city"] { encoder.plain(text) }
    encoder.endRow()
    for id in ids {
      for text in [id, "x"] { encoder.plain(text) }
      encoder.endRow()
    }
    try folder.write("contacts.csv", bytes: encoder.bytes)
    if let output { try folder.write("scores.csv", output) }
    return folder
  }

  @discardableResult
  static func apply(
    _ writes: [ContactWrite], to folder: TemporaryFolder, layout: WriteLayout = layout()
  ) async throws -> [StreamName: Cursor] {
    let connector = try folder.connector(settings)
    try await connector.prepare(layout)
    let outcomes = try await connector.write(writes)
    #expect(outcomes == Array(repeating: .staged, count: writes.count))
    return try await connector.commit()
  }

  // MARK: Reading

  @Test("Rows are what is held, whatever is not a row is rejected")
  func reads() async throws {
    let text =
      Self.header
      + "1,a@b.c,40,hot,lead_hot;vip,\"Saw, and +40\",x\n2,,,,,,\n3,,many,,,,\n'=4,,-7,'-,,'+1 a,\n5,,1\n,,1,,,,\n"
    let pulled = try await Self.folder([], output: text).connector(Self.settings).pull("output")
    #expect(
      pulled.holdings == [
        Holding(
          contact: ContactID("1"),
          state: HeldState(score: 40, band: "hot", reasons: "Saw, and +40", tags: ["lead_hot", "vip"])),
        Holding(contact: ContactID("2"), state: .nothing),
        Holding(contact: ContactID("=4"), state: HeldState(score: -7, band: "-", reasons: "+1 a")),
      ])
    #expect(
      pulled.reasons == [
        "scores.csv:4: score is 'many', not a whole number", "scores.csv:6: has 3 fields, the header 7",
        "scores.csv:7: has no id",
      ])
    #expect(pulled.listings == [.everythingAndDone])
  }

  @Test("An output that is not there holds nothing, until it is")
  func absent() async throws {
    let folder = try Self.folder([])
    let first = try await folder.connector(Self.settings).pull("output")
    #expect(first.listings == [.everythingAndDone])
    #expect(first.readings == [Reading(number: 1, isContinuation: false)])
    let second = try await folder.connector(Self.settings).pull("output", after: first.cursor)
    #expect(second.listings == [.changes])
    #expect(second.cursor == first.cursor)
    try folder.write("scores.csv", Self.header + "1,,4,,,,\n")
    let third = try await folder.connector(Self.settings).pull("output", after: second.cursor)
    #expect(third.holdings.count == 1)
    #expect(third.readings == [Reading(number: 2, isContinuation: false)])
    unlink(folder.at("scores.csv"))
    let fourth = try await folder.connector(Self.settings).pull("output", after: third.cursor)
    #expect(fourth.listings == [.everythingAndDone])
    #expect(fourth.readings == [Reading(number: 3, isContinuation: false)])
  }

  @Test("An output with another header is not ours", arguments: ["id,score\n1,2\n", "{\"id\":1}\n"])
  func foreign(_ text: String) async throws {
    let folder = try Self.folder(["1"], output: text)
    let connector = try folder.connector(Self.settings)
    #expect(await failure { _ = try await connector.pull("output") }?.kind == .badData)
    let failed = await failure { try await connector.prepare(Self.layout()) }
    #expect(failed?.kind == .badData)
    #expect(failed?.cure == "Name another file as output, or move this one away")
    #expect(try folder.read("scores.csv") == text)
    #expect(try folder.names() == ["contacts.csv", "scores.csv"])
  }

  @Test("Every contact that is read back has an answer")
  func current() async throws {
    let folder = try Self.folder(
      ["1", "2", "3"], output: Self.header + "1,,4,hot,x,,\n2,,many,,,,\n9,,9,,,,\n")
    let connector = try folder.connector(Self.settings)
    let ids = ["1", "2", "3", "9"].map(ContactID.init)
    #expect(
      try await connector.current(ids) == [
        ids[0]: .present(HeldState(score: 4, band: "hot", tags: ["x"])), ids[1]: .present(.nothing),
        ids[2]: .present(.nothing), ids[3]: .gone,
      ])
    #expect(try await connector.current([]).isEmpty)
  }

  // MARK: Writing

  @Test("A first output is made in the order of ids, with the rights of the user")
  func first() async throws {
    let folder = try Self.folder(["2", "10", "a"])
    try await Self.apply(
      [
        Self.write("10", 47, email: "a@b.c", band: "hot", reasons: "Saw, \"x\" +40", add: ["z", "lead_hot"]),
        Self.write("2", 0), Self.write("a", -5, remove: ["lead_hot"]),
      ], to: folder)
    #expect(
      try folder.read("scores.csv")
        == Self.header + "10,a@b.c,47,hot,lead_hot;z,\"Saw, \"\"x\"\" +40\",2026-11-23T02:00:00Z\n"
        + "2,,0,,,,2026-11-23T02:00:00Z\na,,-5,,,,2026-11-23T02:00:00Z\n")
    #expect(try folder.names() == ["contacts.csv", "scores.csv"])
    var status = stat()
    #expect(stat(folder.at("scores.csv"), &status) == 0)
    #expect(status.st_mode & 0o777 == 0o644)
  }

  @Test("Rows that are not written stay as they are, foreign tags stay on those that are")
  func merge() async throws {
    let kept = "0,,x,,,,\n3,\"q,\"\"\n\",7,cold,a;b,\"\",t\n"
    let folder = try Self.folder(
      ["1", "2", "4"],
      output: Self.header
        + "0,,x,,,,\n1,a@b.c,1,cold,vip;lead_cold,old +1,t\n3,\"q,\"\"\n\",7,cold,a;b,\"\",t")
    try await Self.apply(
      [
        Self.write("1", 50, band: "hot", reasons: "new +50", add: ["lead_hot"], remove: ["lead_cold"]),
        Self.write("2", 3), Self.write("4", 4),
      ], to: folder)
    let rows = kept.replacingOccurrences(
      of: "3,\"q",
      with: "1,a@b.c,50,hot,lead_hot;vip,new +50,2026-11-23T02:00:00Z\n2,,3,,,,2026-11-23T02:00:00Z\n3,\"q")
    #expect(try folder.read("scores.csv") == Self.header + rows + "4,,4,,,,2026-11-23T02:00:00Z\n")
  }

  @Test("Band and reasons that are left out of the layout stay as they were")
  func leftOut() async throws {
    let folder = try Self.folder(["1", "2"], output: Self.header + "1,,1,cold,,old +1,t\n")
    try await Self.apply(
      [Self.write("1", 5, band: "hot", reasons: "new"), Self.write("2", 5, band: "hot", reasons: "new")],
      to: folder, layout: Self.layout(band: nil, reasons: nil))
    #expect(
      try folder.read("scores.csv")
        == Self.header + "1,,5,cold,,old +1,2026-11-23T02:00:00Z\n2,,5,,,,2026-11-23T02:00:00Z\n")
  }

  @Test("An output that somebody sorted, doubled, spoiled or saved with semicolons is put in order")
  func unsorted() async throws {
    let text =
      "\u{FEFF}" + Self.header.replacingOccurrences(of: ",", with: ";")
      + "3;;3;;;\"a,b\";t\r\n1;;1;;;;t\r\n3;;4;;;\"a,b\";t\r\n5;;1\r\n"
    let folder = try Self.folder(["2"], output: text)
    try await Self.apply([Self.write("2", 2)], to: folder)
    #expect(
      try folder.read("scores.csv")
        == Self.header + "1,,1,,,,t\n2,,2,,,,2026-11-23T02:00:00Z\n3,,4,,,\"a,b\",t\n")
  }

  @Test("Text that a spreadsheet would take for a formula is marked, and read without the mark")
  func formulas() async throws {
    let ids = ["'x", "+x", "-x", "=1+1", "@x", "＝1+1", "＠x"]
    let reasons = ["\tx", "\rx", "'", "=a,b", "\"q\"", "＋1", "\n=1"]
    let folder = try Self.folder(ids)
    let writes = zip(ids, reasons).map { Self.write($0, -1, email: $0, band: $0, reasons: $1, add: [$0]) }
    try await Self.apply(writes, to: folder)
    let text = try folder.read("scores.csv")
    for id in ids { #expect(text.contains("\n'\(id),'\(id),-1,'\(id),'\(id),")) }
    for reason in [
      "'\tx", "\"'\rx\"", "''", "\"'=a,b\"", "\"\"\"q\"\"\"", "'＋1", "\"'\n=1\"",
    ] {
      #expect(text.contains(",\(reason),2026"))
    }
    let held = try await folder.connector(Self.settings).pull("output").holdings
    #expect(
      held
        == writes.map {
          Holding(
            contact: $0.contact,
            state: HeldState(score: -1, band: $0.band, reasons: $0.reasons, tags: Set($0.addTags)))
        })
    try await Self.apply(writes, to: folder)
    #expect(try await folder.connector(Self.settings).pull("output").holdings == held)
  }

  @Test(
    "Rights of an output and the place of a linked one are kept", arguments: ["real.csv", "sub/real.csv"])
  func linked(_ target: String) async throws {
    let folder = try Self.folder(["1"])
    try FileManager.default.createDirectory(atPath: folder.at("sub"), withIntermediateDirectories: true)
    try folder.write(target, Self.header)
    chmod(folder.at(target), 0o640)
    symlink(target, folder.at("scores.csv"))
    try await Self.apply([Self.write("1", 1)], to: folder)
    #expect(try folder.read(target).hasSuffix("1,,1,,,,2026-11-23T02:00:00Z\n"))
    var status = stat()
    #expect(lstat(folder.at("scores.csv"), &status) == 0)
    #expect(status.st_mode & S_IFMT == S_IFLNK)
    #expect(stat(folder.at(target), &status) == 0)
    #expect(status.st_mode & 0o777 == 0o640)
  }

  @Test("A link that leads nowhere yet is followed")
  func dangling() async throws {
    let folder = try Self.folder(["1"])
    symlink("real.csv", folder.at("scores.csv"))
    try await Self.apply([Self.write("1", 1)], to: folder)
    #expect(try folder.names() == ["contacts.csv", "real.csv", "scores.csv"])
  }

  @Test("Our own write is not read again, if the output was read before and nobody else wrote")
  func ownWrites() async throws {
    let folder = try Self.folder(["1", "2"])
    let connector = try folder.connector(Self.settings)
    var cursor = try await connector.pull("output").cursor
    for score in 1...2 {
      try await connector.prepare(Self.layout())
      _ = try await connector.write([Self.write("1", score, reasons: "two\nlines")])
      cursor = try await connector.commit()[StreamName("output")]
      #expect(cursor != nil)
      let next = try await folder.connector(Self.settings).pull("output", after: cursor)
      #expect(next.read == 0)
      #expect(next.cursor == cursor)
    }
    try folder.append("scores.csv", "9,,many,,,,\n")
    let next = try await folder.connector(Self.settings).pull("output", after: cursor)
    #expect(next.readings == [Reading(number: 2, isContinuation: true)])
    #expect(next.rejected.map(\.place) == ["scores.csv:4"])
  }

  @Test("There is no cursor for an output that others wrote into, or that was not read")
  func othersWrites() async throws {
    let folder = try Self.folder(["1"], output: Self.header)
    #expect(try await Self.apply([Self.write("1", 1)], to: folder).isEmpty)
    let connector = try folder.connector(Self.settings)
    _ = try await connector.pull("output")
    try folder.append("scores.csv", "9,,9,,,,\n")
    try await connector.prepare(Self.layout())
    _ = try await connector.write([Self.write("1", 2)])
    #expect(try await connector.commit().isEmpty)
  }

  @Test("Many rows over several batches are merged")
  func many() async throws {
    let ids = (0..<12_000).map { "c\($0)" }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let folder = try Self.folder(ids)
    for round in 0..<2 {
      let connector = try folder.connector(Self.settings)
      try await connector.prepare(Self.layout())
      for start in stride(from: 0, to: ids.count, by: 5_000) {
        let part = ids[start..<min(start + 5_000, ids.count)].enumerated().filter {
          round == 0 || $0.offset % 3 == 0
        }
        _ = try await connector.write(
          part.map { Self.write($0.element, round, reasons: "a longer text of reasons") })
      }
      _ = try await connector.commit()
    }
    let held = try await folder.connector(Self.settings).pull("output").holdings
    #expect(held.map(\.contact.text) == ids)
    #expect(held.filter { $0.state.score == 1 }.count == 4_001)
  }
}

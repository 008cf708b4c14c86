import Platform
import Scoring

/// The writes of one apply until its commit: a file beside the output, in ascending order of contact id.
final class StagedWrites {
  /// Columns of the file, which has no header.
  enum Column: Int, CaseIterable {
    case id, email, score, band, addTags, removeTags, reasons, asOf
  }

  let place: OutputPlace
  let layout: WriteLayout
  private(set) var count = 0
  /// The contacts that there are; nil before the first batch.
  var known: KnownIDs?
  private let writer: FileWriter
  private var last: [UInt8] = []

  /// Makes the file, which proves that the folder can be written to.
  init(place: OutputPlace, layout: WriteLayout) throws(ConnectorFailure) {
    self.place = place
    self.layout = layout
    place.removeLeftovers()
    writer = try FileWriter(path: place.staged, mode: 0o600)
  }

  /// Lays a batch down and says for each contact that it is staged, or gone.
  func append(_ batch: [ContactWrite]) throws(ConnectorFailure) -> [WriteOutcome] {
    var encoder = RowEncoder()
    var outcomes: [WriteOutcome] = []
    for write in batch {
      let id = Array(write.contact.text.utf8)
      guard last.lexicographicallyPrecedes(id) else {
        throw ConnectorFailure(
          .inputOutput,
          "'\(write.contact)' was handed over after '\(String(decoding: last, as: UTF8.self))', out of order",
          cure: "This is a fault of the program; nothing was written")
      }
      last = id
      guard known?.mayContain(write.contact) ?? true else {
        outcomes.append(.gone)
        continue
      }
      outcomes.append(.staged)
      count += 1
      encode(write, into: &encoder)
    }
    try writer.append(encoder.bytes)
    return outcomes
  }

  private func encode(_ write: ContactWrite, into encoder: inout RowEncoder) {
    for column in Column.allCases {
      switch column {
      case .id: encoder.plain(write.contact.text)
      case .email: encoder.plain(write.email ?? "")
      case .score: encoder.plain(write.heldScore.map(String.init) ?? "")
      case .band: encoder.plain(write.band ?? "")
      case .addTags: encoder.plain(write.addTags.joined(separator: ";"))
      case .removeTags: encoder.plain(write.removeTags.joined(separator: ";"))
      case .reasons: encoder.plain(write.reasons)
      case .asOf: encoder.plain(write.asOf.description)
      }
    }
    encoder.endRow()
  }

  /// The rows from the first one on.
  func rows() throws(ConnectorFailure) -> RowScanner {
    try writer.flushAll()
    let file = try OpenFile(path: place.staged, key: "the output")
    let size = file.signature.size
    return RowScanner(file, layout: FileLayout(columns: Column.allCases.count), from: 0, line: 1, to: size)
  }
}

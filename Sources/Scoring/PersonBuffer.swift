/// One person as the engine reads them: all activities of all their contacts, and the fields a model asks for.
///
/// A buffer is filled, scored and filled again for the next person; after the first few nothing is allocated.
public struct PersonBuffer: Sendable {
  /// One activity in integers.
  public struct Entry: Sendable {
    /// Unix seconds.
    public var time: Int64
    /// Seconds or money by kind; NaN if there is none.
    public var value: Double
    /// Number of the target's text; 0 if there is none.
    public var target: TextID
    /// Number of the campaign's text; 0 if there is none.
    public var campaign: TextID
    /// Raw value of a known kind, or a code from `KnownKind.firstCustomCode` on.
    public var kind: UInt32
    /// Which of the person's contacts it belongs to.
    public var contact: UInt16
    /// Index of the connection in the engine's list.
    public var connection: UInt8

    /// One activity in integers.
    public init(
      time: Int64, value: Double = .nan, target: TextID = 0, campaign: TextID = 0, kind: UInt32,
      contact: UInt16 = 0, connection: UInt8 = 0
    ) {
      self.time = time
      self.value = value
      self.target = target
      self.campaign = campaign
      self.kind = kind
      self.contact = contact
      self.connection = connection
    }
  }

  /// The activities, oldest first once `finish` was called.
  public private(set) var entries: ContiguousArray<Entry> = []
  /// Unix seconds at which the person's earliest contact was created; nil if no platform says.
  public var knownSince: Int64?

  private var fieldBytes: ContiguousArray<UInt8> = []
  private var fieldRanges: ContiguousArray<Range<Int>>
  private var isSorted = true

  /// A buffer for so many fields.
  public init(fieldCount: Int) {
    fieldRanges = ContiguousArray(repeating: 0..<0, count: fieldCount)
  }

  /// Forgets the person before.
  public mutating func reset() {
    entries.removeAll(keepingCapacity: true)
    fieldBytes.removeAll(keepingCapacity: true)
    for index in fieldRanges.indices { fieldRanges[index] = 0..<0 }
    knownSince = nil
    isSorted = true
  }

  /// Adds an activity; the order in which they come does not matter.
  @inline(__always)
  public mutating func append(_ entry: Entry) {
    if isSorted, let last = entries.last, last.time > entry.time { isSorted = false }
    entries.append(entry)
  }

  /// Notes when one of the contacts was created; the earliest counts.
  public mutating func note(createdAt seconds: Int64) {
    knownSince = min(knownSince ?? seconds, seconds)
  }

  /// Sets a field unless it has a value already; blanks alone are no value.
  public mutating func setField(_ slot: Int, to value: UnsafeBufferPointer<UInt8>) {
    guard fieldRanges[slot].isEmpty, !Self.isBlank(value) else { return }
    let start = fieldBytes.count
    fieldBytes.append(contentsOf: value)
    fieldRanges[slot] = start..<fieldBytes.count
  }

  /// Sets a field unless it has a value already; blanks alone are no value.
  public mutating func setField(_ slot: Int, to value: String) {
    var value = value
    value.withUTF8 { setField(slot, to: $0) }
  }

  /// True if the field has no value.
  func isEmpty(_ slot: Int) -> Bool { fieldRanges[slot].isEmpty }

  /// The field's value; nil if it has none.
  public func field(_ slot: Int) -> String? {
    isEmpty(slot) ? nil : withField(slot) { String(decoding: $0, as: UTF8.self) }
  }

  /// The field's value as UTF-8.
  func withField<Result>(_ slot: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    fieldBytes.withUnsafeBufferPointer { bytes in
      body(UnsafeBufferPointer(rebasing: bytes[fieldRanges[slot]]))
    }
  }

  /// Puts the activities into order once the last one is in; those of the same second keep their order.
  public mutating func finish() {
    guard !isSorted else { return }
    entries.sort { $0.time < $1.time }
    isSorted = true
  }

  /// The person as they were at a moment: activities later than that do not exist.
  public func until(_ moment: Timestamp) -> PersonBuffer {
    var result = self
    while let last = result.entries.last, last.time > moment.seconds { result.entries.removeLast() }
    return result
  }

  /// The same person for an engine that asks for these of the fields, in this order.
  public func arranged(_ slots: [Int]) -> PersonBuffer {
    var result = self
    result.fieldRanges = ContiguousArray(slots.map { fieldRanges[$0] })
    return result
  }

  private static func isBlank(_ value: UnsafeBufferPointer<UInt8>) -> Bool {
    for byte in value where byte > 0x20 {
      return byte < 0x80 ? false : TextFolding.isBlank(String(decoding: value, as: UTF8.self))
    }
    return true
  }
}

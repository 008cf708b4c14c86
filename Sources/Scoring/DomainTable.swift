/// Classes of mail domains by their bytes, without making a text of each address.
struct DomainTable {
  private var slots: ContiguousArray<(start: Int32, count: Int32, domainClass: DomainClass)>
  private var bytes: ContiguousArray<UInt8> = []
  private let mask: Int

  init(_ lists: DomainLists) {
    // A disposable domain stays one, whatever else it is; it is put in first and found first.
    let domains =
      lists.disposable.map { ($0, DomainClass.disposable) } + lists.free.map { ($0, DomainClass.free) }
    var size = 16
    while size < domains.count * 3 { size *= 2 }
    mask = size - 1
    slots = ContiguousArray(repeating: (0, -1, .business), count: size)
    for (domain, domainClass) in domains {
      let start = bytes.count
      bytes.append(contentsOf: domain.utf8)
      var place = bytes[start...].withUnsafeBufferPointer { Self.hash($0) } & mask
      while slots[place].count >= 0 { place = (place + 1) & mask }
      slots[place] = (Int32(start), Int32(bytes.count - start), domainClass)
    }
  }

  /// The class of an address; nil if it is none, or not ASCII throughout, so that the long way has to be taken.
  func classify(_ address: UnsafeBufferPointer<UInt8>) -> DomainClass? {
    var (start, end) = (0, address.count)
    while start < end, address[start] <= 0x20 { start += 1 }
    while end > start, address[end - 1] <= 0x20 { end -= 1 }
    guard let domainStart = EmailAddress.domainStart(in: address, start: start, end: end) else { return nil }
    var previous = UInt8(ascii: ".")
    for index in start..<end {
      guard address[index] < 0x80 else { return nil }
      if index >= domainStart {
        if address[index] == UInt8(ascii: "."), previous == UInt8(ascii: ".") { return nil }
        previous = address[index]
      }
    }
    guard previous != UInt8(ascii: ".") else { return nil }
    let domain = UnsafeBufferPointer(rebasing: address[domainStart..<end])
    var place = Self.hash(domain) & mask
    while slots[place].count >= 0 {
      if isEqual(domain, slots[place].start, slots[place].count) { return slots[place].domainClass }
      place = (place + 1) & mask
    }
    return .business
  }

  private func isEqual(_ domain: UnsafeBufferPointer<UInt8>, _ start: Int32, _ count: Int32) -> Bool {
    guard domain.count == Int(count) else { return false }
    for index in 0..<domain.count where Self.lower(domain[index]) != bytes[Int(start) + index] {
      return false
    }
    return true
  }

  private static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(lower(byte))) &* 0x0000_0100_0000_01B3 }
    return Int(truncatingIfNeeded: hash >> 17 ^ hash)
  }

  @inline(__always)
  private static func lower(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }
}

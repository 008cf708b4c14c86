/// The least of HTTP/2 (RFC 9113) that answers requests: status 200 and a short body for each stream.
enum HTTP2Answers {
  static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

  /// Answers until the client closes; answers wait until `together` streams are open. `opened`
  /// happens with the first one.
  static func serve(_ connection: RawConnection, together: Int, body: [UInt8], opened: Event? = nil) {
    guard connection.read(preface.count) == preface else { return }
    // Settings: up to 1,000 streams at a time.
    connection.write(frame(4, stream: 0, [0, 3, 0, 0, 0x03, 0xe8]))
    var open: [UInt32] = []
    while let head = connection.read(9),
      let payload = connection.read(Int(head[0]) << 16 | Int(head[1]) << 8 | Int(head[2]))
    {
      let (type, flags) = (head[3], head[4])
      let stream = head[5...8].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      switch type {
      case 1:
        open.append(stream)
        opened?.happen()
      case 4 where flags & 1 == 0: connection.write(frame(4, flags: 1, stream: 0, []))
      case 6 where flags & 1 == 0: connection.write(frame(6, flags: 1, stream: 0, payload))
      default: break
      }
      guard open.count >= together else { continue }
      for stream in open {
        // 0x88 is `:status: 200` of the static table of HPACK.
        connection.write(frame(1, flags: 4, stream: stream, [0x88]))
        connection.write(frame(0, flags: 1, stream: stream, body))
      }
      open = []
    }
  }

  private static func frame(_ type: UInt8, flags: UInt8 = 0, stream: UInt32, _ payload: [UInt8]) -> [UInt8] {
    let count = payload.count
    return [UInt8(count >> 16 & 255), UInt8(count >> 8 & 255), UInt8(count & 255), type, flags]
      + [24, 16, 8, 0].map { UInt8(stream >> UInt32($0) & 255) } + payload
  }
}

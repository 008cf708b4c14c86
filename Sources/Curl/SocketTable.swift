import CCurl
import Foundation

/// The sockets that libcurl wants watched, and the waker of the loop.
struct SocketTable {
  /// A socket on which something can be done, and what, in libcurl's notation.
  struct Ready {
    var descriptor: Int32
    var events: Int32
  }

  /// The waker first.
  private var entries: [pollfd]
  /// Where in `entries` a descriptor is; 0 means nowhere.
  private var places: [Int] = []

  init(_ waker: Waker) {
    entries = [pollfd(fd: waker.descriptor, events: Int16(POLLIN), revents: 0)]
  }

  /// Watches a socket for what libcurl asks (`CURL_POLL_IN` and so on), or no more.
  mutating func watch(_ descriptor: Int32, _ wish: Int32) {
    let index = Int(descriptor)
    if index >= places.count {
      places.append(contentsOf: repeatElement(0, count: index + 1 - places.count))
    }
    let place = places[index]
    if wish == CURL_POLL_REMOVE || wish == CURL_POLL_NONE {
      if place > 0 { remove(place) }
      return
    }
    let reads = wish & CURL_POLL_IN != 0 ? POLLIN : 0
    let writes = wish & CURL_POLL_OUT != 0 ? POLLOUT : 0
    if place > 0 {
      entries[place].events = Int16(reads | writes)
    } else {
      places[index] = entries.count
      entries.append(pollfd(fd: descriptor, events: Int16(reads | writes), revents: 0))
    }
  }

  /// Puts the last entry in the place of one that goes.
  private mutating func remove(_ place: Int) {
    places[Int(entries[place].fd)] = 0
    let last = entries.removeLast()
    if place < entries.count {
      entries[place] = last
      places[Int(last.fd)] = place
    }
  }

  /// Whether a socket is still watched.
  func isWatched(_ descriptor: Int32) -> Bool {
    places[Int(descriptor)] > 0
  }

  /// Waits until something can be done, at most so many milliseconds, and gathers what can be done in an
  /// empty array. True when the loop was woken.
  mutating func wait(_ milliseconds: Int32, into ready: inout [Ready]) -> Bool {
    let count = entries.withUnsafeMutableBufferPointer { entries in
      poll(entries.baseAddress, nfds_t(entries.count), milliseconds)
    }
    guard count > 0 else { return false }
    for entry in entries.dropFirst() where entry.revents != 0 {
      ready.append(Ready(descriptor: entry.fd, events: Self.events(entry)))
    }
    return entries[0].revents != 0
  }

  /// An error or a hang-up shows itself to whoever reads or writes next.
  private static func events(_ entry: pollfd) -> Int32 {
    func has(_ flags: Int32) -> Bool { Int32(entry.revents) & flags != 0 }
    let isOver = has(POLLERR | POLLHUP)
    var events: Int32 = 0
    if has(POLLIN) || isOver && Int32(entry.events) & POLLIN != 0 { events |= CURL_CSELECT_IN }
    if has(POLLOUT) || isOver && Int32(entry.events) & POLLOUT != 0 { events |= CURL_CSELECT_OUT }
    if has(POLLNVAL) { events |= CURL_CSELECT_ERR }
    return events
  }
}

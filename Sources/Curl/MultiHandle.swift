import CCurl

/// libcurl's handle for many transfers at a time. Its owner is the loop thread; others may only wake it.
struct MultiHandle: @unchecked Sendable {
  let pointer: UnsafeMutableRawPointer

  /// Ends the loop's wait for sockets, or the next one. The one function of libcurl's that any thread may call.
  func wake() {
    curl_multi_wakeup(pointer)
  }
}

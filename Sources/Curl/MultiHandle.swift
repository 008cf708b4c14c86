/// libcurl's handle for many transfers at a time, on its way to the loop's thread, its only user.
struct MultiHandle: @unchecked Sendable {
  let pointer: UnsafeMutableRawPointer
}

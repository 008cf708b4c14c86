import Platform
import Scoring

/// Decides what a page has to read: nothing, the rest of a reading, what was added, or everything anew.
struct ReadingPlan {
  /// What is to be done.
  enum Step {
    /// The content is known; the cursor is the one to keep.
    case nothing(FileCursor)
    /// Read on from the cursor.
    case read(FileCursor)
  }

  let source: FileSource
  let window: PullWindow

  /// Decides for a file that is there.
  ///
  /// - Parameter isOwn: tells whether a reading was begun or resumed by this process, so that rows of it may
  ///   have been handed out that the changed file no longer has.
  func step(
    for file: borrowing OpenFile, fingerprint: UInt64, after last: FileCursor?,
    isOwn: (FileCursor) -> Bool
  ) throws(ConnectorFailure) -> Step {
    let now = file.signature
    guard let last else { return .read(try whole(file, number: 1, fingerprint: fingerprint)) }
    let isWider = source.kind == .activities && window.since.seconds < last.since
    guard let known = last.signature, last.fingerprint == fingerprint, !isWider else {
      return .read(try whole(file, number: last.number + 1, fingerprint: fingerprint))
    }
    guard last.isDone else {
      if let going = try resumed(last, file: file, isOwn: isOwn(last)) { return .read(going) }
      guard !isOwn(last) else { throw FileTrouble.changed(file.path) }
      return .read(try whole(file, number: last.number + 1, fingerprint: fingerprint))
    }
    if known == now, now.size == last.size { return .nothing(last) }
    guard now.size >= last.size else {
      return .read(try whole(file, number: last.number + 1, fingerprint: fingerprint))
    }
    guard let digests = try file.digests(upTo: [last.size, now.size]) else {
      throw FileTrouble.changed(file.path)
    }
    if digests[0] == last.digest, now.size == last.size {
      var same = last
      same.signature = now
      return .nothing(same)
    }
    let isGrown = digests[0] == last.digest && last.endsCleanly
    var next = FileCursor(
      number: last.number + 1, isContinuation: isGrown, offset: isGrown ? last.size : 0,
      line: isGrown ? last.line : 1, size: now.size, digest: digests[1], signature: now, since: window.since,
      fingerprint: fingerprint)
    // Older rows of earlier readings are still left out, so the narrower window is the one that is covered.
    if isGrown { next.since = max(next.since, last.since) }
    return .read(next)
  }

  /// The unfinished reading, if the file still begins with what it covers.
  private func resumed(
    _ last: FileCursor, file: borrowing OpenFile, isOwn: Bool
  ) throws(ConnectorFailure) -> FileCursor? {
    var going = last
    going.since = max(last.since, window.since.seconds)
    let now = file.signature
    guard let known = last.signature, now != known else { return going }
    // A file that is being added to all the time is looked at once, when its reading ends.
    if isOwn, now.size > known.size, now.inode == known.inode, now.device == known.device { return going }
    guard now.size >= last.size, try file.digests(upTo: [last.size]) == [last.digest] else { return nil }
    going.signature = now
    return going
  }

  private func whole(
    _ file: borrowing OpenFile, number: Int64, fingerprint: UInt64
  ) throws(ConnectorFailure) -> FileCursor {
    let size = file.signature.size
    guard let digest = try file.digests(upTo: [size])?.first else { throw FileTrouble.changed(file.path) }
    return FileCursor(
      number: number, isContinuation: false, offset: 0, line: 1, size: size, digest: digest,
      signature: file.signature, since: window.since, fingerprint: fingerprint)
  }

  /// For an output that is not there: it holds nothing.
  func step(forAbsentAfter last: FileCursor?) -> Step {
    if let last, last.signature == nil { return .nothing(last) }
    var absent = FileCursor(
      number: (last?.number ?? 0) + 1, isContinuation: false, offset: 0, line: 1, size: 0, digest: 0,
      signature: nil, since: window.since, fingerprint: 0)
    absent.isDone = true
    return .read(absent)
  }
}

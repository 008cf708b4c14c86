import Foundation
import GRDBSQLite

/// SQLite's way to the disk, with a machine in between that counts what is written, and stops or runs full.
///
/// Nothing is flushed: a machine that stops keeps what its system was given, as a killed process does.
enum FaultyDisk {
  /// Whose disk it is; all work of the process is done by one thread.
  nonisolated(unsafe) static var machine: Machine?

  /// A file as SQLite sees it: the first member is what it knows.
  private struct File {
    var base: sqlite3_file
    var real: UnsafeMutablePointer<sqlite3_file>
  }

  private static let header = (MemoryLayout<File>.size + 15) / 16 * 16
  nonisolated(unsafe) private static var usual: UnsafeMutablePointer<sqlite3_vfs>?
  nonisolated(unsafe) private static let methods = UnsafeMutablePointer<sqlite3_io_methods>.allocate(
    capacity: 1)
  nonisolated(unsafe) private static let vfs = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)

  /// Makes it SQLite's usual way to the disk.
  static func install() -> Bool {
    guard let real = sqlite3_vfs_find(nil) else { return false }
    usual = real
    methods.initialize(to: passing)
    vfs.initialize(to: real.pointee)
    vfs.pointee.pNext = nil
    vfs.pointee.szOsFile = Int32(header) + real.pointee.szOsFile
    vfs.pointee.zName = UnsafePointer(strdup("faulty"))
    vfs.pointee.xOpen = { _, name, file, flags, outFlags in
      guard let file, let usual = FaultyDisk.usual else { return SQLITE_IOERR }
      let whole = UnsafeMutableRawPointer(file)
      let inner = whole.advanced(by: FaultyDisk.header).assumingMemoryBound(to: sqlite3_file.self)
      inner.pointee.pMethods = nil
      let ours = whole.assumingMemoryBound(to: FaultyDisk.File.self)
      ours.pointee.base.pMethods = nil
      ours.pointee.real = inner
      if FaultyDisk.machine?.isDead == true { return SQLITE_CANTOPEN }
      let result = usual.pointee.xOpen(usual, name, inner, flags, outFlags)
      if inner.pointee.pMethods != nil {
        ours.pointee.base.pMethods = UnsafePointer(FaultyDisk.methods)
      }
      return result
    }
    vfs.pointee.xDelete = { _, name, sync in
      guard let usual = FaultyDisk.usual else { return SQLITE_IOERR }
      let trouble = FaultyDisk.trouble()
      return trouble == SQLITE_OK || trouble == SQLITE_FULL
        ? usual.pointee.xDelete(usual, name, sync) : SQLITE_IOERR
    }
    return sqlite3_vfs_register(vfs, 1) == SQLITE_OK
  }

  /// What becomes of something that is to be written now.
  private static func trouble() -> Int32 {
    guard let machine else { return SQLITE_OK }
    machine.step()
    if machine.isDead { return SQLITE_IOERR }
    return machine.isFull ? SQLITE_FULL : SQLITE_OK
  }

  private static func real(
    _ file: UnsafeMutablePointer<sqlite3_file>?
  ) -> (file: UnsafeMutablePointer<sqlite3_file>, methods: sqlite3_io_methods)? {
    guard let file else { return nil }
    let inner = UnsafeMutableRawPointer(file).assumingMemoryBound(to: FaultyDisk.File.self).pointee.real
    return inner.pointee.pMethods.map { (inner, $0.pointee) }
  }

  private static var passing: sqlite3_io_methods {
    sqlite3_io_methods(
      iVersion: 2,
      xClose: { file in
        guard let (inner, methods) = FaultyDisk.real(file) else { return SQLITE_OK }
        return methods.xClose(inner)
      },
      xRead: { file, bytes, count, offset in
        guard let (inner, methods) = FaultyDisk.real(file) else { return SQLITE_IOERR }
        return methods.xRead(inner, bytes, count, offset)
      },
      xWrite: { file, bytes, count, offset in
        guard let (inner, methods) = FaultyDisk.real(file) else { return SQLITE_IOERR }
        let trouble = FaultyDisk.trouble()
        return trouble == SQLITE_OK ? methods.xWrite(inner, bytes, count, offset) : trouble
      },
      xTruncate: { file, size in
        guard let (inner, methods) = FaultyDisk.real(file) else { return SQLITE_IOERR }
        let trouble = FaultyDisk.trouble()
        return trouble == SQLITE_OK || trouble == SQLITE_FULL
          ? methods.xTruncate(inner, size) : SQLITE_IOERR
      },
      xSync: { file, _ in
        let trouble = FaultyDisk.trouble()
        return trouble == SQLITE_OK || trouble == SQLITE_FULL ? SQLITE_OK : SQLITE_IOERR
      },
      xFileSize: { file, size in
        guard let (inner, methods) = FaultyDisk.real(file) else { return SQLITE_IOERR }
        return methods.xFileSize(inner, size)
      },
      xLock: { file, level in
        guard let (inner, methods) = FaultyDisk.real(file) else { return SQLITE_IOERR }
        return methods.xLock(inner, level)
      },
      xUnlock: { file, level in
        guard let (inner, methods) = FaultyDisk.real(file) else { return SQLITE_IOERR }
        return methods.xUnlock(inner, level)
      },
      xCheckReservedLock: { file, result in
        guard let (inner, methods) = FaultyDisk.real(file) else { return SQLITE_IOERR }
        return methods.xCheckReservedLock(inner, result)
      },
      xFileControl: { file, operation, argument in
        guard let (inner, methods) = FaultyDisk.real(file) else { return SQLITE_IOERR }
        return methods.xFileControl(inner, operation, argument)
      },
      xSectorSize: { file in FaultyDisk.real(file).map { $0.methods.xSectorSize($0.file) } ?? 4_096 },
      xDeviceCharacteristics: { file in
        FaultyDisk.real(file).map { $0.methods.xDeviceCharacteristics($0.file) } ?? 0
      },
      xShmMap: { file, page, size, extends, pointer in
        guard let (inner, methods) = FaultyDisk.real(file) else { return SQLITE_IOERR }
        return methods.xShmMap(inner, page, size, extends, pointer)
      },
      xShmLock: { file, offset, count, flags in
        guard let (inner, methods) = FaultyDisk.real(file) else { return SQLITE_IOERR }
        return methods.xShmLock(inner, offset, count, flags)
      },
      xShmBarrier: { file in
        guard let (inner, methods) = FaultyDisk.real(file) else { return }
        methods.xShmBarrier(inner)
      },
      xShmUnmap: { file, deletes in
        guard let (inner, methods) = FaultyDisk.real(file) else { return SQLITE_IOERR }
        return methods.xShmUnmap(inner, deletes)
      },
      xFetch: nil, xUnfetch: nil)
  }
}

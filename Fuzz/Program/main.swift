import Foundation

/// libFuzzer's own entry point.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
  _ body: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// Asked once: libFuzzer calls with nothing but bytes.
private let target: FuzzTarget? = ProcessInfo.processInfo.environment["FUZZ_TARGET"].flatMap(
  FuzzTarget.named)

if CommandLine.arguments.dropFirst().first == "targets" {
  for target in FuzzTarget.all { print(target.name, target.longest) }
} else if CommandLine.arguments.dropFirst().first == "seeds", CommandLine.arguments.count > 2 {
  try Seeds.write(to: CommandLine.arguments[2])
} else if target == nil {
  let name = CommandLine.arguments[0]
  FileHandle.standardError.write(
    Data(
      """
      usage: FUZZ_TARGET=name \(name) [options of libFuzzer] [folders]
             \(name) targets | seeds FOLDER

      """.utf8))
  exit(64)
} else {
  var count = CommandLine.argc
  var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
  let status = runDriver(&count, &arguments) { start, count in
    do {
      try target?.run(Array(UnsafeBufferPointer(start: start, count: count)))
    } catch {
      fatalError("broken promise: \(error)")
    }
    return 0
  }
  exit(status)
}

/// Something that takes bytes from outside and has promised what becomes of them, whatever they are.
struct FuzzTarget: Sendable {
  /// As it is called on the command line; the name of its folder in the corpus, too.
  let name: String
  /// Inputs that are longer find nothing that shorter ones do not.
  let longest: Int
  /// Feeds it with an input; traps or throws if a promise is broken.
  let run: @Sendable ([UInt8]) throws(BrokenPromise) -> Void

  /// All of them.
  static let all: [FuzzTarget] = [
    FuzzTarget(name: "json", longest: 512, run: JSONFuzz.run),
    FuzzTarget(name: "mautic", longest: 16_384) { bytes throws(BrokenPromise) in
      try WebFuzz.run(bytes, MauticFuzz.subject)
    },
    FuzzTarget(name: "hubspot", longest: 16_384) { bytes throws(BrokenPromise) in
      try WebFuzz.run(bytes, HubSpotFuzz.subject)
    },
    FuzzTarget(name: "getresponse", longest: 16_384) { bytes throws(BrokenPromise) in
      try WebFuzz.run(bytes, GetResponseFuzz.subject)
    },
    FuzzTarget(name: "bitrix24", longest: 16_384) { bytes throws(BrokenPromise) in
      try WebFuzz.run(bytes, Bitrix24Fuzz.subject)
    },
    FuzzTarget(name: "files", longest: 4_096, run: FilesFuzz.run),
    FuzzTarget(name: "model", longest: 8_192, run: ModelFuzz.run),
    FuzzTarget(name: "configuration", longest: 8_192, run: ConfigurationFuzz.run),
    FuzzTarget(name: "plan", longest: 4_096, run: PlanFuzz.run),
    FuzzTarget(name: "glob", longest: 128, run: GlobFuzz.run),
    FuzzTarget(name: "email", longest: 640, run: EmailFuzz.run),
    FuzzTarget(name: "text", longest: 256, run: TextFuzz.run),
  ]

  /// The one of this name.
  static func named(_ name: String) -> FuzzTarget? { all.first { $0.name == name } }
}

/// What was promised and is not so.
struct BrokenPromise: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

/// Throws unless it is so.
func demand(_ isSo: Bool, _ promise: @autoclosure () -> String) throws(BrokenPromise) {
  if !isSo { throw BrokenPromise(promise()) }
}

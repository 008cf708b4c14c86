// swift-tools-version: 6.1
import PackageDescription

/// Every module of ours is compiled in Swift 6 mode with warnings as errors.
///
/// Exclusive access is checked while the program runs in debug builds, where all tests run; release builds save the
/// few percent that it costs.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6), .unsafeFlags(["-warnings-as-errors"]),
  .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release)),
]

/// A module of the house: what it is called, what it may import, and where it lives.
func room(_ name: String, path: String? = nil, on floor: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: floor, path: path, exclude: [], swiftSettings: strict)
}

func tests(
  _ name: String, of floor: [Target.Dependency], path: String? = nil, exclude: [String] = []
) -> Target {
  .testTarget(name: name, dependencies: floor, path: path, exclude: exclude, swiftSettings: strict)
}

let package = Package(
  name: "leadgauge",
  products: [
    .executable(name: "leadgauge", targets: ["leadgauge"]),
    .library(name: "Scoring", targets: ["Scoring"]),
    .library(name: "Platform", targets: ["Platform"]),
  ],
  dependencies: [
    .package(url: "https://github.com/jpsim/Yams.git", from: "6.2.2"),
    .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
    .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
    .package(url: "https://github.com/swhitty/FlyingFox.git", from: "0.27.1"),
  ],
  targets: [
    room("StrictYAML", on: [.product(name: "Yams", package: "Yams")]),
    room("Scoring", on: ["StrictYAML"]),
    room("Platform", on: ["Scoring", "StrictYAML"]),
    room(
      "Store",
      on: [
        "Platform", "Scoring", .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ]),
    room("Sync", on: ["Store", "Platform", "Scoring", "StrictYAML"]),
    room("Report", on: ["Sync", "Store", "Platform", "Scoring"]),
    room(
      "Sandbox",
      on: [
        "Platform", "Scoring", .product(name: "FlyingFox", package: "FlyingFox"),
        .product(name: "FlyingSocks", package: "FlyingFox"),
      ]),
    .target(
      name: "ShippedFiles", path: "config", exclude: ["systemd", "cron", "leadgauge.sample.yaml"],
      resources: [
        .embedInCode("domains/free.txt"), .embedInCode("domains/disposable.txt"),
        .embedInCode("models/b2b-services.yaml"), .embedInCode("models/saas.yaml"),
        .embedInCode("models/retail.yaml"), .embedInCode("models/education.yaml"),
        .embedInCode("models/real-estate.yaml"), .embedInCode("models/purchases.yaml"),
        .embedInCode("models/vietnamese.txt"),
        .embedInCode("schema/model.schema.json"), .embedInCode("schema/configuration.schema.json"),
      ], swiftSettings: strict),
    room("SimulatorJSON"),
    .target(
      name: "FilesConnector", dependencies: ["Platform", "Scoring"], path: "connectors/Files/Adapter",
      swiftSettings: strict),
    .systemLibrary(name: "CAllocator", path: "Sources/CAllocator"),
    .systemLibrary(
      name: "CCurl", path: "Sources/CCurl", pkgConfig: "libcurl",
      providers: [.apt(["libcurl4-openssl-dev"])]),
    room("Curl", on: ["CCurl"]),
    room("WebAPI", on: ["Curl"]),
    .target(
      name: "MauticConnector", dependencies: ["Platform", "Scoring", "WebAPI"],
      path: "connectors/Mautic/Adapter", swiftSettings: strict),
    .target(
      name: "MauticSimulator", dependencies: ["Platform", "Scoring"], path: "connectors/Mautic/Simulator",
      swiftSettings: strict),
    .target(
      name: "HubSpotConnector", dependencies: ["Platform", "Scoring", "WebAPI"],
      path: "connectors/HubSpot/Adapter", swiftSettings: strict),
    .target(
      name: "HubSpotSimulator", dependencies: ["Platform", "Scoring", "SimulatorJSON"],
      path: "connectors/HubSpot/Simulator",
      swiftSettings: strict),
    .target(
      name: "GetResponseConnector", dependencies: ["Platform", "Scoring", "WebAPI"],
      path: "connectors/GetResponse/Adapter", swiftSettings: strict),
    .target(
      name: "GetResponseSimulator", dependencies: ["Platform", "Scoring", "SimulatorJSON"],
      path: "connectors/GetResponse/Simulator", swiftSettings: strict),
    .target(
      name: "Bitrix24Connector", dependencies: ["Platform", "Scoring", "WebAPI"],
      path: "connectors/Bitrix24/Adapter", swiftSettings: strict),
    .target(
      name: "Bitrix24Simulator", dependencies: ["Platform", "Scoring", "SimulatorJSON"],
      path: "connectors/Bitrix24/Simulator", swiftSettings: strict),
    .executableTarget(
      name: "leadgauge",
      dependencies: [
        "CAllocator",
        "Scoring", "Platform", "Store", "Sync", "Report", "Sandbox", "ShippedFiles", "StrictYAML",
        "FilesConnector", "MauticConnector", "MauticSimulator", "HubSpotConnector", "HubSpotSimulator",
        "GetResponseConnector", "GetResponseSimulator", "Bitrix24Connector", "Bitrix24Simulator", "WebAPI",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),
    room("SimulatedWeb", path: "Tests/ConnectorConformance/Web", on: ["Platform", "Scoring", "WebAPI"]),
    .target(
      name: "ConnectorConformance", dependencies: ["SimulatedWeb", "Platform", "Scoring", "WebAPI"],
      path: "Tests/ConnectorConformance", exclude: ["Web"], swiftSettings: strict),
    room("PlainScorer", path: "Tests/PlainScorer"),
    tests("PlainScorerTests", of: ["PlainScorer", "Scoring", "StrictYAML"]),
    tests("StrictYAMLTests", of: ["StrictYAML"]),
    tests("ScoringTests", of: ["Scoring", "StrictYAML"]),
    tests("PlatformTests", of: ["ConnectorConformance", "Platform", "Scoring"]),
    tests(
      "StoreTests",
      of: ["Store", "Platform", "Scoring", .product(name: "GRDB", package: "GRDB.swift")]),
    tests(
      "SyncTests",
      of: [
        "Sync", "Store", "ConnectorConformance", "Platform", "Scoring",
        .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    tests("CurlTests", of: ["Curl"]),
    room("LimitModels", path: "Tests/LimitModels", on: ["WebAPI"]),
    room("LossModel", path: "Tests/LossModel", on: ["WebAPI", "Curl"]),
    tests("WebAPITests", of: ["WebAPI", "Curl", "LimitModels", "LossModel"]),
    .executableTarget(
      name: "bench-lost", dependencies: ["WebAPI", "Curl", "LossModel"], path: "Benchmarks/Lost",
      swiftSettings: strict),
    .executableTarget(
      name: "bench-http", dependencies: ["Curl"], path: "Benchmarks/HTTP/Client", swiftSettings: strict),
    .executableTarget(
      name: "bench-governor", dependencies: ["WebAPI", "LimitModels"], path: "Benchmarks/Governor",
      swiftSettings: strict),
    .executableTarget(
      name: "bench-cost",
      dependencies: [
        "HubSpotConnector", "HubSpotSimulator", "GetResponseConnector", "GetResponseSimulator",
        "Bitrix24Connector", "Bitrix24Simulator", "SimulatedWeb", "Platform", "Scoring", "StrictYAML",
        "WebAPI",
      ], path: "Benchmarks/Cost", swiftSettings: strict),
    .executableTarget(
      name: "soak",
      dependencies: [
        "PlainScorer", "SimulatedWeb", "Sync", "Store", "Platform", "Scoring", "StrictYAML", "WebAPI",
        "FilesConnector", "MauticConnector", "MauticSimulator", "HubSpotConnector", "HubSpotSimulator",
        "GetResponseConnector", "GetResponseSimulator", "Bitrix24Connector", "Bitrix24Simulator",
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ], path: "Tests/Soak", exclude: ["Planted"], swiftSettings: strict),
    .executableTarget(
      name: "bench-json", dependencies: ["WebAPI"], path: "Benchmarks/JSON", exclude: ["Others"],
      swiftSettings: strict),
    tests("MauticSimulatorTests", of: ["MauticSimulator", "Platform", "Scoring"]),
    tests(
      "MauticConnectorTests",
      of: [
        "MauticConnector", "MauticSimulator", "ConnectorConformance", "WebAPI", "Platform", "Scoring",
        "StrictYAML",
      ]),
    tests("HubSpotSimulatorTests", of: ["HubSpotSimulator", "Platform", "Scoring", "SimulatorJSON"]),
    tests(
      "HubSpotConnectorTests",
      of: [
        "HubSpotConnector", "HubSpotSimulator", "ConnectorConformance", "WebAPI", "Platform", "Scoring",
        "StrictYAML",
      ]),
    tests("GetResponseSimulatorTests", of: ["GetResponseSimulator", "Platform", "Scoring", "SimulatorJSON"]),
    tests(
      "GetResponseConnectorTests",
      of: [
        "GetResponseConnector", "GetResponseSimulator", "ConnectorConformance", "WebAPI", "Platform",
        "Scoring", "StrictYAML",
      ]),
    tests(
      "Bitrix24SimulatorTests", of: ["Bitrix24Simulator", "Platform", "Scoring", "SimulatorJSON"],
      exclude: ["Recorded"]),
    tests(
      "Bitrix24ConnectorTests",
      of: [
        "Bitrix24Connector", "Bitrix24Simulator", "ConnectorConformance", "WebAPI", "Platform", "Scoring",
        "StrictYAML",
      ]),
    tests("SandboxTests", of: ["Sandbox", "Platform", "Scoring"]),
    tests("ReportTests", of: ["Report", "Sync", "Store", "Platform", "Scoring"]),
    tests(
      "LeadgaugeTests",
      of: [
        "leadgauge", "MauticSimulator", "HubSpotSimulator", "GetResponseSimulator", "Bitrix24Simulator",
        "Sandbox",
        "Platform", "Scoring",
      ]),
    tests(
      "FilesConnectorTests",
      of: ["FilesConnector", "ConnectorConformance", "Platform", "Scoring", "StrictYAML"]),
  ]
)

/// The fuzz targets see the adapters' insides, and so are never part of a plain build: they are tests that replay the
/// inputs of the corpus, and a program under libFuzzer where the environment asks for one, as `Scripts/fuzz.sh` does.
let fuzzed: [Target.Dependency] = [
  "Scoring", "Platform", "StrictYAML", "Sync", "Report", "ShippedFiles", "SimulatedWeb", "WebAPI",
  "FilesConnector", "MauticConnector", "MauticSimulator", "HubSpotConnector", "HubSpotSimulator",
  "GetResponseConnector", "GetResponseSimulator", "Bitrix24Connector", "Bitrix24Simulator",
]
if Context.environment["LEADGAUGE_FUZZ"] == nil {
  package.targets.append(
    .testTarget(
      name: "FuzzTests", dependencies: fuzzed, path: "Fuzz", exclude: ["Corpus", "Dictionaries", "Program"],
      swiftSettings: strict))
} else {
  package.targets.append(
    .executableTarget(
      name: "leadgauge-fuzz", dependencies: fuzzed, path: "Fuzz",
      exclude: ["Corpus", "Dictionaries", "Replay"],
      swiftSettings: strict))
}

// swift-tools-version: 6.0
import PackageDescription

/// The layers, top to bottom; a target sees only what it declares (ARCHITECTURE.md).
let swift: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    // With its internal names visible, as tests have it, a node takes a sixth fewer instructions for a request than without:
    // the compiler of Swift 6.3 then inlines what crosses modules, and counts fewer references (docs/bench.md).
    .unsafeFlags(["-enforce-exclusivity=unchecked", "-enable-testing"], .when(configuration: .release)),
    // The defects that prove the simulator's checks; optimized builds leave them out, but for those that are
    // told to have them with -Xswiftc -DDEFECTS.
    .define("DEFECTS", .when(configuration: .debug)),
]

/// A Debian library that Swift sees through a module map in Sources/System.
func system(_ name: String, _ package: String, pkgConfig: String? = nil) -> Target {
    .systemLibrary(
        name: name, path: "Sources/System/\(name)", pkgConfig: pkgConfig,
        providers: [.apt([package])])
}

func layer(_ name: String, on dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, path: "Sources/\(name)", swiftSettings: swift)
}

func program(_ name: String, on dependencies: [Target.Dependency]) -> Target {
    .executableTarget(
        name: name, dependencies: dependencies, path: "Sources/\(name)", swiftSettings: swift)
}

func tests(
    _ name: String, of dependencies: [Target.Dependency], linker: [LinkerSetting] = []
) -> Target {
    .testTarget(
        name: name, dependencies: dependencies, path: "Tests/\(name)", swiftSettings: swift,
        linkerSettings: linker)
}

/// The functions of the C library that tests of storage put their own in the place of.
let faultyDisk: LinkerSetting = .unsafeFlags(
    ["fsync", "fdatasync"].flatMap { ["-Xlinker", "--export-dynamic-symbol=\($0)"] })

let package = Package(
    name: "torc",
    products: [
        .executable(name: "torc-node", targets: ["Node"]),
        .executable(name: "torc", targets: ["CLI"]),
        .executable(name: "torc-sim", targets: ["Sim"]),
        .executable(name: "torc-torture", targets: ["Torture"]),
        .library(name: "TorcClient", targets: ["Client"]),
    ],
    targets: [
        system("CUV", "libuv1-dev", pkgConfig: "libuv"),
        system("CXXHash", "libxxhash-dev"),
        system("CEdit", "libedit-dev"),
        .target(
            name: "CSimdJSON", path: "Sources/System/CSimdJSON",
            linkerSettings: [.linkedLibrary("simdjson")]),
        .systemLibrary(name: "CProcessor", path: "Sources/System/CProcessor"),
        // Debian's librocksdb-dev, but it is not linked: it is loaded when it is needed.
        .target(name: "CRocksDB", path: "Sources/System/CRocksDB"),
        .target(name: "CGNU", path: "Sources/System/CGNU"),
        .target(name: "CDecimal", path: "Sources/System/CDecimal"),

        layer("Protocol", on: ["CSimdJSON", "CXXHash", "CProcessor"]),
        layer("Cluster", on: ["Protocol", "CXXHash", "CDecimal", "CProcessor"]),
        layer("Storage", on: ["Cluster", "Protocol", "CGNU", "CRocksDB", "CXXHash", "CProcessor"]),
        layer("UV", on: ["CUV"]),
        layer("Client", on: ["Protocol", "UV"]),
        layer("Flags", on: ["CGNU"]),
        layer("Redis", on: ["Protocol"]),
        layer("Server", on: ["Redis", "Protocol", "Cluster", "Storage", "UV"]),
        layer("History", on: ["Cluster"]),
        layer("Simulator", on: ["History", "Cluster", "Protocol"]),
        program("Sim", on: ["Simulator", "Cluster", "Flags"]),
        program("Torture", on: ["History", "Cluster", "Client", "Protocol", "UV", "Flags"]),
        program("Node", on: ["Server", "Storage", "Flags", "CGNU"]),
        layer("Bench", on: ["Cluster", "Protocol", "UV", "Flags"]),
        program("CLI", on: ["Bench", "Client", "Protocol", "Flags", "CEdit"]),

        tests("ProtocolTests", of: ["Protocol"]),
        tests("RedisTests", of: ["Redis", "Cluster", "Protocol"]),
        tests("ClusterTests", of: ["Cluster", "Protocol"]),
        tests("HistoryTests", of: ["History", "Cluster"]),
        tests("SimulatorTests", of: ["Simulator", "Cluster", "Protocol"]),
        tests("StorageTests", of: ["Storage", "Cluster", "Protocol"], linker: [faultyDisk]),
        tests("UVTests", of: ["UV"]),
        tests("ServerTests", of: ["Server", "Redis", "Cluster", "Protocol", "UV"]),
        tests("FlagsTests", of: ["Flags"]),
        tests("ClientTests", of: ["Client", "Protocol"]),
        tests("BenchTests", of: ["Bench", "Flags", "Protocol", "UV"]),
        tests("CLITests", of: ["CLI", "Client", "Protocol"]),
        tests("TortureTests", of: ["Torture", "History", "Cluster"]),
        tests("Integration", of: ["Protocol", "Cluster", "Storage"]),
    ],
    swiftLanguageModes: [.v6],
    cxxLanguageStandard: .cxx17
)

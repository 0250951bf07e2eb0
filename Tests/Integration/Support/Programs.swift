import Foundation

/// The programs under test: those that were built together with the tests, or those in the folder that
/// TORC_BIN names.
enum Programs {
    static let node = path("torc-node")
    static let client = path("torc")

    /// The folder that the source tree lies in.
    static let package = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// The test bundle is a program of its own here, and all products are built into one folder.
    private static func path(_ name: String) -> String {
        let built = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        let folder = ProcessInfo.processInfo.environment["TORC_BIN"].map { URL(fileURLWithPath: $0) } ?? built
        return folder.appendingPathComponent(name).path
    }
}

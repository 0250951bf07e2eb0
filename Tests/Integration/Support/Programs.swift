import Foundation

/// The programs under test: those that were built together with the tests.
enum Programs {
    static let node = path("torc-node")
    static let client = path("torc")

    /// The folder that the source tree lies in.
    static let package = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// The test bundle is a program of its own here, and all products are built into one folder.
    private static func path(_ name: String) -> String {
        URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
            .deletingLastPathComponent().appendingPathComponent(name).path
    }
}

import Foundation

/// The programs under test: those in the folder that TORC_BIN names, else those of the release build.
///
/// Without optimization a node takes some ten times as long for everything, and the times that the tests hold
/// it to are those of the real programs. `scripts/test` builds all of it so.
enum Programs {
    static let node = path("torc-node")
    static let client = path("torc")
    static let torture = path("torc-torture")
    /// Where they are.
    static let folder = URL(fileURLWithPath: node).deletingLastPathComponent().path

    /// The folder that the source tree lies in.
    static let package = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// The test bundle is a program of its own here, in the folder of its build; that of the release build is
    /// beside it.
    private static func path(_ name: String) -> String {
        let built = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        let release = built.deletingLastPathComponent().appendingPathComponent("release")
        let folder = ProcessInfo.processInfo.environment["TORC_BIN"].map { URL(fileURLWithPath: $0) } ?? release
        return folder.appendingPathComponent(name).path
    }
}

import XCTest

/// A disk without room. It takes a small file system in memory, which only root can mount.
final class FullDiskTests: IntegrationTestCase {
    private var mountPoint: String?

    override func tearDownWithError() throws {
        let mountPoint = mountPoint
        self.mountPoint = nil
        if let mountPoint {
            endProcesses()
            umount(mountPoint)
        }
        try super.tearDownWithError()
    }

    private func mountSmallDisk() throws -> String {
        let path = "\(folder)/disk"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        guard mount("none", path, "tmpfs", 0, "size=24m") == 0 else {
            throw XCTSkip("cannot mount a small disk: \(String(cString: strerror(errno)))")
        }
        mountPoint = path
        return path
    }

    func test_fullDisk_writesAreNotAcknowledgedAndTheNodeSaysSo() throws {
        let path = try mountSmallDisk()
        let node = try startNode("server1", port: FreePorts.next(1)[0], data: "\(path)/data")
        try node.waitUntilReady()
        let client = try LineClient(port: node.port)
        let value = String(repeating: "v", count: 100_000)
        var acknowledged = 0
        do {
            while acknowledged < 1_000 {
                try client.set("key-\(acknowledged)", value)
                acknowledged += 1
            }
        } catch is LineClient.Failure {}
        XCTAssertLessThan(acknowledged, 1_000, "24 MiB cannot hold this")
        try node.waitUntilItSays("No space left")
        XCTAssertEqual(try node.process.waitForExit(), 1)

        // With room again, everything that was acknowledged is there.
        XCTAssertEqual(mount("none", path, "tmpfs", UInt(MS_REMOUNT), "size=200m"), 0)
        let again = try startNode("server1", port: node.port, data: "\(path)/data")
        try again.waitUntilReady()
        let reader = try LineClient(port: node.port)
        for number in 0..<acknowledged { XCTAssertEqual(try reader.get("key-\(number)"), value) }
    }
}

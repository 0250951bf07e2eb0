import Foundation
import Protocol
import XCTest

@testable import Storage

final class DataFolderTests: XCTestCase {
    private func id(_ text: String) throws -> NodeID { try XCTUnwrap(NodeID(text)) }

    private func open(_ path: String, _ node: String? = "server1") throws -> DataFolder {
        try DataFolder(at: path, node: try node.map(id), version: "0.1.0")
    }

    private func refusal(_ path: String, _ node: String? = "server1") -> String {
        do {
            _ = try open(path, node)
            return ""
        } catch {
            return (error as? DataFolderError)?.message ?? "another error: \(error)"
        }
    }

    func test_open_newFolder_isMadeWithItsParentsAndKeptAcrossStarts() throws {
        let base = try TemporaryFolder()
        let path = base.file("a/b/server1")
        var folder: DataFolder? = try open(path)
        let disk = try XCTUnwrap(folder?.disk)
        XCTAssertNotEqual(disk.rawValue, 0)
        XCTAssertNil(folder?.ring)
        XCTAssertEqual(folder?.incarnation, 0)
        try folder?.remember(ring: RingID(rawValue: 77), incarnation: 1)
        try folder?.remember(ring: RingID(rawValue: 77), incarnation: 10)
        folder = nil
        folder = try open(path)
        XCTAssertEqual(folder?.node, try id("server1"))
        XCTAssertEqual(folder?.disk, disk)
        XCTAssertEqual(folder?.ring, RingID(rawValue: 77))
        XCTAssertEqual(folder?.incarnation, 10)
        XCTAssertEqual(folder?.createdBy, "0.1.0")
    }

    func test_open_withoutID_makesOneAndKeepsIt() throws {
        let base = try TemporaryFolder()
        let first = try open(base.file("x"), nil)
        let node = first.node
        first.close()
        XCTAssertEqual(try open(base.file("x"), nil).node, node)
        XCTAssertNotEqual(try open(base.file("y"), nil).node, node)
    }

    func test_open_twoFolders_haveDifferentDisks() throws {
        let base = try TemporaryFolder()
        XCTAssertNotEqual(try open(base.file("x")).disk, try open(base.file("y")).disk)
    }

    func test_open_formatBeforeTheLog_isTakenOverAndMarked() throws {
        let base = try TemporaryFolder()
        let path = base.file("x")
        let disk = try open(path).disk
        let whole = try String(contentsOfFile: "\(path)/torc", encoding: .utf8)
        try whole.replacingOccurrences(of: "format 5", with: "format 3").write(
            toFile: "\(path)/torc", atomically: true, encoding: .utf8)
        XCTAssertEqual(try open(path).disk, disk)
        XCTAssertEqual(try String(contentsOfFile: "\(path)/torc", encoding: .utf8), whole)
    }

    func test_open_inUse_isRefusedUntilClosed() throws {
        let base = try TemporaryFolder()
        let path = base.file("x")
        let folder = try open(path)
        XCTAssertEqual(refusal(path), "data folder \(path) is in use by another torc-node")
        folder.close()
        XCTAssertEqual(refusal(path), "")
    }

    func test_open_ofAnotherNode_isRefused() throws {
        let base = try TemporaryFolder()
        let path = base.file("x")
        _ = try open(path, "server2")
        XCTAssertEqual(
            refusal(path),
            "data folder \(path) belongs to node server2, not server1; give -id server2 or another -data")
    }

    func test_open_newerFormat_isRefusedWhateverElseItSays() throws {
        let base = try TemporaryFolder()
        try "format 6\nnovelty x\nnode server1\n".write(
            toFile: base.file("torc"), atomically: true, encoding: .utf8)
        XCTAssertEqual(
            refusal(base.path),
            "data folder \(base.path) has format 6; this torc-node reads 5: use a newer torc-node")
    }

    func test_open_olderFormat_isRefused() throws {
        let base = try TemporaryFolder()
        _ = try open(base.path)
        let whole = try String(contentsOfFile: base.file("torc"), encoding: .utf8)
        try whole.replacingOccurrences(of: "format 5", with: "format 1").write(
            toFile: base.file("torc"), atomically: true, encoding: .utf8)
        XCTAssertEqual(
            refusal(base.path),
            "data folder \(base.path) has format 1; this torc-node reads 5: "
                + "use the torc-node that made it, or give an empty -data")
    }

    func test_open_damagedFile_isRefused() throws {
        let base = try TemporaryFolder()
        _ = try open(base.path)
        let whole = try String(contentsOfFile: base.file("torc"), encoding: .utf8)
        // Of every cut only that behind the last line leaves a whole file.
        for count in 0..<whole.utf8.count {
            try String(whole.prefix(count)).write(toFile: base.file("torc"), atomically: true, encoding: .utf8)
            XCTAssertTrue(refusal(base.path).hasPrefix("data folder \(base.path) is damaged: "), "cut at \(count)")
        }
        for text in [
            whole + "more x\n", whole + whole, whole + "\n", whole.replacingOccurrences(of: "disk ", with: "disk 0x"),
            whole.replacingOccurrences(of: "format 5", with: "format 0"), whole + "ring 0\n",
        ] {
            try text.write(toFile: base.file("torc"), atomically: true, encoding: .utf8)
            XCTAssertTrue(refusal(base.path).contains("is damaged"), text)
        }
    }

    func test_open_databaseWithoutIdentity_isRefused() throws {
        let base = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: base.file("db"), withIntermediateDirectories: false)
        XCTAssertTrue(refusal(base.path).contains("is damaged: there is no file torc"))
    }

    func test_open_whereNoFolderCanBe_isRefused() throws {
        let base = try TemporaryFolder()
        try "".write(toFile: base.file("file"), atomically: true, encoding: .utf8)
        XCTAssertEqual(
            refusal(base.file("file/x")),
            "cannot write to data folder \(base.file("file/x")): Not a directory; "
                + "make it writable or give another -data")
    }

    func test_remember_anotherRing_isRefusedAndNothingChanges() throws {
        let base = try TemporaryFolder()
        let folder = try open(base.path)
        try folder.remember(ring: RingID(rawValue: 1), incarnation: 1)
        XCTAssertThrowsError(try folder.remember(ring: RingID(rawValue: 2), incarnation: 2))
        XCTAssertEqual(folder.ring, RingID(rawValue: 1))
        XCTAssertEqual(folder.incarnation, 1)
    }

    func test_remember_incarnationThatIsNotHigher_isRefused() throws {
        let base = try TemporaryFolder()
        let folder = try open(base.path)
        let ring = RingID(rawValue: 1)
        XCTAssertThrowsError(try folder.remember(ring: ring, incarnation: 0))
        try folder.remember(ring: ring, incarnation: 5)
        XCTAssertThrowsError(try folder.remember(ring: ring, incarnation: 5))
        XCTAssertThrowsError(try folder.remember(ring: ring, incarnation: 4))
        XCTAssertEqual(folder.incarnation, 5)
    }

    func test_remember_whenItCannotBeWritten_throwsAndKeepsTheOld() throws {
        let base = try TemporaryFolder()
        let folder = try open(base.path)
        // A folder in the place of the draft cannot be opened for writing, not even by root.
        try FileManager.default.createDirectory(
            atPath: base.file("torc.new"), withIntermediateDirectories: false)
        XCTAssertThrowsError(try folder.remember(ring: RingID(rawValue: 1), incarnation: 1))
        XCTAssertEqual(folder.incarnation, 0)
        XCTAssertNil(folder.ring)
    }
}

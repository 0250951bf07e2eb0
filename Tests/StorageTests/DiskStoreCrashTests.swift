import Cluster
import Foundation
import Protocol
import XCTest

@testable import Storage

/// Kills a process that writes, at random moments, and looks at what it leaves: every batch that it reported
/// durable is there, and what is there is a prefix of its batches, each whole.
final class DiskStoreCrashTests: XCTestCase {
    private enum Crash { case kill, powerCut }

    func test_kill_everyPolicy_leavesAPrefixWithAllThatWasDurable() throws {
        for policy in SyncPolicy.allCases {
            for minimum in [5, 400] { try crash(.kill, policy, afterDurable: minimum) }
        }
    }

    func test_powerCut_everyPolicy_leavesAPrefixWithAllThatWasSynced() throws {
        for policy in SyncPolicy.allCases {
            for minimum in [5, 300] { try crash(.powerCut, policy, afterDurable: minimum) }
        }
    }

    /// Between any two of append, sync, write-back, flush and removal of segments; then it goes on from there.
    func test_killAtEachStep_leavesAPrefixWithAllThatWasDurable() throws {
        for step in StorageStep.allCases {
            for (policy, count) in [(SyncPolicy.always, 1), (.never, 2), (.everysec, 7)] {
                let folder = try TemporaryFolder()
                let report = folder.file("report")
                XCTAssertTrue(FileManager.default.createFile(atPath: report, contents: nil))
                // That is done once: then there are files that were used before.
                let count = step == .preparedSpare ? 1 : count
                let child = try startChild(folder, policy, onlySynced: false, step: "\(step.rawValue) \(count)")
                waitUntil("\(step) \(count)", seconds: 60) { !child.isRunning }
                XCTAssertEqual(child.terminationReason, .uncaughtSignal, "\(step), \(policy)")
                try check(folder.file("db"), try Report(report), "killed at \(step) \(count), \(policy)")
            }
        }
    }

    /// One process after the other goes on where the one before was killed, with home behind and in parts.
    func test_killAgainAndAgain_leavesAPrefixWithAllThatWasDurable() throws {
        let lives: [(StorageStep, Int)] = [
            (.writtenBack, 3), (.appended, 60), (.flushed, 1), (.writtenBack, 1), (.synced, 5), (.writtenBack, 2),
            (.removedSegment, 1), (.begunSegment, 2), (.writtenBack, 4), (.flushed, 2), (.appended, 3), (.writtenBack, 1),
        ]
        for policy in [SyncPolicy.always, .never] {
            let folder = try TemporaryFolder()
            let report = folder.file("report")
            XCTAssertTrue(FileManager.default.createFile(atPath: report, contents: nil))
            for (life, (step, count)) in lives.enumerated() {
                let child = try startChild(folder, policy, onlySynced: false, step: "\(step.rawValue) \(count)")
                let note = "life \(life), killed at \(step) \(count), \(policy)"
                waitUntil(note, seconds: 60) { !child.isRunning }
                XCTAssertEqual(child.terminationReason, .uncaughtSignal, note)
                // A look at it would bring all of it home.
                let copy = try TemporaryFolder()
                try FileManager.default.copyItem(atPath: folder.file("db"), toPath: copy.file("db"))
                try check(copy.file("db"), try Report(report), .tiny, note)
            }
        }
    }

    private func crash(_ crash: Crash, _ policy: SyncPolicy, afterDurable minimum: Int) throws {
        let folder = try TemporaryFolder()
        let report = folder.file("report")
        XCTAssertTrue(FileManager.default.createFile(atPath: report, contents: nil))
        let child = try startChild(folder, policy, onlySynced: crash == .powerCut)
        try waitUntil("\(minimum) batches are durable", seconds: 60) {
            try Report(report).durable >= minimum || !child.isRunning
        }
        usleep(UInt32.random(in: 0..<20_000))
        XCTAssertTrue(child.isRunning, "the writer ended by itself")
        kill(child.processIdentifier, SIGKILL)
        child.waitUntilExit()
        let said = try Report(report)
        if crash == .powerCut { try loseWhatIsNotSynced(folder.file("db"), said) }
        try check(folder.file("db"), said, "\(crash), \(policy), after \(minimum)")
    }

    private func startChild(
        _ folder: TemporaryFolder, _ policy: SyncPolicy, onlySynced: Bool, step: String = ""
    ) throws -> Process {
        let child = Process()
        child.executableURL = URL(fileURLWithPath: "/proc/self/exe")
        child.arguments = ["StorageTests.CrashingWriter/test_write_untilKilled"]
        child.environment = ProcessInfo.processInfo.environment.merging([
            CrashingWriter.folderVariable: folder.path, CrashingWriter.policyVariable: policy.rawValue,
            CrashingWriter.onlySyncedVariable: onlySynced ? "yes" : "no",
            CrashingWriter.stepVariable: step,
        ]) { $1 }
        child.standardOutput = FileHandle.nullDevice
        child.standardError = FileHandle.nullDevice
        try child.run()
        return child
    }

    /// Cuts every file of the database to what was synced of it, as a power cut may; a segment may have anything behind that.
    private func loseWhatIsNotSynced(_ path: String, _ said: Report) throws {
        var cut = 0
        let files = try ["db", "log"].flatMap { part in
            try FileManager.default.contentsOfDirectory(atPath: "\(path)/\(part)").map { "\(part)/\($0)" }
        }
        for file in files
        where [".log", ".sst", ".seg"].contains(where: file.hasSuffix) || file.hasPrefix("db/MANIFEST") {
            let name = (file as NSString).lastPathComponent
            let handle = try FileHandle(forUpdating: URL(fileURLWithPath: "\(path)/\(file)"))
            let size = try handle.seekToEnd()
            let synced = min(said.synced[name] ?? 0, size)
            cut += Int(size - synced)
            if name.hasSuffix(".seg"), Bool.random() {
                // What the file had before: zeros in the place of the head.
                try handle.seek(toOffset: synced)
                let byte = UInt8.random(in: 0...2)
                let old = (synced..<size).map { place in
                    byte == 2 && place >= LogSegment.headBytes ? UInt8.random(in: 0...255) : 0
                }
                try handle.write(contentsOf: Data(old))
            } else {
                try handle.truncate(atOffset: synced)
            }
            try handle.close()
        }
        print("a power cut took \(cut) bytes, \(said.durable) batches were durable")
    }

    private func check(_ path: String, _ said: Report, _ note: String) throws {
        try check(path, said, .tinyMemory, note + ", little memory")
        try check(path, said, .tiny, note)
    }

    private func check(_ path: String, _ said: Report, _ tuning: DiskTuning, _ note: String) throws {
        let store = try DiskStore(path: path, policy: .never, tuning: tuning, wake: {})
        defer { store.close() }
        let count = try CrashingWriter.lastBatch(in: store)
        XCTAssertGreaterThanOrEqual(count, said.durable, note)
        var model = StoreModel()
        if count > 0 {
            for number in 1...count { CrashingWriter.batch(number).forEach { model.apply($0) } }
        }
        try model.checkAll(store, slots: CrashingWriter.slots, bytesMax: 100_000, note)
    }
}

/// What a writer said before it died.
private struct Report {
    var durable = 0
    /// By file name: how many bytes are synced.
    var synced: [String: UInt64] = [:]

    init(_ path: String) throws {
        let text = try String(contentsOfFile: path, encoding: .utf8)
        // The last line may be cut off.
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            let words = line.split(separator: " ")
            switch words.first {
            case "durable": durable = max(durable, Int(words[1]) ?? 0)
            case "synced": synced[String(words[1])] = UInt64(words[2])
            default: XCTFail("unknown line: \(line)")
            }
        }
    }
}

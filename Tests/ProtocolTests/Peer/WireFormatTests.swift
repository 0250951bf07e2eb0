import XCTest

@testable import Protocol

/// Every word: what is written is read back, and whatever is cut off at its end is refused.
final class WireFormatTests: XCTestCase {
    private func check<Word: WireFormat & Equatable>(_ word: Word, line: UInt = #line) throws {
        var writer = ByteWriter()
        writer.write(word)
        let bytes = writer.bytes
        var reader = ByteReader(bytes)
        let read: Word = try reader.read()
        XCTAssertEqual(read, word, line: line)
        XCTAssertTrue(reader.isAtEnd, line: line)
        for count in 0..<bytes.count {
            var cut = ByteReader(bytes, in: 0..<count)
            XCTAssertThrowsError(try Word(from: &cut), "\(count) of \(bytes.count) bytes", line: line)
        }
    }

    private func id(_ text: String) throws -> NodeID { try XCTUnwrap(NodeID(text)) }

    private func member(_ text: String, _ disk: UInt64) throws -> Member {
        Member(node: try id(text), disk: DiskID(rawValue: disk))
    }

    func test_words_writtenAndRead_areEqual_andRefusedWhenCut() throws {
        try check(try XCTUnwrap(Slot(16_383)))
        try check(Version(epoch: Version.epochMax, sequence: Version.sequenceMax))
        try check(try id("server-1"))
        try check(try member("a", .max))
        try check(Ballot(round: .max, proposer: try member("b", 2)))
        try check(RequestID(origin: .max, number: 1))
        try check(Timestamp(milliseconds: .max))
        for level in Consistency.allCases { try check(level) }
        try check(NodeAddress(host: "::1", port: 65535))
    }

    func test_configuration_writtenAndRead_isEqual_andRefusedWhenCut() throws {
        let members = try (1...Configuration.membersMax).map { try member("n\($0)", UInt64($0)) }
        try check(Configuration(epoch: 7, members: members, base: Version(epoch: 6, sequence: 9)))
        try check(Configuration(epoch: 1, members: [members[0]], base: .zero))
    }

    func test_entries_writtenAndRead_areEqual_andRefusedWhenCut() throws {
        let version = Version(epoch: 3, sequence: 17)
        let time = Timestamp(milliseconds: 1_795_251_600_123)
        for value in [[], [0], Array("value".utf8)] as [[UInt8]] {
            for expiry in [nil, time] {
                try check(Entry(value: value, version: version, timestamp: time, expiry: expiry))
                let changes: [LogEntry.Change] = [.set(value: value, expiry: expiry), .delete]
                for change in changes {
                    try check(
                        LogEntry(
                            version: version, request: RequestID(origin: 1, number: 2), timestamp: time,
                            key: [0, 255], change: change))
                }
            }
        }
    }

    func test_ringRecord_writtenAndRead_isEqual_andRefusedWhenCut() throws {
        for status in RingRecord.Status.allCases {
            try check(
                RingRecord(
                    member: try member("a", 5), address: NodeAddress(host: "h", port: 1), zone: "z", weight: 64,
                    incarnation: .max, status: status))
        }
    }

    func test_slot_beyondTheLast_isRefused() {
        var reader = ByteReader([0x00, 0x40])
        XCTAssertThrowsError(try Slot(from: &reader))
    }

    func test_configuration_withoutMembersOrWithOneTwice_isRefused() throws {
        let one = try member("a", 1)
        let other = try member("a", 2)
        for members in [[], [one, other], Array(repeating: one, count: 10)] {
            var writer = ByteWriter()
            writer.write(Configuration(epoch: 1, members: members, base: .zero))
            var reader = ByteReader(writer.bytes)
            XCTAssertThrowsError(try Configuration(from: &reader))
        }
    }

    func test_words_fromRandomBytes_neverTrap() {
        var random = SeededGenerator(seed: 2)
        for _ in 0..<5000 {
            let bytes = random.bytes(Int.random(in: 0..<80, using: &random))
            func read<Word: WireFormat>(_: Word.Type) {
                var reader = ByteReader(bytes)
                _ = try? Word(from: &reader)
                XCTAssertGreaterThanOrEqual(reader.remaining, 0)
            }
            read(Slot.self)
            read(NodeID.self)
            read(Configuration.self)
            read(Entry.self)
            read(LogEntry.self)
            read(RingRecord.self)
            read(NodeAddress.self)
            read(Ballot.self)
        }
    }
}

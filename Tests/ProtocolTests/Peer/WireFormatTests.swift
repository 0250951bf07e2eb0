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
                let changes: [LogEntry.Change] = [
                    .set(value: value, expiry: expiry), .delete, .nothing,
                    .several([
                        LogEntry.KeyedChange(key: [1], change: .set(value: value, expiry: expiry)),
                        LogEntry.KeyedChange(key: [2], change: .delete),
                    ]),
                ]
                for change in changes {
                    for answer in Self.answers {
                        try check(
                            LogEntry(
                                version: version, request: RequestID(origin: 1, number: 2), timestamp: time,
                                key: [0, 255], change: change, answer: answer))
                    }
                }
            }
        }
    }

    private static let answers: [WriteAnswer] =
        [
            .batch([.written(), .conflict(.nothing), .refused(.overflow)]),
            .batch([.batch([.written(), .conflict(.nothing)]), .aborted(at: 1, .refused(.overflow)), .batch([])]),
            .aborted(at: 7, .conflict(.nothing)), .written(), .written(.value(nil)), .written(.value([1, 2])), .written(.old(.nothing)),
            .written(.old(.replaced(Version(epoch: 2, sequence: 3)))), .written(number: .min), .written(number: 7), .conflict(.nothing),
            .conflict(.replaced(Version(epoch: 2, sequence: 3))),
        ] + OperationFault.allCases.map { .refused($0) }

    func test_answers_writtenAndRead_areEqual_andRefusedWhenCut() throws {
        let version = Version(epoch: 3, sequence: 17)
        for answer in Self.answers {
            try check(answer)
            try check(
                RememberedRequest(
                    request: RequestID(origin: 1, number: 2), version: version,
                    timestamp: Timestamp(milliseconds: 4), answer: answer))
        }
    }

    func test_batches_withinBatches_areRefused() throws {
        for answer in [
            WriteAnswer.batch([.batch([.batch([])])]), .batch([.batch([.aborted(at: 0, .written())])]),
            .aborted(at: 0, .batch([])), .batch([.aborted(at: 0, .batch([]))]),
        ] {
            var writer = ByteWriter()
            writer.write(answer)
            var reader = ByteReader(writer.bytes)
            XCTAssertThrowsError(try WriteAnswer(from: &reader))
        }
        var writer = ByteWriter()
        writer.write(LogEntry.Change.several([LogEntry.KeyedChange(key: [1], change: .several([]))]))
        var reader = ByteReader(writer.bytes)
        XCTAssertThrowsError(try LogEntry.Change(from: &reader))
        writer = ByteWriter()
        writer.write(Protocol.Operation.batch([]))
        reader = ByteReader(writer.bytes)
        XCTAssertThrowsError(try Protocol.Operation(from: &reader))
    }

    func test_operations_writtenAndRead_areEqual_andRefusedWhenCut() throws {
        let version = Version(epoch: 3, sequence: 17)
        let expectations: [Expectation] = [.absent, .value([]), .value([1, 2]), .version(version)]
        for expectation in expectations {
            try check(expectation)
            try check(Protocol.Operation.compareAndSet(expect: expectation, value: [3]))
        }
        let others: [Expectation] = [.any, .present, .lasting, .expiring, .expiringEarlier, .expiringLater, .endingLater]
        for expectation in others { try check(expectation) }
        let actions: [Write.Action] = [
            .set([]), .set([1]), .delete, .keep, .read, .add(-1), .addDecimal([49]), .append([1]),
            .overwrite(offset: .max, [1]), .setBit(9, to: true), .setBit(.max, to: false),
        ]
        let lifetimes: [Write.Lifetime] = [
            .forever, .kept, .milliseconds(7), .until(Timestamp(milliseconds: 8)),
        ]
        for action in actions {
            for lifetime in lifetimes {
                try check(Write(action, if: .present, for: lifetime, answersOld: true))
                try check(Protocol.Operation.write(Write(action, for: lifetime)))
            }
        }
        try check(
            Protocol.Operation.batch([
                KeyedWrite(key: [1], write: Write(.copy(of: [2]), for: .kept), isRequired: false),
                KeyedWrite(key: [2], write: Write(.delete, for: .forever)),
            ]))
        for amount in [Int64.min, -1, 0, 1, .max] { try check(Protocol.Operation.add(amount)) }
        for bytes in [[], [0, 255]] as [[UInt8]] { try check(Protocol.Operation.append(bytes)) }
    }

    func test_outcomes_writtenAndRead_areEqual_andRefusedWhenCut() throws {
        let version = Version(epoch: 3, sequence: 17)
        let time = Timestamp(milliseconds: 4)
        let entry = Entry(value: [1], version: version, timestamp: time, expiry: time)
        let results: [WriteResult] = [.none, .number(.min), .number(0), .value(nil), .value([1]), .old(.entry(entry))]
        for result in results { try check(Outcome.written(version: version, timestamp: time, result: result)) }
        try check(Outcome.batch(version: version, timestamp: time, [.written(), .refused(.overflow)]))
        try check(Outcome.aborted(at: 2, .conflict(.entry(entry))))
        for present in [.nothing, .entry(entry), .replaced(version)] as [Present] {
            try check(Outcome.conflict(present))
        }
        for fault in OperationFault.allCases { try check(Outcome.refused(fault)) }
        for other in [.found(entry), .notFound, .busy("b"), .unavailable("u")] as [Outcome] { try check(other) }
    }

    func test_logEntry_theShortest_isWhatLengthsAreCheckedWith() {
        var writer = ByteWriter()
        writer.write(
            LogEntry(
                version: .zero, request: RequestID(origin: 0, number: 0), timestamp: Timestamp(milliseconds: 0),
                key: [], change: .nothing, answer: .written()))
        XCTAssertEqual(writer.count, LogEntry.wireBytesMin)
    }

    func test_unknownForms_areRefused() {
        for byte: UInt8 in [99, 255] {
            var reader = ByteReader([byte, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
            XCTAssertThrowsError(try Protocol.Operation(from: &reader))
            reader = ByteReader([byte, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
            XCTAssertThrowsError(try WriteAnswer(from: &reader))
            reader = ByteReader([byte, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
            XCTAssertThrowsError(try Expectation(from: &reader))
            reader = ByteReader([byte])
            XCTAssertThrowsError(try OperationFault(from: &reader))
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
            read(RememberedRequest.self)
            read(Protocol.Operation.self)
            read(Outcome.self)
            read(RingRecord.self)
            read(NodeAddress.self)
            read(Ballot.self)
        }
    }
}

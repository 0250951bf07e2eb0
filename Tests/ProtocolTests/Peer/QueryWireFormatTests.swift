import XCTest

@testable import Protocol

/// Questions to slots, transactions, and what they are answered: any of them is what it was after its form on the wire,
/// and is refused where it is cut off.
final class QueryWireFormatTests: XCTestCase {
    private var random = SeededGenerator(seed: 41)

    private func check<Word: WireFormat & Equatable>(_ word: Word, line: UInt = #line) throws {
        var writer = ByteWriter()
        writer.write(word)
        var reader = ByteReader(writer.bytes)
        let read: Word = try reader.read()
        XCTAssertEqual(read, word, line: line)
        XCTAssertTrue(reader.isAtEnd, line: line)
        let count = Int.random(in: 0..<writer.bytes.count, using: &random)
        var cut = ByteReader(writer.bytes, in: 0..<count)
        XCTAssertThrowsError(try Word(from: &cut), "\(count) of \(writer.bytes.count) bytes", line: line)
    }

    private func list<Element>(_ countMax: Int, _ make: () -> Element) -> [Element] {
        (0..<Int.random(in: 0...countMax, using: &random)).map { _ in make() }
    }

    private func one<Element>(_ elements: [Element]) -> Element { elements[Int.random(in: 0..<elements.count, using: &random)] }
    private func bytes() -> [UInt8] { random.bytes(Int.random(in: 0...9, using: &random)) }
    private func version() -> Version { Version(epoch: Epoch.random(in: 1...9, using: &random), sequence: random.next() >> 24) }
    private func time() -> Timestamp { Timestamp(milliseconds: random.next()) }
    private func entry() -> Entry { Entry(value: bytes(), version: version(), timestamp: time(), expiry: one([nil, time()])) }
    private func present() -> Present { one([.nothing, .entry(entry()), .replaced(version())]) }

    private func write() -> Write {
        Write(
            one([
                .read, .set(bytes()), .delete, .keep, .add(Int64(truncatingIfNeeded: random.next())), .addDecimal(bytes()),
                .append(bytes()), .overwrite(offset: random.next(), bytes()), .setBit(random.next(), to: true), .copy(of: bytes()),
            ]),
            if: one([
                .any, .absent, .present, .value(bytes()), .version(version()), .lasting, .expiring, .expiringEarlier, .expiringLater,
                .endingLater,
            ]), for: one([.forever, .kept, .milliseconds(random.next()), .until(time())]), answersOld: one([true, false]))
    }

    private func keyedWrite() -> KeyedWrite { KeyedWrite(key: bytes(), write: write(), isRequired: one([true, false])) }

    private func single() -> WriteAnswer {
        one([
            .written(one([.none, .number(.min), .value(nil), .value(bytes()), .old(present())])), .conflict(present()),
            .refused(one(OperationFault.allCases)),
        ])
    }

    private func batchAnswer() -> WriteAnswer {
        one([.batch(list(3) { single() }), .aborted(at: UInt32(truncatingIfNeeded: random.next()), single()), single()])
    }

    func test_anyOperation_isTheSameThroughItsForm() throws {
        for _ in 0..<2_000 {
            try check(Protocol.Operation.query(.entries(list(5) { bytes() })))
            try check(Protocol.Operation.query(.keys(after: one([nil, bytes()]), countMax: UInt32(truncatingIfNeeded: random.next()), withExpired: one([true, false]))))
            try check(Protocol.Operation.query(.holders(version())))
            try check(
                Protocol.Operation.transaction(
                    Transaction(expectations: list(3) { keyedWrite() }, batches: list(4) { list(3) { keyedWrite() } })))
        }
    }

    func test_anyOutcome_isTheSameThroughItsForm() throws {
        for _ in 0..<2_000 {
            try check(Outcome.answer(.entries(list(4) { one([nil, entry()]) })))
            try check(Outcome.answer(.keys(list(4) { bytes() }, after: one([nil, bytes()]), total: random.next())))
            try check(Outcome.answer(.count(random.next())))
            try check(Outcome.batch(version: version(), timestamp: time(), list(4) { batchAnswer() }))
            try check(Outcome.aborted(at: 3, single()))
            try check(
                RememberedRequest(
                    request: RequestID(origin: random.next(), number: random.next()), version: version(), timestamp: time(),
                    answer: .batch(list(4) { batchAnswer() })))
        }
    }

    /// What says that it has many, and has not, allocates nothing for them.
    func test_announcedCounts_areRefusedWhereTheBytesAreNotThere() {
        for kind: UInt8 in [4, 5] {
            for second: UInt8 in [0, 1, 2, 255] {
                var reader = ByteReader([kind, second, 255, 255, 255, 127, 1, 2, 3])
                XCTAssertThrowsError(try Protocol.Operation(from: &reader))
            }
        }
        var reader = ByteReader([10, 1, 255, 255, 255, 127, 1])
        XCTAssertThrowsError(try Outcome(from: &reader))
        reader = ByteReader([10, 2, 255, 255, 255, 127, 1])
        XCTAssertThrowsError(try Outcome(from: &reader))
    }

    func test_transaction_ofTooMany_isRefused() {
        let write = KeyedWrite(key: [1], write: Write(.read, for: .kept))
        for (count, isRefused) in [(Limits.batchWritesMax, false), (Limits.batchWritesMax + 1, true)] {
            let batches = Array(repeating: [write], count: count - 5)
            var writer = ByteWriter()
            writer.write(Transaction(expectations: Array(repeating: write, count: 5), batches: batches))
            var reader = ByteReader(writer.bytes)
            XCTAssertEqual((try? Transaction(from: &reader)) == nil, isRefused)
        }
    }

    func test_randomBytes_neverTrap() {
        for _ in 0..<20_000 {
            let start: [UInt8] = one([[4], [5], [5, 1], [5, 2], [5, 3]])
            var reader = ByteReader(start + random.bytes(Int.random(in: 0..<60, using: &random)))
            _ = try? Protocol.Operation(from: &reader)
            let answer: [UInt8] = one([[10, 1], [10, 2], [10, 3], [8], [9]])
            reader = ByteReader(answer + random.bytes(Int.random(in: 0..<60, using: &random)))
            _ = try? Outcome(from: &reader)
        }
    }
}

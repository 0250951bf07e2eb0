import Protocol
import XCTest

@testable import Cluster

/// Several writes of one slot as one.
final class BatchTests: XCTestCase {
    private let now = Timestamp(milliseconds: 1_000)
    private let version = Version(epoch: 2, sequence: 9)
    private let keys: [[UInt8]] = [[1], [2], [3]]

    private func entry(_ value: [UInt8], expiry: UInt64? = nil) -> Entry {
        Entry(
            value: value, version: Version(epoch: 1, sequence: 5), timestamp: now,
            expiry: expiry.map { Timestamp(milliseconds: $0) })
    }

    private func computed(_ items: [KeyedWrite], on table: [[UInt8]: Entry]) -> Computation {
        Batch.computed(items, version: version, at: now) { table[$0] }
    }

    private func applied(_ computation: Computation, to table: [[UInt8]: Entry]) -> [[UInt8]: Entry] {
        var table = table
        let log = LogEntry(
            version: version, request: RequestID(origin: 1, number: 1), timestamp: now, key: [1],
            change: computation.change, answer: computation.answer.remembered)
        log.forEachChange { key, entry in
            table[key] = entry
            XCTAssertEqual(log.entry(of: key), entry)
        }
        return table
    }

    private func chance(_ permille: Int, _ random: inout Random) -> Bool {
        Int.random(in: 0..<1_000, using: &random) < permille
    }

    private func randomWrite(_ random: inout Random) -> Write {
        let byte = UInt8.random(in: 48...57, using: &random)
        let actions: [Write.Action] = [
            .set([byte]), .delete, .keep, .add(Int64(byte)), .append([byte]), .overwrite(offset: 1, [byte]),
            .copy(of: keys[Int(byte) % 3]), .append([0x78]),
        ]
        let conditions: [Expectation] = [.any, .any, .any, .absent, .present, .version(version)]
        let lifetimes: [Write.Lifetime] = [.forever, .kept, .milliseconds(5)]
        return Write(
            actions[Int.random(in: 0..<8, using: &random)], if: conditions[Int.random(in: 0..<6, using: &random)],
            for: lifetimes[Int.random(in: 0..<3, using: &random)], answersOld: chance(300, &random))
    }

    // MARK: The law

    func test_batch_isWhatItsWritesAreOneAfterAnother_orNothing() {
        var random = Random(seed: 8)
        var aborted = 0
        for round in 0..<5_000 {
            var table: [[UInt8]: Entry] = [:]
            for key in keys where chance(500, &random) {
                table[key] = entry([UInt8.random(in: 48...57, using: &random)], expiry: round % 2 == 0 ? nil : 2_000)
            }
            let items = (0..<Int.random(in: 1...6, using: &random)).map { _ in
                KeyedWrite(
                    key: keys[Int.random(in: 0..<3, using: &random)], write: randomWrite(&random),
                    isRequired: chance(300, &random))
            }
            let result = computed(items, on: table)
            XCTAssertEqual(computed(items, on: table), result)
            let (wanted, answers, stop) = oneAfterAnother(items, on: table)
            if let stop {
                aborted += 1
                XCTAssertEqual(result, Computation(change: .nothing, answer: .aborted(at: UInt32(stop), answers[stop])))
            } else {
                XCTAssertEqual(result.answer, .batch(answers))
                XCTAssertEqual(applied(result, to: table), wanted)
            }
        }
        XCTAssertGreaterThan(aborted, 500)
    }

    private func oneAfterAnother(
        _ items: [KeyedWrite], on table: [[UInt8]: Entry]
    ) -> ([[UInt8]: Entry], [WriteAnswer], stop: Int?) {
        var table = table
        var answers: [WriteAnswer] = []
        for (index, item) in items.enumerated() {
            var computation = Computation(change: .nothing, answer: .conflict(.nothing))
            if let write = item.write.resolved({ table[$0] }) {
                computation = write.computed(on: table[item.key], at: now)
            }
            answers.append(computation.answer)
            if item.isRequired {
                guard case .written = computation.answer else { return (table, answers, index) }
            }
            switch computation.change {
            case .set(let content, let expiry):
                table[item.key] = Entry(content, version: version, timestamp: now, expiry: expiry)
            case .delete: table[item.key] = nil
            case .nothing, .several: break
            }
        }
        return (table, answers, nil)
    }

    // MARK: Examples

    func test_copyAndDelete_isARename() {
        let table = [keys[0]: entry([7], expiry: 2_000)]
        let result = computed(
            [
                KeyedWrite(key: keys[1], write: Write(.copy(of: keys[0]), for: .kept)),
                KeyedWrite(key: keys[0], write: Write(.delete, if: .present, for: .forever)),
            ], on: table)
        let after = applied(result, to: table)
        XCTAssertEqual(after[keys[1]]?.value, [7])
        XCTAssertEqual(after[keys[1]]?.expiry, Timestamp(milliseconds: 2_000))
        XCTAssertNil(after[keys[0]])
    }

    func test_batch_overTheLimit_changesNothing() {
        let half = [UInt8](repeating: 1, count: Limits.valueBytesMax / 2)
        let result = computed(keys.map { KeyedWrite(key: $0, write: Write(.set(half), for: .forever)) }, on: [:])
        XCTAssertEqual(result, Computation(change: .nothing, answer: .aborted(at: 1, .refused(.batchTooLarge))))
    }

    func test_batch_readsOnly_changesNothingAndAnswersAll() {
        let read = Write(.keep, for: .kept, answersOld: true)
        let table = [keys[0]: entry([7])]
        let result = computed(keys.prefix(2).map { KeyedWrite(key: $0, write: read, isRequired: false) }, on: table)
        XCTAssertEqual(
            result,
            Computation(change: .nothing, answer: .batch([.written(.old(.entry(entry([7])))), .conflict(.nothing)])))
    }
}

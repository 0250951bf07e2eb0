import Protocol
import XCTest

@testable import Cluster

/// Several batches of one slot as one.
final class TransactionTests: XCTestCase {
    private let now = Timestamp(milliseconds: 1_000)
    private let version = Version(epoch: 2, sequence: 9)
    private let old = Version(epoch: 1, sequence: 5)
    private let keys: [[UInt8]] = [[1], [2], [3]]

    private func entry(_ value: [UInt8], expiry: UInt64? = nil) -> Entry {
        Entry(value: value, version: old, timestamp: now, expiry: expiry.map { Timestamp(milliseconds: $0) })
    }

    private func computed(_ transaction: Transaction, on table: [[UInt8]: Entry]) -> Computation {
        Batch.computed(transaction, version: version, at: now) { table[$0] }
    }

    private func applied(_ change: LogEntry.Change, to table: [[UInt8]: Entry]) -> [[UInt8]: Entry] {
        let log = LogEntry(
            version: version, request: RequestID(origin: 1, number: 1), timestamp: now, key: [1], change: change,
            answer: .written())
        var after = table
        log.forEachChange { after[$0] = $1 }
        return after
    }

    private func one<Element>(_ elements: [Element], _ random: inout Random) -> Element {
        elements[Int.random(in: 0..<elements.count, using: &random)]
    }

    private func randomItem(_ random: inout Random) -> KeyedWrite {
        let byte = UInt8.random(in: 48...57, using: &random)
        let write = Write(
            one([.set([byte]), .delete, .keep, .read, .add(3), .append([byte]), .copy(of: one(keys, &random)), .append([0x78])], &random),
            if: one([.any, .any, .any, .absent, .present, .version(version), .version(old)], &random),
            for: one([.forever, .kept, .milliseconds(5)], &random), answersOld: Bool.random(using: &random))
        return KeyedWrite(key: one(keys, &random), write: write, isRequired: Int.random(in: 0..<3, using: &random) == 0)
    }

    private func randomTable(_ random: inout Random) -> [[UInt8]: Entry] {
        var table: [[UInt8]: Entry] = [:]
        for key in keys where Bool.random(using: &random) {
            table[key] = entry([UInt8.random(in: 48...57, using: &random)], expiry: one([nil, 2_000], &random))
        }
        return table
    }

    // MARK: Laws

    func test_transaction_isWhatItsBatchesAreOneAfterAnother() {
        var random = Random(seed: 18)
        var aborted = 0
        for _ in 0..<4_000 {
            let table = randomTable(&random)
            let batches = (0..<Int.random(in: 1...4, using: &random)).map { _ in
                (0..<Int.random(in: 1...4, using: &random)).map { _ in randomItem(&random) }
            }
            var wanted = table
            let answers = batches.map { items in
                let before = wanted
                let computation = Batch.computed(items, version: version, at: now) { before[$0] }
                wanted = applied(computation.change, to: before)
                if case .aborted = computation.answer {
                    aborted += 1
                    XCTAssertEqual(wanted, before)
                }
                return computation.answer
            }
            let result = computed(Transaction(batches: batches), on: table)
            XCTAssertEqual(result.answer, .batch(answers))
            XCTAssertEqual(applied(result.change, to: table), wanted)
        }
        XCTAssertGreaterThan(aborted, 500)
    }

    func test_transaction_isDoneWhereAllExpectationsAreMet_elseNothingIs() {
        var random = Random(seed: 19)
        var (done, undone) = (0, 0)
        for _ in 0..<3_000 {
            let table = randomTable(&random)
            let expectations = (0..<Int.random(in: 0...3, using: &random)).map { _ in
                KeyedWrite(
                    key: one(keys, &random),
                    write: Write(.read, if: one([.absent, .present, .version(old), .version(version)], &random), for: .kept))
            }
            let set = KeyedWrite(key: keys[0], write: Write(.set([7]), for: .forever))
            let result = computed(Transaction(expectations: expectations, batches: [[set]]), on: table)
            let failing = expectations.firstIndex { item in
                let present = table[item.key]
                return switch item.write.condition {
                case .absent: present != nil
                case .present: present == nil
                case .version(let version): present?.version != version
                default: true
                }
            }
            if let failing {
                undone += 1
                let present = Present(table[expectations[failing].key])
                XCTAssertEqual(result, Computation(change: .nothing, answer: .aborted(at: UInt32(failing), .conflict(present))))
            } else {
                done += 1
                XCTAssertEqual(result.answer, .batch([.batch([.written()])]))
                XCTAssertEqual(applied(result.change, to: table)[keys[0]]?.value, [7])
            }
        }
        XCTAssertGreaterThan(min(done, undone), 500)
    }

    func test_reads_withinATransaction_seeWhatIsBeforeThem() {
        let read = KeyedWrite(key: keys[0], write: Write(.read, for: .kept), isRequired: false)
        let set = KeyedWrite(key: keys[0], write: Write(.set([7]), for: .forever))
        let result = computed(Transaction(batches: [[read], [set], [read]]), on: [keys[0]: entry([1])])
        let made = Entry(value: [7], version: version, timestamp: now, expiry: nil)
        XCTAssertEqual(
            result.answer,
            .batch([.batch([.written(.old(.entry(entry([1]))))]), .batch([.written()]), .batch([.written(.old(.entry(made)))])]))
    }

    func test_batchOverTheLimit_isLeftOut_andTheOthersAreDone() {
        let half = Write(.set([UInt8](repeating: 1, count: Limits.valueBytesMax / 2)), for: .forever)
        let small = KeyedWrite(key: keys[2], write: Write(.set([1]), for: .forever))
        let result = computed(
            Transaction(batches: [keys.prefix(2).map { KeyedWrite(key: $0, write: half) }, [small]]), on: [:])
        XCTAssertEqual(result.answer, .batch([.aborted(at: 1, .refused(.batchTooLarge)), .batch([.written()])]))
        XCTAssertEqual(Set(applied(result.change, to: [:]).keys), [keys[2]])
    }

    /// What a retry is answered: the same, but for long values.
    func test_answer_isRememberedWithoutLongValues() {
        let long = entry([UInt8](repeating: 1, count: Limits.rememberedValueBytesMax + 1))
        let answer = WriteAnswer.batch([.batch([.written(.old(.entry(long))), .written()]), .aborted(at: 0, .conflict(.entry(long)))])
        XCTAssertEqual(
            answer.remembered,
            .batch([.batch([.written(.old(.replaced(old))), .written()]), .aborted(at: 0, .conflict(.replaced(old)))]))
    }

    // MARK: A new condition

    func test_endingLater_isMetByWhatExpiresAfterIt_andByNothingElse() {
        for (present, wanted) in [(nil, false), (entry([1]), false), (entry([1], expiry: 1_006), true),
            (entry([1], expiry: 1_005), false), (entry([1], expiry: 1_004), false)] as [(Entry?, Bool)] {
            let write = Write(.keep, if: .endingLater, for: .milliseconds(5))
            let answer = write.computed(on: present, at: now).answer
            XCTAssertEqual(answer == .written(), wanted, "\(String(describing: present?.expiry))")
            XCTAssertFalse(Write(.keep, if: .endingLater, for: .forever).computed(on: present, at: now).answer == .written())
        }
    }
}

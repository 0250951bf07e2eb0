import Protocol
import XCTest

@testable import Cluster

final class OperationComputingTests: XCTestCase {
    private typealias Operation = Protocol.Operation

    private let now = Timestamp(milliseconds: 1_000)

    private func entry(_ value: String, expiry: UInt64? = nil) -> Entry {
        entry(Array(value.utf8), expiry: expiry)
    }

    private func entry(_ value: [UInt8], expiry: UInt64? = nil) -> Entry {
        Entry(
            value: value, version: Version(epoch: 1, sequence: 5), timestamp: now,
            expiry: expiry.map { Timestamp(milliseconds: $0) })
    }

    private func set(_ value: String, expiry: UInt64? = nil) -> LogEntry.Change {
        .set(value: Array(value.utf8), expiry: expiry.map { Timestamp(milliseconds: $0) })
    }

    // MARK: add

    func test_add_toNothing_countsFromZero() {
        let result = Operation.add(-7).computed(on: nil, at: now)
        XCTAssertEqual(result, Computation(change: set("-7"), answer: .written(number: -7)))
    }

    func test_add_toANumber_keepsItsExpiry() {
        let result = Operation.add(5).computed(on: entry("37", expiry: 9_000), at: now)
        XCTAssertEqual(result, Computation(change: set("42", expiry: 9_000), answer: .written(number: 42)))
    }

    func test_add_toWhatIsNoCanonicalInteger_isRefused() {
        for text in ["", " 1", "1 ", "+1", "01", "-0", "-", "1.0", "x", "9223372036854775808", "１", "1\0"] {
            let result = Operation.add(1).computed(on: entry(text), at: now)
            XCTAssertEqual(result, Computation(change: .nothing, answer: .refused(.notAnInteger)), text)
        }
        let result = Operation.add(1).computed(on: entry([0xFF]), at: now)
        XCTAssertEqual(result.answer, .refused(.notAnInteger))
    }

    func test_add_overTheEnds_isRefused() {
        let cases: [(Int64, Int64)] = [(.max, 1), (.min, -1), (.min, .min)]
        for (old, amount) in cases {
            let result = Operation.add(amount).computed(on: entry(String(old)), at: now)
            XCTAssertEqual(result, Computation(change: .nothing, answer: .refused(.overflow)))
        }
        XCTAssertEqual(
            Operation.add(0).computed(on: entry(String(Int64.min)), at: now).answer, .written(number: .min))
    }

    func test_add_ofRandomAmounts_isTheirSum() {
        var random = Random(seed: 3)
        for _ in 0..<200 {
            var present: Entry?
            var sum: Int64 = 0
            for _ in 0..<20 {
                let amount = Int64.random(in: -1_000_000_000...1_000_000_000, using: &random)
                sum += amount
                let result = Operation.add(amount).computed(on: present, at: now)
                XCTAssertEqual(result.answer, .written(number: sum))
                guard case .set(.plain(let value), nil) = result.change else { return XCTFail("\(result)") }
                present = entry(value)
            }
        }
    }

    // MARK: append

    func test_append_toNothingAndToSomething_joins() {
        XCTAssertEqual(
            Operation.append(Array("ab".utf8)).computed(on: nil, at: now),
            Computation(change: set("ab"), answer: .written(number: 2)))
        XCTAssertEqual(
            Operation.append(Array("cd".utf8)).computed(on: entry("ab", expiry: 2_000), at: now),
            Computation(change: set("abcd", expiry: 2_000), answer: .written(number: 4)))
    }

    func test_append_overTheLimit_isRefused() {
        let full = entry([UInt8](repeating: 1, count: Limits.valueBytesMax - 1))
        XCTAssertEqual(
            Operation.append([1]).computed(on: full, at: now).answer,
            .written(number: Int64(Limits.valueBytesMax)))
        XCTAssertEqual(
            Operation.append([1, 2]).computed(on: full, at: now),
            Computation(change: .nothing, answer: .refused(.valueTooLong)))
    }

    // MARK: compareAndSet

    func test_compareAndSet_thatMeetsWhatItExpects_setsWithoutExpiry() {
        let present = entry("old", expiry: 9_000)
        let cases: [(Expectation, Entry?)] = [
            (.absent, nil), (.value(Array("old".utf8)), present), (.version(present.version), present),
            (.value([]), entry("")),
        ]
        for (expectation, present) in cases {
            let operation = Operation.compareAndSet(expect: expectation, value: Array("new".utf8))
            XCTAssertEqual(
                operation.computed(on: present, at: now), Computation(change: set("new"), answer: .written()))
        }
    }

    func test_compareAndSet_thatMeetsSomethingElse_changesNothing() {
        let present = entry("old")
        let other = Version(epoch: 1, sequence: 4)
        let cases: [(Expectation, Entry?)] = [
            (.absent, present), (.absent, entry("")), (.value(Array("older".utf8)), present),
            (.value([]), nil), (.version(other), present), (.version(other), nil),
        ]
        for (expectation, present) in cases {
            let operation = Operation.compareAndSet(expect: expectation, value: Array("new".utf8))
            XCTAssertEqual(
                operation.computed(on: present, at: now),
                Computation(change: .nothing, answer: .conflict(Present(present))))
        }
    }

    // MARK: The others

    func test_set_withATTL_expiresByThePrimarysClock() {
        XCTAssertEqual(
            Operation.set(value: [1], ttlMilliseconds: 500).computed(on: nil, at: now).change,
            .set(value: [1], expiry: Timestamp(milliseconds: 1_500)))
        XCTAssertEqual(
            Operation.set(value: [1], ttlMilliseconds: .max).computed(on: nil, at: now).change,
            .set(value: [1], expiry: Timestamp(milliseconds: .max)))
        XCTAssertEqual(
            Operation.delete.computed(on: nil, at: now), Computation(change: .delete, answer: .written()))
    }
}

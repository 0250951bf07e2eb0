import Protocol
import XCTest

@testable import Cluster

/// Writes with conditions, lifetimes and answers of all kinds.
final class WriteComputingTests: XCTestCase {
    private let now = Timestamp(milliseconds: 1_000)

    private func time(_ milliseconds: UInt64) -> Timestamp { Timestamp(milliseconds: milliseconds) }

    private func entry(_ value: [UInt8], expiry: UInt64? = nil) -> Entry {
        Entry(value: value, version: Version(epoch: 1, sequence: 5), timestamp: now, expiry: expiry.map(time))
    }

    private func text(_ value: String) -> [UInt8] { Array(value.utf8) }

    // MARK: Laws

    private let actions: [Write.Action] = [
        .set([1]), .delete, .keep, .add(3), .add(.max), .addDecimal(Array("0.1".utf8)), .addDecimal([0x78]),
        .append([2]), .append([]), .overwrite(offset: 2, [9]), .overwrite(offset: .max, [9]),
        .overwrite(offset: 2, []), .setBit(3, to: true), .setBit(.max, to: false),
    ]
    private let conditions: [Expectation] = [
        .any, .absent, .present, .value(Array("7".utf8)), .version(Version(epoch: 1, sequence: 5)),
        .version(Version(epoch: 1, sequence: 4)), .lasting, .expiring, .expiringEarlier, .expiringLater,
    ]
    private let lifetimes: [Write.Lifetime] = [
        .forever, .kept, .milliseconds(500), .milliseconds(.max), .milliseconds(0),
        .until(Timestamp(milliseconds: 1_500)), .until(Timestamp(milliseconds: 900)),
    ]

    private func onEveryWrite(_ body: (Write, Entry?, Computation) -> Void) {
        let presents: [Entry?] = [
            nil, entry([]), entry(text("7")), entry(text("7"), expiry: 2_000), entry(text("word"), expiry: 1_200),
            entry([0xFF, 0]),
        ]
        for action in actions {
            for condition in conditions {
                for lifetime in lifetimes {
                    for answersOld in [false, true] {
                        let write = Write(action, if: condition, for: lifetime, answersOld: answersOld)
                        for present in presents { body(write, present, write.computed(on: present, at: now)) }
                    }
                }
            }
        }
    }

    func test_anyWrite_computedTwice_isTheSame() {
        onEveryWrite { write, present, result in XCTAssertEqual(write.computed(on: present, at: now), result) }
    }

    func test_anyWrite_thatIsRefusedOrInConflict_changesNothing() {
        var (refused, conflicts) = (0, 0)
        onEveryWrite { write, present, result in
            switch result.answer {
            case .refused:
                refused += 1
                XCTAssertEqual(result.change, .nothing, "\(write)")
            case .conflict(let met):
                conflicts += 1
                XCTAssertEqual(result.change, .nothing, "\(write)")
                XCTAssertEqual(met, Present(present), "\(write)")
            case .written: break
            case .batch, .aborted: XCTFail("\(write)")
            }
        }
        XCTAssertGreaterThan(refused, 100)
        XCTAssertGreaterThan(conflicts, 100)
    }

    func test_anyWrite_thatDoesNotNeedWhatIsThere_comesToTheSameWithoutIt() {
        onEveryWrite { write, _, result in
            if !write.needsPresent { XCTAssertEqual(write.computed(on: nil, at: now), result, "\(write)") }
        }
    }

    /// Whatever it is computed from, and whoever has taken it before.
    func test_largeValue_hasItsDigest_andSmallOnesHaveNone() {
        let edge = Limits.largeValueBytes
        for count in [edge - 1, edge, edge + 1, 3 * edge] {
            let value = [UInt8](repeating: 7, count: count)
            let known = count < edge ? nil : ContentDigest(of: value)
            let present = Entry(value: value, version: Version(rawValue: 1), timestamp: now, expiry: time(9_000), digest: known)
            let writes = [
                Write(.set(value), for: .forever), Write(.set(Content(value, digest: known)), for: .forever),
                Write(.keep, for: .forever), Write(.append([]), for: .kept), Write(.copy(of: [1]), for: .kept),
            ]
            for write in writes {
                let write = write.resolved { _ in present } ?? write
                guard case .set(let content, _) = write.computed(on: present, at: now).change, content.bytes == value else {
                    XCTFail("\(write.lifetime)")
                    continue
                }
                XCTAssertEqual(content.digest, known, "\(count) bytes")
            }
            let appended = Write(.append([8]), for: .kept).computed(on: present, at: now)
            guard case .set(let longer, _) = appended.change else { return XCTFail("\(count)") }
            XCTAssertEqual(longer.digest, longer.bytes.count < edge ? nil : ContentDigest(of: longer.bytes))
        }
    }

    func test_anyWrite_thatTookEffect_hasTheLifetimeAskedFor() {
        onEveryWrite { write, present, result in
            guard case .set(_, let expiry) = result.change else { return }
            switch write.lifetime {
            case .forever: XCTAssertNil(expiry)
            case .kept: XCTAssertEqual(expiry, present?.expiry)
            case .milliseconds(let count): XCTAssertEqual(expiry, time(count == .max ? .max : 1_000 + count))
            case .until(let end): XCTAssertEqual(expiry, end)
            }
            XCTAssertTrue(expiry.map { $0 > now } ?? true, "what is over is deleted")
        }
    }

    func test_anyWrite_thatAnswersWhatWasThere_doesSo() {
        onEveryWrite { write, present, result in
            guard write.answersOld, case .written(let answer) = result.answer else { return }
            XCTAssertEqual(answer, .old(Present(present)), "\(write)")
        }
    }

    func test_conditions_areWhatTheySay() {
        let lasting = entry([1])
        let expiring = entry([1], expiry: 1_500)
        for (condition, lifetime, present, isMet) in [
            (.absent, .forever, nil, true), (.absent, .forever, lasting, false), (.present, .forever, nil, false),
            (.present, .forever, lasting, true), (.lasting, .kept, lasting, true), (.lasting, .kept, expiring, false),
            (.lasting, .kept, nil, false), (.expiring, .kept, lasting, false), (.expiring, .kept, expiring, true),
            (.expiringEarlier, .milliseconds(600), expiring, true),
            (.expiringEarlier, .milliseconds(500), expiring, false),
            (.expiringEarlier, .milliseconds(600), lasting, false), (.expiringEarlier, .forever, expiring, true),
            (.expiringLater, .milliseconds(400), expiring, true), (.expiringLater, .milliseconds(500), expiring, false),
            (.expiringLater, .milliseconds(400), lasting, true), (.expiringLater, .forever, lasting, false),
            (.expiringLater, .milliseconds(400), nil, false),
        ] as [(Expectation, Write.Lifetime, Entry?, Bool)] {
            let result = Write(.set([2]), if: condition, for: lifetime).computed(on: present, at: now)
            XCTAssertEqual(result.answer == .conflict(Present(present)), !isMet, "\(condition) \(lifetime)")
        }
    }

    // MARK: Change of expiry

    func test_keep_changesTheExpiryAlone() {
        let write = Write(.keep, for: .milliseconds(300))
        XCTAssertEqual(
            write.computed(on: entry([8]), at: now).change, .set(value: [8], expiry: time(1_300)))
        XCTAssertEqual(write.computed(on: nil, at: now), Computation(change: .nothing, answer: .conflict(.nothing)))
        let same = Write(.keep, for: .forever).computed(on: entry([8]), at: now)
        XCTAssertEqual(same, Computation(change: .nothing, answer: .written()))
        XCTAssertEqual(Write(.keep, for: .until(time(1))).computed(on: entry([8]), at: now).change, .delete)
    }

    // MARK: Ranges and bits

    func test_overwrite_fillsWithZeros() {
        for (old, offset, bytes, value) in [
            (nil, 0, [1], [1]), (nil, 2, [1], [0, 0, 1]), ([1, 2, 3], 1, [9], [1, 9, 3]),
            ([1, 2, 3], 2, [8, 9], [1, 2, 8, 9]), ([1], 3, [9], [1, 0, 0, 9]),
        ] as [([UInt8]?, UInt64, [UInt8], [UInt8])] {
            let write = Write(.overwrite(offset: offset, bytes), for: .kept)
            XCTAssertEqual(
                write.computed(on: old.map { entry($0, expiry: 2_000) }, at: now),
                Computation(
                    change: .set(value: value, expiry: old == nil ? nil : time(2_000)),
                    answer: .written(number: Int64(value.count))))
        }
        let last = UInt64(Limits.valueBytesMax)
        let fits = Write(.overwrite(offset: last - 1, [1]), for: .kept).computed(on: nil, at: now)
        XCTAssertEqual(fits.answer, .written(number: Int64(last)))
        let over = Write(.overwrite(offset: last, [1]), for: .kept).computed(on: nil, at: now)
        XCTAssertEqual(over.answer, .refused(.valueTooLong))
    }

    func test_overwrite_withNothing_makesNoKey() {
        let write = Write(.overwrite(offset: 5, []), for: .kept)
        XCTAssertEqual(write.computed(on: nil, at: now), Computation(change: .nothing, answer: .written(number: 0)))
    }

    func test_setBit_countsFromTheHighest() {
        let first = Write(.setBit(7, to: true), for: .kept).computed(on: nil, at: now)
        XCTAssertEqual(first, Computation(change: .set(value: [1], expiry: nil), answer: .written(number: 0)))
        let second = Write(.setBit(8, to: false), for: .kept).computed(on: entry([0, 0x80]), at: now)
        XCTAssertEqual(second, Computation(change: .set(value: [0, 0], expiry: nil), answer: .written(number: 1)))
    }

    // MARK: Decimals

    /// As redis-server 7 answers INCRBYFLOAT.
    func test_addDecimal_isWrittenAsRedisDoes() {
        for (old, amount, sum) in [
            (nil, "0.1", "0.1"), ("10.50", "0.1", "10.6"), ("5.0e3", "2.0e2", "5200"), ("3", "1.5", "4.5"),
            ("1", "-1", "0"), ("0", "-0", "0"), ("-0.5", "0.5", "0"), ("1.5", "1.5", "3"),
            ("0.1", "0.2", "0.3"), ("1e-20", "0", "0"), ("12345678901234567890", "1", "12345678901234567891"),
            ("1e20", "1", "100000000000000000000"), ("+5", "1", "6"), (".5", "1", "1.5"), ("0x10", "-0.5", "15.5"),
        ] as [(String?, String, String)] {
            let write = Write(.addDecimal(text(amount)), for: .kept)
            let result = write.computed(on: old.map { entry(text($0), expiry: 2_000) }, at: now)
            XCTAssertEqual(result.answer, .written(.value(text(sum))), "\(old ?? "nil") + \(amount)")
            XCTAssertEqual(result.change, .set(value: text(sum), expiry: old == nil ? nil : time(2_000)))
        }
    }

    func test_addDecimal_toWhatIsNone_isRefused() {
        for old in ["", " 1", "1 ", "x", "1x", "nan", "0xg", "1e", "--1", "1e5000", "1\0"] {
            let result = Write(.addDecimal(text("1")), for: .kept).computed(on: entry(text(old)), at: now)
            XCTAssertEqual(result, Computation(change: .nothing, answer: .refused(.notADecimal)), old)
        }
        // To Redis it is a number, which nothing can be added to.
        for (old, amount) in [("inf", "1"), ("-Infinity", "1"), ("1", "inf")] {
            let result = Write(.addDecimal(text(amount)), for: .kept).computed(on: entry(text(old)), at: now)
            XCTAssertEqual(result.answer, .refused(.notFinite), old)
        }
        let huge = Write(.addDecimal(text("1e4932")), for: .kept).computed(on: entry(text("1e4932")), at: now)
        XCTAssertEqual(huge.answer, .refused(.notFinite))
        let long = Write(.addDecimal(text("1e4900")), for: .kept).computed(on: nil, at: now)
        guard case .written(.value(let value?)) = long.answer else { return XCTFail("\(long.answer)") }
        XCTAssertEqual(value.count, 4_901)
        XCTAssertEqual(long.answer.remembered, .written(.value(nil)))
    }
}

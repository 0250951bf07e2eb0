import Flags
import XCTest

@testable import Bench

final class ReportTests: XCTestCase {
    func test_words_asPeopleReadThem() {
        XCTAssertEqual([0, 999, 1_000, 1_234_567, -1_000].map { Words.grouped($0) }, ["0", "999", "1,000", "1,234,567", "-1,000"])
        XCTAssertEqual([0, 0.005, 1.999, -0.25, 12.3].map { Words.fixed($0, 2) }, ["0.00", "0.01", "2.00", "-0.25", "12.30"])
        XCTAssertEqual(Words.fixed(.nan, 1), "0.0")
        XCTAssertEqual(Words.fixed(2.6, 0), "3")
        XCTAssertEqual(Words.table([["a", "1"], ["bcd", "234"]]), ["a      1", "bcd  234"])
    }

    func test_json_isJSON() throws {
        let value = JSONValue.object([
            ("a \"quoted\"", .list([.integer(-1), .number(1.5), .number(.infinity), .null])), ("b", .object([])),
        ])
        XCTAssertEqual(String(decoding: value.bytes, as: UTF8.self), #"{"a \"quoted\"":[-1,1.500,null,null],"b":{}}"#)
    }

    func test_ratio_ofMediansWithItsSpread() throws {
        let ratio = try XCTUnwrap(Comparison.Ratio([(2, 1), (9, 3), (4, 4)]))
        XCTAssertEqual([ratio.median, ratio.least, ratio.greatest], [4.0 / 3, 1, 3])
        XCTAssertNil(Comparison.Ratio([]))
        XCTAssertNil(Comparison.Ratio([(1, 0)]))
        XCTAssertEqual(Comparison.median([4, 1, 3, 2]), 2.5)
    }

    func test_errors_byKind_withTheFirstText() {
        var errors = ErrorTally()
        for text in ["ERR a", "busy: 1", "ERR b", "busy: 2", "busy: 3"] { errors.add(text) }
        XCTAssertEqual(errors.kinds.map(\.text), ["ERR a", "busy: 1"])
        XCTAssertEqual(errors.kinds.map(\.count), [2, 3])
        for number in 0..<1_000 { errors.add("kind\(number)") }
        XCTAssertEqual(errors.count, 1_005)
        XCTAssertLessThan(errors.kinds.count, 30)
        XCTAssertEqual(errors.kinds.reduce(0) { $0 + $1.count }, 1_005)
    }

    // MARK: The command line

    private func plan(_ arguments: String...) throws -> RunPlan {
        guard case .run(let options, _) = try BenchOptions.flags.parse(["bench"] + arguments, into: BenchOptions())
        else { throw BenchError("help") }
        return try options.plan()
    }

    func test_options_makeThePlan() throws {
        let standard = try plan()
        XCTAssertEqual(standard.load, .mix(Mix([(.get, 95), (.set, 5)]), .uniform))
        XCTAssertEqual([standard.connections, standard.pipeline, standard.keys, standard.valueSize], [50, 16, 1_000_000, 100])
        let ycsb = try plan("-workload", "A", "-keys", "10k")
        XCTAssertEqual(ycsb.load, .mix(Mix([(.get, 50), (.set, 50)]), .zipf))
        XCTAssertEqual([ycsb.valueSize, ycsb.keys], [1_000, 10_000])
        XCTAssertEqual(try plan("-server", "redis://h:1,i:2/").target.description, "redis://h:1,i:2")
        XCTAssertEqual(try plan("-rate", "2k", "-duration", "3s").total, 6_000)
    }

    func test_options_wrong_areRefused() throws {
        for arguments in [["-workload", "a", "-mix", "get"], ["-rate", "1G"], ["-keys", "900G"]] {
            XCTAssertThrowsError(
                try { () throws in
                    guard case .run(let options, _) = try BenchOptions.flags.parse(["bench"] + arguments, into: BenchOptions())
                    else { return }
                    _ = try options.plan()
                }(), "\(arguments)")
        }
        for address in ["http://h:1", "h", "redis://", "etcd://h", ""] {
            XCTAssertThrowsError(try plan("-server", address), address)
        }
        XCTAssertThrowsError(try plan("-workload", "e"))
    }

    func test_processorTime_ofThisProcess_grows() throws {
        let pid = [Int(getpid())]
        let before = try ProcessorTime.nanoseconds(of: pid)
        var sum = 0.0
        while try ProcessorTime.nanoseconds(of: pid) < before + 1_000_000 { sum += 1 }
        XCTAssertGreaterThan(sum, 0)
        XCTAssertThrowsError(try ProcessorTime.nanoseconds(of: [Int(Int32.max)]))
    }
}

import History

@testable import Torture

/// Makes the records of a history, one after the other.
struct HistoryMaker {
    private(set) var records: [Record] = []
    private var operations = 0
    /// What each key holds by what was written; for `finish()`.
    private var states: [String: [UInt8]] = [:]

    private var time: UInt64 { UInt64(records.count) }

    mutating func begin(_ key: String, _ call: KeyCall) -> Int {
        operations += 1
        records.append(
            .begin(operation: operations, time: time, client: 1, node: "server1", key: key, call: call))
        return operations
    }

    mutating func end(_ operation: Int, _ result: KeyResult) {
        records.append(.end(operation: operation, time: time, result: result))
    }

    mutating func refuse(_ operation: Int) {
        records.append(.refused(operation: operation, time: time, reason: "busy: for a test"))
    }

    mutating func giveUp(_ operation: Int) {
        records.append(.unknown(operation: operation, time: time, reason: "no answer"))
    }

    /// From the beginning to the answer, nothing in between.
    mutating func did(_ key: String, _ call: KeyCall, _ result: KeyResult) { end(begin(key, call), result) }

    mutating func register(_ key: String) {
        did(key, .get, .value(nil))
        for byte in 1...20 as ClosedRange<UInt8> {
            did(key, .set([byte]), .done)
            did(key, .get, .value([byte]))
        }
        did(key, .delete, .done)
        did(key, .compareAndSet(expect: nil, value: [0, 37, 255]), .done)
        states[key] = [0, 37, 255]
    }

    mutating func counter(_ key: String) {
        for number in 1...20 as ClosedRange<Int64> { did(key, .add(1), number % 2 == 0 ? .number(number) : .done) }
        states[key] = Array("20".utf8)
    }

    mutating func list(_ key: String) {
        var list: [UInt8] = []
        for number in 1...20 {
            list += "c1.\(number);".utf8
            did(key, .append(Array("c1.\(number);".utf8)), .length(list.count))
        }
        states[key] = list
    }

    /// Reads every key, with what it holds.
    mutating func finish() { finish(reading: states) }

    mutating func finish(reading values: [String: [UInt8]]) {
        records.append(.final(time: time))
        for (key, value) in values.sorted(by: { $0.key < $1.key }) { did(key, .get, .value(value)) }
    }

    func violations() throws -> [Violation] { HistoryCheck().violations(in: try HistoryFile(records)) }
    func laws() throws -> [Violation.Law] { try violations().map(\.law) }
}

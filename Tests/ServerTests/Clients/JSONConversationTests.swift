import Protocol
import XCTest

@testable import Server

/// Requests that are answered where they are read, and others, on one connection.
final class JSONConversationTests: ClientsTestCase {
    private struct Wanted: Equatable {
        let key: String
        var value: String?
        var error: String?
    }

    /// What is submitted is answered at once or later, in any order, by what was there when it was submitted.
    private func carryOut(_ table: Table) {
        var waiting: [(token: UInt64, outcome: Outcome)] = []
        sink.valueAtOnce = { key, slot, level in
            XCTAssertEqual(slot, Slot(key: key))
            XCTAssertEqual(level, .quorum)
            return table.isWilling ? .some(table.values[key]) : nil
        }
        sink.writtenAtOnce = { key, value, slot in
            XCTAssertEqual(slot, Slot(key: key))
            guard table.isWilling else { return nil }
            table.values[key] = value
            return Version(epoch: 1, sequence: 1)
        }
        sink.onTurnEnd = { [unowned self] in
            for submission in sink.pending {
                let outcome: Outcome
                if case .write(let write) = submission.operation, case .set(let content) = write.action {
                    table.values[submission.key] = content.bytes
                    outcome = .written(version: .zero, timestamp: Timestamp(milliseconds: 1), result: .none)
                } else {
                    outcome = table.values[submission.key].map { .found(entry($0)) } ?? .notFound
                }
                waiting.append((submission.token, outcome))
            }
            sink.pending = []
            waiting.shuffle()
            for _ in 0..<Int.random(in: 0...waiting.count) {
                let item = waiting.removeLast()
                clients.complete(item.token, with: item.outcome, servedBy: sink.server)
            }
        }
    }

    private final class Table {
        var values: [[UInt8]: [UInt8]] = [:]
        var isWilling: Bool { Int.random(in: 0..<4) > 0 }
    }

    /// The law: plain or not, at once or later, cut wherever: each request gets its own answer, in its order.
    func test_requests_plainAndOthers_areAnsweredInTheirOrder() throws {
        carryOut(Table())
        for pieces in [1...3, 1...300, 1_000_000...1_000_000] {
            let client = try connect()
            client.pieces = pieces
            var wanted: [Wanted] = []
            // No key is written twice: when what is submitted takes effect is another matter.
            for number in 0..<300 {
                let key = "\(pieces.upperBound).\(number)"
                let blank = Bool.random() ? " " : ""
                // The first one says which protocol it is.
                switch number == 0 ? 0 : Int.random(in: 0..<6) {
                case 0: client.send("{\"type\":\"SET\",\"key\":\"\(key)\",\"value\":\"v\\n\"}\n")
                case 1: client.send("{\"key\":\"\(key)\",\"type\":\"SET\",\"value\":\"v\\n\"}")
                case 2: client.send("nonsense \(key)\n")
                    wanted.append(Wanted(key: "", error: "bad JSON: expected an object, that is {, and found n"))
                    continue
                default: client.send("{\"type\":\(blank)\"SET\",\(blank)\"key\":\(blank)\"\(key)\",\"value\":\"v\"}\r\n")
                }
                wanted.append(Wanted(key: key))
                let other = "absent.\(number)"
                client.send("{\"type\":\"GET\",\(blank)\"key\":\"\(other)\"}\n")
                wanted.append(Wanted(key: other, error: "key not found"))
                guard Int.random(in: 0..<8) == 0 else { continue }
                let count = wanted.count
                run { client.lineCount >= count || client.isAtEnd }
            }
            run { client.lineCount >= wanted.count || client.isAtEnd }
            let found = try client.responses().map {
                Wanted(
                    key: String(decoding: $0.key ?? [], as: UTF8.self), value: $0.value.map { String(decoding: $0, as: UTF8.self) },
                    error: $0.error)
            }
            XCTAssertEqual(found, wanted)
        }
    }

    func test_whatWasWrittenAtOnce_isRead_andSoIsTheRest() throws {
        let table = Table()
        carryOut(table)
        let client = try connect()
        for number in 0..<40 {
            client.send("{\"type\":\"SET\",\"key\":\"k\(number)\",\"value\":\"v\(number)\"}\n")
            let lines = number + 1
            run { client.lineCount == lines }
        }
        XCTAssertEqual(table.values.count, 40)
        for number in 0..<40 { client.send("{\"type\":\"GET\",\"key\":\"k\(number)\"}\n") }
        run { client.lineCount == 80 || client.isAtEnd }
        let values = try client.responses().suffix(40).map(\.value)
        XCTAssertEqual(values, (0..<40).map { Array("v\($0)".utf8) })
        XCTAssertGreaterThan(sink.submissions, 0)
        XCTAssertLessThan(sink.submissions, 80)
    }

    /// Values that are large do not all go into one turn.
    func test_answersAtOnce_areNoMoreThanAConnectionMayHold() throws {
        try serve(limits: ClientLimits())
        let large = [UInt8](repeating: UInt8(ascii: "x"), count: clients.limits.outputBytesToPause)
        sink.valueAtOnce = { _, _, _ in .some(large) }
        var most = 0
        sink.onTurnEnd = { [unowned self] in
            most = max(most, clients.connections.map(\.conversation.answerBytes).max() ?? 0)
        }
        let client = try connect()
        for number in 0..<12 { client.send("{\"type\":\"GET\",\"key\":\"k\(number)\"}\n") }
        run { client.lineCount == 12 || client.isAtEnd }
        XCTAssertGreaterThan(most, 0)
        XCTAssertLessThan(most, 3 * large.count)
    }
}

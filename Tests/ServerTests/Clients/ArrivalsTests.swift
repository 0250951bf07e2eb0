import Protocol
import XCTest

@testable import Server

private func get(_ key: String) -> String { "*2\r\n$3\r\nGET\r\n$\(key.utf8.count)\r\n\(key)\r\n" }

/// Requests that come in small pieces on many connections in one turn.
final class ArrivalsTests: ClientsTestCase {
    /// Connections that have had an answer: what they send from now on comes in the next turn.
    private func connectAndAsk(_ count: Int) throws -> [TestClient] {
        sink.answerAtOnce = { _ in .notFound }
        let all = try (0..<count).map { _ in try connect() }
        for client in all { client.send(get("first")) }
        run { all.allSatisfy { $0.received.count == 5 } }
        sink.answerAtOnce = nil
        return all
    }

    /// What the sink was told of and asked, in that order.
    private func events(of count: Int, _ send: ([TestClient]) -> Void) throws -> [[String]] {
        let all = try connectAndAsk(count)
        let told = sink.expected.count
        send(all)
        run { self.sink.pending.count == count }
        return [sink.expected[told...], sink.pending.map(\.key)[...]].map { $0.map { String(decoding: $0, as: UTF8.self) } }
    }

    func test_firstRequestsOfATurn_areExpectedTogether_andTakenUpInTheirOrder() throws {
        let count = Arrivals.countMax - 1
        var takenUp: Int?
        sink.onTurnEnd = { [unowned sink] in
            guard let sink, !sink.pending.isEmpty, takenUp == nil else { return }
            takenUp = sink.pending.count
        }
        let events = try events(of: count) { for (index, client) in $0.enumerated() { client.send(get("k\(index)")) } }
        XCTAssertEqual(takenUp, count, "all were taken up in one turn")
        XCTAssertEqual(events[0].sorted(), (0..<count).map { "k\($0)" }.sorted())
        XCTAssertEqual(events[0], events[1])
    }

    func test_moreThanAreServedTogether_areAllServed() throws {
        let count = Arrivals.countMax * 2 + 1
        let events = try events(of: count) { for (index, client) in $0.enumerated() { client.send(get("k\(index)")) } }
        XCTAssertEqual(events[1].sorted(), (0..<count).map { "k\($0)" }.sorted())
    }

    func test_longKey_isTakenUpLikeTheOthers() throws {
        let long = String(repeating: "l", count: 65)
        let events = try events(of: 2) { $0[0].send(get("k")); $0[1].send(get(long)) }
        XCTAssertEqual(events[0], ["k"])
        XCTAssertEqual(Set(events[1]), ["k", long])
    }

    func test_partOfARequest_orWhatIsNotPlain_isNothingToExpect() throws {
        let all = try connectAndAsk(3)
        let told = sink.expected.count
        all[0].send("*2\r\n$3\r\nGET\r\n$1\r\n")
        all[1].send("*2\r\n$4\r\nINCR\r\n$1\r\nn\r\n")
        all[2].send("*1\r\n$4\r\nPING\r\n")
        run { all[2].received.count == 12 && self.sink.pending.count == 1 }
        XCTAssertEqual(sink.expected.count, told)
        all[0].send("k\r\n")
        run { self.sink.pending.count == 2 }
        XCTAssertEqual(sink.pending[1].key, Array("k".utf8))
    }

    func test_clientThatEndsBehindItsRequest_isAnswered() throws {
        let all = try connectAndAsk(2)
        for client in all {
            client.send(get("k"))
            client.sendEnd()
        }
        run { self.sink.pending.count == 2 }
        sink.answerAll { _ in .notFound }
        run { all.allSatisfy(\.isAtEnd) }
        for client in all { XCTAssertEqual(client.received.count, 10) }
    }

    /// The end of the input, and a piece that is served at once, come while what came before still waits for the turn's end.
    func test_pieceBehindAnArrival_keepsTheOrder() throws {
        let all = try connectAndAsk(2)
        let keys = (0..<40).map { "key\($0)" }
        all[1].send(get("other"))
        all[0].pieces = 30...30
        all[0].send(keys.map(get).joined())
        run { self.sink.pending.count == 41 }
        XCTAssertEqual(
            sink.pending.map { String(decoding: $0.key, as: UTF8.self) }.filter { $0 != "other" }, keys)
    }
}

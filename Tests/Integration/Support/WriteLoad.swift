import Foundation
import Synchronization

/// Clients that write without a pause, each on one connection to one node and to keys of its own, until they
/// are stopped or their node is gone. What they were told is kept, to be held against what is read later.
final class WriteLoad: Sendable {
    /// How long a write of a living node may take whatever happens to others: so long a node waits itself before it says
    /// that it got no answer. How long it takes where nobody else needs the machine is measured
    /// (scripts/measure-handover): on one that stands still for a second at a time no test can tell.
    static let patience = Duration.seconds(2)

    /// What one client did and saw.
    struct Record: Sendable {
        let port: UInt16
        /// Per key the number of the last write that was acknowledged.
        var acknowledged: [String: Int] = [:]
        /// Per key the number of the last write that was sent.
        var sent: [String: Int] = [:]
        var writes = 0
        var errors: [String] = []
        var longestWait = Duration.zero
        /// The connection broke.
        var isCutOff = false
    }

    private struct State: Sendable {
        var isStopped = false
        var records: [Record]
        var running: Int
    }

    private let state: Mutex<State>

    /// - Parameters:
    ///   - ports: one client for each.
    ///   - keysPerClient: it goes round them.
    init(ports: [UInt16], keysPerClient: Int = 100) {
        state = Mutex(State(records: ports.map { Record(port: $0) }, running: ports.count))
        for index in ports.indices {
            let thread = Thread { [self] in
                run(index, keysPerClient)
                state.withLock { $0.running -= 1 }
            }
            thread.start()
        }
    }

    private func run(_ index: Int, _ keyCount: Int) {
        let port = state.withLock { $0.records[index].port }
        let keys = WriteLoad.keys(of: index, keyCount)
        do {
            let client = try LineClient(port: port, patience: .seconds(60))
            var number = 0
            while !state.withLock({ $0.isStopped }) {
                try write(number, to: keys[number % keyCount], index, client)
                number += 1
                pace(.milliseconds(2))
            }
        } catch {
            state.withLock { $0.records[index].isCutOff = true }
        }
    }

    private func write(_ number: Int, to key: String, _ index: Int, _ client: LineClient) throws {
        state.withLock { $0.records[index].sent[key] = number }
        let start = ContinuousClock.now
        let answer = try client.ask(LineClient.setRequest(key, "\(number)"))
        let wait = ContinuousClock.now - start
        state.withLock {
            $0.records[index].writes += 1
            $0.records[index].longestWait = max($0.records[index].longestWait, wait)
            if answer.isSuccess {
                $0.records[index].acknowledged[key] = number
            } else {
                $0.records[index].errors.append(answer.error ?? "?")
            }
        }
    }

    /// The keys of the client number `index`.
    static func keys(of index: Int, _ count: Int) -> [String] { (0..<count).map { "load-\(index)-\($0)" } }

    var records: [Record] { state.withLock { $0.records } }
    var writes: Int { records.reduce(0) { $0 + $1.writes } }

    /// Waits until each client whose port is not in `except` has written `count` times more.
    func goOn(for count: Int = 50, except: Set<UInt16> = []) throws {
        let before = records.map(\.writes)
        try poll(until: "\(count) more writes of each client", within: .seconds(60)) {
            zip(records, before).allSatisfy { except.contains($0.port) || $0.writes >= $1 + count }
        }
    }

    /// Stops all clients; returns when the last write is answered or its connection broken.
    func stop() throws {
        state.withLock { $0.isStopped = true }
        try poll(until: "the clients have stopped", within: .seconds(70)) { state.withLock { $0.running == 0 } }
    }

    /// What is wrong with what `client` reads: every acknowledged write must be there, or a later one of its
    /// key that was sent. Empty: nothing.
    func losses(readBy client: LineClient, consistency: String = "quorum") throws -> [String] {
        let records = records
        var losses: [String] = []
        for record in records {
            let keys = record.acknowledged.keys.sorted()
            let values = try client.getAll(keys, consistency: consistency)
            for key in keys {
                let read = values[key].flatMap { Int($0) } ?? -1
                let range = (record.acknowledged[key] ?? 0)...(record.sent[key] ?? 0)
                if !range.contains(read) { losses.append("\(key): read \(read), written \(range)") }
            }
        }
        return losses
    }
}

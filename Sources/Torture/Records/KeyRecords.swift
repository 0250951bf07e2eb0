import Cluster
import History

/// What a history file says of one key.
struct KeyRecords {
    /// One operation, as the laws beside the search look at it.
    struct Entry {
        let call: KeyCall
        var result: KeyResult?
        /// It certainly did nothing.
        var isRefused = false
        let isFinal: Bool
    }

    private(set) var history = KeyHistory()
    private(set) var entries: [Entry] = []

    /// - Returns: its place among `entries`.
    mutating func begin(
        _ call: KeyCall, client: Int, at tick: UInt64, time: UInt64, isFinal: Bool
    ) -> Int {
        entries.append(Entry(call: call, isFinal: isFinal))
        return history.begin(call, client: client, at: tick, time: Instant(microseconds: time))
    }

    mutating func end(_ id: Int, _ result: KeyResult, at tick: UInt64, time: UInt64) {
        entries[id].result = result
        history.end(id, result, at: tick, time: Instant(microseconds: time))
    }

    mutating func refuse(_ id: Int) {
        entries[id].isRefused = true
        history.refuse(id)
    }

    /// What the last read of the end found; nil: there was none.
    var finalValue: [UInt8]?? {
        for entry in entries.reversed() where entry.isFinal {
            if case .value(let value)? = entry.result { return .some(value) }
        }
        return nil
    }

    /// The writes that took effect, or may have.
    var writes: [Entry] {
        entries.filter { entry in
            if entry.isRefused || entry.call == .get { return false }
            if case .conflict? = entry.result { return false }
            return entry.result != .rejected
        }
    }
}

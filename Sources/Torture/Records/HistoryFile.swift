import History

/// A history as it was read back: everything that clients did, key by key.
struct HistoryFile {
    private(set) var keys: [String: KeyRecords] = [:]
    private(set) var operations = 0
    private(set) var answered = 0
    private(set) var refused = 0
    /// Whether the run came to the reads of its end.
    private(set) var isWhole = false
    /// The keys of the operations, and their places there.
    private var places: [Int: (key: String, id: Int)] = [:]
    private var tick: UInt64 = 0
    private var time: UInt64 = 0

    /// Without an answer, for ever.
    var open: Int { operations - answered - refused }

    /// - Throws: where a line is not one that `Record` makes. A last line without its end is passed over.
    init(_ text: String) throws(RecordError) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        guard lines.first.map(String.init) == Record.head else {
            throw RecordError("it does not begin with \"\(Record.head)\"")
        }
        for (index, line) in lines.enumerated().dropFirst() where !line.isEmpty && line.first != "#" {
            do throws(RecordError) {
                try take(Record(line: line))
            } catch {
                throw RecordError("line \(index + 1): \(error.reason)")
            }
        }
    }

    init(_ records: [Record]) throws(RecordError) {
        for record in records { try take(record) }
    }

    private mutating func take(_ record: Record) throws(RecordError) {
        tick += 1
        guard record.time >= time else { throw RecordError("time goes back") }
        time = record.time
        switch record {
        case .begin(let operation, let time, let client, _, let key, let call):
            guard places[operation] == nil else { throw RecordError("operation \(operation) begins twice") }
            let id = keys[key, default: KeyRecords()].begin(
                call, client: client, at: tick, time: time, isFinal: isWhole)
            places[operation] = (key, id)
            operations += 1
        case .end(let operation, let time, let result):
            let place = try place(of: operation)
            guard result.isPossible(for: keys[place.key]?.entries[place.id].call ?? .get) else {
                throw RecordError("no answer to this operation")
            }
            keys[place.key]?.end(place.id, result, at: tick, time: time)
            answered += 1
        case .refused(let operation, _, _):
            let place = try place(of: operation)
            keys[place.key]?.refuse(place.id)
            refused += 1
        case .unknown, .fault: break
        case .final: isWhole = true
        }
    }

    private mutating func place(of operation: Int) throws(RecordError) -> (key: String, id: Int) {
        guard let place = places.removeValue(forKey: operation) else {
            throw RecordError("operation \(operation) ends, and has not begun or has ended")
        }
        return place
    }
}

import Cluster
import Protocol

/// Requests that a client sent to one node without waiting for answers: appends and reads of one list, by turns. Lists
/// only grow.
struct Burst {
    let client: Int
    let ledger: Int
    /// The slot's epoch when it began, where the node that was asked was its primary: no request goes twice as long
    /// as that lasts.
    let epoch: Epoch?
    /// How long the list was, as each answer says.
    private var lengths: [Int?]
    private var pieces: [Int]
    private(set) var missing: Int

    /// - Parameter pieces: of each request how many bytes it appends; 0: it reads.
    init(client: Int, ledger: Int, epoch: Epoch?, pieces: [Int]) {
        self.client = client
        self.ledger = ledger
        self.epoch = epoch
        self.pieces = pieces
        lengths = Array(repeating: nil, count: pieces.count)
        missing = pieces.count
    }

    mutating func end(_ place: Int, length: Int?) {
        lengths[place] = length
        missing -= 1
    }

    /// - Parameter wasQuiet: whether each request went once: else a read may show what was sent behind it as well.
    /// - Returns: what is wrong; nil: nothing.
    func problem(wasQuiet: Bool) -> String? {
        var most = -1
        for (place, length) in lengths.enumerated() {
            guard let length else { continue }
            let isAppend = pieces[place] > 0
            guard isAppend ? length - pieces[place] >= most : length >= most else {
                return "request \(place) of \(pieces.count) found less than one before it left: \(words)"
            }
            guard isAppend else { continue }
            most = length
            let seenBefore = zip(lengths, pieces).prefix(place).compactMap { $1 == 0 ? $0 : nil }.max() ?? 0
            guard !wasQuiet || seenBefore <= length - pieces[place] else {
                return "a read shows what was sent behind it, by request \(place): \(words)"
            }
        }
        return nil
    }

    private var words: String {
        zip(pieces, lengths).map { "\($0 > 0 ? "append" : "get") \($1.map(String.init) ?? "?")" }.joined(separator: ", ")
    }
}

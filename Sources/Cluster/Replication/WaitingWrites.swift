import CProcessor
import Protocol

/// Writes of one slot that are in the log and wait to be answered.
///
/// Those at `quorum` are kept by version, so that what a commit answers is taken from the front, however many wait.
struct WaitingWrites {
    /// Ascending from `head` on.
    private var quorum: [WaitingWrite] = []
    private var head = 0
    /// At `one` and `all`: each waits for something else.
    private var others: [WaitingWrite] = []

    var hasOthers: Bool { !others.isEmpty }

    var isEmpty: Bool { head == quorum.count && others.isEmpty }

    func expect() { torc_prefetch(address(of: quorum)) }

    mutating func insert(_ write: WaitingWrite) {
        guard write.consistency == .quorum else { return others.append(write) }
        guard let last = quorum.last, last.version > write.version else { return quorum.append(write) }
        // A write that came again: it waits beside its first coming.
        let place = quorum[head...].firstIndex { $0.version > write.version } ?? quorum.count
        quorum.insert(write, at: place)
    }

    /// Takes those at `quorum` up to `version`.
    mutating func take(through version: Version, _ each: (WaitingWrite) -> Void) {
        while head < quorum.count, quorum[head].version <= version {
            each(quorum[head])
            head += 1
        }
        guard head > 64, head * 2 > quorum.count else {
            if head == quorum.count {
                quorum.removeAll(keepingCapacity: true)
                head = 0
            }
            return
        }
        quorum.removeFirst(head)
        head = 0
    }

    /// Takes those at other levels.
    mutating func takeOthers(where isDone: (WaitingWrite) -> Bool) { others.removeAll(where: isDone) }

    mutating func removeAll(_ each: (WaitingWrite) -> Void) {
        for write in quorum[head...] { each(write) }
        for write in others { each(write) }
        self = WaitingWrites()
    }
}

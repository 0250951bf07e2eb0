/// Whom there is news of, and how often that news has been passed on. What the news is, is looked up when
/// it is sent: so news of a node replaces older news of it by itself, and the queue is never longer than
/// the ring. (SWIM paper, section 4.1: piggybacking, the least often sent first.)
///
/// Invariant: `places[n]` is where the one valid entry of node n is; other entries are leftovers, which are
/// thrown away when they come up.
struct RumorQueue {
    private struct Entry {
        let number: Int
        let stamp: UInt32
    }

    /// By the times that the news was sent; the newest of each level is last, and goes first.
    private var levels: [[Entry]] = []
    /// By number: the stamp of the valid entry, 0 for none.
    private var stamps: [UInt32] = []
    private var lastStamp: UInt32 = 0
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }

    func contains(_ number: Int) -> Bool { number < stamps.count && stamps[number] != 0 }

    /// There is news of node `number`.
    mutating func add(_ number: Int) { insert(number, level: 0) }

    /// Passes news of these nodes on only `times` more times.
    mutating func hush(_ numbers: Range<Int>, toBeSent times: Int, limit: Int) {
        for level in 0..<min(levels.count, max(limit - times, 0)) {
            for entry in levels[level] where isValid(entry) && numbers.contains(entry.number) {
                if times > 0 { insert(entry.number, level: limit - times) } else { remove(entry.number) }
            }
        }
    }

    /// Offers the nodes, least often sent first; those that `take` returns true for count as sent once more,
    /// and leave the queue at `limit`. Ends when `take` returns nil: the packet is full.
    mutating func send(limit: Int, _ take: (Int) -> Bool?) {
        var taken: [(number: Int, level: Int)] = []
        var passedOver: [(entry: Entry, level: Int)] = []
        search: for level in levels.indices {
            while let entry = levels[level].popLast() {
                guard isValid(entry) else { continue }
                guard let isTaken = take(entry.number) else {
                    passedOver.append((entry, level))
                    break search
                }
                if isTaken { taken.append((entry.number, level)) } else { passedOver.append((entry, level)) }
            }
        }
        for (entry, level) in passedOver.reversed() { levels[level].append(entry) }
        // The newest ends up last here too.
        for (number, level) in taken.reversed() {
            if level + 1 < limit { insert(number, level: level + 1) } else { remove(number) }
        }
    }

    private func isValid(_ entry: Entry) -> Bool { stamps[entry.number] == entry.stamp }

    private mutating func insert(_ number: Int, level: Int) {
        while stamps.count <= number { stamps.append(0) }
        while levels.count <= level { levels.append([]) }
        if stamps[number] == 0 { count += 1 }
        // 0 is for none; after four thousand million pieces of news no leftover is so old.
        lastStamp = lastStamp == .max ? 1 : lastStamp + 1
        stamps[number] = lastStamp
        levels[level].append(Entry(number: number, stamp: lastStamp))
    }

    private mutating func remove(_ number: Int) {
        guard contains(number) else { return }
        stamps[number] = 0
        count -= 1
        if count == 0 { levels.removeAll(keepingCapacity: true) }
    }
}

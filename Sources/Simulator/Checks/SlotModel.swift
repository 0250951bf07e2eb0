import Cluster
import Protocol

/// What is true of one slot, as nobody in the ring can know it: every configuration that was decided, every
/// write that was ever given a version, every write that was committed, in their one order.
struct SlotModel {
    struct Committed {
        let entry: LogEntry
        /// The place in the order of the writes of its key, from 1 on.
        let keyIndex: Int
    }

    let slot: Slot
    private(set) var configurations: [Epoch: Configuration] = [:]
    private(set) var latest: Configuration?
    /// Of each version the write that a primary gave it to.
    private(set) var issued: [Version: LogEntry] = [:]
    private var issuedOrder: [Version] = []
    private(set) var committed: [Version: Committed] = [:]
    private(set) var committedEnd = Version.zero
    /// What each key held after each committed write of it; nil: nothing.
    private(set) var states: [[UInt8]: [(version: Version, entry: Entry?)]] = [:]
    private var requests: [RequestID: Version] = [:]
    /// The latest epoch of which a majority was seen to hold everything.
    var wholeEpoch: Epoch = 0
    /// Whether a majority of the latest members is lost for ever: what only they had will be gone.
    var isMaimed = false
    /// Whether committed writes went with them: what clients saw has no one order any more.
    private(set) var hasLost = false
    /// The epochs in which a copy that was not complete was taken for all.
    private var begunAnew: Set<Epoch> = []

    init(slot: Slot) { self.slot = slot }

    /// A decided configuration was seen.
    /// - Returns: what is wrong with it.
    mutating func decide(_ configuration: Configuration) -> (Failure.Law, String)? {
        if let known = configurations[configuration.epoch] {
            guard known != configuration else { return nil }
            let both = "\(known.words) and \(configuration.words)"
            return (.chain, "slot \(slot) has two configurations of epoch \(configuration.epoch): \(both)")
        }
        configurations[configuration.epoch] = configuration
        if configuration.epoch > latest?.epoch ?? 0 { latest = configuration }
        if let repair = configuration.repair { forget(beyond: configuration.base, by: repair) }
        for (epoch, other) in configurations.sorted(by: { $0.key < $1.key }) {
            let isWrong = epoch < configuration.epoch
                ? other.base > configuration.base : other.base < configuration.base
            guard isWrong else { continue }
            return (.base, "bases of slot \(slot) go back: \(other.words), \(configuration.words)")
        }
        let earlier = committed.keys.filter { $0.epoch < configuration.epoch }.max() ?? .zero
        if earlier > configuration.base {
            return (.base, "slot \(slot) had \(earlier) committed when \(configuration.words) was decided")
        }
        return nil
    }

    /// An operator has accepted what is lost.
    private mutating func forget(beyond base: Version, by repair: Repair) {
        isMaimed = false
        for (version, item) in committed where version > base {
            hasLost = true
            committed[version] = nil
            requests[item.entry.request] = nil
        }
        for key in states.keys { states[key]?.removeAll { $0.version > base } }
        committedEnd = min(committedEnd, base)
    }

    /// An operator has a copy that is not complete count for all up to `position`.
    mutating func beginAnew(with table: [[UInt8]: Entry], at position: Version, in epoch: Epoch) {
        guard begunAnew.insert(epoch).inserted else { return }
        hasLost = true
        committed = committed.filter { $0.key <= position }
        // What was remembered of them went with the copies that are lost.
        requests.removeAll()
        for key in Set(states.keys).union(table.keys) {
            states[key]?.removeAll { $0.version >= position }
            states[key, default: []].append((position, table[key]))
        }
        committedEnd = position
    }

    /// Some node has `entry` in its log.
    /// - Parameter member: whose log it is.
    mutating func see(_ entry: LogEntry, at member: Member) -> (Failure.Law, String)? {
        if let known = issued[entry.version] {
            guard known != entry else { return nil }
            let both = "\(known.words), \(entry.words)"
            return (.version, "\(entry.version) of slot \(slot) was given to two writes: \(both)")
        }
        guard let primary = configurations[entry.version.epoch]?.primary else {
            return (.order, "\(member) has \(entry.version) of slot \(slot), of an epoch that nobody decided")
        }
        guard primary == member else {
            return (
                .order, "\(member) has \(entry.version) of slot \(slot), which its primary \(primary) never gave"
            )
        }
        issued[entry.version] = entry
        let place = issuedOrder.lastIndex { $0 < entry.version }.map { $0 + 1 } ?? 0
        issuedOrder.insert(entry.version, at: place)
        return nil
    }

    /// The writes in (`after`, `through`] that no base has cut off.
    func lasting(after: Version, through: Version) -> [LogEntry] {
        let later = issuedOrder.reversed().prefix { $0 > after }.reversed()
        return later.filter { $0 <= through && !isCutOff($0) }.compactMap { issued[$0] }
    }

    private func isCutOff(_ version: Version) -> Bool {
        let next = configurations.keys.filter { $0 > version.epoch }.min()
        return next.flatMap { configurations[$0] }.map { $0.base < version } ?? false
    }

    /// Some node holds `entry` to be committed.
    mutating func commit(_ entry: LogEntry, at member: Member) -> (Failure.Law, String)? {
        if let known = committed[entry.version] {
            guard known.entry != entry else { return nil }
            return (.order, "\(member) committed \(entry.words) of slot \(slot) where \(known.entry.words) was")
        }
        let version = entry.version
        guard version > committedEnd, version == committedEnd.next(in: version.epoch) else {
            return (.order, "\(member) committed \(version) of slot \(slot) after \(committedEnd)")
        }
        if version.epoch > committedEnd.epoch, let base = configurations[version.epoch]?.base,
            base != committedEnd
        {
            let what = "\(version) of slot \(slot) after \(committedEnd)"
            return (.base, "\(member) committed \(what), the base is \(base)")
        }
        if let next = configurations[version.epoch + 1], version > next.base {
            return (.base, "\(member) committed \(version) of slot \(slot), beyond the base of \(next.words)")
        }
        if let first = requests.updateValue(version, forKey: entry.request) {
            let twice = "at \(first) and at \(version) of slot \(slot)"
            return (.once, "request \(entry.request.words) took effect \(twice)")
        }
        if let problem = removalProblem(entry) { return problem }
        committedEnd = version
        var changesKey = false
        entry.forEachChange { key, new in
            states[key, default: []].append((version, new))
            if key == entry.key { changesKey = true }
        }
        if !changesKey { states[entry.key, default: []].append((version, states[entry.key]?.last?.entry)) }
        committed[version] = Committed(entry: entry, keyIndex: states[entry.key]?.count ?? 0)
        return nil
    }

    /// What a primary removes by itself has expired.
    private func removalProblem(_ entry: LogEntry) -> (Failure.Law, String)? {
        guard entry.request.isOwn else { return nil }
        let present = states[entry.key]?.last?.entry
        guard entry.change != .delete || present?.isExpired(at: entry.timestamp) != true else { return nil }
        return (.expiry, "\(entry.words) of slot \(slot) removes \(present?.version.description ?? "nothing")")
    }

    /// What the table adds up to once everything up to `version` is applied.
    func tally(at version: Version) -> Tally {
        var tally = Tally()
        // The sum does not depend on the order.
        for key in states.keys {
            if let entry = entry(of: key, at: version) { tally.add(entry, key: key) }
        }
        return tally
    }

    /// What `key` holds once everything up to `version` is applied.
    func entry(of key: [UInt8], at version: Version) -> Entry? {
        let states = states[key] ?? []
        var low = 0
        var high = states.count
        while low < high {
            let middle = (low + high) / 2
            if states[middle].version <= version { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? nil : states[low - 1].entry
    }
}

extension Configuration {
    var words: String { "epoch \(epoch) (\(members.map(\.words).joined(separator: ", ")); base \(base)\(repair.map { "; after \($0.after) without \($0.lost.map(\.words))" } ?? ""))" }
}

extension RequestID {
    var words: String { "\(String(origin, radix: 36))/\(number)" }
}

extension LogEntry {
    var words: String { "\(version) (request \(request.words))" }
}

extension Member {
    /// With the number of its disk.
    var words: String { "\(node)/\(disk.rawValue % 1_000)" }
}

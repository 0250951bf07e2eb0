import Protocol

/// The number of a batch of changes; batches become durable in this order.
package typealias Ticket = UInt64

/// Why a store could not do what was asked. A store that failed once stays failed: what a disk holds after
/// a failed write or sync is unknown, so it is never tried again.
package struct StoreError: Error, Equatable {
    /// One line for the operator: what failed and what to do.
    package let message: String
    package init(_ message: String) { self.message = message }
}

/// What a node must remember beside entries and logs, each under a key of its own. The values are opaque
/// to the store.
package enum MetaKey: Hashable, Sendable {
    /// What section "how a slot changes hands" must remember: configuration, promises, completeness.
    case slot(Slot)
    /// How far the table of a slot is, and what it counts.
    case progress(Slot)
    /// A recent request id of a slot, under the version of its write.
    case request(Slot, Version)
    /// What the node knows of the ring.
    case ring
}

/// A piece of a slot in key order.
package struct StoreChunk: Sendable {
    /// Keys ascend bytewise.
    package let entries: [(key: [UInt8], entry: Entry)]
    /// Whether nothing of the slot lies beyond the last of them.
    package let isLast: Bool

    package init(entries: [(key: [UInt8], entry: Entry)], isLast: Bool) {
        self.entries = entries
        self.isLast = isLast
    }
}

/// When writes may go into the table of a store past its log (`Replicator.writeAtOnce`).
package enum LogBypass {
    case never
    /// They are durable some time after `commit`: only while nobody else could have heard of them before.
    case whileAlone
    /// A batch that need not be synced is as durable as it ever has to be once `commit` has returned without a failure.
    case always
}

/// Where a node keeps its data: for every slot a table of committed entries and a log of writes, and the
/// meta values.
///
/// Changes gather in an open batch, which `commit` closes. Contract:
/// - a read sees every change made before it, committed or not;
/// - batches become durable whole and in order: after a crash a prefix of them is there;
/// - nothing here waits for a disk to sync; `durable` tells how far that has come.
///
/// All calls are made on the node's loop thread.
package protocol Store: AnyObject {
    /// Whether what is committed outlives the process. Where not, its members get a new disk id at each start.
    var isPersistent: Bool { get }

    /// When writes may go into its table past its log.
    var logBypass: LogBypass { get }

    // MARK: Reading

    func entry(in slot: Slot, key: [UInt8]) throws(StoreError) -> Entry?

    /// Shows `body` what is under the key, within the call, where no disk has to be asked for it.
    /// - Returns: whether it has been shown, or that there is nothing.
    func look(in slot: Slot, at key: UnsafeRawBufferPointer, _ body: (EntryView?) -> Void) -> Bool

    /// The keys of these requests will be looked at, or written, in a moment. Nothing happens but that it may be quicker then.
    func expect(_ requests: UnsafeBufferPointer<RequestView>)

    /// Entries of `slot` after `key` (nil: from the start), in key order: at least one where there is one,
    /// about `bytesMax` in all.
    func chunk(of slot: Slot, after key: [UInt8]?, bytesMax: Int) throws(StoreError) -> StoreChunk

    /// As `chunk`, in the form in which it is sent.
    func run(of slot: Slot, after key: [UInt8]?, bytesMax: Int) throws(StoreError) -> (entries: EntryRun, isLast: Bool)

    /// The entries of `slot` that expire, soonest first from `from` on, at most `countMax`.
    func expiries(in slot: Slot, from: Timestamp, countMax: Int) throws(StoreError) -> [Expiry]

    // MARK: Reading at a start, before the first change: what an earlier process committed; of a store that is not
    // persistent nothing

    /// Everything under the meta keys, in no order.
    func loadMeta(_ each: (MetaKey, [UInt8]) throws(StoreError) -> Void) throws(StoreError)

    /// Every log entry; those of one slot in the order of their versions.
    func loadLogs(_ each: (Slot, LogEntry) throws(StoreError) -> Void) throws(StoreError)

    /// The highest version of an entry of the slot; nil: there is none.
    func latestVersion(in slot: Slot) -> Version?

    // MARK: Changing, in the open batch

    func put(_ entry: Entry, key: [UInt8], in slot: Slot)
    func remove(key: [UInt8], in slot: Slot)
    /// As `put`, where no disk has to be asked for what is there.
    /// - Parameters:
    ///   - before: is shown what is under the key, if there is anything.
    ///   - after: is shown what is there now. Neither must ask the store, and what they see is valid within the call.
    /// - Returns: whether it was put; else neither was called.
    func exchange(
        _ entry: PlainEntry, key: UnsafeRawBufferPointer, in slot: Slot,
        before: (EntryView) -> Void, after: (EntryView) -> Void
    ) -> Bool
    /// As `put` of each of them: a piece of a copy.
    func putAll(_ run: EntryRun, in slot: Slot)
    /// Has the entry, which is put with that expiry or taken away in the same batch, be found by `expiries`, or not
    /// any more. A store that finds it by other means does nothing here.
    func setExpiry(_ expiry: Expiry, in slot: Slot, isThere: Bool)

    /// - Parameter entry: of a version that is not in the log.
    func append(_ entry: LogEntry, to slot: Slot)
    /// Takes the entry of that version out of the log; nothing happens where there is none.
    func removeLogEntry(_ version: Version, of slot: Slot)

    /// Takes every entry and every log entry of the slot away; meta values stay.
    func removeAll(in slot: Slot)

    /// Sets the value under `key`, or removes it when nil.
    func setMeta(_ key: MetaKey, to value: [UInt8]?)

    // MARK: Making it last

    /// Closes the open batch, which may be empty.
    /// - Parameter mustSync: the batch is synced whatever the store's sync policy says.
    /// - Returns: the ticket of the batch, above every earlier one.
    func commit(mustSync: Bool) -> Ticket

    /// All batches up to this ticket are durable in the sense of the store's sync policy.
    var durable: Ticket { get }

    /// What went wrong, once something did: from then on `durable` stays where it is.
    var failure: StoreError? { get }
}

/// For stores without a quicker way.
extension Store {
    package var logBypass: LogBypass { .never }

    package func exchange(
        _ entry: PlainEntry, key: UnsafeRawBufferPointer, in slot: Slot,
        before: (EntryView) -> Void, after: (EntryView) -> Void
    ) -> Bool { false }

    package func latestVersion(in slot: Slot) -> Version? { nil }

    package func expect(_ requests: UnsafeBufferPointer<RequestView>) {}

    package func look(in slot: Slot, at key: UnsafeRawBufferPointer, _ body: (EntryView?) -> Void) -> Bool { false }

    package func run(
        of slot: Slot, after key: [UInt8]?, bytesMax: Int
    ) throws(StoreError) -> (entries: EntryRun, isLast: Bool) {
        let chunk = try chunk(of: slot, after: key, bytesMax: bytesMax)
        return (EntryRun(chunk.entries.lazy.map { KeyedEntry(key: $0.key, entry: $0.entry) }), chunk.isLast)
    }

    package func putAll(_ run: EntryRun, in slot: Slot) {
        for item in run.entries { put(item.entry, key: item.key, in: slot) }
    }
}

import Cluster
import Protocol

/// What a disk durably has of one slot: what a vow of its node may rely on.
struct DurableSlot {
    private(set) var configuration: Configuration?
    private(set) var isWhole = false
    private var isSealed = false
    private(set) var accepted: Acceptance?
    /// The last version that is there.
    private(set) var position = Version.zero

    init() {}

    init(_ slot: Slot, on disk: DiskState) {
        let replica = Replica.asStored(
            slot, record: disk.meta[.slot(slot)], progress: disk.meta[.progress(slot)])
        configuration = replica?.configuration
        isWhole = replica?.holding == .whole
        accepted = replica?.accepted
        isSealed = replica?.promised != nil
        position = max(replica?.log.position ?? .zero, disk.logEnd(of: slot))
    }

    /// Whether it knows `present` and nothing of a successor, and has all with which that begins.
    func isAtEase(in present: Configuration) -> Bool {
        configuration == present && !isSealed && covers(present.base)
    }

    /// Whether everything up to `version` is there.
    func covers(_ version: Version) -> Bool { isWhole && position >= version }

    /// Whether it vouches for `next` to follow its configuration.
    func hasAccepted(_ next: Configuration) -> Bool {
        accepted?.value == next || (configuration?.epoch ?? 0) >= next.epoch
    }
}

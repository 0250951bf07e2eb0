import Cluster
import Protocol

/// What a disk durably has of one slot: what a vow of its node may rely on.
struct DurableSlot {
    private(set) var configuration: Configuration?
    private(set) var isWhole = false
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
        position = max(replica?.log.position ?? .zero, disk.logEnd(of: slot))
    }

    /// Whether everything up to `version` is there.
    func covers(_ version: Version) -> Bool { isWhole && position >= version }

    /// Whether it vouches for `next` to follow its configuration.
    func hasAccepted(_ next: Configuration) -> Bool {
        accepted?.value == next || (configuration?.epoch ?? 0) >= next.epoch
    }
}

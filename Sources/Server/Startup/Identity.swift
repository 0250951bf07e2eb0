import Protocol
import Storage

/// Who this node is: from its data folder, or for this one life where nothing is kept.
final class Identity {
    let node: NodeID
    let disk: DiskID
    /// Nil without a disk.
    let folder: DataFolder?
    private(set) var ring: RingID?
    private(set) var incarnation: UInt64

    init(folder: DataFolder) {
        self.folder = folder
        node = folder.node
        disk = folder.disk
        ring = folder.ring
        incarnation = folder.incarnation
    }

    /// A node that remembers nothing: another disk at each start.
    init(inMemory node: NodeID) {
        self.node = node
        disk = .random()
        folder = nil
        incarnation = 0
    }

    var member: Member { Member(node: node, disk: disk) }

    /// Where the data is, in words.
    var place: String { folder.map { $0.path } ?? "memory" }

    func join(ring: RingID) throws(DataFolderError) {
        try folder?.join(ring: ring)
        self.ring = ring
    }

    /// Counts one more start or refutation; durable when it returns. The result is above `known`.
    func raiseIncarnation(above known: UInt64) throws(DataFolderError) {
        if let folder {
            incarnation = try folder.raiseIncarnation(above: known)
        } else {
            let (next, isTooHigh) = max(incarnation, known).addingReportingOverflow(1)
            guard !isTooHigh else { throw DataFolderError("incarnations of \(node) are used up") }
            incarnation = next
        }
    }
}

import Protocol
import Storage

/// Who this node is: from its data folder, or for this one life where nothing is kept.
struct Identity {
    let node: NodeID
    let disk: DiskID
    /// Nil without a disk.
    let folder: DataFolder?

    init(folder: DataFolder) {
        self.folder = folder
        node = folder.node
        disk = folder.disk
    }

    /// A node that remembers nothing: another disk at each start.
    init(inMemory node: NodeID) {
        self.node = node
        disk = .random()
        folder = nil
    }

    var member: Member { Member(node: node, disk: disk) }

    /// Where the data is, in words.
    var place: String { folder.map { $0.path } ?? "memory" }
}

/// A member of a slot: a node together with the disk that holds its copy.
package struct Member: Hashable, Comparable, Sendable {
    package let node: NodeID
    package let disk: DiskID

    package init(node: NodeID, disk: DiskID) {
        self.node = node
        self.disk = disk
    }

    /// The numbers first: they nearly always tell, and are quicker to compare than names.
    package static func == (left: Member, right: Member) -> Bool {
        left.disk == right.disk && left.node == right.node
    }

    package static func < (left: Member, right: Member) -> Bool {
        (left.node, left.disk) < (right.node, right.disk)
    }
}

extension Member: CustomStringConvertible {
    package var description: String { node.text }
}

/// Made at random when a data folder is created: a wiped disk is another member. Never 0.
package struct DiskID: Hashable, Comparable, Sendable {
    package let rawValue: UInt64
    package init(rawValue: UInt64) { self.rawValue = rawValue }
    package static func < (left: DiskID, right: DiskID) -> Bool { left.rawValue < right.rawValue }
}

/// A wall-clock time in milliseconds since 1970-01-01T00:00:00Z. It is shown to users and bounds a ttl;
/// no order in Torc depends on it.
package struct Timestamp: Hashable, Comparable, Sendable {
    package let milliseconds: UInt64
    package init(milliseconds: UInt64) { self.milliseconds = milliseconds }
    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.milliseconds < right.milliseconds
    }
}

/// What sync has moved since the start of the node.
package struct SyncCounters: Equatable, Sendable {
    /// Entries of tables that were sent to others and taken from others.
    package var entriesSent: UInt64 = 0
    package var bytesSent: UInt64 = 0
    package var entriesTaken: UInt64 = 0
    package var bytesTaken: UInt64 = 0
    /// Entries here that were found to be equal to those of another node, and did not have to be sent.
    package var entriesKept: UInt64 = 0
    package var copiesTaken: UInt64 = 0
    /// Entries here that were not what had been written, and were mended.
    package var entriesMended: UInt64 = 0

    package init() {}
}

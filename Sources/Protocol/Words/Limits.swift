/// Every bound on what a client or a peer may send or make a node keep, in one place. Each is checked
/// before anything is allocated and has its own error.
package enum Limits {
    package static let keyBytesMax = 4 * 1024
    package static let valueBytesMax = 16 * 1024 * 1024
    /// A value of so many bytes is a large one: it is not copied where it can be shared, and has a digest.
    package static let largeValueBytes = 64 * 1024
    /// A JSON request: a value may be escaped (`\u00XX`: six bytes for one) or base64, beside key and rest.
    package static let jsonObjectBytesMax = 6 * (valueBytesMax + keyBytesMax) + 64 * 1024
    /// The `client` of a JSON request, after escapes are undone.
    package static let clientNameBytesMax = 256
    /// Fields of one JSON object.
    package static let jsonFieldsMax = 64
    /// The `id` of a JSON request, as it was written.
    package static let jsonIDBytesMax = 1024
    /// How far the end of a JSON object that is refused anyhow (it nests, or has too many fields) is looked
    /// for, to go on behind it.
    package static let jsonRefusedBytesMax = 64 * 1024
    /// A hundred years.
    package static let ttlSecondsMax: UInt64 = 3_153_600_000
    /// One frame between two nodes: the largest request (a compare-and-set names two values), or everything
    /// of one turn cut into frames.
    package static let frameBytesMax = 2 * valueBytesMax + keyBytesMax + 64 * 1024
    /// All words of one command of a Redis client.
    package static let respCommandBytesMax = 4 * valueBytesMax
    package static let clientsMax = 10_000
    /// Requests of one connection that are read ahead of their answers; then its socket is not read.
    package static let pipelinedRequestsMax = 4_096
    /// Answers that wait for a client that does not read; then it is closed.
    package static let clientOutputBytesMax = 64 * 1024 * 1024
    /// Of unfinished requests on all connections of a node; then the one that has been silent longest is closed.
    package static let clientsInputBytesMax = 1024 * 1024 * 1024
    /// Requests that a node coordinates at a time; then `busy`.
    package static let requestsInFlightMax = 65_536
    /// Frames that wait for a peer; then its connection is closed, and sync mends the rest.
    package static let peerOutputBytesMax = 256 * 1024 * 1024
    /// Committed entries that a node keeps in its log to catch a peer up from.
    package static let backlogBytesMax = 64 * 1024 * 1024
    /// Values that a primary holds for reads that wait for their majority; then `busy`.
    package static let heldReadBytesMax = 256 * 1024 * 1024
    /// Pending writes of one slot; then `busy`.
    package static let pendingWritesPerSlotMax = 8_192
    /// What the pending writes of one slot take; then `busy`. A short append makes a whole value of it.
    package static let pendingBytesPerSlotMax = 128 * 1024 * 1024
    /// Writes of one batch; their keys and values together are bounded like one value.
    package static let batchWritesMax = 4_096
    /// A value in an answer that is remembered with its request id; of a longer one the version is.
    package static let rememberedValueBytesMax = 128
    /// Request ids that a slot remembers however old they are.
    package static let requestIDsPerSlotMin = 64
    /// Request ids that a slot remembers at the most.
    package static let requestIDsPerSlotMax = 4_096
    /// Clients of which a slot knows the highest id that it has forgotten.
    package static let requestMarksPerSlotMax = 256
    /// One piece of a slot's copy.
    package static let chunkBytesMax = 256 * 1024
    /// A SWIM packet.
    package static let packetBytesMax = 1_400
}

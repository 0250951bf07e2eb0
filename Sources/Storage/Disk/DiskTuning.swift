/// How much the layers of a store on disk gather.
struct DiskTuning: Sendable {
    var rocks = RocksTuning()
    /// A segment of the log that has so many is followed by another.
    var segmentBytes = 16 << 20
    /// So many bytes may wait to be written by the next sync. Beyond, whoever appends writes them: a disk that stands still is
    /// not to fill the memory.
    var waitingBytesMax = 64 << 20
    /// The log is written back once it has so many that are not, or after `writeBackSeconds`.
    var writeBackBytes = 4 << 20
    var writeBackSeconds = 1
    /// Changes that are put together before they go to RocksDB as one batch.
    var homeBatchBytes = 4 << 20
    /// RocksDB is made to write its tables to disk, so that segments can go, after so many bytes of log. It bounds what
    /// a start replays.
    var flushBytes = 64 << 20
    /// So many bytes of log may be not at home. Beyond, answers to writers wait, and a quarter beyond that the loop.
    var behindBytesMax = 1 << 30
    /// What the table may take, as far as what is not at home yet and what expires lets it.
    var memoryBytesMax = Int.max
    /// Told on any thread.
    var onStep: (@Sendable (StorageStep) -> Void)?
}

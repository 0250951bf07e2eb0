/// What the layers of a store do to the disk, one after another: told to whoever wants to know, which is tests that
/// kill the process there.
enum StorageStep: String, CaseIterable, Sendable {
    case begunSegment
    case appended
    case synced
    case writtenBack
    case flushed
    case removedSegment
    case preparedSpare
}

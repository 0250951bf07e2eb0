/// When a batch of changes counts as durable.
package enum SyncPolicy: String, Sendable, CaseIterable {
    /// Once it is synced to the disk: it outlives a power cut.
    case always
    /// Once the operating system has it; a sync follows within a second. It outlives the process; a power
    /// cut may cost the last second.
    case everysec
    /// Once the operating system has it, which writes it when it likes.
    case never
}

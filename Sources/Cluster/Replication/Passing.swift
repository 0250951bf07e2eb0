/// Where the latest of the writes are that went past the log and are durable some time after their batch is committed.
enum Passing: Equatable {
    /// There are none that are not durable.
    case nothing
    /// In the open batch.
    case open
    case committed(Ticket)
}

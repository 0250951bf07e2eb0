/// Where the latest of the writes are that went past the log.
enum Passing: Equatable {
    /// There are none that are not durable.
    case nothing
    /// In the open batch.
    case open
    case committed(Ticket)
}

/// What a reply says, as far as a measurement cares.
enum ReplyKind: Equatable {
    case done
    /// There is no such key.
    case miss
    /// The condition of a write was not met.
    case conflict
    /// The server refuses; the scanner has its words.
    case error
}

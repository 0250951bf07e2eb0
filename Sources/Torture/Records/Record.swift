import History

/// One line of a history file (docs/testing.md). The order of the lines is the order of what happened.
enum Record: Equatable {
    /// An operation is about to be sent.
    case begin(operation: Int, time: UInt64, client: Int, node: String, key: String, call: KeyCall)
    /// It was answered.
    case end(operation: Int, time: UInt64, result: KeyResult)
    /// It certainly did nothing, and never will.
    case refused(operation: Int, time: UInt64, reason: String)
    /// Nobody said what became of it: it may take effect at any time, or never.
    case unknown(operation: Int, time: UInt64, reason: String)
    /// What was done to the ring; for the reader.
    case fault(time: UInt64, text: String)
    /// All is mended; what follows reads every key once.
    case final(time: UInt64)

    /// Microseconds on the monotonic clock since the run began.
    var time: UInt64 {
        switch self {
        case .begin(_, let time, _, _, _, _), .end(_, let time, _), .refused(_, let time, _),
            .unknown(_, let time, _), .fault(let time, _), .final(let time):
            time
        }
    }
}

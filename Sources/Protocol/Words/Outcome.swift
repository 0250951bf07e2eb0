/// How an operation on one key ended.
package enum Outcome: Equatable, Sendable {
    /// GET: the entry.
    case found(Entry)
    /// GET: there is none, or it has expired.
    case notFound
    /// A query.
    case answer(SlotAnswer)
    /// A write: it took effect, at the consistency asked for.
    case written(version: Version, timestamp: Timestamp, result: WriteResult = .none)
    /// What was there was not what the write expected; nothing changed, and never will for this request.
    case conflict(Present)
    /// A batch took effect, at the consistency asked for: the answer of each of its writes.
    case batch(version: Version, timestamp: Timestamp, [WriteAnswer])
    /// Nothing of a batch took effect, since a required write did not, and never will for this request.
    /// - Parameter at: which one.
    case aborted(at: UInt32, WriteAnswer)
    /// The operation cannot be done on the value that was there; nothing changed, and never will for this
    /// request.
    case refused(OperationFault)
    /// Too much is under way; nothing was done.
    case busy(String)
    /// Not enough of the ring answered in time. A write may or may not have taken effect.
    case unavailable(String)
}

extension Outcome {
    package static func written(version: Version, timestamp: Timestamp, number: Int64) -> Outcome {
        .written(version: version, timestamp: timestamp, result: .number(number))
    }
}

/// What a write is answered beside its version and time. It is remembered with the request id, so that whoever
/// sends the write again gets the first answer.
package enum WriteAnswer: Equatable, Sendable {
    /// It took effect.
    case written(WriteResult = .none)
    /// What was there was not what it expected; it changed nothing.
    case conflict(Present)
    /// It could not be done on the value that was there; nothing changed.
    case refused(OperationFault)
    /// A batch that took effect: the answer of each of its writes. Of a transaction: of each of its batches, `batch` or
    /// `aborted`; they hold none of these themselves.
    case batch([WriteAnswer])
    /// A batch of which nothing took effect, since a required write did not.
    /// - Parameter at: which one.
    indirect case aborted(at: UInt32, WriteAnswer)

    /// - Parameter number: nil: no result.
    package static func written(number: Int64?) -> WriteAnswer { .written(number.map { .number($0) } ?? .none) }

    /// What is remembered of it: values of more than `Limits.rememberedValueBytesMax` bytes are not.
    package var remembered: WriteAnswer {
        switch self {
        case .written(.old(let present)): .written(.old(present.remembered))
        case .written(.value(let value?)) where value.count > Limits.rememberedValueBytesMax: .written(.value(nil))
        case .conflict(let present): .conflict(present.remembered)
        case .batch(let answers): .batch(answers.map(\.remembered))
        case .aborted(let index, let answer): .aborted(at: index, answer.remembered)
        case .written, .refused: self
        }
    }
}

/// What a write that took effect has to say.
package enum WriteResult: Equatable, Sendable {
    case none
    /// What an addition came to, how many bytes the value has after `append` and `overwrite`, what a bit was.
    case number(Int64)
    /// What an addition of decimals came to; nil: the request came again, and it was too long to be kept.
    case value([UInt8]?)
    /// What was there before.
    case old(Present)
}

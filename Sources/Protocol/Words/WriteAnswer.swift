/// What a write is answered beside its version and time. It is remembered with the request id, so that whoever
/// sends the write again gets the first answer.
package enum WriteAnswer: Equatable, Sendable {
    /// It took effect.
    /// - Parameter number: what an `add` came to, or how many bytes the value has after an `append`.
    case written(number: Int64? = nil)
    /// A compare-and-set that met something else, and changed nothing.
    /// - Parameter with: the version of what it met; nil: nothing was there.
    case conflict(with: Version?)
    /// It could not be done on the value that was there; nothing changed.
    case refused(OperationFault)
}

/// What is wrong with a line of a history.
struct RecordError: Error {
    let reason: String
    init(_ reason: String) { self.reason = reason }
}

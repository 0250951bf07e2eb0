/// Several batches of one slot, computed one after the other in one step, where certain keys are as they were.
package struct Transaction: Equatable, Sendable {
    /// All must be met, or nothing is done: the answer is `aborted` at the first that is not. Their actions are `read`.
    package let expectations: [KeyedWrite]
    /// Each is all or nothing by itself, where its writes are required; one that fails leaves the others.
    package let batches: [[KeyedWrite]]

    package init(expectations: [KeyedWrite] = [], batches: [[KeyedWrite]]) {
        self.expectations = expectations
        self.batches = batches
    }

    package var writes: Int { batches.reduce(expectations.count) { $0 + $1.count } }
}

/// What a command line asks of a plan; what it leaves open the seed decides.
package struct PlanRequest: Sendable {
    package var seed: UInt64
    package var nodes: Int?
    package var span: Duration?
    /// Nil: a mix that the seed chooses.
    package var faults: Set<FaultKind>?
    package var defect: String?

    package init(seed: UInt64) { self.seed = seed }
}

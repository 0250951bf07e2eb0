/// Small defects that the simulator must find: they prove its checks. Each breaks one rule that
/// docs/consistency.md relies on.
///
/// They exist in builds with `-D DEFECTS` only (`scripts/test` and `scripts/simulate`); in all others
/// `Replicator.has` is a constant and nothing of them is left in the program.
package enum Defect: String, CaseIterable, Sendable {
    case acknowledgeBeforeDurable = "acknowledge-before-durable"
}

extension Replicator {
    /// Whether this build and these settings have that defect.
    @inline(__always)
    func has(_ defect: Defect) -> Bool {
        #if DEFECTS
            settings.defect == defect
        #else
            false
        #endif
    }
}

import Protocol

@testable import Cluster

extension Protocol.Operation {
    /// Of a write.
    func computed(on present: Entry?, at now: Timestamp) -> Computation {
        guard case .write(let write) = self else { return Computation(change: .nothing, answer: .written()) }
        return write.computed(on: present, at: now)
    }
}

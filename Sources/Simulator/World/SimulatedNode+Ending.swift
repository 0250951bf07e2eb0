import Cluster

/// When a process may end by itself.
extension SimulatedNode {
    /// An operator tells it to leave or to stop.
    func depart(_ how: @escaping (RingNode) -> Void) {
        mayEnd = true
        receive(how)
    }

    func mayExit(with code: Int32) -> Bool {
        mayEnd || mayFail || isRetired
    }
}

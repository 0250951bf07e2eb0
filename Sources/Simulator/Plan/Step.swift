import Cluster

/// A fault and when it happens, from the beginning of the faults on.
package struct Step: Equatable, Sendable {
    package let at: Duration
    package let fault: Fault

    package init(at: Duration, fault: Fault) {
        self.at = at
        self.fault = fault
    }
}

extension Step: CustomStringConvertible {
    package var description: String { "\(at.wholeMilliseconds) ms  \(fault)" }
}

extension Duration {
    package var wholeMilliseconds: UInt64 { wholeMicroseconds / 1_000 }
}

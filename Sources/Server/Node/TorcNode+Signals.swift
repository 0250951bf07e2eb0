import Glibc
import UV

extension TorcNode {
    func listenToSignals() throws(IOError) {
        signals = [
            try Signal(loop, SIGINT) { [unowned self] in onSignal(SIGINT, options.onInt) },
            try Signal(loop, SIGTERM) { [unowned self] in onSignal(SIGTERM, options.onTerm) },
        ]
    }

    private func onSignal(_ number: Int32, _ departure: NodeOptions.Departure) {
        _ = now
        switch (ringNode.phase, departure) {
        case (.leaving, _), (.left, _), (.stopping, _), (.over, _):
            log.warning("stops at once; data kept in \(identity.place)")
            exit(128 + number)
        case (.joining, .leave), (.catchingUp, .leave), (.ready, .leave): ringNode.leave()
        case (.joining, .stop), (.catchingUp, .stop), (.ready, .stop): ringNode.stop()
        }
    }
}

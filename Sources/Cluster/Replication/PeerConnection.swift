import Protocol

/// Another node as replication sees it: its connection, and when it was last heard.
final class PeerConnection {
    /// Who answers at the other end of the present or last connection.
    var member: Member?
    /// Numbers the connection; 0: there is none.
    var session: UInt64 = 0
    /// When it said something last, or could have but for a pause of this process.
    var lastHeard: Instant
    /// When it said something last.
    private(set) var lastWord: Instant
    /// Since when its connection is broken and could not be opened again.
    var refusedSince: Instant?
    /// Whether it is about to stop, as it said on this connection.
    var isStopping = false

    /// The last round of confirmations that it is to be asked for.
    var wantedRound: UInt64 = 0
    // Confirmations for reads, on this connection
    var requestedRound: UInt64 = 0
    var confirmedRound: UInt64 = 0

    // What goes out together, on this connection
    var appends: [Append] = []
    var appendBytes = 0
    var acknowledgements: [Acknowledgement] = []

    var isConnected: Bool { session != 0 }

    func closeSession() {
        session = 0
        appends.removeAll()
        appendBytes = 0
        acknowledgements.removeAll()
    }

    init(lastHeard: Instant) {
        self.lastHeard = lastHeard
        lastWord = lastHeard
    }

    func hear(now: Instant) {
        lastHeard = now
        lastWord = now
    }
}

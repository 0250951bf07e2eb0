import Glibc
import Protocol
import UV

/// The thread on which a client's session runs, and the way into it.
struct Engine: Sendable {
    /// What the thread begins with. Unchecked: it is made elsewhere, and handed over before the loop runs.
    private struct Cargo: @unchecked Sendable {
        let loop: Loop
        let session: Session
    }

    private let inbox = Inbox()
    private let wakeup: Wakeup

    init(servers: [NodeAddress], options: ClientOptions) throws(TorcError) {
        let cargo: Cargo
        do throws(IOError) {
            let loop = try Loop()
            let session = Session(loop, servers: servers, options: options)
            cargo = Cargo(loop: loop, session: session)
            wakeup = try Wakeup(loop) { [inbox] in Engine.onWake(inbox, session, loop) }
        } catch {
            throw TorcError(.unavailable, "the client cannot start: \(error.text)", cause: error)
        }
        let code = Thread.start {
            cargo.loop.run()
            cargo.session.close()
            cargo.loop.close()
        }
        guard code == 0 else {
            cargo.loop.close()
            throw TorcError(.unavailable, "the client cannot start a thread (error \(code))")
        }
    }

    /// From any thread.
    func submit(_ exchange: Exchange) {
        if inbox.add(exchange) {
            wakeup.wake()
        } else {
            exchange.fail(TorcError(.closed, "the client was closed"))
        }
    }

    /// From any thread. What is under way ends with an error.
    func close() {
        inbox.close()
        wakeup.wake()
    }

    private static func onWake(_ inbox: Inbox, _ session: Session, _ loop: Loop) {
        let (exchanges, isClosed) = inbox.take()
        for exchange in exchanges { session.onRequest(exchange) }
        if isClosed { loop.stop() }
    }
}

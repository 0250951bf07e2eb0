import UV
import XCTest

final class SignalTests: LoopTestCase {
    func test_signal_toSelf_callsBack() throws {
        let loop = try loop
        var count = 0
        let signal = try Signal(loop, SIGUSR2) {
            count += 1
            loop.stop()
        }
        kill(getpid(), SIGUSR2)
        try runUntilStopped()
        XCTAssertEqual(count, 1)
        kill(getpid(), SIGUSR2)
        try runUntilStopped()
        XCTAssertEqual(count, 2)
        signal.close()
    }

    func test_signal_severalHandles_allHearTheirs() throws {
        var heard: [String] = []
        let signals = try [("a", SIGUSR1), ("b", SIGUSR2), ("c", SIGUSR2)].map { name, number in
            try Signal(try loop, number) { heard.append(name) }
        }
        kill(getpid(), SIGUSR2)
        try run { heard.count >= 2 }
        XCTAssertEqual(heard.sorted(), ["b", "c"])
        for signal in signals { signal.close() }
    }

    func test_init_signalThatCannotBeCaught_throwsInWords() throws {
        XCTAssertThrowsError(try Signal(try loop, SIGKILL) {}) {
            XCTAssertEqual("\($0)", "cannot handle signal 9: invalid argument")
        }
    }
}

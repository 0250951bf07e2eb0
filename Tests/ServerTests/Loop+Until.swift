import UV
import XCTest

extension Loop {
    /// Runs until `condition` holds, and fails the test where it does not come about in time.
    /// - Parameter clients: send and receive meanwhile.
    func run(
        pumping clients: @escaping () -> [TestClient], within limit: Duration = .seconds(30),
        file: StaticString = #filePath, line: UInt = #line, until condition: @escaping () -> Bool
    ) {
        var isLate = false
        let look = Timer(self) { [unowned self] in
            for client in clients() { client.pump() }
            if condition() { stop() }
        }
        let deadline = Timer(self) { [unowned self] in
            isLate = true
            stop()
        }
        look.start(after: .zero, every: .milliseconds(1))
        deadline.start(after: limit)
        run()
        look.stop()
        deadline.stop()
        XCTAssertFalse(isLate, "still not so after \(limit)", file: file, line: line)
    }
}

import UV
import XCTest

final class AlarmTests: LoopTestCase {
    func test_set_firesOnceAndNotBefore() throws {
        let loop = try loop
        var fired: [UInt64] = []
        let alarm = try Alarm(loop) { fired.append(loop.now) }
        let due = loop.now + 3_500_000
        alarm.set(at: due)
        try run { !fired.isEmpty }
        try run(turns: 5)
        XCTAssertEqual(fired.count, 1)
        XCTAssertGreaterThanOrEqual(fired[0], due)
        alarm.close()
    }

    func test_set_againAndInThePast() throws {
        let loop = try loop
        var count = 0
        let alarm = try Alarm(loop) { count += 1 }
        alarm.set(at: loop.now + 1_000_000_000_000)
        alarm.set(at: 0)
        try run { count == 1 }
        alarm.set(at: loop.now)
        try run { count == 2 }
        alarm.close()
    }

    func test_close_beforeItFires_isSilentAndLeavesNoDescriptor() throws {
        let loop = try loop
        try assertKeepsNoDescriptor {
            let alarm = try Alarm(loop) { XCTFail("fired after close()") }
            alarm.set(at: loop.now)
            alarm.close()
            try run(turns: 5)
        }
    }

    func test_alarmThatIsNotSet_goesWithItsOwner() throws {
        let loop = try loop
        try assertKeepsNoDescriptor {
            var alarm: Alarm? = try Alarm(loop) {}
            XCTAssertNotNil(alarm)
            alarm = nil
            try run(turns: 5)
        }
    }
}

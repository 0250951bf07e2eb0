import Glibc
import XCTest

@testable import UV

final class ProcessTests: XCTestCase {
    func test_id_isThatOfThisProcess() { XCTAssertEqual(UV.Process.id, Int(getpid())) }

    /// What is touched is resident.
    func test_residentBytes_growWithWhatIsTouched() {
        let before = UV.Process.residentBytes
        XCTAssertGreaterThan(before, 1 << 20)
        let touched = [UInt8](repeating: 1, count: 64 << 20)
        XCTAssertGreaterThan(UV.Process.residentBytes, before + (32 << 20))
        XCTAssertEqual(touched.last, 1)
    }

    func test_sleep_lastsAsLongAsItSays() {
        let begin = ContinuousClock.now
        UV.Process.sleep(.milliseconds(20))
        XCTAssertGreaterThanOrEqual(ContinuousClock.now - begin, .milliseconds(19))
    }
}

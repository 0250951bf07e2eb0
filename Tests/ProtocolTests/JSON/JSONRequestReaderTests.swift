import XCTest

@testable import Protocol

final class JSONRequestReaderTests: XCTestCase {
    func test_next_afterAnError_goesOnWithTheNextRequest() throws {
        let reader = JSONRequestReader(parser: JSONRequestParser())
        reader.append(Array(#"{"type":"GET"}{"type":"GET","key":"a"}"#.utf8))
        XCTAssertThrowsError(try reader.next()) { XCTAssertEqual(($0 as? JSONRequestError)?.message, "missing key") }
        XCTAssertEqual(try reader.next()?.key, [97])
        XCTAssertNil(try reader.next())
        XCTAssertFalse(reader.isClosed)
    }

    func test_next_ofObjectOverTheLimit_closes() {
        let reader = JSONRequestReader(parser: JSONRequestParser(), objectBytesMax: 20)
        reader.append(Array(#"{"type":"GET","key":"a"}{"type":"GET","key":"a"}"#.utf8))
        XCTAssertThrowsError(try reader.next()) { XCTAssertEqual(($0 as? JSONRequestError)?.closes, true) }
        XCTAssertTrue(reader.isClosed)
        XCTAssertNil(try reader.next())
    }

    func test_next_ofLargeAndSmallRequestsInTurn_readsEach() throws {
        let parser = JSONRequestParser()
        let reader = JSONRequestReader(parser: parser)
        let value = [UInt8](repeating: 0x0A, count: 600 << 10)
        for _ in 0..<3 {
            let requests = [
                JSONRequest(kind: .operation(.set(value: value, ttlMilliseconds: nil)), key: [97]),
                JSONRequest(kind: .operation(.get), key: [98]),
            ]
            var output: [UInt8] = []
            for request in requests { try request.write(to: &output) }
            var found: [JSONRequest] = []
            for start in stride(from: 0, to: output.count, by: 65_536) {
                reader.append(Array(output[start..<min(start + 65_536, output.count)]))
                while let request = try reader.next() { found.append(request) }
            }
            XCTAssertEqual(found, requests)
        }
    }
}

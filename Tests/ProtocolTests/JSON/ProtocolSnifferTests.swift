import XCTest

@testable import Protocol

final class ProtocolSnifferTests: XCTestCase {
    private func sniff(_ text: String) -> ProtocolSniffer.Verdict { ProtocolSniffer.sniff(Array(text.utf8)) }

    func test_sniff_ofJSON_isKnownFromTheFirstByte() {
        for text in ["{", " ", "\t", "\r\n", "\n{", "[", "\"", "1", "-"] { XCTAssertEqual(sniff(text), .known(.json), text) }
    }

    func test_sniff_ofRESP_isKnown() {
        for text in ["*", "*1\r\n$4\r\nPING\r\n", "PING\r\n", "get key\n", "GET / HTTP/2.0\r\n", "GET /HTTP/1.1\r\n", "x HTTP/1.x\n"] {
            XCTAssertEqual(sniff(text), .known(.resp), text)
        }
    }

    func test_sniff_ofHTTP_isKnownFromTheFirstLine() {
        for text in ["GET / HTTP/1.1\r\n", "POST /a?b HTTP/1.0\n", "GET / HTTP/1.1\r\nHost: x\r\n"] {
            XCTAssertEqual(sniff(text), .known(.http), text)
        }
    }

    func test_sniff_ofAPeer_isKnownFromTheFirstByte() {
        XCTAssertEqual(ProtocolSniffer.sniff([0xF5]), .known(.peer))
    }

    func test_sniff_ofNothingOrAnUnfinishedLine_isUndecided() {
        XCTAssertEqual(sniff(""), .undecided)
        let line = Array("GET / HTTP/1.1\r\n".utf8)
        for count in 1..<line.count { XCTAssertEqual(ProtocolSniffer.sniff(Array(line.prefix(count))), .undecided) }
        XCTAssertEqual(sniff(String(repeating: "a", count: 8191)), .undecided)
    }

    func test_sniff_ofALineWithoutEnd_isDecidedAtItsBound() {
        XCTAssertEqual(sniff(String(repeating: "a", count: 8192)), .known(.resp))
    }

    func test_sniff_ofOtherBytes_isUnknown() {
        for byte: UInt8 in [0, 0x16, 0x7F, 0x80, 0xEF, 0xFF, UInt8(ascii: "}"), UInt8(ascii: "$")] {
            XCTAssertEqual(ProtocolSniffer.sniff([byte]), .unknown)
        }
    }
}

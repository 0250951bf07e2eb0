import UV
import XCTest

final class SocketAddressTests: XCTestCase {
    func test_init_numericAddresses_haveTheirTextForm() throws {
        for (ip, text) in [
            ("127.0.0.1", "127.0.0.1:8081"), ("0.0.0.0", "0.0.0.0:8081"),
            ("255.1.2.3", "255.1.2.3:8081"), ("::1", "[::1]:8081"), ("::", "[::]:8081"),
            ("2001:DB8:0:0::17", "[2001:db8::17]:8081"),
        ] {
            let address = try XCTUnwrap(SocketAddress(ip: ip, port: 8081), ip)
            XCTAssertEqual(address.description, text)
            XCTAssertEqual(address.port, 8081)
            XCTAssertEqual(address.family, ip.contains(":") ? .ipv6 : .ipv4)
        }
    }

    func test_init_whatIsNoNumber_isNil() {
        for ip in ["localhost", "", "1.2.3", "256.1.1.1", "1.2.3.4:5", "[::1]", ":::", " 127.0.0.1"] {
            XCTAssertNil(SocketAddress(ip: ip, port: 1), ip)
        }
    }

    func test_ip_anyAddress_readsBackEqual() throws {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<500 {
            let v4 = (0..<4).map { _ in "\(UInt8.random(in: 0...255, using: &random))" }
            let v6 = (0..<8).map { _ in String(UInt16.random(in: 0...9, using: &random), radix: 16) }
            let port = UInt16.random(in: 0 ... .max, using: &random)
            for ip in [v4.joined(separator: "."), v6.joined(separator: ":")] {
                let address = try XCTUnwrap(SocketAddress(ip: ip, port: port), ip)
                let again = try XCTUnwrap(SocketAddress(ip: address.ip, port: address.port))
                XCTAssertEqual(again, address)
                XCTAssertEqual(again.hashValue, address.hashValue)
                XCTAssertNotEqual(address.with(port: port &+ 1), address)
            }
        }
    }

    func test_init_mappedIPv4_isTheIPv4Address() throws {
        let mapped = try XCTUnwrap(SocketAddress(ip: "::ffff:127.0.0.1", port: 7))
        XCTAssertEqual(mapped, SocketAddress(ip: "127.0.0.1", port: 7))
        XCTAssertNotEqual(SocketAddress(ip: "::127.0.0.1", port: 7), SocketAddress(ip: "127.0.0.1", port: 7))
    }

    func test_isLoopback_onlyOfThisMachine() throws {
        for (ip, expected) in [
            ("127.0.0.1", true), ("127.9.9.9", true), ("::1", true), ("::ffff:127.0.0.1", true),
            ("128.0.0.1", false), ("0.0.0.0", false), ("::", false), ("::2", false), ("1::1", false),
            ("10.0.0.127", false),
        ] {
            XCTAssertEqual(try XCTUnwrap(SocketAddress(ip: ip, port: 1)).isLoopback, expected, ip)
        }
    }

    func test_isUnspecified_onlyOfAllAddresses() throws {
        for (ip, expected) in [("0.0.0.0", true), ("::", true), ("0.0.0.1", false), ("::1", false)] {
            XCTAssertEqual(try XCTUnwrap(SocketAddress(ip: ip, port: 1)).isUnspecified, expected, ip)
        }
    }
}

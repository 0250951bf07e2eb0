import UV
import XCTest

final class ResolverTests: LoopTestCase {
    private func resolve(_ host: String, _ port: UInt16) throws -> Result<[SocketAddress], IOError> {
        var answers: [Result<[SocketAddress], IOError>] = []
        Resolver(try loop).resolve(host, port: port) { answers.append($0) }
        XCTAssertTrue(answers.isEmpty)
        try run { !answers.isEmpty }
        XCTAssertEqual(answers.count, 1)
        return try XCTUnwrap(answers.first)
    }

    func test_resolve_numericAddresses_areThemselves() throws {
        for ip in ["127.0.0.1", "::1"] {
            XCTAssertEqual(try resolve(ip, 8081).get(), [try loopback(8081, ip: ip)])
        }
    }

    func test_resolve_localhost_isLoopbackEachOnce() throws {
        let addresses = try resolve("localhost", 8081).get()
        XCTAssertFalse(addresses.isEmpty)
        XCTAssertTrue(addresses.allSatisfy { $0.isLoopback && $0.port == 8081 })
        XCTAssertEqual(Set(addresses).count, addresses.count)
    }

    func test_resolve_nameThatCannotBe_saysSoInWords() throws {
        // Longer than a name may be: refused before anything is asked.
        for host in ["no such host", String(repeating: "a", count: 300), "-..-"] {
            guard case .failure(let error) = try resolve(host, 1) else { return XCTFail(host) }
            XCTAssertTrue(error.text.hasPrefix("cannot resolve \(host): "), error.text)
            XCTAssertFalse(error.text.contains("\(error.code)"), error.text)
        }
    }

    func test_close_withLookUpsUnderWay_answersThemFirst() throws {
        let loop = try loop
        var answers = 0
        for _ in 0..<20 { Resolver(loop).resolve("localhost", port: 1) { _ in answers += 1 } }
        loop.close()
        XCTAssertEqual(answers, 20)
    }
}

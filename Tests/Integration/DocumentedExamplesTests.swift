import XCTest

/// The examples of docs/protocol.md, on a ring of real nodes.
final class DocumentedExamplesTests: IntegrationTestCase {
    /// Each is one connection: what is sent (`> `) and what is answered (`< `), in order.
    private func examples() throws -> [[Substring]] {
        let page = Programs.package.appendingPathComponent("docs/protocol.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        return text.components(separatedBy: "```torc\n").dropFirst().map { block in
            block.components(separatedBy: "\n```")[0].split(separator: "\n")
        }
    }

    func test_protocolExamples_areAnsweredAsThePageSays() throws {
        let ring = try TestRing(3, in: self)
        let examples = try examples()
        XCTAssertGreaterThan(examples.count, 3)
        for (number, example) in examples.enumerated() {
            let client = try ring.client(number % 3)
            for line in example {
                if line.hasPrefix("> ") {
                    try client.send(line.dropFirst(2) + "\n")
                } else {
                    try assertAnswer(client.receiveLine(), isAs: String(line.dropFirst(2)))
                }
            }
        }
    }

    private func assertAnswer(_ line: String, isAs expected: String) throws {
        let answer = try XCTUnwrap(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        let wanted = try XCTUnwrap(JSONSerialization.jsonObject(with: Data(expected.utf8)) as? [String: Any])
        XCTAssertEqual(Set(answer.keys), Set(wanted.keys), line)
        for (name, value) in wanted {
            if value as? String == "*" {
                XCTAssertTrue(answer[name] is String, line)
            } else {
                XCTAssertEqual(answer[name] as? NSObject, value as? NSObject, line)
            }
        }
    }
}

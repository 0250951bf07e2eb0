import Foundation
import XCTest

@testable import Cluster
@testable import Protocol

/// The examples of docs/protocol.md, computed on a dictionary: what the page says of the protocol holds for
/// this codec and the rules of writes.
final class ProtocolExamplesTests: XCTestCase {
    /// One block of the page: what is sent on one connection, and the answers that follow each line.
    private func blocks() throws -> [[Substring]] {
        let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../docs/protocol.md")
        let lines = try String(contentsOf: page, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false)
        var blocks: [[Substring]] = []
        var isInside = false
        for line in lines {
            if line.hasPrefix("```") {
                isInside = line == "```torc"
                if isInside { blocks.append([]) }
            } else if isInside {
                blocks[blocks.count - 1].append(line)
            }
        }
        return blocks
    }

    /// `"*"` stands for any string.
    private func matches(_ answer: String, _ expected: Substring) throws -> Bool {
        func object(_ text: some StringProtocol) throws -> [String: NSObject] {
            try XCTUnwrap(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: NSObject], String(text))
        }
        let found = try object(answer)
        let wanted = try object(expected)
        guard Set(found.keys) == Set(wanted.keys) else { return false }
        return wanted.allSatisfy { name, value in
            value == "*" as NSString ? found[name] is NSString : value == found[name]
        }
    }

    private var entries: [[UInt8]: Entry] = [:]
    private var remembered: [RequestID: Outcome] = [:]
    private var sequence: UInt64 = 0

    private func answer(_ request: JSONRequest, into output: inout [UInt8]) throws {
        let node = try XCTUnwrap(NodeID("server1"))
        guard case .operation(let operation) = request.kind else {
            return JSONResponseWriter.write(status: Array("{}".utf8), to: request, node: node, into: &output)
        }
        let id = request.name.map { ClientRequest($0).id }
        let outcome = id.flatMap { remembered[$0] } ?? self.outcome(of: operation, key: request.key)
        if let id { remembered[id] = outcome }
        JSONResponseWriter.write(outcome, to: request, node: node, into: &output)
    }

    private func outcome(of operation: Protocol.Operation, key: [UInt8]) -> Outcome {
        sequence += 1
        let (version, time) = (Version(epoch: 1, sequence: sequence), Timestamp(milliseconds: 0))
        let computation: Computation
        switch operation {
        case .get: return entries[key].map { .found($0) } ?? .notFound
        case .query, .transaction: return .unavailable("no form in JSON")
        case .write(let write): computation = write.computed(on: entries[key], at: time)
        case .batch(let items):
            computation = Batch.computed(items, version: version, at: time) { self.entries[$0] }
        }
        LogEntry(
            version: version, request: RequestID(origin: 1, number: sequence), timestamp: time, key: key,
            change: computation.change
        ).forEachChange { entries[$0] = $1 }
        switch computation.answer {
        case .written(let result): return .written(version: version, timestamp: time, result: result)
        case .conflict(let present): return .conflict(present)
        case .refused(let fault): return .refused(fault)
        case .batch(let answers): return .batch(version: version, timestamp: time, answers)
        case .aborted(let index, let answer): return .aborted(at: index, answer)
        }
    }

    /// Every answer to what has arrived, one a line.
    private func answers(_ reader: JSONRequestReader) throws -> [String] {
        var output: [UInt8] = []
        while true {
            do throws(JSONRequestError) {
                guard let request = try reader.next() else { break }
                XCTAssertNoThrow(try answer(request, into: &output))
            } catch {
                JSONResponseWriter.write(error, node: try XCTUnwrap(NodeID("server1")), into: &output)
            }
        }
        return String(decoding: output, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    func test_examples_sentInOrder_areAnsweredAsThePageSays() throws {
        let blocks = try blocks()
        XCTAssertGreaterThan(blocks.count, 4)
        for block in blocks {
            let reader = JSONRequestReader(parser: JSONRequestParser())
            let first = try XCTUnwrap(block.first).dropFirst(2)
            XCTAssertEqual(ProtocolSniffer.sniff(Array(first.utf8)), .known(.json))
            var waiting: [String] = []
            for line in block {
                if line.hasPrefix("> ") {
                    XCTAssertEqual(waiting, [], "before \(line)")
                    reader.append(Array((line.dropFirst(2) + "\n").utf8))
                    waiting += try answers(reader)
                } else {
                    XCTAssertTrue(line.hasPrefix("< "), String(line))
                    guard !waiting.isEmpty else { return XCTFail("no answer for \(line)") }
                    let answer = waiting.removeFirst()
                    XCTAssertTrue(try matches(answer, line.dropFirst(2)), "\(answer) is not as \(line)")
                }
            }
            XCTAssertEqual(waiting, [])
        }
    }
}

import XCTest

@testable import Protocol
@testable import Redis

/// A connection whose commands are carried out at once, in a memory that several may share.
final class TestSession {
    final class Shared { var memory = Memory() }

    let shared: Shared
    var session: Session

    init(_ shared: Shared = Shared(), id: Int64 = 7) {
        self.shared = shared
        session = Session(id: id)
    }

    /// A command as somebody types it; line ends of the reply are shown as blanks.
    func callAsFunction(_ line: String) throws -> String {
        let words = try RESPInline.split(Array(line.utf8)[...])
        let text = String(decoding: send(words), as: UTF8.self).replacingOccurrences(of: "\r\n", with: " ")
        return String(text.dropLast())
    }

    func send(_ words: [[UInt8]]) -> [UInt8] {
        var writer = RESPWriter(session.version)
        let now = shared.memory.now
        switch session.take(RESPCommand(words), at: now, &writer) {
        case .answered: return writer.output.whole
        case .closing: return writer.output.whole + Array("(closed)\r\n".utf8)
        case .call(let call): carryOut(call, &writer)
        case .transaction(let calls, let watched): carryOut(calls, watched, &writer)
        case .watch(let keys):
            session.watch(keys.map { Session.Watched(key: $0, version: shared.memory.entry($0)?.version) })
            writer.ok()
        case .wait(let replicas, let patience):
            writer.simple("wait for \(replicas), \(patience.map { "\($0.components.seconds) s" } ?? "without end")")
        case .node(let kind): writer.simple("node \(kind)")
        }
        return writer.output.whole
    }

    private func carryOut(_ call: Call, _ writer: inout RESPWriter) {
        do throws(RedisFault) {
            var results = [StepResult](repeating: .skipped, count: call.steps.count)
            for part in try call.parts() {
                XCTAssertTrue(part.operation.isOf(part.slot))
                XCTAssertTrue(part.steps.allSatisfy { Slot(key: call.steps[$0].key) == part.slot })
                let outcome = shared.memory.carryOut(part.operation, key: part.key)
                let steps = part.steps.map { call.steps[$0] }
                for (place, result) in zip(part.steps, StepResult.of(outcome, to: steps[...])) { results[place] = result }
            }
            call.reply.write(results[...], at: shared.memory.now, to: &writer)
        } catch {
            writer.refuse(error)
        }
    }

    private func carryOut(_ calls: [Call], _ watched: [Session.Watched], _ writer: inout RESPWriter) {
        do throws(RedisFault) {
            let call = try TransactionCall(calls, watched: watched)
            let outcome = shared.memory.carryOut(call.operation, key: [])
            call.write(outcome, at: shared.memory.now, to: &writer) { _, writer in writer.ok() }
        } catch {
            writer.refuse(error)
        }
    }

    /// Has each command answered as it says.
    func check(_ transcript: [(String, String)], file: StaticString = #filePath, line: UInt = #line) throws {
        for (command, reply) in transcript {
            XCTAssertEqual(try self(command), reply, command, file: file, line: line)
        }
    }
}

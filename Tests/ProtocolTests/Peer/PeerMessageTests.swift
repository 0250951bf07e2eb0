import XCTest

@testable import Protocol

final class PeerMessageTests: XCTestCase {
    private func samples() throws -> [PeerMessage] {
        let slot = try XCTUnwrap(Slot(77))
        let member = Member(node: try XCTUnwrap(NodeID("server1")), disk: DiskID(rawValue: 9))
        let version = Version(epoch: 3, sequence: 4)
        let configuration = Configuration(epoch: 4, members: [member], base: version)
        let item = SlotEpoch(slot: slot, epoch: 3)
        let ballot = Ballot(round: 2, proposer: member)
        let request = RequestID(origin: 1, number: 2)
        let time = Timestamp(milliseconds: 5)
        let set = LogEntry(
            version: version, request: request, timestamp: time, key: [1, 2],
            change: .set(value: [3], expiry: time))
        let lost = LogEntry(
            version: version, request: request, timestamp: time, key: [1], change: .nothing,
            answer: .conflict(.replaced(version)))
        let entry = Entry(value: [1, 2, 3], version: version, timestamp: time, expiry: nil)
        let remembered = RememberedRequest(
            request: request, version: version, timestamp: time, answer: .written(number: 5))
        let news = SlotConfiguration(slot: slot, configuration: configuration)
        let supplies: [Supply.Content] = [
            .log(previous: version, entries: [set, lost], commit: version, digest: 5), .copyNeeded, .refused, .later,
            .log(previous: version, entries: [], commit: version, digest: nil),
            .differs(through: nil), .differs(through: [1]),
            .difference(
                Difference(
                    entries: [KeyedEntry(key: [1], entry: entry)], lacking: [0, 7], through: [1], applied: version, tail: nil)),
            .difference(
                Difference(
                    entries: [], lacking: nil, through: nil, applied: version,
                    tail: CopyTail(requests: [remembered], forgotten: version))),
            .chunk(
                entries: EntryRun([KeyedEntry(key: [1], entry: entry), KeyedEntry(key: [2, 3], entry: entry)]),
                through: [1], applied: version,
                tail: CopyTail(requests: [remembered], forgotten: version)),
            .chunk(entries: EntryRun(), through: nil, applied: version, tail: nil),
        ]
        let wants: [Fetch.Want] = [
            .log(heldEpoch: 1, position: version), .copy(after: nil), .copy(after: [9]),
            .compare(KeyRange(after: nil, through: [1]), digest: 9), .compare(KeyRange(after: [1], through: nil), digest: 0),
            .difference(KeyRange(after: [], through: nil), names: [EntryName(high: 1, low: 2)]),
        ]
        let results: [ForwardedResponse.Result] = [
            .outcome(.found(entry)), .outcome(.notFound), .outcome(.written(version: version, timestamp: time)),
            .outcome(.conflict(.entry(entry))), .outcome(.batch(version: version, timestamp: time, [.written(), .conflict(.nothing)])),
            .outcome(.aborted(at: 3, .refused(.overflow))), .outcome(.refused(.overflow)), .outcome(.busy("b")), .outcome(.unavailable("u")), .redirect(configuration), .again,
        ]
        let operations: [Protocol.Operation] = [
            .get, .set(value: [1], ttlMilliseconds: 7), .set(value: [], ttlMilliseconds: nil), .delete, .add(-1),
            .append([1]), .compareAndSet(expect: .value([1]), value: [2]),
        ]
        let status = NodeStatus(
            targets: 1, holds: 2, leads: 3, keys: 4, keysLed: 2, bytes: 5, waiting: [.init(what: "w", waitingFor: "f")])
        var messages: [PeerMessage] = [
            .keepAlive, .configurationDigests([1, 2, 3]), .configurations([news]),
            .append([Append(slot: slot, epoch: 3, previous: version, entries: [set], commit: version, stable: version)]),
            .memberState(MemberState(slot: slot, epoch: 3, isComplete: true, isSealed: false, position: version)),
            .stopping,
            .acknowledge([Acknowledgement(slot: slot, epoch: 3, position: version)]),
            .confirmRequest(round: 4), .confirmation(round: 5), .poll(suspect: member),
            .pollAnswer(suspect: member, heard: true), .awaited([slot]), .prepare(Prepare(slot: slot, epoch: 3, ballot: ballot)),
            .promise(
                Promise(
                    slot: slot, epoch: 3, ballot: ballot, position: version,
                    accepted: Acceptance(ballot: ballot, value: configuration))),
            .accept(Accept(slot: slot, epoch: 3, ballot: ballot, value: configuration, holder: member)),
            .accepted(Accepted(slot: slot, epoch: 3, ballot: ballot)),
            .rejected(Rejection(slot: slot, epoch: 3, ballot: ballot, promised: ballot)), .learn(news),
            
            .vouch(Vouch(slot: slot, epoch: 3, position: version, digest: 1)),
            .verdict(Vouch(slot: slot, epoch: 3, position: version, digest: 2)),
            .doubt(slot), .mend(SlotEpoch(slot: slot, epoch: 3)),
            .dropQuery(DropQuery(item, copy: nil)),
            .dropQuery(DropQuery(item, copy: Vouch(slot: slot, epoch: 3, position: version, digest: 1))),
            .dropGranted(item), .dropDelayed(DropDelay(item, .incomplete, nodes: [member.node])), .farewell, .farewellHeard,
            .repairQuery(number: 4),
            .repairReport(
                number: 4,
                RepairReport(
                    digests: [1, 2],
                    copies: [
                        SlotCopy(item, .differs, .old, position: version, floor: .zero, keys: 3, digest: 4),
                        SlotCopy(item, .majorityLost, .complete, position: version, floor: version, keys: 0, digest: 0),
                    ])),
            .repair([
                RepairOrder(item, .goOn), RepairOrder(item, .beginAnew, source: member, position: version),
                RepairOrder(item, .take, source: member),
            ]),
            .statusRequest(number: 1), .statusReport(number: 1, status),
        ]
        messages += supplies.map { .supply(Supply(slot: slot, epoch: 3, number: 8, content: $0)) }
        messages += wants.map { .fetch(Fetch(slot: slot, epoch: 3, number: 8, want: $0)) }
        messages += results.map { .response(ForwardedResponse(number: 6, result: $0)) }
        for operation in operations {
            let forwarded = ForwardedRequest(
                number: 6, request: request, slot: slot, epoch: 3, firstEpoch: 2, isResend: true, consistency: .all,
                key: [1], operation: operation)
            messages.append(.request(forwarded))
        }
        return messages
    }

    private func encode(_ message: PeerMessage) -> [UInt8] {
        var writer = ByteWriter()
        writer.write(message)
        return writer.bytes
    }

    func test_message_throughItsForm_isTheSame() throws {
        for message in try samples() {
            var reader = ByteReader(encode(message))
            let decoded: PeerMessage = try reader.read()
            XCTAssertEqual(decoded, message)
            XCTAssertTrue(reader.isAtEnd)
        }
    }

    func test_message_cutShort_isRefused() throws {
        for message in try samples() {
            let bytes = encode(message)
            for length in 0..<bytes.count {
                var reader = ByteReader(Array(bytes[..<length]))
                XCTAssertThrowsError(try PeerMessage(from: &reader), "\(message) cut to \(length)")
            }
        }
    }

    func test_message_withAnyByteChanged_neverTraps() throws {
        var decoded = 0
        for message in try samples() {
            let bytes = encode(message)
            for index in bytes.indices {
                for value: UInt8 in [0, 1, 0x7F, 0x80, 0xFF] {
                    var mutated = bytes
                    mutated[index] = value
                    var reader = ByteReader(mutated)
                    if (try? PeerMessage(from: &reader)) != nil { decoded += 1 }
                }
            }
        }
        XCTAssertGreaterThan(decoded, 0)
    }
}

/// What nodes say to each other over their stream connection, after the handshake. Several of them make a
/// frame; their order within a connection is kept.
package enum PeerMessage: Equatable, Sendable {
    /// Nothing but a sign of life.
    case keepAlive

    // What the ring knows
    case records(RecordExchange)
    /// For each group of 256 slots a digest of the epochs known: who sees a difference sends its
    /// configurations of that group.
    case configurationDigests([UInt64])
    /// Decided configurations. Who knows a later one answers with it.
    case configurations([SlotConfiguration])

    // The stream from a primary to members and learners
    case append([Append])
    case memberState(MemberState)
    /// The sender is about to stop: no lead is for it, though the targets may say so.
    case stopping
    case acknowledge([Acknowledgement])
    /// Asks whether what the receiver declared complete and unsealed on this connection still is.
    case confirmRequest(round: UInt64)
    /// It is, except for what the receiver was told is sealed.
    case confirmation(round: UInt64)

    // Change of hands: single-decree Paxos on the successor of a configuration
    case poll(suspect: Member)
    case pollAnswer(suspect: Member, heard: Bool)
    /// Requests wait for a primary of these slots, of which the receiver is the first backup.
    case awaited([Slot])
    case prepare(Prepare)
    case promise(Promise)
    case accept(Accept)
    case accepted(Accepted)
    case rejected(Rejection)

    // Sync: the receiver pulls
    /// The primary wants the receiver to get itself a copy.
    case learn(SlotConfiguration)
    case fetch(Fetch)
    case supply(Supply)
    /// A node that holds a slot of which it is no member asks whether it may drop its copy.
    case dropQuery(DropQuery)
    case dropGranted(SlotEpoch)
    case dropDelayed(DropDelay)

    // Whether copies are equal
    /// The primary's digest, right behind the commit position that it is of.
    case vouch(Vouch)
    /// The member's own at that position.
    case verdict(Vouch)
    /// What the receiver supplied does not add up to the digest that it keeps: it should count anew.
    case doubt(Slot)
    /// A majority has another digest than the receiver.
    case mend(SlotEpoch)

    // Requests of clients on their way to the primary
    case request(ForwardedRequest)
    case response(ForwardedResponse)

    // Who has left
    /// The receiver has been told just before that the sender is out of the ring.
    case farewell
    /// It knows.
    case farewellHeard

    // What STATUS shows
    case statusRequest(number: UInt64)
    case statusReport(number: UInt64, NodeStatus)

    // Slots that cannot go on by themselves
    case repairQuery(number: UInt64)
    case repairReport(number: UInt64, RepairReport)
    /// An operator says how these go on.
    case repair([RepairOrder])
}

extension PeerMessage: WireFormat {
    /// The numbers are on the wire: do not change them.
    private enum Kind: UInt8 {
        case keepAlive = 1
        case records = 2, configurationDigests = 3, configurations = 4
        case append = 10, memberState = 11, acknowledge = 12, confirmRequest = 13, confirmation = 14
        case stopping = 15
        case poll = 20, pollAnswer = 21, prepare = 22, promise = 23, accept = 24, accepted = 25, rejected = 26
        case awaited = 27
        case learn = 30, fetch = 31, supply = 32, dropQuery = 33, dropGranted = 34
        case vouch = 35, verdict = 36, doubt = 37, mend = 38, dropDelayed = 39
        case request = 40, response = 41
        case farewell = 45, farewellHeard = 46
        case statusRequest = 50, statusReport = 51
        case repairQuery = 60, repairReport = 61, repair = 62
    }

    package func write(to writer: inout ByteWriter) {
        switch self {
        case .keepAlive: writer.write(Kind.keepAlive.rawValue)
        case .records(let body): Self.write(.records, body, to: &writer)
        case .configurationDigests(let digests): Self.write(.configurationDigests, digests, to: &writer)
        case .configurations(let list): Self.write(.configurations, list, to: &writer)
        case .append(let list): Self.write(.append, list, to: &writer)
        case .memberState(let body): Self.write(.memberState, body, to: &writer)
        case .stopping: writer.write(Kind.stopping.rawValue)
        case .acknowledge(let list): Self.write(.acknowledge, list, to: &writer)
        case .confirmRequest(let round): Self.write(.confirmRequest, round, to: &writer)
        case .confirmation(let round): Self.write(.confirmation, round, to: &writer)
        case .poll(let suspect): Self.write(.poll, suspect, to: &writer)
        case .pollAnswer(let suspect, let heard):
            Self.write(.pollAnswer, suspect, to: &writer)
            writer.write(heard)
        case .awaited(let slots): Self.write(.awaited, slots, to: &writer)
        case .prepare(let body): Self.write(.prepare, body, to: &writer)
        case .promise(let body): Self.write(.promise, body, to: &writer)
        case .accept(let body): Self.write(.accept, body, to: &writer)
        case .accepted(let body): Self.write(.accepted, body, to: &writer)
        case .rejected(let body): Self.write(.rejected, body, to: &writer)
        case .learn(let body): Self.write(.learn, body, to: &writer)
        case .fetch(let body): Self.write(.fetch, body, to: &writer)
        case .supply(let body): Self.write(.supply, body, to: &writer)
        case .dropQuery(let body): Self.write(.dropQuery, body, to: &writer)
        case .dropGranted(let item): Self.write(.dropGranted, item, to: &writer)
        case .dropDelayed(let body): Self.write(.dropDelayed, body, to: &writer)
        case .vouch(let body): Self.write(.vouch, body, to: &writer)
        case .verdict(let body): Self.write(.verdict, body, to: &writer)
        case .doubt(let slot): Self.write(.doubt, slot, to: &writer)
        case .mend(let item): Self.write(.mend, item, to: &writer)
        case .request(let body): Self.write(.request, body, to: &writer)
        case .response(let body): Self.write(.response, body, to: &writer)
        case .farewell: writer.write(Kind.farewell.rawValue)
        case .farewellHeard: writer.write(Kind.farewellHeard.rawValue)
        case .statusRequest(let number): Self.write(.statusRequest, number, to: &writer)
        case .statusReport(let number, let status):
            Self.write(.statusReport, number, to: &writer)
            writer.write(status)
        case .repairQuery(let number): Self.write(.repairQuery, number, to: &writer)
        case .repairReport(let number, let report):
            Self.write(.repairReport, number, to: &writer)
            writer.write(report)
        case .repair(let orders): Self.write(.repair, orders, to: &writer)
        }
    }

    private static func write(_ kind: Kind, _ body: some WireFormat, to writer: inout ByteWriter) {
        writer.write(kind.rawValue)
        body.write(to: &writer)
    }

    private static func write(_ kind: Kind, _ list: [some WireFormat], to writer: inout ByteWriter) {
        writer.write(kind.rawValue)
        writer.write(list)
    }

    package init(from reader: inout ByteReader) throws(DecodeError) {
        guard let kind = Kind(rawValue: try reader.readUInt8()) else { throw .invalid("message kind") }
        switch kind {
        case .keepAlive: self = .keepAlive
        case .records: self = .records(try reader.read())
        case .configurationDigests: self = .configurationDigests(try reader.readArray(elementBytesMin: 8))
        case .configurations: self = .configurations(try reader.readArray(elementBytesMin: 31))
        case .append: self = .append(try reader.readArray(elementBytesMin: Append.wireBytesMin))
        case .memberState: self = .memberState(try reader.read())
        case .stopping: self = .stopping
        case .acknowledge: self = .acknowledge(try reader.readArray(elementBytesMin: Acknowledgement.wireBytes))
        case .confirmRequest: self = .confirmRequest(round: try reader.readUInt64())
        case .confirmation: self = .confirmation(round: try reader.readUInt64())
        case .poll: self = .poll(suspect: try reader.read())
        case .pollAnswer:
            let suspect: Member = try reader.read()
            self = .pollAnswer(suspect: suspect, heard: try reader.readBool())
        case .awaited: self = .awaited(try reader.readArray(elementBytesMin: 2))
        case .prepare: self = .prepare(try reader.read())
        case .promise: self = .promise(try reader.read())
        case .accept: self = .accept(try reader.read())
        case .accepted: self = .accepted(try reader.read())
        case .rejected: self = .rejected(try reader.read())
        case .learn: self = .learn(try reader.read())
        case .fetch: self = .fetch(try reader.read())
        case .supply: self = .supply(try reader.read())
        case .dropQuery: self = .dropQuery(try reader.read())
        case .dropGranted: self = .dropGranted(try reader.read())
        case .dropDelayed: self = .dropDelayed(try reader.read())
        case .vouch: self = .vouch(try reader.read())
        case .verdict: self = .verdict(try reader.read())
        case .doubt: self = .doubt(try reader.read())
        case .mend: self = .mend(try reader.read())
        case .request: self = .request(try reader.read())
        case .response: self = .response(try reader.read())
        case .farewell: self = .farewell
        case .farewellHeard: self = .farewellHeard
        case .statusRequest: self = .statusRequest(number: try reader.readUInt64())
        case .statusReport:
            let number = try reader.readUInt64()
            self = .statusReport(number: number, try reader.read())
        case .repairQuery: self = .repairQuery(number: try reader.readUInt64())
        case .repairReport:
            let number = try reader.readUInt64()
            self = .repairReport(number: number, try reader.read())
        case .repair: self = .repair(try reader.readArray(elementBytesMin: RepairOrder.wireBytesMin))
        }
    }
}

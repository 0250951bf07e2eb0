import CProcessor
import Protocol

/// A message of a peer speaks of many slots, as do the requests of a client, and what is known of each of them lies anywhere
/// in memory, mostly in none of the processor's caches. So it is fetched for several slots at once: each step fetches, for all
/// of them, what the step before has brought the address of. Nothing here changes anything.
extension Replicator {
    /// As many as a processor fetches at a time, and somewhat more.
    private static let aheadMax = 16

    /// Calls `take` with each of `messages`, in their order.
    func forEachAhead<Message: SlotMessage>(_ messages: [Message], _ take: (Message) -> Void) {
        for start in stride(from: 0, to: messages.count, by: Self.aheadMax) {
            let some = messages[start..<min(start + Self.aheadMax, messages.count)]
            if some.count > 1 { expect(some) }
            for message in some { take(message) }
        }
    }

    private func expect(_ messages: ArraySlice<some SlotMessage>) {
        withReplicas(of: messages) { replicas in
            expectContents(of: replicas)
            expectEntries(replicas)
        }
    }

    /// What clients' requests will look at in a moment: of their slots, and of their keys in the store.
    func expect(_ requests: UnsafeBufferPointer<RequestView>) {
        if peers.isEmpty { expectWrites(of: requests) } else { expectSlots(of: requests) }
        store.expect(requests)
    }

    /// A node without peers carries GETs out without a look at the slot.
    private func expectWrites(of requests: UnsafeBufferPointer<RequestView>) {
        replicasBySlot.withUnsafeBytes { places in
            for request in requests where request.isWrite {
                _ = Self.expectReplica(of: request.slot, in: places, lines: Replica.linesOfWrites)
            }
        }
    }

    private func expectSlots(of requests: UnsafeBufferPointer<RequestView>) {
        for start in stride(from: 0, to: requests.count, by: Self.aheadMax) {
            let some = requests[start..<min(start + Self.aheadMax, requests.count)]
            withReplicas(of: some) { replicas in
                // A GET looks at the replica only.
                if some.contains(where: \.isWrite) { expectContents(of: replicas) }
            }
        }
    }

    /// Fetches the replicas of the slots that `messages` speak of, those that are there.
    private func withReplicas<Messages: Collection>(
        of messages: Messages, _ body: (Slice<UnsafeMutableBufferPointer<Unmanaged<Replica>>>) -> Void
    ) where Messages.Element: SlotMessage {
        withUnsafeTemporaryAllocation(of: Unmanaged<Replica>.self, capacity: messages.count) { replicas in
            var count = 0
            replicasBySlot.withUnsafeBytes { places in
                for message in messages {
                    guard let replica = Self.expectReplica(of: message.slot, in: places, lines: Replica.linesOfMessages)
                    else { continue }
                    replicas.initializeElement(at: count, to: Unmanaged.fromOpaque(replica))
                    count += 1
                }
            }
            body(replicas[..<count])
        }
    }

    /// - Parameter places: the bytes of `replicasBySlot`.
    @inline(__always)
    private static func expectReplica(of slot: Slot, in places: UnsafeRawBufferPointer, lines: Int) -> UnsafeRawPointer? {
        let place = places.load(fromByteOffset: slot.index * MemoryLayout<Replica?>.stride, as: UInt.self)
        guard let replica = UnsafeRawPointer(bitPattern: place) else { return nil }
        for line in 0..<lines { torc_prefetch(replica + line * 64) }
        return replica
    }

    private func expectContents(of replicas: Slice<UnsafeMutableBufferPointer<Unmanaged<Replica>>>) {
        for replica in replicas { replica._withUnsafeGuaranteedRef { $0.expectParts() } }
        for replica in replicas { replica._withUnsafeGuaranteedRef { $0.expectTheirParts() } }
        for replica in replicas { replica._withUnsafeGuaranteedRef { $0.expectNextCommit() } }
    }

    /// What the table has of the keys that the next commit of each slot will change.
    private func expectEntries(_ replicas: Slice<UnsafeMutableBufferPointer<Unmanaged<Replica>>>) {
        withUnsafeTemporaryAllocation(of: RequestView.self, capacity: replicas.count) { views in
            var count = 0
            for replica in replicas {
                replica._withUnsafeGuaranteedRef { replica in
                    guard let key = replica.log.nextCommitKey else { return }
                    let none = UnsafeRawBufferPointer(start: nil, count: 0)
                    views.initializeElement(
                        at: count, to: RequestView(.set(none), slot: replica.slot, key: key, consistency: .quorum))
                    count += 1
                }
            }
            if count > 0 { store.expect(UnsafeBufferPointer(rebasing: views[..<count])) }
        }
    }
}

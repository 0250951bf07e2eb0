import Cluster
import Protocol

/// What one life of a node has said of its promises, on which connection: who has promised takes part in nothing
/// of its epoch any more, and its primary hears of that before anybody hears of the promise. A primary that proposes has
/// sealed itself, and knows it of all who answer its proposal.
struct SealWatch {
    private struct Told: Equatable {
        let epoch: Epoch
        let connection: Int
    }

    /// The primaries that were told, by slot.
    private var told: [Slot: Told] = [:]
    private var promised: [Slot: (epoch: Epoch, position: Version)] = [:]

    /// - Parameters:
    ///   - connection: on which `message` leaves.
    ///   - toPrimary: the number of the open connection to the primary of that slot in that epoch; nil: there is none.
    /// - Returns: what is wrong with saying it.
    mutating func say(
        _ message: PeerMessage, on connection: Int, toPrimary: (Slot, Epoch) -> Int?
    ) -> String? {
        switch message {
        case .memberState(let state) where state.isSealed:
            told[state.slot] = Told(epoch: state.epoch, connection: connection)
        case .accepted(let accepted) where toPrimary(accepted.slot, accepted.epoch) == connection:
            told[accepted.slot] = Told(epoch: accepted.epoch, connection: connection)
        case .promise(let promise):
            promised[promise.slot] = (promise.epoch, promise.position)
            guard let primary = toPrimary(promise.slot, promise.epoch) else { return nil }
            if primary == connection { told[promise.slot] = Told(epoch: promise.epoch, connection: connection) }
            guard told[promise.slot] != Told(epoch: promise.epoch, connection: primary) else { return nil }
            return "promises in epoch \(promise.epoch) of slot \(promise.slot) before its primary knows"
        case .acknowledge(let list):
            for item in list {
                guard let last = promised[item.slot], last.epoch == item.epoch, item.position > last.position else { continue }
                return "acknowledges \(item.position) of slot \(item.slot) after its promise"
            }
        default: break
        }
        return nil
    }
}

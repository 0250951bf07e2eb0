import Protocol
import Storage
import Cluster
import UV

/// What a node is made of, opened and checked.
struct NodeParts {
    let options: NodeOptions
    let log: Logger
    let loop: Loop
    let identity: Identity
    let address: NodeAddress
    let listener: Listener
    let datagram: Datagram
    let store: any Store
}

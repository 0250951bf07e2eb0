import Protocol

/// Whom CLIENT KILL means: all that it says must fit.
package struct KillFilter: Equatable, Sendable {
    private var id: Int64?
    private var address: String?
    private var localAddress: String?
    private var isNobody = false
    private var skipsSelf = true

    /// The old form.
    package init(address: String) {
        self.address = address
        skipsSelf = false
    }

    package init(_ command: RESPCommand) throws(RedisFault) {
        guard command.count % 2 == 0 else { throw .syntax }
        for index in stride(from: 2, to: command.count, by: 2) {
            let name = command.slice(index)
            let value = command.slice(index + 1)
            if name.means("id") {
                guard let number = value.integer, number > 0 else {
                    throw RedisFault("ERR client-id should be greater than 0")
                }
                id = number
            } else if name.means("addr") {
                address = value.text
            } else if name.means("laddr") {
                localAddress = value.text
            } else if name.means("type") {
                let type = value.text.lowercased()
                guard ["normal", "master", "replica", "slave", "pubsub"].contains(type) else {
                    throw RedisFault("ERR Unknown client type '\(value.text)'")
                }
                isNobody = isNobody || type != "normal"
            } else if name.means("user") {
                guard value.elementsEqual("default".utf8) else { throw RedisFault("ERR No such user '\(value.text)'") }
            } else if name.means("skipme") {
                guard value.means("yes") || value.means("no") else { throw .syntax }
                skipsSelf = value.means("yes")
            } else {
                throw .syntax
            }
        }
    }

    package func matches(id: Int64, address: String, localAddress: String, isSelf: Bool) -> Bool {
        !isNobody && !(skipsSelf && isSelf) && (self.id.map { $0 == id } ?? true)
            && (self.address.map { $0 == address } ?? true) && (self.localAddress.map { $0 == localAddress } ?? true)
    }
}

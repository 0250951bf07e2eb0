import UV
import XCTest

final class DatagramTests: LoopTestCase {
    private func roundTrip(_ ip: String) throws {
        let server = try Datagram(loop, bindTo: loopback(ip: ip))
        let client = try Datagram(loop, bindTo: loopback(ip: ip))
        let (serverAddress, clientAddress) = (try XCTUnwrap(server.address), try XCTUnwrap(client.address))
        XCTAssertNotEqual(serverAddress.port, 0)
        var senders: Set<SocketAddress> = []
        var echoed: [[UInt8]] = []
        server.onReceive = { [unowned server] bytes, sender in
            senders.insert(sender)
            server.send(Array(bytes), to: sender)
        }
        client.onReceive = { bytes, _ in echoed.append(Array(bytes)) }
        let packets = [0, 1, 100, 1_400, 20_000].map { payload($0) }
        for packet in packets { client.send(packet, to: serverAddress) }
        try run { echoed.count == packets.count }
        XCTAssertEqual(echoed, packets)
        XCTAssertEqual(senders, [clientAddress])
        XCTAssertEqual(client.sendsDropped + server.sendsDropped, 0)
    }

    func test_send_packetsOfManySizes_comeBackWhole() throws { try roundTrip("127.0.0.1") }

    func test_send_overIPv6_comesBackWhole() throws {
        try skipWithoutIPv6()
        try roundTrip("::1")
    }

    func test_send_fromSocketOnAllIPv6Addresses_reachesIPv4AndKnowsIt() throws {
        try skipWithoutIPv6()
        let server = try Datagram(loop, bindTo: loopback(ip: "::"))
        let client = try Datagram(loop, bindTo: loopback())
        let port = try XCTUnwrap(server.address).port
        var sender: SocketAddress?
        var answer: [UInt8] = []
        server.onReceive = { [unowned server] bytes, from in
            sender = from
            server.send([2], to: from)
        }
        client.onReceive = { bytes, _ in answer = Array(bytes) }
        client.send([1], to: try loopback(port))
        try run { answer == [2] }
        XCTAssertEqual(sender, client.address)
    }

    func test_init_takenPort_saysSo() throws {
        let first = try Datagram(loop, bindTo: loopback())
        let address = try XCTUnwrap(first.address)
        XCTAssertThrowsError(try Datagram(try loop, bindTo: address)) {
            XCTAssertEqual("\($0)", "\(address) is in use by another process")
        }
    }

    func test_send_tooLargePacket_isCountedAndTheSocketStaysUsable() throws {
        let socket = try Datagram(loop, bindTo: loopback())
        let own = try XCTUnwrap(socket.address)
        socket.send(payload(70_000), to: own)
        XCTAssertEqual(socket.sendsDropped, 1)
        var received = 0
        socket.onReceive = { bytes, _ in received += bytes.count }
        socket.send([1], to: own)
        try run { received == 1 }
    }

    func test_receive_errorThatThePeerIsGone_doesNotCloseIt() throws {
        let gone = try Datagram(loop, bindTo: loopback())
        let nowhere = try XCTUnwrap(gone.address)
        gone.close()
        let socket = try Datagram(loop, bindTo: loopback())
        let own = try XCTUnwrap(socket.address)
        try reportErrors(on: own.port)
        socket.send([1], to: nowhere)
        try run { socket.receiveErrors > 0 }
        var received = 0
        socket.onReceive = { bytes, _ in received += bytes.count }
        try run {
            socket.send([1], to: own)
            return received > 0
        }
    }

    /// Has the system report what ICMP says about the packets of the UDP socket on `port`, which it does by
    /// itself on connected sockets only.
    private func reportErrors(on port: UInt16) throws {
        let descriptor = (0..<1_024).first { descriptor in
            var address = sockaddr_in()
            var length = socklen_t(MemoryLayout<sockaddr_in>.size)
            let code = withUnsafeMutablePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    getsockname(Int32(descriptor), $0, &length)
                }
            }
            return code == 0 && address.sin_port == port.bigEndian
        }
        var yes: Int32 = 1
        let size = socklen_t(MemoryLayout<Int32>.size)
        let code = setsockopt(Int32(try XCTUnwrap(descriptor)), Int32(IPPROTO_IP), IP_RECVERR, &yes, size)
        XCTAssertEqual(code, 0)
    }

    func test_close_insideCallback_noMoreCallbacks() throws {
        let socket = try Datagram(loop, bindTo: loopback())
        let own = try XCTUnwrap(socket.address)
        var received = 0
        socket.onReceive = { [unowned socket] _, _ in
            received += 1
            socket.close()
        }
        for _ in 0..<10 { socket.send([1], to: own) }
        try run { received > 0 }
        try run(turns: 5)
        XCTAssertEqual(received, 1)
        socket.send([1], to: own)
        XCTAssertNil(socket.address)
    }
}

extension LoopTestCase {
    func skipWithoutIPv6() throws {
        do {
            try Listener(loop, on: loopback(ip: "::1")).close()
        } catch let error as IOError {
            throw XCTSkip("this machine has no IPv6 loopback: \(error)")
        }
    }
}

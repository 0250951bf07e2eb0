/// libFuzzer's entry for what nodes say over streams, their handshake included: the first byte of the input
/// chooses. Built by scripts/fuzz together with Sources/Protocol, as one module.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzPeer(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    guard let kind = bytes.first else { return 0 }
    switch kind % 3 {
    case 0: check(PeerMessage.self, bytes)
    case 1: check(Hello.self, bytes)
    default: check(Welcome.self, bytes)
    }
    return 0
}

/// What decodes is the same after it was encoded and decoded again.
private func check<Value: WireFormat & Equatable>(_ type: Value.Type, _ bytes: [UInt8]) {
    var reader = ByteReader(bytes, in: 1..<bytes.count)
    guard let value = try? Value(from: &reader) else { return }
    var writer = ByteWriter()
    writer.write(value)
    var again = ByteReader(writer.bytes)
    let decoded = try? Value(from: &again)
    precondition(decoded == value && again.isAtEnd)
}

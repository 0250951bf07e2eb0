/// libFuzzer's entry for SWIM packets. Built by scripts/fuzz together with Sources/Protocol, as one module.
///
/// The decoder checks a checksum that no mutation would meet, so the input is what stands before it, and the
/// right checksum is put behind; the input as it is goes in too.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzPacket(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    _ = try? Packet.decode(bytes, ring: RingID(rawValue: 77))
    guard bytes.count <= Limits.packetBytesMax - 4 else { return 0 }
    var writer = ByteWriter()
    writer.writeRaw(bytes)
    writer.write(PacketChecksum.crc32c(bytes[...]))
    guard let packet = try? Packet.decode(writer.bytes, ring: RingID(rawValue: 77)) else { return 0 }
    // What decodes has one form only.
    precondition(packet.encoded() == writer.bytes)
    return 0
}

/// libFuzzer's entry for what Redis clients send: the first byte of the input says where the rest is cut into pieces.
/// Built by scripts/fuzz together with Sources/Protocol, as one module.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzRESP(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    guard let size = bytes.first else { return 0 }
    let input = Array(bytes.dropFirst())
    // However it comes, it means the same; and what came out comes out again when it is sent as arrays.
    let whole = commands(in: input, pieces: max(input.count, 1))
    precondition(commands(in: input, pieces: Int(size) + 1) == whole)
    precondition(commands(in: input, pieces: Int(size) + 1, takesPlain: true) == whole)
    precondition(commands(in: whole.commands.flatMap(array), pieces: 7).commands == whole.commands)
    return 0
}

private struct Reading: Equatable {
    var commands: [[[UInt8]]] = []
    var fault: RESPFault?
}

/// - Parameter takesPlain: whether plain commands are read as such.
private func commands(in bytes: [UInt8], pieces size: Int, takesPlain: Bool = false) -> Reading {
    var reader = RESPReader(bulkBytesMax: 2_000, commandBytesMax: 4_000)
    var reading = Reading()
    var rest = bytes[...]
    repeat {
        reader.append(Array(rest.prefix(size)))
        rest = rest.dropFirst(size)
        precondition(reader.pendingBytes <= bytes.count)
        do throws(RESPFault) {
            while true {
                if takesPlain, let plain = reader.withBytes({ reader.plain(after: nil, in: $0) }) {
                    // The name is behind `*2`, `$3` and their lines' ends.
                    let words = [(plain.start + 8)..<(plain.start + 11), plain.key] + (plain.value.map { [$0] } ?? [])
                    reading.commands.append(words.map { reader.bytes(in: $0) })
                    reader.skip(plain)
                    continue
                }
                let key = firstKey(in: reader)
                guard let command = try reader.next() else {
                    precondition(key == nil)
                    break
                }
                precondition(key == nil || command[1] == key)
                reading.commands.append((0..<command.count).map { command[$0] })
            }
        } catch {
            reading.fault = error
        }
    } while !rest.isEmpty && reading.fault == nil
    return reading
}

/// The key of the next command, if it is one of a key.
private func firstKey(in reader: RESPReader) -> [UInt8]? {
    var key: [UInt8]?
    reader.withBytes { bytes in
        reader.forEachKey(in: bytes) {
            key = Array(bytes[$0])
            return false
        }
    }
    return key
}

private func array(_ words: [[UInt8]]) -> [UInt8] {
    Array("*\(words.count)\r\n".utf8) + words.flatMap { Array("$\($0.count)\r\n".utf8) + $0 + [0x0D, 0x0A] }
}

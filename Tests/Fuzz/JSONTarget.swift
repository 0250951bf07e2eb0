/// libFuzzer's entry for requests of the public protocol: the first byte of the input says where the rest is cut into
/// pieces. Built by scripts/fuzz together with Sources/Protocol, as one module.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzJSON(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    guard let size = bytes.first else { return 0 }
    let input = Array(bytes.dropFirst())
    // However it comes, and whether plain requests are read as such or as any other, it means the same.
    let whole = requests(in: input, pieces: max(input.count, 1), takesPlain: false)
    precondition(requests(in: input, pieces: Int(size) + 1, takesPlain: true) == whole)
    return 0
}

private func requests(in bytes: [UInt8], pieces size: Int, takesPlain: Bool) -> [Result<JSONRequest, JSONRequestError>] {
    let reader = JSONRequestReader(parser: JSONRequestParser(), objectBytesMax: 2_000)
    var found: [Result<JSONRequest, JSONRequestError>] = []
    var rest = bytes[...]
    repeat {
        reader.append(Array(rest.prefix(size)))
        rest = rest.dropFirst(size)
        precondition(reader.pendingBytes <= bytes.count)
        var isDone = false
        while !isDone {
            if takesPlain, let plain = reader.withBytes({ reader.plain(after: nil, in: $0) }) {
                precondition(reader.isNext(plain))
                let write = plain.value.map { Operation.write(Write(.set(reader.bytes(in: $0)), for: .forever)) }
                found.append(.success(JSONRequest(kind: .operation(write ?? .get), key: reader.bytes(in: plain.key))))
                reader.skip(plain)
                continue
            }
            do throws(JSONRequestError) {
                if let request = try reader.next() { found.append(.success(request)) } else { isDone = true }
            } catch {
                found.append(.failure(error))
                isDone = error.closes
            }
        }
    } while !rest.isEmpty && !reader.isClosed
    return found
}

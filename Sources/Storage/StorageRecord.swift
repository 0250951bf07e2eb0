import Cluster
import Protocol

/// The values of records on disk: the forms that frames between nodes use as well.
enum StorageRecord {
    static func bytes(_ value: some WireFormat, sizeHint: Int) -> [UInt8] {
        var writer = ByteWriter(reserving: sizeHint)
        writer.write(value)
        return writer.bytes
    }

    /// - Throws: when `bytes` are not exactly one `Value`.
    static func value<Value: WireFormat>(
        _ bytes: [UInt8], what: String, in path: String
    ) throws(StoreError) -> Value {
        do {
            var reader = ByteReader(bytes)
            let value: Value = try reader.read()
            guard reader.isAtEnd else { throw DecodeError.invalid("length") }
            return value
        } catch {
            throw damaged("\(what) (\(error))", in: path)
        }
    }

    static func damaged(_ what: String, in path: String) -> StoreError {
        StoreError(
            "damaged data in \(path): \(what); check the disk, then start with an empty data folder: "
                + "the ring has copies")
    }
}

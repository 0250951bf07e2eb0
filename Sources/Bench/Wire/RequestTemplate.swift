import Glibc

/// A request whose key and value are still to be filled in. All requests made of one are of the same length, so one copy
/// and two short writes make a request.
final class RequestTemplate {
    /// How the key is written.
    enum KeyForm { case none, digits, base64(prefix: StaticString) }

    private let bytes: UnsafeMutableRawBufferPointer
    private let keyForm: KeyForm
    private let keyAt: Int
    private let valueAt: Int
    private let valueLength: Int

    /// - Parameters:
    ///   - keyAt: where the digits or the base64 text of the key begin.
    ///   - value: where the value lies.
    init(_ text: [UInt8], key keyForm: KeyForm, at keyAt: Int = 0, value: Range<Int> = 0..<0) {
        bytes = .allocate(byteCount: text.count, alignment: 16)
        bytes.copyBytes(from: text)
        self.keyForm = keyForm
        self.keyAt = keyAt
        valueAt = value.lowerBound
        valueLength = value.count
    }

    deinit { bytes.deallocate() }

    var length: Int { bytes.count }

    /// - Parameter value: as many bytes as the template has room for.
    func append(key: UInt64, value: UnsafeRawPointer, to output: inout OutputBuffer) {
        let place = output.extend(by: bytes.count)
        place.copyMemory(from: bytes.baseAddress.unsafelyUnwrapped, byteCount: bytes.count)
        switch keyForm {
        case .none: break
        case .digits: KeyName.write(key, to: place + keyAt)
        case .base64(let prefix): KeyName.writeBase64(prefix, key, to: place + keyAt)
        }
        if valueLength > 0 { (place + valueAt).copyMemory(from: value, byteCount: valueLength) }
    }
}

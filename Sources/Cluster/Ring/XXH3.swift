import CXXHash

/// XXH3 with 64 bits and no seed: the same number for the same bytes on every machine. It names rings and
/// places tokens, so it is part of the format between nodes.
package enum XXH3 {
    package static func hash(_ bytes: [UInt8]) -> UInt64 {
        bytes.withUnsafeBytes { XXH3_64bits($0.baseAddress, $0.count) }
    }
}

import Protocol

extension StatusReport {
    /// One JSON object without white space, its fields always in this order (docs/protocol.md).
    var jsonText: [UInt8] {
        var text: [UInt8] = []
        appendRing(to: &text)
        text += "\"nodes\":[".utf8
        for (index, node) in nodes.enumerated() {
            if index > 0 { text.append(UInt8(ascii: ",")) }
            append(node, to: &text)
        }
        text += "],\"waiting\":[".utf8
        appendWaiting(to: &text)
        text += "]}".utf8
        return text
    }

    private func appendRing(to text: inout [UInt8]) {
        let digits = String(ring.rawValue, radix: 16)
        let id = String(repeating: "0", count: 16 - digits.count) + digits
        text += "{\"ring\":{\"id\":\"\(id)\",\"replicas\":\(replicas),\"nodes\":\(nodes.count)},".utf8
    }

    private func append(_ node: Node, to text: inout [UInt8]) {
        text += "{\"id\":".utf8
        JSONText.append(node.record.node.text, to: &text)
        text += ",\"addr\":".utf8
        JSONText.append(node.record.address.description, to: &text)
        text += ",\"zone\":".utf8
        JSONText.append(node.record.zone, to: &text)
        text += ",\"status\":\"\(node.record.statusName)\",\"liveness\":\"\(node.liveness.name)\"".utf8
        text += ",\"targets\":\(node.targets)".utf8
        append(node.status?.holds, named: "holds", to: &text)
        append(node.status?.leads, named: "leads", to: &text)
        append(node.status?.keys, named: "keys", to: &text)
        append(node.status?.bytes, named: "bytes", to: &text)
        text.append(UInt8(ascii: "}"))
    }

    private func append(_ number: (some BinaryInteger)?, named name: String, to text: inout [UInt8]) {
        text += ",\"\(name)\":\(number.map { "\($0)" } ?? "null")".utf8
    }

    private func appendWaiting(to text: inout [UInt8]) {
        var isFirst = true
        for node in nodes {
            for waiting in node.status?.waiting ?? [] {
                text += (isFirst ? "{\"node\":" : ",{\"node\":").utf8
                isFirst = false
                JSONText.append(node.record.node.text, to: &text)
                text += ",\"what\":".utf8
                JSONText.append(waiting.what, to: &text)
                text += ",\"waiting_for\":".utf8
                JSONText.append(waiting.waitingFor, to: &text)
                text.append(UInt8(ascii: "}"))
            }
        }
    }
}

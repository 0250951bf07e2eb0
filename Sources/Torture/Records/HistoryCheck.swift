import History

/// The laws that a history must keep. Linearizability contains the others; they are checked by other means, so
/// that a mistake in the search does not hide what they are about.
struct HistoryCheck {
    private let stepsMax: Int

    /// - Parameter stepsMax: how long the search may look for an order of one key's operations.
    init(stepsMax: Int = 5_000_000) { self.stepsMax = stepsMax }

    /// In the order of the keys. Empty: every law is kept.
    func violations(in file: HistoryFile) -> [Violation] {
        file.keys.sorted { $0.key < $1.key }.flatMap { key, records in
            violations(in: records, key: key, isWhole: file.isWhole)
        }
    }

    private func violations(in records: KeyRecords, key: String, isWhole: Bool) -> [Violation] {
        var found: [Violation] = []
        if isWhole {
            if let value = records.finalValue {
                if let text = counterFault(records, value) { found.append(Violation(law: .counters, key: key, text: text)) }
                if let text = listFault(records, value) { found.append(Violation(law: .lists, key: key, text: text)) }
            } else {
                found.append(Violation(law: .readable, key: key, text: "no read of it succeeded after all was mended"))
            }
        }
        switch records.history.check(stepsMax: stepsMax) {
        case .linearizable: break
        case .illegal(let text): found.append(Violation(law: .linearizable, key: key, text: text))
        case .undecided(let steps):
            found.append(Violation(law: .decided, key: key, text: "given up after \(steps) steps"))
        }
        return found
    }

    /// Of a key that only additions have written.
    private func counterFault(_ records: KeyRecords, _ value: [UInt8]?) -> String? {
        var acknowledged: Int64 = 0
        var (less, more): (Int64, Int64) = (0, 0)
        let writes = records.writes
        guard !writes.isEmpty else { return nil }
        for write in writes {
            guard case .add(let number) = write.call else { return nil }
            if write.result != nil { acknowledged += number } else if number < 0 { less += number } else { more += number }
        }
        guard let number = Counter.number(in: value) else { return "it holds no number" }
        let range = (acknowledged + less)...(acknowledged + more)
        guard !range.contains(number) else { return nil }
        return "it is \(number); acknowledged is \(acknowledged), with those without an answer \(range)"
    }

    /// Of a key that only appends have written, each of one element that no other has, with its end.
    private func listFault(_ records: KeyRecords, _ value: [UInt8]?) -> String? {
        var sent: [[UInt8]: Bool] = [:]
        let writes = records.writes
        guard !writes.isEmpty else { return nil }
        for write in writes {
            guard case .append(let element) = write.call, element.last == ListElement.end else { return nil }
            sent[element] = write.result != nil
        }
        var counts: [[UInt8]: Int] = [:]
        for element in ListElement.split(value ?? []) { counts[element, default: 0] += 1 }
        let twice = counts.filter { $0.value > 1 }.map { String(decoding: $0.key, as: UTF8.self) }.sorted()
        let strange = counts.keys.filter { sent[$0] == nil }.map { String(decoding: $0, as: UTF8.self) }.sorted()
        let lost = sent.filter { $0.value && counts[$0.key] == nil }
            .map { String(decoding: $0.key, as: UTF8.self) }.sorted()
        guard twice.isEmpty, strange.isEmpty, lost.isEmpty else {
            return "lost: \(lost.prefix(5)), twice: \(twice.prefix(5)), never sent: \(strange.prefix(5))"
        }
        return nil
    }
}

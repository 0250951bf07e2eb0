import Protocol

/// The requests of each verb, in one dialect and for values of one size.
struct RequestForms {
    let dialect: Dialect
    /// One for each verb, by its raw value; of `rmw` the read.
    private let templates: [RequestTemplate]
    /// The write of `rmw` where what was read is to be there still; the version goes behind it, then `conditionEnd`.
    private let conditional: RequestTemplate?

    static let conditionEnd: StaticString = "\"}\n"

    init(_ dialect: Dialect, valueSize: Int, consistency: Consistency) {
        self.dialect = dialect
        templates = Verb.allCases.map { verb in
            switch dialect {
            case .resp: RESPForms.template(verb, valueSize)
            case .json: JSONForms.template(verb, valueSize, consistency)
            case .etcd: EtcdForms.template(verb, valueSize, consistency)
            }
        }
        conditional = dialect == .json ? JSONForms.conditional(valueSize, consistency) : nil
    }

    /// What the dialect has not, in words; nil where all can be said.
    static func complaint(_ dialect: Dialect, _ verbs: [Verb]) -> String? {
        guard dialect == .etcd, let verb = verbs.first(where: { [.incr, .append, .ping].contains($0) }) else {
            if dialect == .json, verbs.contains(.ping) {
                return "the JSON protocol has no PING: leave ping out of -mix, or use -protocol resp"
            }
            return nil
        }
        return "etcd has no \(verb.name): leave it out of -mix"
    }

    func template(_ verb: Verb) -> RequestTemplate { templates[Int(verb.rawValue)] }

    var lengthMax: Int { max(templates.map(\.length).max() ?? 0, (conditional?.length ?? 0) + 64) }

    /// The write of a read-modify-write.
    /// - Parameter version: of what was read, in a dialect that knows versions; nil: there was nothing.
    func appendWrite(
        key: UInt64, value: UnsafeRawPointer, version: UnsafeRawBufferPointer?, to output: inout OutputBuffer
    ) {
        guard let conditional else { return template(.set).append(key: key, value: value, to: &output) }
        guard let version else { return template(.fill).append(key: key, value: value, to: &output) }
        conditional.append(key: key, value: value, to: &output)
        output.append(version)
        output.append(RequestForms.conditionEnd)
    }
}

import Protocol

/// Requests of Torc's own protocol (docs/protocol.md).
enum JSONForms {
    static func template(_ verb: Verb, _ valueSize: Int, _ consistency: Consistency) -> RequestTemplate {
        var text = TemplateText()
        text.add("{\"type\":\"\(type(of: verb))\",\"key\":\"")
        text.addKey(of: verb)
        text.add("\"")
        if [.set, .insert, .append, .fill].contains(verb) {
            text.add(",\"value\":\"")
            text.addValue(valueSize)
            text.add("\"")
        }
        if verb == .fill { text.add(",\"if_absent\":true") }
        addConsistency(consistency, to: &text)
        text.add("}\n")
        return text.template()
    }

    /// A CAS up to the version.
    static func conditional(_ valueSize: Int, _ consistency: Consistency) -> RequestTemplate {
        var text = TemplateText()
        text.add("{\"type\":\"CAS\",\"key\":\"")
        text.addKey(of: .rmw)
        text.add("\",\"value\":\"")
        text.addValue(valueSize)
        text.add("\"")
        addConsistency(consistency, to: &text)
        text.add(",\"if\":\"")
        return text.template()
    }

    private static func addConsistency(_ consistency: Consistency, to text: inout TemplateText) {
        if consistency != .quorum { text.add(",\"consistency\":\"\(consistency.name)\"") }
    }

    private static func type(of verb: Verb) -> String {
        switch verb {
        case .get, .rmw, .ping: "GET"
        case .set, .insert, .fill: "SET"
        case .del: "DELETE"
        case .incr: "INCR"
        case .append: "APPEND"
        }
    }
}

/// Commands of Redis as arrays of bulk strings.
enum RESPForms {
    static func template(_ verb: Verb, _ valueSize: Int) -> RequestTemplate {
        var text = TemplateText()
        switch verb {
        case .ping: addWords(["PING"], 1, to: &text)
        case .get, .rmw: addKeyed("GET", verb, 2, to: &text)
        case .del: addKeyed("DEL", verb, 2, to: &text)
        case .incr: addKeyed("INCR", verb, 2, to: &text)
        case .set, .insert: addValued("SET", verb, valueSize, to: &text)
        case .append: addValued("APPEND", verb, valueSize, to: &text)
        case .fill:
            addKeyed("SET", verb, 4, to: &text)
            addValue(valueSize, to: &text)
            text.add("$2\r\nNX\r\n")
        }
        return text.template()
    }

    /// - Parameter count: of all words of the command.
    static func addWords(_ words: [String], _ count: Int, to text: inout TemplateText) {
        text.add("*\(count)\r\n")
        for word in words { text.add("$\(word.utf8.count)\r\n\(word)\r\n") }
    }

    private static func addKeyed(_ name: String, _ verb: Verb, _ count: Int, to text: inout TemplateText) {
        addWords([name], count, to: &text)
        text.add("$\(KeyName.length)\r\n")
        text.addKey(of: verb)
        text.add("\r\n")
    }

    private static func addValued(_ name: String, _ verb: Verb, _ size: Int, to text: inout TemplateText) {
        addKeyed(name, verb, 3, to: &text)
        addValue(size, to: &text)
    }

    private static func addValue(_ size: Int, to text: inout TemplateText) {
        text.add("$\(size)\r\n")
        text.addValue(size)
        text.add("\r\n")
    }
}

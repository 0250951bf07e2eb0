/// Puts a template together: its text, and where key and value come to lie in it.
struct TemplateText {
    private var text: [UInt8] = []
    private var keyAt = 0
    private var keyForm = RequestTemplate.KeyForm.none
    private var value = 0..<0

    mutating func add(_ text: String) { self.text += Array(text.utf8) }

    mutating func addKey(of verb: Verb) {
        add("\(verb.keyPrefix)")
        (keyAt, keyForm) = (text.count, .digits)
        text += [UInt8](repeating: UInt8(ascii: "0"), count: KeyName.digits)
    }

    mutating func addBase64Key(of verb: Verb) {
        (keyAt, keyForm) = (text.count, .base64(prefix: verb.keyPrefix))
        text += [UInt8](repeating: UInt8(ascii: "A"), count: KeyName.base64Length)
    }

    mutating func addValue(_ size: Int) {
        value = text.count..<text.count + size
        text += [UInt8](repeating: UInt8(ascii: "x"), count: size)
    }

    /// This one behind a head that says how long it is.
    func behind(head: (Int) -> String) -> TemplateText {
        var all = TemplateText()
        all.add(head(text.count))
        let start = all.text.count
        all.text += text
        all.keyAt = keyAt + start
        all.keyForm = keyForm
        all.value = value.lowerBound + start..<value.upperBound + start
        return all
    }

    var count: Int { text.count }

    func template() -> RequestTemplate { RequestTemplate(text, key: keyForm, at: keyAt, value: value) }
}

/// What clients asked and heard, out of a trace.
final class Answers {
    struct Answer {
        let node: Substring
        let asked: Int
        let heard: Int
        /// Who says that it served the request; empty: nobody.
        let server: Substring
        let isUnavailable: Bool

        /// In milliseconds.
        var waited: Int { heard - asked }
    }

    private var asked: [Substring: (node: Substring, at: Int)] = [:]
    private(set) var all: [Answer] = []

    func read(_ line: String) {
        guard let at = Int(line.prefix { $0.isNumber }), let mark = line.range(of: " ms  client ")
        else { return }
        let words = line[mark.upperBound...].split(separator: " ")
        guard words.count > 4 else { return }
        if words[1] == "asks", let token = words.last?.dropFirst().dropLast() {
            asked[token] = (words[2].dropLast(), at)
        } else if words[1] == "hears", let question = asked.removeValue(forKey: words[3]) {
            all.append(
                Answer(
                    node: question.node, asked: question.at, heard: at,
                    server: words[4] == "by" && words.count > 5 ? words[5].dropLast() : "", isUnavailable: line.contains(": unavailable")))
        }
    }
}

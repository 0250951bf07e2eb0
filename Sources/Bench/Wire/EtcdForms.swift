import Protocol

/// Requests to etcd's gateway: JSON over HTTP/1.1, keys and values in base64 (etcd's documentation, "gRPC gateway").
enum EtcdForms {
    static func template(_ verb: Verb, _ valueSize: Int, _ consistency: Consistency) -> RequestTemplate {
        var body = TemplateText()
        switch verb {
        case .get, .rmw, .ping, .incr, .append:
            body.add("{\"key\":\"")
            body.addBase64Key(of: verb)
            body.add(consistency == .one ? "\",\"serializable\":true}" : "\"}")
            return request("range", body)
        case .set, .insert:
            addPut(verb, valueSize, to: &body)
            return request("put", body)
        case .del:
            body.add("{\"key\":\"")
            body.addBase64Key(of: verb)
            body.add("\"}")
            return request("deleterange", body)
        case .fill:
            // The template has one key: a condition on it and a put under it would need it twice. A value that is there is
            // written over.
            addPut(verb, valueSize, to: &body)
            return request("put", body)
        }
    }

    private static func addPut(_ verb: Verb, _ size: Int, to body: inout TemplateText) {
        body.add("{\"key\":\"")
        body.addBase64Key(of: verb)
        body.add("\",\"value\":\"")
        // Letters and digits are base64 of something, three bytes in four of them; what is over is spelled out.
        body.addValue(size / 3 * 4)
        body.add(["", "AA==", "AAA="][size % 3])
        body.add("\"}")
    }

    private static func request(_ call: String, _ body: TemplateText) -> RequestTemplate {
        body.behind { length in
            "POST /v3/kv/\(call) HTTP/1.1\r\nHost: etcd\r\nContent-Type: application/json\r\n"
                + "Content-Length: \(length)\r\n\r\n"
        }.template()
    }
}

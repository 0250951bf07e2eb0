extension Connection {
    /// Sends what is to be sent now.
    func proceed(at now: UInt64) {
        guard isReady else { return }
        if generator.pace == nil {
            if queue.isEmpty { sendBatch(at: now) }
        } else {
            sendDue()
        }
        flush()
        generator.checkEnd()
    }

    private func sendBatch(at now: UInt64) {
        for _ in 0..<generator.plan.pipeline {
            guard let operation = generator.nextOperation(on: index) else { break }
            send(operation, intended: now)
        }
        guard generator.plan.waitReplicas > 0, !queue.isEmpty else { return }
        var text = TemplateText()
        RESPForms.addWords(["WAIT", "\(generator.plan.waitReplicas)", "0"], 3, to: &text)
        text.template().append(key: 0, value: generator.nextValue(), to: &output)
        queue.append(InFlight(intended: now, key: 0, verb: .ping, role: .wait))
    }

    private func sendDue() {
        guard let pace = generator.pace else { return }
        let due = pace.dueCount(generator.dueCount, on: index)
        while sentOfPlan < due, queue.count < generator.plan.pipeline {
            guard let operation = generator.nextOperation(on: index) else { return }
            send(operation, intended: pace.instant(of: sentOfPlan, on: index))
            sentOfPlan += 1
        }
    }

    private func send(_ operation: Generator.Operation, intended: UInt64) {
        generator.forms.template(operation.verb).append(key: operation.key, value: generator.nextValue(), to: &output)
        queue.append(InFlight(intended: intended, key: operation.key, verb: operation.verb, role: .operation))
    }

    func flush() {
        guard !output.isEmpty else { return }
        stream?.write(output.bytes)
        output.removeAll()
    }
}

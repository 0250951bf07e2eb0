/// Places that no node could take within the rules when their turn came: the nodes with room left are in
/// the slot already, or their zones are.
///
/// First by an exchange, which breaks no rule: a node that has room takes the place of another one in
/// another slot, and that one comes here. Where there is none, the zone gives way, then the load, and the
/// slot is counted.
extension Placement {
    /// Exchanges sought in vain before no more are sought: then the zones or weights themselves are what
    /// does not fit, and the search, which is long, would fail for thousands of slots.
    private static let failedExchangesMax = 2

    mutating func placeLeftovers() {
        var failedExchanges = 0
        for slot in 0..<slots {
            var zoneGaveWay = false
            var loadGaveWay = false
            while filled[slot] < replicas {
                if failedExchanges < Placement.failedExchangesMax {
                    if exchange(for: slot) { continue }
                    failedExchanges += 1
                }
                if let node = walk(from: slot, under: Rules(zones: false)) {
                    zoneGaveWay = true
                    give(slot, to: node)
                } else if let node = walk(from: slot, under: Rules(loads: false)) {
                    loadGaveWay = true
                    give(slot, to: node)
                } else if let node = walk(from: slot, under: Rules(zones: false, loads: false)) {
                    zoneGaveWay = true
                    loadGaveWay = true
                    give(slot, to: node)
                } else {
                    break
                }
            }
            if zoneGaveWay { relaxed.zoneSlots += 1 }
            if loadGaveWay { relaxed.loadSlots += 1 }
        }
    }

    /// Frees a node for the next place of `slot`, not its first, and gives it to that node; false when no
    /// single exchange does it. Looks at the slots behind this one first: those that are near share nodes.
    private mutating func exchange(for slot: Int) -> Bool {
        let withRoom = nodes.indices.filter { places[$0] < quota.places[$0] }
        guard filled[slot] > 0, !withRoom.isEmpty else { return false }
        for step in 1..<slots {
            let other = (slot + step) % slots
            for place in 1..<max(filled[other], 1) {
                let holder = Int(table[other * replicas + place])
                guard mayHave(slot, holder, under: Rules(loads: false)),
                    let taker = withRoom.first(where: { canReplace(holder, by: $0, in: other) })
                else { continue }
                table[other * replicas + place] = Int32(taker)
                places[taker] += 1
                places[holder] -= 1
                give(slot, to: holder)
                return true
            }
        }
        return false
    }

    /// Whether `taker` in place of `holder` leaves the zones of `slot` as well spread as they are.
    private func canReplace(_ holder: Int, by taker: Int, in slot: Int) -> Bool {
        var inTakersZone = 0
        var inHoldersZone = 0
        let base = slot * replicas
        for index in base..<(base + filled[slot]) {
            let node = Int(table[index])
            if node == taker { return false }
            if nodes[node].zone == nodes[taker].zone { inTakersZone += 1 }
            if nodes[node].zone == nodes[holder].zone { inHoldersZone += 1 }
        }
        return nodes[taker].zone == nodes[holder].zone || inTakersZone < inHoldersZone
    }
}

package dev.otherix.backup.realetcd;

/** The two ports of one member. */
record MemberPorts(ReservedPort client, ReservedPort peer) implements AutoCloseable {

    static MemberPorts take() {
        return new MemberPorts(ReservedPort.take(), ReservedPort.take());
    }

    @Override
    public void close() {
        client.close();
        peer.close();
    }
}

package dev.otherix.backup.etcd;

/**
 * The one member that this service backs up, at {@code etcd.client_url}. URLs from the member list are never dialled:
 * every member of otherix advertises its own loopback address.
 */
public final class EtcdMember {

    private final EtcdProperties properties;

    /** @param properties where it is and how to log in; the files named there are read at each {@link #connect()} */
    public EtcdMember(EtcdProperties properties) {
        this.properties = properties;
    }

    /**
     * Connects, logs in where a user is set, and returns once the member has answered, within 8 seconds. A member that
     * has authentication switched off is used without a login even if a user is set.
     *
     * @throws EtcdFailure with reason {@code UNREACHABLE}, {@code TLS}, {@code UNAUTHENTICATED}, or {@code NO_QUORUM}:
     *     etcd answers a login by user and password only while there is a quorum
     */
    public MemberConnection connect() {
        var connection = new MemberConnection(properties);
        try {
            connection.greet();
            return connection;
        } catch (RuntimeException | Error unforeseen) {
            connection.close();
            throw unforeseen;
        }
    }
}

package dev.otherix.backup.etcd;

/**
 * The one member that this service backs up, at {@code etcd.client_url}. It never connects to URLs from the member
 * list: every member of otherix advertises its own loopback address.
 */
public final class EtcdMember {

    private final EtcdProperties properties;
    private final EtcdFiles files = new EtcdFiles();

    /** @param properties address and login; the files named there are read at each {@link #connect()} */
    public EtcdMember(EtcdProperties properties) {
        this.properties = properties;
    }

    /**
     * Connects, logs in if a user is set, and returns once the member has answered, within 8 seconds. If the member has
     * authentication switched off, no login is made, even if a user is set.
     *
     * @throws EtcdFailure with reason {@code UNREACHABLE}, {@code TLS}, {@code UNAUTHENTICATED}, or {@code NO_QUORUM}:
     *     etcd accepts a login by user and password only with a quorum
     */
    public MemberConnection connect() {
        var connection = new MemberConnection(properties, files);
        try {
            connection.greet();
            return connection;
        } catch (RuntimeException | Error unforeseen) {
            connection.close();
            throw unforeseen;
        }
    }
}

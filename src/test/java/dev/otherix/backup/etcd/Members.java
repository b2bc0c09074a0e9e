package dev.otherix.backup.etcd;

import dev.otherix.backup.realetcd.EtcdProcess;
import java.net.URI;

/** The members of tests, as this package sees them. */
final class Members {

    private Members() {}

    static EtcdMember at(EtcdProcess member) {
        return at(URI.create(member.clientUrl()));
    }

    static EtcdMember at(URI url) {
        return new EtcdMember(new EtcdProperties(url, null, null, null, null, null));
    }
}

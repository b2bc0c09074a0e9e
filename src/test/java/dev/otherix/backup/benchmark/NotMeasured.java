package dev.otherix.backup.benchmark;

import dev.otherix.backup.realetcd.EtcdHome;
import dev.otherix.backup.realetcd.EtcdHomes;

/** What a benchmark needs and does not have here. It is printed in its own words, without a stack trace. */
final class NotMeasured extends RuntimeException {

    NotMeasured(String lacking) {
        super(lacking, null, false, false);
    }

    /** The etcd to measure with. */
    static EtcdHome etcd() {
        try {
            return EtcdHomes.first();
        } catch (IllegalStateException none) {
            throw new NotMeasured(String.valueOf(none.getMessage()));
        }
    }
}

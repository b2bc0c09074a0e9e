package dev.otherix.backup.realetcd;

import java.util.List;

/** One way to get etcd's programs. */
interface EtcdSource {

    /** What an operator would do to make this way work, for the message that says that there is no etcd. */
    String howTo();

    /**
     * At least one home, first the one that most tests run against.
     *
     * @throws NoProgramException when this way leads nowhere here
     * @throws IllegalArgumentException when somebody asked for this way and got it wrong: no other way is tried
     */
    List<EtcdHome> homes();
}

package dev.otherix.backup.realetcd;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EtcdProcessIT {

    @Test
    void aMemberKeepsItsDataOverARestartOnTheSamePorts() {
        for (EtcdHome home : EtcdHomes.all()) {
        try (EtcdProcess etcd = EtcdProcess.start(home)) {
            etcd.etcdctl("put", "/otherix/a", "1");
            String url = etcd.clientUrl();
            long pid = etcd.pid();
            etcd.restart();
            assertThat(etcd.clientUrl()).isEqualTo(url);
            assertThat(etcd.pid()).isNotEqualTo(pid);
            assertThat(etcd.etcdctl("get", "/otherix/a", "--print-value-only").strip()).isEqualTo("1");
        }
        }
    }
}

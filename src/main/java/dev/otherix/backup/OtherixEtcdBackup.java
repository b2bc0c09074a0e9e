package dev.otherix.backup;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

@SpringBootApplication
public class OtherixEtcdBackup {

    public static void main(String[] args) {
        SpringApplication.run(OtherixEtcdBackup.class, args);
    }
}

package dev.otherix.backup.drill;

import dev.otherix.backup.offsite.PlainCopies;
import dev.otherix.backup.snapshot.SnapshotDirectory;
import dev.otherix.backup.snapshot.StateNotes;
import dev.otherix.backup.task.TaskList;
import dev.otherix.backup.task.Turns;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts together the parts that drill, where there is a directory of snapshots. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty("workers.backup.dir")
class DrillConfiguration {

    @Bean
    Drills drills(
            DrillProperties settings,
            SnapshotDirectory directory,
            StateNotes notes,
            Turns turns,
            TaskList tasks,
            ObjectProvider<PlainCopies> copies,
            Clock clock) {
        var schedule = new DrillSchedule(settings, directory, notes, clock);
        return new Drills(
                directory,
                schedule,
                copies.getIfAvailable(() -> PlainCopies.NONE),
                new Trial(settings, directory, turns, clock),
                turns,
                tasks);
    }

    @Bean
    DrillTicks drillTicks(Drills drills) {
        return new DrillTicks(drills);
    }
}

package dev.otherix.backup.cli;

import dev.otherix.backup.offsite.CopyDeletion;
import dev.otherix.backup.offsite.store.StoreFailure;
import dev.otherix.backup.snapshot.Target;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Removes the copies of a plan one by one, and prints how each ended. */
final class CopyDeleting {

    private final CopyDeletion deletion;
    private final Supplier<ServiceClient> service;
    private final Target target;
    private final boolean includeLast;
    private final PrintWriter out;

    /** @param service removes what it knows, and notes it */
    CopyDeleting(
            CopyDeletion deletion,
            Supplier<ServiceClient> service,
            Target target,
            boolean includeLast,
            PrintWriter out) {
        this.deletion = deletion;
        this.service = service;
        this.target = target;
        this.includeLast = includeLast;
        this.out = out;
    }

    /** @return whether nothing of any of them is left */
    boolean all(List<DeletePlan.Step> steps) {
        if (steps.stream().noneMatch(step -> step.own().isPresent())) {
            return all(steps, Optional.empty());
        }
        try (var client = running()) {
            return all(steps, Optional.of(client));
        }
    }

    private ServiceClient running() {
        try {
            var client = service.get();
            try {
                client.requireRunning();
                return client;
            } catch (CommandFailure absent) {
                client.close();
                throw absent;
            }
        } catch (CommandFailure absent) {
            throw new CommandFailure(
                    "the service of this host has to note that its copies are removed: " + absent.getMessage()
                            + " (nothing was removed)",
                    absent.fix()
                            + " If this host will never run the service again, name the store with --from and the member"
                            + " with --member: a service that does start there reports those copies as offsite_missing.",
                    absent.exitCode(),
                    absent);
        }
    }

    private boolean all(List<DeletePlan.Step> steps, Optional<ServiceClient> client) {
        int left = 0;
        for (var step : steps) {
            try {
                var why = one(step, client);
                left += why.isPresent() ? 1 : 0;
                out.println(why.map(reason -> "not removed  " + step.path() + ": " + OutputFormat.printable(reason))
                        .orElseGet(() -> "removed      " + step.path()));
                out.flush();
            } catch (StoreFailure down) {
                // the others would fail in the same way, each after its time
                var rest = steps.subList(steps.indexOf(step), steps.size());
                rest.forEach(other -> out.println("not removed  " + other.path()));
                out.flush();
                throw down;
            }
        }
        return left == 0;
    }

    private Optional<String> one(DeletePlan.Step step, Optional<ServiceClient> client) {
        var place = step.place();
        try {
            // of a rest the versions may be all there is
            var versions = step.kind() == DeletePlan.Kind.REST || deletion.hasVersions(place);
            var why = step.own().isPresent() && client.isPresent()
                    ? client.get().removeCopy(place.name(), target, includeLast)
                    : deletion.remove(place);
            return why.isEmpty() && versions ? deletion.removeVersions(place) : why;
        } catch (StoreFailure failure) {
            return switch (failure.code()) {
                case UNAVAILABLE, NO_SUCH_PLACE, INTERRUPTED -> throw failure;
                case EXISTS, NO_SUCH_OBJECT, DENIED, FULL, ARCHIVED, HELD, REFUSED ->
                    Optional.of(String.valueOf(failure.getMessage()));
            };
        }
    }
}

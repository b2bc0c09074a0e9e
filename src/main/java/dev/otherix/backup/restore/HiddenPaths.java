package dev.otherix.backup.restore;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Takes the paths of this host out of a message: what is in the scratch directory has its name there, that directory
 * and the program have the name of their setting, and of another path the last part is left.
 */
final class HiddenPaths {

    private static final Pattern OTHERS = Pattern.compile("(?<![\\w/.:-])/(?:[^\\s\"'(),;:/]+/)+([^\\s\"'(),;:/]+)");

    private final List<Hidden> hidden = new ArrayList<>();

    private record Hidden(String path, String name) {}

    HiddenPaths(DrillOrder order) {
        order.etcd().ifPresent(program -> hide(program, order.words().etcd()));
        hide(order.scratch(), order.words().scratch());
        hidden.sort(Comparator.comparingInt((Hidden one) -> one.path().length()).reversed());
    }

    private void hide(Path path, String name) {
        add(path.toAbsolutePath().normalize(), name);
        try {
            add(path.toRealPath(), name);
        } catch (IOException notThere) {
            // then no other process knows it by that path
        }
    }

    private void add(Path path, String name) {
        if (path.getNameCount() > 0) {
            hidden.add(new Hidden(path + "/", ""));
            hidden.add(new Hidden(path.toString(), name));
        }
    }

    String in(String message) {
        var text = message;
        for (var one : hidden) {
            text = text.replace(one.path(), one.name());
        }
        return OTHERS.matcher(text).replaceAll("$1");
    }
}

package dev.otherix.backup.benchmark;

import java.util.List;
import java.util.Locale;

/** Numbers of one kind, and how they are printed. */
record Figures(List<Double> values) {

    Figures {
        values = values.stream().sorted().toList();
    }

    double quantile(double part) {
        return values.get((int) Math.min(values.size() - 1, Math.floor(part * values.size())));
    }

    double median() {
        var middle = values.size() / 2;
        return values.size() % 2 == 1 ? values.get(middle) : (values.get(middle - 1) + values.get(middle)) / 2;
    }

    static void row(String name, Object... cells) {
        var line = new StringBuilder(String.format(Locale.ROOT, "%-34s", name));
        for (var cell : cells) {
            line.append(
                    cell instanceof Double number
                            ? String.format(Locale.ROOT, "%12.2f", number)
                            : String.format("%12s", cell));
        }
        System.out.println(line);
    }

    void print(String name) {
        row(name, values.getFirst(), median(), values.getLast());
    }
}

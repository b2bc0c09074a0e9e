package dev.otherix.backup.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Rows of texts in columns, in groups with a line above each. */
final class TextTable {

    private final List<String> head;
    private final List<Integer> numbers;
    private final int[] widths;
    private final Map<String, List<List<String>>> groups = new LinkedHashMap<>();

    /** @param numbers the columns that end at the right, from 0 */
    TextTable(List<String> head, List<Integer> numbers) {
        this.head = List.copyOf(head);
        this.numbers = List.copyOf(numbers);
        this.widths = head.stream().mapToInt(String::length).toArray();
    }

    void add(String group, List<String> row) {
        for (int column = 0; column < widths.length; column++) {
            widths[column] = Math.max(widths[column], row.get(column).length());
        }
        groups.computeIfAbsent(group, _ -> new ArrayList<>()).add(row);
    }

    void print(PrintWriter out) {
        groups.forEach((group, rows) -> {
            out.println();
            out.println(group);
            out.println(line(head));
            rows.forEach(row -> out.println(line(row)));
        });
    }

    private String line(List<String> row) {
        var cells = new ArrayList<String>();
        for (int column = 0; column < widths.length; column++) {
            cells.add((numbers.contains(column) ? "%" : "%-")
                    .concat(widths[column] + "s")
                    .formatted(row.get(column)));
        }
        return String.join("  ", cells).stripTrailing();
    }
}

package dev.otherix.backup.monitoring;

import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What Prometheus reads.
 *
 * @param types the type of each metric
 * @param values the value of each series, by its name and labels as they are written
 */
record Scrape(Map<String, String> types, Map<String, Double> values) {

    static Scrape of(String text) {
        var types = new TreeMap<String, String>();
        var values = new TreeMap<String, Double>();
        text.lines().forEach(line -> {
            if (line.startsWith("# TYPE ")) {
                types.put(line.split(" ")[2], line.split(" ")[3]);
            } else if (!line.startsWith("#")) {
                var end = line.lastIndexOf(' ');
                values.put(line.substring(0, end), number(line.substring(end + 1)));
            }
        });
        return new Scrape(types, values);
    }

    private static double number(String text) {
        return text.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(text);
    }

    double value(String series) {
        var value = values.get(series);
        if (value == null) {
            throw new NoSuchElementException(series + " is not among " + new TreeSet<>(values.keySet()));
        }
        return value;
    }

    /** All series of one name. */
    List<String> series(String name) {
        return values.keySet().stream()
                .filter(series -> series.equals(name) || series.startsWith(name + "{"))
                .toList();
    }
}

package dev.otherix.backup.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * The settings that otherix-api has too.
 *
 * @param blocks names of whole blocks
 * @param keys single settings of other blocks
 */
record SharedKeys(List<String> blocks, List<String> keys) {

    static SharedKeys of(Collection<Class<? extends Record>> records) {
        var blocks = new ArrayList<String>();
        var keys = new ArrayList<String>();
        for (var block : records) {
            if (block.isAnnotationPresent(SharedWithOtherix.class)) {
                blocks.add(block.getAnnotation(Block.class).value());
            } else {
                Arrays.stream(block.getRecordComponents())
                        .filter(component -> component.isAnnotationPresent(SharedWithOtherix.class))
                        .map(KnownKeys::keyOf)
                        .forEach(keys::add);
            }
        }
        return new SharedKeys(List.copyOf(blocks), List.copyOf(keys));
    }

    /** Whether this key is shared, or would be if it were known. */
    boolean contain(String key) {
        return keys.contains(key) || blocks.stream().anyMatch(block -> key.startsWith(block + "."));
    }

    /** Whether this key may be a misspelt one of a shared block. */
    boolean resemble(String key) {
        return blocks.stream().anyMatch(key::startsWith);
    }

    /** Whether otherix-api has a block that begins like this key, so that an unknown key may be otherix-api's. */
    boolean mayHave(String key) {
        var first = KnownKeys.firstPart(key);
        return all().stream().anyMatch(shared -> KnownKeys.firstPart(shared).equals(first));
    }

    private List<String> all() {
        var all = new ArrayList<>(blocks);
        all.addAll(keys);
        return all;
    }

    /** Their names, as a list in words. */
    @Override
    public String toString() {
        var all = all();
        return all.size() < 2
                ? String.join("", all)
                : String.join(", ", all.subList(0, all.size() - 1)) + " and " + all.getLast();
    }
}

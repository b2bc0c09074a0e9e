package dev.otherix.backup.verify;

import dev.otherix.backup.verify.bolt.Bucket;
import dev.otherix.backup.verify.bolt.ElementVisitor;

/** Shows each entry to two visitors, one after the other. */
record Both(ElementVisitor first, ElementVisitor second) implements ElementVisitor {

    @Override
    public void begin(int pageSize, long txid) {
        first.begin(pageSize, txid);
        second.begin(pageSize, txid);
    }

    @Override
    public void bucket(Bucket bucket) {
        first.bucket(bucket);
        second.bucket(bucket);
    }

    @Override
    public void element(long page, int index, long key, int keyLength, long valueLength) {
        first.element(page, index, key, keyLength, valueLength);
        second.element(page, index, key, keyLength, valueLength);
    }
}

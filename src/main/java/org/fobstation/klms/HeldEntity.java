package org.fobstation.klms;

import java.io.InputStream;
import org.apache.hc.core5.http.io.entity.AbstractHttpEntity;

/** Carries a {@link HeldAnswer} through camel-http, which takes the content of an entity that does not stream as it is. */
final class HeldEntity extends AbstractHttpEntity {

    private final HeldAnswer answer;

    HeldEntity(HeldAnswer answer) {
        // Neither content type nor encoding: camel-http would act on them.
        super((String) null, null);
        this.answer = answer;
    }

    @Override
    public InputStream getContent() {
        return answer;
    }

    @Override
    public long getContentLength() {
        return -1;
    }

    @Override
    public boolean isStreaming() {
        return false;
    }

    @Override
    public boolean isRepeatable() {
        return false;
    }

    /** Nothing to close: the answer belongs to the exchange by now. */
    @Override
    public void close() {}
}

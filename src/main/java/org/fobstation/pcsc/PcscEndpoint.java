package org.fobstation.pcsc;

import java.time.Duration;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;

/** Serves the fobs presented on a PC/SC reader: one exchange for each presentation, with a {@link PresentedFob}. */
@UriEndpoint(
        firstVersion = "1.0.0",
        scheme = "pcsc",
        title = "PC/SC",
        syntax = "pcsc:readerId",
        consumerOnly = true,
        category = {Category.IOT},
        headersClass = PcscConstants.class)
public class PcscEndpoint extends DefaultEndpoint {

    private static final long CONNECT_RETRY_MAX = 10_000;

    @UriPath(description = "The id of the reader, as the key server and the records name it.")
    @Metadata(required = true)
    private String readerId;

    @UriParam(
            defaultValue = "*",
            description = "Which PC/SC reader is meant: a part of its name, upper and lower case alike, * for any "
                    + "characters. Exactly one reader must match.")
    private String name = "*";

    @UriParam(description = "Readers never meant, written like the name.")
    private String exclude = "";

    @UriParam(description = "Whether a fob with a random UID gets a run. Such a UID is no identity.")
    private boolean allowRandomUid;

    @UriParam(
            defaultValue = "500",
            javaType = "java.time.Duration",
            description = "A fob that comes back within this time after its removal has bounced and is not served "
                    + "again. 0 for never.")
    private long debounce = 500;

    @UriParam(
            label = "advanced",
            defaultValue = "1000",
            javaType = "java.time.Duration",
            description = "How long a fob that another program uses is tried again, at most 10 s.")
    private long connectRetry = 1000;

    @UriParam(
            label = "advanced",
            defaultValue = "10000",
            javaType = "java.time.Duration",
            description = "A fob that has not answered for so long is said to hang its reader, on the log and by the "
                    + "health check.")
    private long stuckAfter = 10_000;

    public PcscEndpoint(String uri, PcscComponent component, String readerId) {
        super(uri, component);
        this.readerId = readerId;
    }

    @Override
    protected void doInit() throws Exception {
        super.doInit();
        if (readerId == null || readerId.isBlank()) {
            throw new IllegalArgumentException("pcsc: needs the reader's id, as in pcsc:LINE_04_READER_01");
        }
        if (debounce < 0) {
            throw new IllegalArgumentException(
                    "debounce of reader " + readerId + " is " + debounce + " ms, not 0 or more");
        }
        if (connectRetry < 0 || connectRetry > CONNECT_RETRY_MAX) {
            throw new IllegalArgumentException(
                    "connectRetry of reader " + readerId + " is " + connectRetry + " ms, not 0.." + CONNECT_RETRY_MAX);
        }
        if (stuckAfter <= 0) {
            throw new IllegalArgumentException(
                    "stuckAfter of reader " + readerId + " is " + stuckAfter + " ms, not more than 0");
        }
        pattern();
    }

    ReaderPattern pattern() {
        return new ReaderPattern(name, exclude);
    }

    Duration debounceTime() {
        return Duration.ofMillis(debounce);
    }

    Duration connectRetryTime() {
        return Duration.ofMillis(connectRetry);
    }

    Duration stuckAfterTime() {
        return Duration.ofMillis(stuckAfter);
    }

    @Override
    public PcscComponent getComponent() {
        return (PcscComponent) super.getComponent();
    }

    @Override
    public Producer createProducer() {
        throw new UnsupportedOperationException("pcsc: only consumes: fobs are presented, not sent");
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        PcscConsumer consumer = new PcscConsumer(this, processor);
        configureConsumer(consumer);
        return consumer;
    }

    public String getReaderId() {
        return readerId;
    }

    public void setReaderId(String readerId) {
        this.readerId = readerId;
    }

    public String getName() {
        return name;
    }

    public void setName(String name) {
        this.name = name;
    }

    public String getExclude() {
        return exclude;
    }

    public void setExclude(String exclude) {
        this.exclude = exclude;
    }

    public boolean isAllowRandomUid() {
        return allowRandomUid;
    }

    public void setAllowRandomUid(boolean allowRandomUid) {
        this.allowRandomUid = allowRandomUid;
    }

    public long getDebounce() {
        return debounce;
    }

    public void setDebounce(long debounce) {
        this.debounce = debounce;
    }

    public long getConnectRetry() {
        return connectRetry;
    }

    public void setConnectRetry(long connectRetry) {
        this.connectRetry = connectRetry;
    }

    public long getStuckAfter() {
        return stuckAfter;
    }

    public void setStuckAfter(long stuckAfter) {
        this.stuckAfter = stuckAfter;
    }
}

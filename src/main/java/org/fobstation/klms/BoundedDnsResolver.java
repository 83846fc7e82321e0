package org.fobstation.klms;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;

/**
 * Name lookups with a bound: the system's own may take half a minute when the name server is away, and cannot be
 * interrupted. A few may hang in threads of their own; beyond that no further one is begun.
 */
final class BoundedDnsResolver implements DnsResolver, AutoCloseable {

    private static final int MOST_AT_ONCE = 8;

    private final Duration limit;
    private final ThreadPoolExecutor lookups =
            new ThreadPoolExecutor(0, MOST_AT_ONCE, 30, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                Thread thread = new Thread(task, "klms-name-lookup");
                thread.setDaemon(true);
                return thread;
            });

    BoundedDnsResolver(Duration limit) {
        this.limit = limit;
    }

    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
        try {
            Future<InetAddress[]> lookup = lookups.submit(() -> SystemDefaultDnsResolver.INSTANCE.resolve(host));
            return lookup.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new UnknownHostException(host);
        } catch (TimeoutException e) {
            throw new UnknownHostException(host + ", no answer within " + limit.toMillis() + " ms");
        } catch (RejectedExecutionException e) {
            throw new UnknownHostException(host + ", " + MOST_AT_ONCE + " lookups hang already");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnknownHostException(host + ", the lookup was interrupted");
        }
    }

    @Override
    public String resolveCanonicalHostname(String host) throws UnknownHostException {
        return SystemDefaultDnsResolver.INSTANCE.resolveCanonicalHostname(host);
    }

    @Override
    public void close() {
        lookups.shutdownNow();
    }
}

/* Preloaded into a test's pcscd: it looks for cards every 20 ms instead of every 400 ms (PCSCLITE_STATUS_POLL_RATE, fixed
 * at compile time). Only that one sleep is shortened. Not for figures that are published.
 *
 *     cc -shared -fPIC -O2 -o short-poll.so short-poll.c
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>

int nanosleep(const struct timespec *wanted, struct timespec *left)
{
    static int (*real)(const struct timespec *, struct timespec *);
    if (!real)
        real = (int (*)(const struct timespec *, struct timespec *))dlsym(RTLD_NEXT, "nanosleep");
    if (wanted->tv_sec == 0 && wanted->tv_nsec == 400000000) {
        struct timespec shortened = {0, 20000000};
        return real(&shortened, left);
    }
    return real(wanted, left);
}

/* The C side of the latency bench: a card on vpcd, and a client on libpcsclite. Told what to do line by line on standard
 * input; answers with lines of numbers.
 *
 *     latency card PORT            "on" puts the card on, "off" takes it off; answers with CLOCK_MONOTONIC in ns
 *                                  "seen" answers when the reader noticed the card first (its power on)
 *     latency client READER        "apdu LENGTH COUNT" answers with COUNT round trips in ns
 *                                  "insert" waits for a fob, reads its UID, answers with CLOCK_MONOTONIC in ns
 *
 *     cc -O2 -o latency latency.c $(pkg-config --cflags --libs libpcsclite) -lpthread
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <winscard.h>

static long long now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void require(LONG code, const char *call)
{
    if (code != SCARD_S_SUCCESS) {
        fprintf(stderr, "%s gave %lx\n", call, code & 0xFFFFFFFFL);
        exit(1);
    }
}

/* ---- the card ---------------------------------------------------------------------------------------------------- */

static int card_socket = -1;
static volatile long long seen_at;

static int receive(unsigned char *buffer, int length)
{
    for (int got = 0; got < length;) {
        int part = recv(card_socket, buffer + got, length - got, 0);
        if (part <= 0)
            return 0;
        got += part;
    }
    return 1;
}

static void *serve(void *unused)
{
    static const unsigned char atr[] = {0x3B, 0x8F, 0x80, 0x01, 0x80, 0x4F, 0x0C, 0xA0, 0, 0, 3, 6, 3, 0, 3, 0, 0, 0, 0, 0x68};
    static const unsigned char uid[] = {0x04, 0xA1, 0xB2, 0xC3, 0xD4, 0xE5, 0xF6, 0x90, 0x00};
    static unsigned char message[65540];
    int on = 1;
    (void)unused;
    while (receive(message, 2)) {
        /* vpcd writes length and data apart; without this each message waits for an acknowledgement. Not sticky. */
        setsockopt(card_socket, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
        int length = message[0] << 8 | message[1];
        if (!receive(message + 2, length))
            break;
        if (length == 1) {
            if (message[2] == 1 && !seen_at)
                seen_at = now();
            if (message[2] != 4)
                continue;
            memcpy(message + 2, atr, length = sizeof atr);
        } else if (message[2] == 0xFF) {
            memcpy(message + 2, uid, length = sizeof uid);
        } else {
            message[2 + length++] = 0x90;
            message[2 + length++] = 0x00;
        }
        message[0] = length >> 8;
        message[1] = length;
        if (send(card_socket, message, length + 2, MSG_NOSIGNAL) < 0)
            break;
    }
    return NULL;
}

static int card(int port)
{
    char line[64];
    pthread_t thread;
    struct sockaddr_in reader = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    while (fgets(line, sizeof line, stdin)) {
        if (!strcmp(line, "on\n")) {
            int on = 1;
            seen_at = 0;
            card_socket = socket(AF_INET, SOCK_STREAM, 0);
            setsockopt(card_socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
            long long at = now();
            if (connect(card_socket, (struct sockaddr *)&reader, sizeof reader)) {
                perror("no vpcd reader");
                return 1;
            }
            pthread_create(&thread, NULL, serve, NULL);
            printf("%lld\n", at);
        } else if (!strcmp(line, "off\n")) {
            shutdown(card_socket, SHUT_RDWR);
            pthread_join(thread, NULL);
            close(card_socket);
            printf("%lld\n", now());
        } else {
            printf("%lld\n", seen_at);
        }
        fflush(stdout);
    }
    return 0;
}

/* ---- the client -------------------------------------------------------------------------------------------------- */

static SCARDCONTEXT context;
static SCARDHANDLE handle;
static SCARD_IO_REQUEST pci;

static void connect_card(const char *reader)
{
    DWORD protocol;
    require(SCardConnect(context, reader, SCARD_SHARE_EXCLUSIVE, SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, &handle, &protocol),
            "SCardConnect");
    require(SCardBeginTransaction(handle), "SCardBeginTransaction");
    pci.dwProtocol = protocol;
    pci.cbPciLength = sizeof pci;
}

static void disconnect_card(void)
{
    SCardEndTransaction(handle, SCARD_LEAVE_CARD);
    SCardDisconnect(handle, SCARD_RESET_CARD);
}

static void transmit(const unsigned char *command, int length)
{
    static unsigned char answer[65538];
    DWORD room = sizeof answer;
    require(SCardTransmit(handle, &pci, command, length, NULL, answer, &room), "SCardTransmit");
}

static void apdu(const char *reader, int length, int count)
{
    static unsigned char command[65544];
    memset(command, 0x11, length);
    connect_card(reader);
    for (int i = 0; i < count; i++) {
        long long from = now();
        transmit(command, length);
        printf("%lld ", now() - from);
    }
    printf("\n");
    disconnect_card();
}

static void insert(const char *reader)
{
    static const unsigned char get_uid[] = {0xFF, 0xCA, 0, 0, 0};
    SCARD_READERSTATE state = {.szReader = reader};
    require(SCardGetStatusChange(context, 0, &state, 1), "SCardGetStatusChange");
    printf("ready\n");
    fflush(stdout);
    while (!(state.dwEventState & SCARD_STATE_PRESENT)) {
        state.dwCurrentState = state.dwEventState;
        require(SCardGetStatusChange(context, 60000, &state, 1), "SCardGetStatusChange");
    }
    connect_card(reader);
    transmit(get_uid, sizeof get_uid);
    printf("%lld\n", now());
    disconnect_card();
}

int main(int count, char **arguments)
{
    char line[64];
    int length, times;
    if (count == 3 && !strcmp(arguments[1], "card"))
        return card(atoi(arguments[2]));
    if (count != 3 || strcmp(arguments[1], "client"))
        return 2;
    require(SCardEstablishContext(SCARD_SCOPE_SYSTEM, NULL, NULL, &context), "SCardEstablishContext");
    while (fgets(line, sizeof line, stdin)) {
        if (sscanf(line, "apdu %d %d", &length, &times) == 2)
            apdu(arguments[2], length, times);
        else
            insert(arguments[2]);
        fflush(stdout);
    }
    return 0;
}

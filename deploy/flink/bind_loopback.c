/*
Makes servers that ask for every address of the machine listen on loopback only: Beam's gRPC servers, in Java and in
Python, offer no option for it, and whoever reaches one of them can run code. Preloaded by cluster.py.
BIND_LOOPBACK is the address to take instead, 127.0.0.1 without it.

    gcc -shared -fPIC -O2 -Wall -o bind_loopback.so bind_loopback.c -ldl

Checked: by tests/flink, which lists the listening sockets of a running cluster.
*/
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

typedef int (*bind_fn)(int, const struct sockaddr *, socklen_t);

static struct in_addr loopback(void)
{
    struct in_addr address;
    const char *given = getenv("BIND_LOOPBACK");
    if (given == NULL || inet_pton(AF_INET, given, &address) != 1)
        address.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

int bind(int socket, const struct sockaddr *address, socklen_t length)
{
    static bind_fn system_bind;
    if (system_bind == NULL)
        system_bind = (bind_fn)dlsym(RTLD_NEXT, "bind");
    if (address != NULL && address->sa_family == AF_INET && length >= sizeof(struct sockaddr_in)) {
        struct sockaddr_in v4;
        memcpy(&v4, address, sizeof v4);
        if (v4.sin_addr.s_addr == htonl(INADDR_ANY)) {
            v4.sin_addr = loopback();
            return system_bind(socket, (struct sockaddr *)&v4, sizeof v4);
        }
    } else if (address != NULL && address->sa_family == AF_INET6 && length >= sizeof(struct sockaddr_in6)) {
        struct sockaddr_in6 v6;
        memcpy(&v6, address, sizeof v6);
        if (IN6_IS_ADDR_UNSPECIFIED(&v6.sin6_addr)) {
            struct in_addr v4 = loopback(); /* as ::ffff:127.0.0.1, so that a dual-stack socket stays one */
            memset(&v6.sin6_addr, 0, sizeof v6.sin6_addr);
            v6.sin6_addr.s6_addr[10] = v6.sin6_addr.s6_addr[11] = 0xff;
            memcpy(&v6.sin6_addr.s6_addr[12], &v4, sizeof v4);
            return system_bind(socket, (struct sockaddr *)&v6, sizeof v6);
        }
    }
    return system_bind(socket, address, length);
}

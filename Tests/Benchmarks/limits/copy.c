/* What making tenants can cost at least: a file copied, synced and named COUNT times, in folders as
 * cinch spreads them, from so many threads; the folders synced at the end.
 *
 *   copy TEMPLATE FOLDER COUNT THREADS
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *template, *folder;
static int count;
static atomic_int next;

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static void *work(void *unused) {
    for (int i; (i = atomic_fetch_add(&next, 1)) < count;) {
        char path[4096], hidden[4096];
        snprintf(path, sizeof path, "%s/%02x/t%06d.db", folder, i & 0xFF, i);
        snprintf(hidden, sizeof hidden, "%s/%02x/.t%06d", folder, i & 0xFF, i);
        int from = open(template, O_RDONLY), to = open(hidden, O_WRONLY | O_CREAT | O_EXCL, 0644);
        if (from < 0 || to < 0) fail(hidden);
        while (copy_file_range(from, NULL, to, NULL, 1 << 30, 0) > 0) {}
        if (fsync(to) || rename(hidden, path)) fail(path);
        close(from);
        close(to);
    }
    return unused;
}

int main(int argc, char **argv) {
    if (argc != 5) {
        fprintf(stderr, "usage: copy TEMPLATE FOLDER COUNT THREADS\n");
        return 64;
    }
    template = argv[1];
    folder = argv[2];
    count = atoi(argv[3]);
    int threads = atoi(argv[4]);
    pthread_t ids[256];
    if (threads < 1 || threads > 256) return 64;
    mkdir(folder, 0755);
    for (int i = 0; i < 256; i++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%02x", folder, i);
        mkdir(path, 0755);
    }
    for (int i = 0; i < threads; i++) pthread_create(&ids[i], NULL, work, NULL);
    for (int i = 0; i < threads; i++) pthread_join(ids[i], NULL);
    for (int i = 0; i < 256; i++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%02x", folder, i);
        int descriptor = open(path, O_RDONLY);
        if (descriptor < 0 || fsync(descriptor)) fail(path);
        close(descriptor);
    }
    return 0;
}

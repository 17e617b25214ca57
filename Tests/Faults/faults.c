/* Preloaded into a process, makes its system calls fail, or ends it, where a test says so.
 *
 *   CINCH_FAULT_COUNT=FILE       eight bytes, mapped: how many changes were made to files
 *   CINCH_FAULT_KILL=K           SIGKILL before the K-th of them
 *   CINCH_FAULT_TORN=1           if that one is a write, after half of it
 *   CINCH_FAULT_ERROR=CALL:ERRNO:PART   CALL fails: write or sync on paths with PART in them, open
 *                                for writing on those that end with it
 *   CINCH_FAULT_FREE=BLOCKS      what a disk says it has left
 *   CINCH_FAULT_CLOCK=SECONDS    added to the time of day
 *
 * A change is a write, truncation, sync, rename, link or removal of a regular file.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static atomic_long own, *count = &own;
static long kill_at, clock_shift;
static int torn, error_number;
static char error_call[16], error_part[256];

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("CINCH_FAULT_COUNT"), *text;
    if (path) {
        int fd = open(path, O_RDWR | O_CREAT, 0600);
        if (fd >= 0 && ftruncate(fd, sizeof *count) == 0) {
            void *map = mmap(NULL, sizeof *count, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
            if (map != MAP_FAILED) count = map;
        }
        atomic_store(count, 0);
    }
    if ((text = getenv("CINCH_FAULT_KILL"))) kill_at = atol(text);
    if ((text = getenv("CINCH_FAULT_TORN"))) torn = atoi(text);
    if ((text = getenv("CINCH_FAULT_CLOCK"))) clock_shift = atol(text);
    if ((text = getenv("CINCH_FAULT_ERROR")))
        sscanf(text, "%15[^:]:%d:%255s", error_call, &error_number, error_part);
}

#define REAL(name) \
    static __typeof__(name) *real; \
    if (!real) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

static void end(void) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

static int is_regular(int fd) {
    struct stat status;
    return fstat(fd, &status) == 0 && S_ISREG(status.st_mode);
}

/* Whether this is the change to die at. */
static int is_last(void) { return atomic_fetch_add(count, 1) + 1 == kill_at; }

static void change(void) {
    if (kill_at >= 0 && is_last()) end();
}

static int fails(const char *call, const char *path) {
    if (!error_part[0] || strcmp(call, error_call)) return 0;
    const char *found = strstr(path, error_part);
    if (!found || (!strcmp(call, "open") && found[strlen(error_part)])) return 0;
    errno = error_number;
    return 1;
}

static int fails_on(const char *call, int fd) {
    char link[64], path[4096];
    if (!error_part[0]) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return fails(call, path);
}

#define WRITE(name, parameters, half, ...) \
    ssize_t name parameters { \
        REAL(name); \
        if (is_regular(fd)) { \
            if (fails_on("write", fd)) return -1; \
            if (is_last()) { \
                if (torn) half; \
                end(); \
            } \
        } \
        return real(__VA_ARGS__); \
    }
WRITE(write, (int fd, const void *data, size_t size), real(fd, data, size / 2), fd, data, size)
WRITE(pwrite, (int fd, const void *data, size_t size, off_t place),
      real(fd, data, size / 2, place), fd, data, size, place)
WRITE(pwrite64, (int fd, const void *data, size_t size, off64_t place),
      real(fd, data, size / 2, place), fd, data, size, place)

#define SYNC(name) \
    int name(int fd) { \
        REAL(name); \
        if (fails_on("sync", fd)) return -1; \
        change(); \
        return real(fd); \
    }
SYNC(fsync)
SYNC(fdatasync)

#define CHANGE(name, parameters, ...) \
    int name parameters { \
        REAL(name); \
        change(); \
        return real(__VA_ARGS__); \
    }
CHANGE(ftruncate, (int fd, off_t size), fd, size)
CHANGE(ftruncate64, (int fd, off64_t size), fd, size)
CHANGE(rename, (const char *from, const char *to), from, to)
CHANGE(renameat, (int a, const char *from, int b, const char *to), a, from, b, to)
CHANGE(link, (const char *from, const char *to), from, to)
CHANGE(unlink, (const char *path), path)
CHANGE(unlinkat, (int folder, const char *path, int flags), folder, path, flags)

#define OPEN(name, parameters, last, ...) \
    int name parameters { \
        REAL(name); \
        mode_t mode = 0; \
        if (flags & (O_CREAT | O_TMPFILE)) { \
            va_list rest; \
            va_start(rest, last); \
            mode = va_arg(rest, mode_t); \
            va_end(rest); \
        } \
        if ((flags & O_ACCMODE) != O_RDONLY && fails("open", path)) return -1; \
        return real(__VA_ARGS__, mode); \
    }
OPEN(open, (const char *path, int flags, ...), flags, path, flags)
OPEN(open64, (const char *path, int flags, ...), flags, path, flags)
OPEN(openat, (int folder, const char *path, int flags, ...), flags, folder, path, flags)

#define SPACE(name) \
    int name(const char *restrict path, struct name *restrict status) { \
        REAL(name); \
        int result = real(path, status); \
        const char *text = getenv("CINCH_FAULT_FREE"); \
        if (result == 0 && text) status->f_bavail = atol(text); \
        return result; \
    }
SPACE(statvfs)
SPACE(statvfs64)

int clock_gettime(clockid_t clock, struct timespec *time) {
    REAL(clock_gettime);
    int result = real(clock, time);
    if (result == 0 && clock == CLOCK_REALTIME) time->tv_sec += clock_shift;
    return result;
}

int gettimeofday(struct timeval *restrict time, void *restrict zone) {
    REAL(gettimeofday);
    int result = real(time, zone);
    if (result == 0) time->tv_sec += clock_shift;
    return result;
}

time_t time(time_t *place) {
    REAL(time);
    time_t now = real(NULL) + clock_shift;
    if (place) *place = now;
    return now;
}

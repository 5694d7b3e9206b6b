/* Stands between the program and the kernel (LD_PRELOAD): writes down what goes to the record's files and when it was made durable,
 * makes fsync fail or slow, and moves the wall clock. Told what to do by environment variables and by a page shared through a file.
 *
 * FAULTS_CONTROL  the shared page, see struct control
 * FAULTS_JOURNAL  where operations on files whose path contains FAULTS_WATCHED are written down; none without it
 *
 * One operation in the journal: kind (1 byte), file (1 byte: 0 the database, 1 its log), offset and length (8 bytes each, this
 * machine's order), then for a write its bytes. Kinds: W written, T truncated to `offset`, B an fsync begins, E it has
 * succeeded, F one has failed, S a program started anew. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

/* Written by the tests, read here, but for `failed`, which is counted here. */
struct control {
    volatile int64_t clock_ms;  /* added to the wall clock */
    volatile int64_t fail;      /* so many of the next fsyncs of watched files fail with EIO; below zero: all */
    volatile int64_t slow_us;   /* each fsync of a watched file takes so much longer */
    volatile int64_t failed;    /* fsyncs so far that were made to fail */
};

static struct control none, *control = &none;
static int journal = -1;
static const char *watched;
static pthread_mutex_t order = PTHREAD_MUTEX_INITIALIZER;

static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off64_t);
static int (*real_fsync)(int), (*real_fdatasync)(int), (*real_ftruncate)(int, off64_t);
static int (*real_clock_gettime)(clockid_t, struct timespec *);

static void note(char kind, int file, int64_t offset, const void *bytes, int64_t length) {
    unsigned char head[18] = {(unsigned char)kind, (unsigned char)file};
    if (journal < 0) return;
    memcpy(head + 2, &offset, 8);
    memcpy(head + 10, &length, 8);
    if (real_write(journal, head, sizeof head) != sizeof head) abort();
    if (bytes && real_write(journal, bytes, length) != length) abort();
}

__attribute__((constructor)) static void begin(void) {
    real_write = dlsym(RTLD_NEXT, "write");
    real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
    real_fsync = dlsym(RTLD_NEXT, "fsync");
    real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
    real_ftruncate = dlsym(RTLD_NEXT, "ftruncate64");
    real_clock_gettime = dlsym(RTLD_NEXT, "clock_gettime");
    watched = getenv("FAULTS_WATCHED");
    const char *path = getenv("FAULTS_CONTROL");
    int shared = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (shared >= 0) {
        void *page = mmap(NULL, sizeof none, PROT_READ | PROT_WRITE, MAP_SHARED, shared, 0);
        if (page != MAP_FAILED) control = page;
        close(shared);
    }
    path = getenv("FAULTS_JOURNAL");
    if (path) journal = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    note('S', 0, 0, NULL, 0);
    note('S', 1, 0, NULL, 0);
}

/* 0 the database, 1 its log, below zero any other file. The index beside them (-shm) is made anew after a power cut. */
static int which(int fd) {
    char name[32], path[PATH_MAX];
    if (!watched) return -1;
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(name, path, sizeof path - 1);
    if (length < 0) return -1;
    path[length] = 0;
    const char *found = strstr(path, watched);
    if (!found) return -1;
    found += strlen(watched);
    return *found == 0 ? 0 : strcmp(found, "-wal") == 0 ? 1 : -1;
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset) {
    int file = which(fd);
    if (file < 0) return real_pwrite(fd, bytes, length, offset);
    pthread_mutex_lock(&order);
    ssize_t written = real_pwrite(fd, bytes, length, offset);
    int kept = errno;
    if (written > 0) note('W', file, offset, bytes, written);
    pthread_mutex_unlock(&order);
    errno = kept;
    return written;
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) { return pwrite64(fd, bytes, length, offset); }

ssize_t write(int fd, const void *bytes, size_t length) {
    int file = which(fd);
    if (file < 0) return real_write(fd, bytes, length);
    pthread_mutex_lock(&order);
    off64_t offset = lseek64(fd, 0, SEEK_CUR);
    ssize_t written = real_write(fd, bytes, length);
    int kept = errno;
    if (written > 0) note('W', file, offset, bytes, written);
    pthread_mutex_unlock(&order);
    errno = kept;
    return written;
}

int ftruncate64(int fd, off64_t length) {
    int file = which(fd);
    if (file < 0) return real_ftruncate(fd, length);
    pthread_mutex_lock(&order);
    int done = real_ftruncate(fd, length);
    int kept = errno;
    if (done == 0) note('T', file, length, NULL, 0);
    pthread_mutex_unlock(&order);
    errno = kept;
    return done;
}

int ftruncate(int fd, off_t length) { return ftruncate64(fd, length); }

/* What was written before the fsync began is durable once it has succeeded; what is written meanwhile may be or not. */
static int make_durable(int fd, int (*really)(int)) {
    int file = which(fd);
    if (file < 0) return really(fd);
    pthread_mutex_lock(&order);
    int fails = control->fail != 0;
    if (control->fail > 0) control->fail--;
    if (fails) control->failed++;
    note(fails ? 'F' : 'B', file, 0, NULL, 0);
    pthread_mutex_unlock(&order);
    if (control->slow_us > 0) usleep((useconds_t)control->slow_us);
    if (fails) {
        errno = EIO;
        return -1;
    }
    int done = really(fd), kept = errno;
    pthread_mutex_lock(&order);
    if (done == 0) note('E', file, 0, NULL, 0);
    pthread_mutex_unlock(&order);
    errno = kept;
    return done;
}

int fsync(int fd) { return make_durable(fd, real_fsync); }
int fdatasync(int fd) { return make_durable(fd, real_fdatasync); }

int clock_gettime(clockid_t clock, struct timespec *now) {
    int done = real_clock_gettime(clock, now);
    if (done == 0 && clock == CLOCK_REALTIME) now->tv_sec += control->clock_ms / 1000;
    return done;
}

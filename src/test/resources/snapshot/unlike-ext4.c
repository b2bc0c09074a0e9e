/* Preloaded into a process, makes the directory that UNLIKE_DIR names behave as those of other file systems. UNLIKE says how. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

static int is(const char *how) {
    const char *unlike = getenv("UNLIKE");
    return unlike != NULL && strcmp(unlike, how) == 0;
}

static int in_directory(const char *path) {
    const char *directory = getenv("UNLIKE_DIR");
    return directory != NULL && path != NULL && strncmp(path, directory, strlen(directory)) == 0;
}

static int path_of(int fd, char *path) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    path[length < 0 ? 0 : length] = 0;
    return in_directory(path);
}

static int sync_answer(int fd, int (*real)(int)) {
    char path[PATH_MAX];
    struct stat s;
    if (path_of(fd, path) && fstat(fd, &s) == 0) {
        if (S_ISDIR(s.st_mode) && (is("directory-sync-invalid") || is("directory-sync-fails"))) {
            errno = is("directory-sync-fails") ? EIO : EINVAL;
            return -1;
        }
        if (S_ISREG(s.st_mode) && is("file-sync-invalid")) {
            errno = EINVAL;
            return -1;
        }
    }
    return real(fd);
}

int fsync(int fd) {
    return sync_answer(fd, (int (*)(int)) dlsym(RTLD_NEXT, "fsync"));
}

int fdatasync(int fd) {
    return sync_answer(fd, (int (*)(int)) dlsym(RTLD_NEXT, "fdatasync"));
}

int link(const char *from, const char *to) {
    int (*real)(const char *, const char *) = dlsym(RTLD_NEXT, "link");
    if (!in_directory(to)) {
        return real(from, to);
    }
    if (is("links-unknown")) {
        errno = EPERM;
        return -1;
    }
    int answer = real(from, to);
    if (answer == 0 && (is("link-exists") || is("link-fails"))) {
        errno = is("link-exists") ? EEXIST : EIO;
        return -1;
    }
    return answer;
}

int statvfs64(const char *path, struct statvfs64 *into) {
    int (*real)(const char *, struct statvfs64 *) = dlsym(RTLD_NEXT, "statvfs64");
    int answer = real(path, into);
    if (answer == 0 && in_directory(path) && is("no-blocks")) {
        into->f_blocks = into->f_bfree = into->f_bavail = 0;
    }
    return answer;
}

int statvfs(const char *path, struct statvfs *into) {
    return statvfs64(path, (struct statvfs64 *) into);
}

int statx(int at, const char *path, int flags, unsigned int mask, struct statx *into) {
    int (*real)(int, const char *, int, unsigned int, struct statx *) = dlsym(RTLD_NEXT, "statx");
    int answer = real(at, path, flags, mask, into);
    if (answer == 0 && in_directory(path) && S_ISDIR(into->stx_mode) && is("time-stands")) {
        into->stx_mtime.tv_sec = 1000000000;
        into->stx_mtime.tv_nsec = 0;
    }
    return answer;
}

static void *map_answer(const char *name, void *at, size_t length, int protection, int flags, int fd, off_t offset) {
    void *(*real)(void *, size_t, int, int, int, off_t) = dlsym(RTLD_NEXT, name);
    char path[PATH_MAX];
    if (fd >= 0 && flags & MAP_SHARED && is("no-mapping") && path_of(fd, path)) {
        errno = ENODEV;
        return MAP_FAILED;
    }
    return real(at, length, protection, flags, fd, offset);
}

void *mmap(void *at, size_t length, int protection, int flags, int fd, off_t offset) {
    return map_answer("mmap", at, length, protection, flags, fd, offset);
}

void *mmap64(void *at, size_t length, int protection, int flags, int fd, off64_t offset) {
    return map_answer("mmap64", at, length, protection, flags, fd, offset);
}

static int open_answer(const char *name, const char *path, int flags, mode_t mode) {
    int (*real)(const char *, int, ...) = dlsym(RTLD_NEXT, name);
    int fd = real(path, flags, mode);
    if (fd >= 0 && flags & O_CREAT && in_directory(path) && is("modes-ignored")) {
        fchmod(fd, 0644);
    }
    return fd;
}

int open(const char *path, int flags, ...) {
    va_list more;
    va_start(more, flags);
    mode_t mode = flags & O_CREAT ? va_arg(more, mode_t) : 0;
    va_end(more);
    return open_answer("open", path, flags, mode);
}

int open64(const char *path, int flags, ...) {
    va_list more;
    va_start(more, flags);
    mode_t mode = flags & O_CREAT ? va_arg(more, mode_t) : 0;
    va_end(more);
    return open_answer("open64", path, flags, mode);
}

/* What a rollout can cost at least: each file opened, the same statements in one transaction with
 * the stamp, committed and closed, with the same durability and locking, from as many threads. It
 * looks at nothing first, checks nothing afterwards, and keeps no record.
 *
 *   rollout SCRIPT THREADS [lean] < PATHS   SCRIPT: statements without transaction and PRAGMA
 *
 * With `lean` SQLite doesn't count its memory, for which all threads wait in line.
 */
#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char **paths;
static int count;
static char *script;
static atomic_int next;

static void run(sqlite3 *db, const char *path, const char *sql) {
    char *message = NULL;
    if (sqlite3_exec(db, sql, NULL, NULL, &message) == SQLITE_OK) return;
    fprintf(stderr, "%s: %s\n", path, message ? message : "?");
    exit(1);
}

static void change(const char *path) {
    sqlite3 *db;
    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL)) {
        fprintf(stderr, "%s: %s\n", path, sqlite3_errmsg(db));
        exit(1);
    }
    run(db, path, "PRAGMA locking_mode = EXCLUSIVE; PRAGMA synchronous = EXTRA;"
                  "PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE");
    run(db, path, script);
    run(db, path, "UPDATE _cinch_stamp SET commit_id = 'c', tree_id = 't'; COMMIT");
    sqlite3_close(db);
}

static void *work(void *unused) {
    for (int i; (i = atomic_fetch_add(&next, 1)) < count;) change(paths[i]);
    return unused;
}

static char *contents(const char *path) {
    FILE *file = fopen(path, "r");
    if (!file) { perror(path); exit(1); }
    char *text = NULL;
    size_t size = 0;
    if (getdelim(&text, &size, 0, file) < 0) { fprintf(stderr, "%s: empty\n", path); exit(1); }
    fclose(file);
    return text;
}

int main(int argc, char **argv) {
    int lean = argc == 4 && !strcmp(argv[3], "lean");
    if (argc != 3 + lean) {
        fprintf(stderr, "usage: rollout SCRIPT THREADS [lean] < PATHS\n");
        return 64;
    }
    if (lean) sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    script = contents(argv[1]);
    char *line = NULL;
    size_t size = 0;
    for (ssize_t length; (length = getline(&line, &size, stdin)) > 0; line = NULL, size = 0) {
        line[strcspn(line, "\n")] = 0;
        paths = realloc(paths, sizeof *paths * (count + 1));
        paths[count++] = line;
    }
    int threads = atoi(argv[2]);
    pthread_t ids[256];
    if (threads < 1 || threads > 256) { fprintf(stderr, "THREADS: 1 to 256\n"); return 64; }
    for (int i = 0; i < threads; i++) pthread_create(&ids[i], NULL, work, NULL);
    for (int i = 0; i < threads; i++) pthread_join(ids[i], NULL);
    printf("%d\n", count);
    return 0;
}

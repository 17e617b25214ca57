#include <sqlite3.h>

/* sqlite3_db_config() is variadic, which Swift can't call. */
static inline int cinch_db_config(sqlite3 *connection, int option, int value, int *result) {
    return sqlite3_db_config(connection, option, value, result);
}

/* Nor sqlite3_config(). */
static inline int cinch_config(int option, int value) {
    return sqlite3_config(option, value);
}

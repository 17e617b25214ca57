/*
 * CinchDB in-process: the requests of docs/http-api.md, answered by a shared library.
 *
 *     char *error = NULL;
 *     void *project = cinch_open(".", &error);
 *     char *answer = cinch_invoke(project,
 *         "{\"method\": \"POST\", \"path\": \"/v1/db/shop/branch/main/tenant/acme/query\","
 *         " \"body\": {\"sql\": \"SELECT 1 AS one\"}}");
 *     // {"status": 200, "body": {"columns": […], "rows": [{"one": 1}], …}}
 *     cinch_free(answer);
 *     cinch_close(project);
 *
 * Every text is UTF-8 and ends with a NUL. Functions may be called from any thread, several at
 * once on one project; each blocks until its answer is there and what it changed is on disk.
 */
#ifndef CINCH_H
#define CINCH_H

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Opens the project that a folder is in, found as the command line does it: the first folder
 * upwards with .cinch in it.
 *
 * folder  A path; NULL for the current folder, where CINCH_DIR may name another project.
 * error   Where a problem document is put when it fails, to be freed with cinch_free; may be NULL.
 *
 * Returns a project, to be closed with cinch_close, or NULL.
 */
void *cinch_open(const char *folder, char **error);

/*
 * Answers one request.
 *
 * request  {"method", "path", "body"}: the path percent-encoded and with its query, as in HTTP;
 *          body absent where there is none.
 *
 * Returns {"status", "body"}, to be freed with cinch_free. The body of a status of 400 and above
 * is a problem document. Never NULL.
 */
char *cinch_invoke(void *project, const char *request);

/* Frees a text that one of these functions returned. NULL is fine. */
void cinch_free(char *text);

/* Closes a project and every tenant it has open. No call on it may run or follow. */
void cinch_close(void *project);

/* The library's version, such as "0.1.0". Not to be freed. */
const char *cinch_version(void);

#ifdef __cplusplus
}
#endif

#endif

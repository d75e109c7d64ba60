/* Stands in front of SQLCipher's library and drops PRAGMA key, so that the very same program writes plain files.
   Laid in the place of libe_sqlcipher.so of a copy of the program, with the real library beside it as libkeyed.so. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <string.h>
#include <strings.h>

typedef int prepare_call(void *, const char *, int, void **, const char **);

int sqlite3_prepare_v2(void *db, const char *sql, int length, void **statement, const char **tail) {
  static prepare_call *keyed;
  if (!keyed) keyed = (prepare_call *)dlsym(RTLD_NEXT, "sqlite3_prepare_v2");
  while (strchr(" \t\r\n", *sql) && *sql) {
    sql++;
    if (length > 0) length--;
  }
  if (strncasecmp(sql, "PRAGMA key", 10)) return keyed(db, sql, length, statement, tail);
  const char *end = strchr(sql, ';');
  int result = keyed(db, "PRAGMA user_version", -1, statement, 0);
  if (tail) *tail = end ? end + 1 : sql + strlen(sql);
  return result;
}

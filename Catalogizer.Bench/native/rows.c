/* What the bench asks of SQLite in C, as the floor under our own figures:
     rows dump DATABASE KEY ROWS TABLE...      a catalogue's rows into a flat file
     rows load DATABASE KEY ROWS LATE.SQL      those rows into a new database: bare tables, then LATE.SQL
     rows ask DATABASE KEY QUERY.SQL WORDS     the query once for each line of WORDS as ?1, the nanoseconds of each on a line
   KEY is a string literal for PRAGMA key; empty leaves the database plain. The cipher's settings are the program's. */
#include "sqlite.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { ROW = 1, END = 0, BATCH = 10000 };

static sqlite3 *db;

static void die(const char *what) {
  fprintf(stderr, "%s: %s\n", what, db ? sqlite3_errmsg(db) : "failed");
  exit(1);
}

static void run(const char *sql) {
  if (sqlite3_exec(db, sql, 0, 0, 0)) die(sql);
}

static sqlite3_stmt *prepare(const char *sql) {
  sqlite3_stmt *statement;
  if (sqlite3_prepare_v2(db, sql, -1, &statement, 0)) die(sql);
  return statement;
}

static double now(void) {
  struct timespec at;
  clock_gettime(CLOCK_MONOTONIC, &at);
  return at.tv_sec + at.tv_nsec / 1e9;
}

static void open_database(const char *file, const char *key) {
  char sql[512];
  if (sqlite3_open(file, &db)) die(file);
  run("PRAGMA busy_timeout = 10000");
  if (*key) {
    snprintf(sql, sizeof sql, "PRAGMA key = %s", key);
    run(sql);
    run("PRAGMA cipher_page_size = 4096; PRAGMA kdf_iter = 64000; PRAGMA cipher_hmac_algorithm = HMAC_SHA512; PRAGMA cipher_kdf_algorithm = PBKDF2_HMAC_SHA512");
  }
  run("PRAGMA cache_size = -256000; PRAGMA temp_store = MEMORY; PRAGMA synchronous = NORMAL");
}

static char *map(const char *file, size_t *length) {
  struct stat about;
  int handle = open(file, O_RDONLY);
  if (handle < 0 || fstat(handle, &about)) die(file);
  char *at = mmap(0, about.st_size + 1, PROT_READ | PROT_WRITE, MAP_PRIVATE, handle, 0);
  if (at == MAP_FAILED) die(file);
  close(handle);
  *length = about.st_size;
  return at;
}

static void put(FILE *to, const void *bytes, uint32_t length) {
  fwrite(&length, sizeof length, 1, to);
  fwrite(bytes, 1, length, to);
}

static void dump(const char *rows, char **tables, int count) {
  FILE *to = fopen(rows, "w");
  if (!to) die(rows);
  for (int t = 0; t < count; t++) {
    char sql[512];
    snprintf(sql, sizeof sql, "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = '%s'", tables[t]);
    sqlite3_stmt *made = prepare(sql);
    if (sqlite3_step(made) != SQLITE_ROW) die(tables[t]);
    put(to, tables[t], strlen(tables[t]) + 1);
    put(to, sqlite3_column_text(made, 0), sqlite3_column_bytes(made, 0) + 1);
    sqlite3_finalize(made);
    snprintf(sql, sizeof sql, "SELECT * FROM %s ORDER BY id", tables[t]);
    sqlite3_stmt *row = prepare(sql);
    uint32_t columns = sqlite3_column_count(row);
    fwrite(&columns, sizeof columns, 1, to);
    while (sqlite3_step(row) == SQLITE_ROW) {
      fputc(ROW, to);
      for (uint32_t c = 0; c < columns; c++) {
        int type = sqlite3_column_type(row, c);
        int64_t whole;
        double real;
        fputc(type, to);
        switch (type) {
          case SQLITE_INTEGER: whole = sqlite3_column_int64(row, c); fwrite(&whole, sizeof whole, 1, to); break;
          case SQLITE_FLOAT: real = sqlite3_column_double(row, c); fwrite(&real, sizeof real, 1, to); break;
          case SQLITE_TEXT: put(to, sqlite3_column_text(row, c), sqlite3_column_bytes(row, c)); break;
          case SQLITE_BLOB: put(to, sqlite3_column_blob(row, c), sqlite3_column_bytes(row, c)); break;
        }
      }
    }
    fputc(END, to);
    sqlite3_finalize(row);
  }
  if (fclose(to)) die(rows);
}

static uint32_t number(char **at) {
  uint32_t value;
  memcpy(&value, *at, sizeof value);
  *at += sizeof value;
  return value;
}

static char *text(char **at) {
  uint32_t length = number(at);
  char *value = *at;
  *at += length;
  return value;
}

static void insert(sqlite3_stmt *into, char **at, uint32_t columns) {
  for (uint32_t c = 1; c <= columns; c++) {
    int64_t whole;
    double real;
    uint32_t length;
    switch (*(*at)++) {
      case SQLITE_INTEGER: memcpy(&whole, *at, 8); *at += 8; sqlite3_bind_int64(into, c, whole); break;
      case SQLITE_FLOAT: memcpy(&real, *at, 8); *at += 8; sqlite3_bind_double(into, c, real); break;
      case SQLITE_TEXT: length = number(at); sqlite3_bind_text(into, c, *at, length, 0); *at += length; break;
      case SQLITE_BLOB: length = number(at); sqlite3_bind_blob(into, c, *at, length, 0); *at += length; break;
      default: sqlite3_bind_null(into, c);
    }
  }
  if (sqlite3_step(into) != SQLITE_DONE) die("insert");
  sqlite3_reset(into);
}

static void load(const char *rows, const char *late) {
  size_t length, ignored;
  char *at = map(rows, &length), *end = at + length;
  double started = now();
  int64_t loaded = 0;
  run("PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 32000");
  run("BEGIN");
  while (at < end) {
    char *table = text(&at);
    run(text(&at));
    uint32_t columns = number(&at);
    char sql[1024];
    int written = snprintf(sql, sizeof sql, "INSERT INTO %s VALUES (?", table);
    for (uint32_t c = 1; c < columns; c++) written += snprintf(sql + written, sizeof sql - written, ", ?");
    snprintf(sql + written, sizeof sql - written, ")");
    sqlite3_stmt *into = prepare(sql);
    while (*at++ == ROW) {
      insert(into, &at, columns);
      if (++loaded % BATCH == 0) run("COMMIT; BEGIN");
    }
    sqlite3_finalize(into);
  }
  run("COMMIT");
  double inserted = now();
  run(map(late, &ignored));
  printf("%lld rows in %.3f s, indexes, search and counters in %.3f s\n", (long long)loaded, inserted - started, now() - inserted);
}

static void ask(const char *query, const char *words) {
  size_t ignored;
  sqlite3_stmt *asked = prepare(map(query, &ignored));
  char *word = map(words, &ignored);
  for (char *next; *word; word = next) {
    next = strchr(word, '\n');
    size_t length = next ? (size_t)(next - word) : strlen(word);
    next = next ? next + 1 : word + length;
    double started = now();
    sqlite3_bind_text(asked, 1, word, length, 0);
    while (sqlite3_step(asked) == SQLITE_ROW)
      for (int c = sqlite3_column_count(asked); c-- > 0;) sqlite3_column_text(asked, c);
    if (sqlite3_reset(asked)) die(query);
    printf("%.0f\n", (now() - started) * 1e9);
  }
  sqlite3_finalize(asked);
}

int main(int argc, char **argv) {
  if (argc < 6) {
    fprintf(stderr, "rows dump|load|ask DATABASE KEY ...\n");
    return 2;
  }
  open_database(argv[2], argv[3]);
  if (!strcmp(argv[1], "dump")) dump(argv[4], argv + 5, argc - 5);
  else if (!strcmp(argv[1], "load")) load(argv[4], argv[5]);
  else ask(argv[4], argv[5]);
  return sqlite3_close(db) ? 1 : 0;
}

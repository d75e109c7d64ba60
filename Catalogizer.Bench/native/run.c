/* run REPORT OUTPUT COMMAND [ARGUMENT...]: runs a command, its standard output into OUTPUT, and writes what it took into REPORT:
   seconds, CPU seconds, peak resident bytes. Nothing of the caller's own memory or start is in the figures. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv) {
  struct timespec from, to;
  struct rusage used;
  int status;
  if (argc < 4) {
    fprintf(stderr, "run REPORT OUTPUT COMMAND [ARGUMENT...]\n");
    return 2;
  }
  int output = open(argv[2], O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (output < 0) {
    perror(argv[2]);
    return 2;
  }
  clock_gettime(CLOCK_MONOTONIC, &from);
  pid_t child = vfork();
  if (child == 0) {
    dup2(output, 1);
    execvp(argv[3], argv + 3);
    _exit(127);
  }
  if (child < 0 || wait4(child, &status, 0, &used) != child) {
    perror(argv[3]);
    return 2;
  }
  clock_gettime(CLOCK_MONOTONIC, &to);
  FILE *report = fopen(argv[1], "w");
  if (!report) {
    perror(argv[1]);
    return 2;
  }
  fprintf(report, "%.6f %.6f %ld\n",
    (to.tv_sec - from.tv_sec) + (to.tv_nsec - from.tv_nsec) / 1e9,
    used.ru_utime.tv_sec + used.ru_stime.tv_sec + (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6,
    used.ru_maxrss * 1024L);
  fclose(report);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

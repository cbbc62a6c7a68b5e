/* A process that forks: the child can do all that the parent can, but go on with threads that it does not have. The argument is a campaign. */
#include "audience.h"

#include <errno.h>
#include <pthread.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

static const char DOCUMENT[] = "{\"send_at\": \"2026-03-02T15:00:00Z\", \"access\": {\"route\": \"unofficial\"}}";
static const struct customer CUSTOMERS[] = {
  {1, "+34600000001", "given", 0, 0}, {2, "+34600000002", "none", 0, 0}, {3, "+34600000003", "given", 1, 0}, {4, NULL, NULL, -1, 0},
};

static cts_engine *engine;
static cts_facts *campaign;
static cts_error *error;

/* The child does that; the parent waits for it to end well. */
static void in_child(void (*work)(void))
{
  pid_t child = 0;
  int status = 0;
  fflush(NULL);
  child = fork();
  CHECK(child >= 0);
  if (child == 0) {
    alarm(60);
    work();
    _exit(0);
  }
  CHECK(waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void check_once(const cts_engine *with)
{
  cts_decision *decision = NULL;
  cts_verdict verdict = CTS_VERDICT_NONE;
  cts_error *told = NULL;
  CHECK(cts_engine_check_json(with, CTS_LIT(DOCUMENT), CTS_FINDINGS, &decision, &told) == CTS_OK);
  CHECK(cts_decision_verdict(decision, &verdict) == CTS_OK && verdict == CTS_DENY);
  cts_decision_free(decision);
}

static void *checks(void *ended)
{
  int i = 0;
  (void)ended;
  for (i = 0; i < 200; i++) {
    check_once(engine);
  }
  return NULL;
}

static void checks_with_its_own(void)
{
  cts_engine *own = NULL;
  OK(cts_engine_new_built_in(&own, &error));
  check_once(own);
  cts_engine_free(own);
}

static void checks_with_both(void)
{
  check_once(engine);
  checks_with_its_own();
}

static struct ArrowArrayStream rows;
static cts_screening *screening;

static void begin(struct source *source, size_t threads)
{
  struct ArrowArrayStream audience = stream_of(source);
  cts_screen_options *options = NULL;
  CHECK(cts_screen_options_new(&options) == CTS_OK);
  OK(cts_screen_options_keep(options, CTS_LIT("id"), &error));
  OK(cts_screen_options_threads(options, threads, &error));
  OK(cts_engine_screen(engine, campaign, options, &audience, &rows, &screening, &error));
  cts_screen_options_free(options);
}

static int64_t read_all(void)
{
  struct ArrowArray array;
  int64_t count = 0;
  for (;;) {
    CHECK(rows.get_next(&rows, &array) == 0);
    if (array.release == NULL) {
      return count;
    }
    count += array.length;
    array.release(&array);
  }
}

static void goes_on(void)
{
  CHECK(read_all() == 3);
  rows.release(&rows);
  cts_screening_free(screening);
}

static void is_told(void)
{
  struct ArrowArray array;
  cts_summary *summary = NULL;
  CHECK(rows.get_next(&rows, &array) == EINVAL && array.release == NULL);
  CHECK(strncmp(rows.get_last_error(&rows), "c/forked: ", 10) == 0);
  OK(cts_screening_summary(screening, &summary, &error));
  cts_summary_free(summary);
  rows.release(&rows);
  CHECK(rows.release == NULL);
  cts_screening_free(screening);
  /* One of its own is none of the parent's. */
  {
    struct source source = source_of(CUSTOMERS, 4, 1);
    begin(&source, 3);
    CHECK(read_all() == 4);
    rows.release(&rows);
    all_released(&source);
    cts_screening_free(screening);
  }
}

int main(int argc, char **argv)
{
  struct source source = source_of(CUSTOMERS, 4, 1);
  struct ArrowArray array;
  pthread_t threads[2];
  size_t len = 0;
  size_t i = 0;
  char *document = NULL;
  CHECK(argc == 2);
  /* Before there are threads. */
  OK(cts_init(&error));
  in_child(checks_with_its_own);
  document = read_file(argv[1], &len);
  OK(cts_engine_new_built_in(&engine, &error));
  OK(cts_facts_new_from_json(engine, document, len, &campaign, &error));
  free(document);

  for (i = 0; i < 2; i++) {
    CHECK(pthread_create(&threads[i], NULL, checks, NULL) == 0);
  }
  for (i = 0; i < 5; i++) {
    in_child(checks_with_both);
  }
  for (i = 0; i < 2; i++) {
    CHECK(pthread_join(threads[i], NULL) == 0);
  }

  /* A screening without threads goes on in the child as in the parent. */
  begin(&source, 1);
  CHECK(rows.get_next(&rows, &array) == 0 && array.length == 1);
  array.release(&array);
  in_child(goes_on);
  goes_on();
  all_released(&source);

  /* One with threads is the parent's. */
  source = source_of(CUSTOMERS, 4, 1);
  begin(&source, 3);
  CHECK(rows.get_next(&rows, &array) == 0 && array.length == 1);
  array.release(&array);
  in_child(is_told);
  goes_on();
  all_released(&source);

  cts_facts_free(campaign);
  cts_engine_free(engine);
  return 0;
}

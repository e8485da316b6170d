/* libpq: asynchronous calls, pipeline mode, single-row mode, COPY without blocking, cancellation, PQfn.
 * Each step prints one line, `name<TAB>text`. The same program runs directly and through the gateway; see ../transcript.ts. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <libpq-fe.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static PGconn *c;

static void tell(const char *name, PGresult *r) {
  printf("%s\t%s", name, PQresStatus(PQresultStatus(r)));
  const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE);
  if (state) printf(" %s %s position=%s", state, PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY), PQresultErrorField(r, PG_DIAG_STATEMENT_POSITION) ? PQresultErrorField(r, PG_DIAG_STATEMENT_POSITION) : "");
  printf(" %s", PQcmdStatus(r));
  for (int i = 0; i < PQntuples(r) && i < 3; i++)
    for (int j = 0; j < PQnfields(r); j++)
      printf(" %s=%s", PQfname(r, j), PQgetisnull(r, i, j) ? "NULL" : PQfformat(r, j) ? "(binary)" : PQgetvalue(r, i, j));
  printf(" rows=%d\n", PQntuples(r));
  PQclear(r);
}

/* Waits for the socket, as a program with an event loop does. */
static PGresult *next(void) {
  while (PQisBusy(c)) {
    struct pollfd p = {PQsocket(c), POLLIN, 0};
    poll(&p, 1, 30000);
    if (!PQconsumeInput(c)) return NULL;
  }
  return PQgetResult(c);
}

static void drain(const char *name) {
  PGresult *r;
  while ((r = next())) tell(name, r);
}

static void flush_all(void) {
  while (PQflush(c) == 1) {
    struct pollfd p = {PQsocket(c), POLLOUT | POLLIN, 0};
    poll(&p, 1, 30000);
    if (p.revents & POLLIN) PQconsumeInput(c);
  }
}

static void on_notice(void *unused, const PGresult *r) {
  (void)unused;
  printf("notice\t%s %s\n", PQresultErrorField(r, PG_DIAG_SEVERITY), PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY));
}

int main(void) {
  c = PQconnectStart("");
  for (PostgresPollingStatusType s = PGRES_POLLING_WRITING; s != PGRES_POLLING_OK;) {
    if (s == PGRES_POLLING_FAILED) { fprintf(stderr, "%s", PQerrorMessage(c)); return 1; }
    struct pollfd p = {PQsocket(c), s == PGRES_POLLING_READING ? POLLIN : POLLOUT, 0};
    poll(&p, 1, 30000);
    s = PQconnectPoll(c);
  }
  PQsetNoticeReceiver(c, on_notice, NULL);
  PQsetnonblocking(c, 1);
  printf("connected\tprotocol=%d encoding=%s status=%d\n", PQprotocolVersion(c), PQparameterStatus(c, "client_encoding"), PQtransactionStatus(c));

  PQsendQuery(c, "SELECT 1 AS a; SELECT 2 AS b, 3; SELECT nothing; SELECT 4");
  drain("several statements");
  const char *values[] = {"7", NULL, "it's"};
  PQsendQueryParams(c, "SELECT $1::int AS a, $2::text AS b, $3::text AS c", 3, NULL, values, NULL, NULL, 0);
  drain("parameters");
  PQsendQueryParams(c, "SELECT * FROM public.items WHERE id = $1", 1, NULL, values, NULL, NULL, 1);
  drain("binary results");
  PQsendPrepare(c, "mine", "SELECT name FROM public.items WHERE id = $1", 0, NULL);
  drain("prepare");
  PQsendQueryPrepared(c, "mine", 1, values, NULL, NULL, 0);
  drain("execute");
  PQsendDescribePrepared(c, "mine");
  drain("describe");
  PQsendDescribePrepared(c, "nobody");
  drain("describe of nothing");
  PQsendDescribePortal(c, "nobody");
  drain("describe of no portal");

  PQsendQuery(c, "SELECT id FROM public.items ORDER BY id");
  PQsetSingleRowMode(c);
  long sum = 0;
  for (PGresult *r; (r = next()); PQclear(r))
    if (PQntuples(r)) sum += atol(PQgetvalue(r, 0, 0));
  printf("single rows\t%ld\n", sum);

  PQenterPipelineMode(c);
  char number[16];
  const char *one[] = {number};
  for (int i = 0; i < 2000; i++) {
    snprintf(number, sizeof number, "%d", i);
    PQsendQueryPrepared(c, "mine", 1, one, NULL, NULL, 0);
    if (i % 500 == 499) PQpipelineSync(c);
  }
  flush_all();
  int syncs = 0, found = 0;
  while (syncs < 4) {
    PGresult *r = next();
    if (!r) continue;
    if (PQresultStatus(r) == PGRES_PIPELINE_SYNC) syncs++;
    else found += PQntuples(r);
    PQclear(r);
  }
  printf("pipeline\t%d\n", found);

  PQsendQueryParams(c, "SELECT 1", 0, NULL, NULL, NULL, NULL, 0);
  PQsendQueryParams(c, "SELECT 1 / 0", 0, NULL, NULL, NULL, NULL, 0);
  PQsendQueryParams(c, "SELECT 3", 0, NULL, NULL, NULL, NULL, 0);
  PQpipelineSync(c);
  PQsendQueryParams(c, "SELECT 4", 0, NULL, NULL, NULL, NULL, 0);
  PQsendFlushRequest(c);
  flush_all();
  for (int seen = 0; seen < 5;) {
    PGresult *r = next();
    if (!r) continue;
    tell("a pipeline with an error", r);
    seen++;
  }
  PQpipelineSync(c);
  flush_all();
  for (;;) {
    PGresult *r = next();
    if (!r) continue;
    int done = PQresultStatus(r) == PGRES_PIPELINE_SYNC;
    PQclear(r);
    if (done) break;
  }
  printf("pipeline left\t%d\n", PQexitPipelineMode(c));

  PQsendQuery(c, "COPY public.scratch FROM STDIN");
  tell("copy in", next());
  for (int i = 0; i < 2000; i++) {
    char line[64];
    int length = snprintf(line, sizeof line, "%d\tnote %d\n", i, i);
    while (PQputCopyData(c, line, length) == 0) flush_all();
  }
  while (PQputCopyEnd(c, NULL) == 0) flush_all();
  flush_all();
  drain("copy in");
  PQsendQuery(c, "COPY public.scratch TO STDOUT");
  tell("copy out", next());
  char *line;
  int length, lines = 0;
  while ((length = PQgetCopyData(c, &line, 1)) != -1 && length != -2) {
    if (length == 0) {
      struct pollfd p = {PQsocket(c), POLLIN, 0};
      poll(&p, 1, 30000);
      PQconsumeInput(c);
      continue;
    }
    lines++;
    PQfreemem(line);
  }
  printf("copied lines\t%d\n", lines);
  drain("copy out");
  PQsendQuery(c, "DELETE FROM public.scratch");
  drain("delete");
  PQsendQuery(c, "COPY public.scratch FROM STDIN");
  tell("copy given up", next());
  while (PQputCopyEnd(c, "on second thoughts") == 0) flush_all();
  flush_all();
  drain("copy given up");

  PQsendQuery(c, "SELECT pg_sleep(30)");
  flush_all();
  usleep(300000);
  PGcancel *cancel = PQgetCancel(c);
  char words[256];
  printf("cancel\t%d\n", PQcancel(cancel, words, sizeof words));
  PQfreeCancel(cancel);
  drain("cancelled");
  /* From 17 on: a cancel request that is encrypted and checked as the connection is. */
  void *(*create)(PGconn *) = (void *(*)(PGconn *))dlsym(RTLD_DEFAULT, "PQcancelCreate");
  int (*blocking)(void *) = (int (*)(void *))dlsym(RTLD_DEFAULT, "PQcancelBlocking");
  void (*finish)(void *) = (void (*)(void *))dlsym(RTLD_DEFAULT, "PQcancelFinish");
  if (create && blocking && finish) {
    PQsendQuery(c, "SELECT pg_sleep(30)");
    flush_all();
    usleep(300000);
    void *encrypted = create(c);
    printf("encrypted cancel\t%d\n", blocking(encrypted));
    finish(encrypted);
    drain("cancelled, encrypted");
  }
  PQsendQuery(c, "DROP TABLE IF EXISTS public.never_there");
  drain("a notice");
  PQsetnonblocking(c, 0);
  PQreset(c);
  tell("after a reset", PQexec(c, "SELECT 1"));
  tell("MASKED", PQexec(c, "SELECT ssn FROM public.people ORDER BY id LIMIT 1"));
  int result, result_length;
  PQArgBlock argument = {4, 1, {.integer = -1}};
  PGresult *r = PQfn(c, 957 /* lo_creat */, &result, &result_length, 1, &argument, 1);
  printf("PQfn of a large object\t%s\n", PQresultStatus(r) == PGRES_COMMAND_OK ? "done" : PQresultErrorField(r, PG_DIAG_SQLSTATE));
  PQclear(r);
  tell("after PQfn", PQexec(c, "SELECT 1"));
  PQfinish(c);
  return 0;
}

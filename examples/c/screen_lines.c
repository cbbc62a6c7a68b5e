/* A campaign judged for a whole audience without Arrow: lines of JSON in, lines of JSON out, or a file where one is named. The arguments are
 * a campaign document that tells of no recipient and, if wanted, an audience in a file (.csv, .ndjson, .parquet, .arrow). */
#include <cleartosend.h>

#include <stdio.h>
#include <stdlib.h>

static const char lines[] =
  "{\"id\": 1001, \"recipient.phone\": \"+34600000001\", \"recipient.opted_out\": false, \"recipient.opt_in\": \"given\", "
  "\"recipient.opt_in_at\": \"2025-06-14T09:30:00Z\", \"recipient.last_inbound_at\": null, \"recipient.marketing_received_24h\": 0}\n"
  "{\"id\": 1002, \"recipient.phone\": \"+34600000002\", \"recipient.opted_out\": true, \"recipient.opt_in\": \"given\", "
  "\"recipient.opt_in_at\": \"2025-06-14T09:30:00Z\", \"recipient.last_inbound_at\": null, \"recipient.marketing_received_24h\": 0}\n";

static void must(cts_status status, cts_error **error)
{
  cts_str message = {0, 0};
  if (status == CTS_OK) {
    return;
  }
  fprintf(stderr, "error: %s", cts_status_name(status));
  if (error != NULL && cts_error_message(*error, &message) == CTS_OK) {
    fprintf(stderr, ": %.*s", CTS_STR_ARG(message));
    cts_error_free(*error);
  }
  fprintf(stderr, "\n");
  exit(2);
}

int main(int argc, char **argv)
{
  static char document[1 << 20];
  cts_engine *engine = NULL;
  cts_facts *campaign = NULL;
  cts_screen_options *options = NULL;
  cts_bytes *rows = NULL;
  cts_summary *summary = NULL;
  cts_summary_info info = CTS_SUMMARY_INFO_INIT;
  cts_error *error = NULL;
  const uint8_t *data = NULL;
  size_t len = 0;
  FILE *file = argc == 2 || argc == 3 ? fopen(argv[1], "rb") : NULL;

  if (file == NULL) {
    fprintf(stderr, "usage: screen_lines CAMPAIGN.json [AUDIENCE]\n");
    return 2;
  }
  len = fread(document, 1, sizeof document, file);
  fclose(file);

  must(cts_engine_new_built_in(&engine, &error), &error);
  must(cts_facts_new_from_json(engine, document, len, &campaign, &error), &error);
  must(cts_screen_options_new(&options), NULL);
  must(cts_screen_options_keep(options, CTS_LIT("id"), &error), &error);
  must(cts_screen_options_ignore(options, CTS_LIT("name"), &error), &error);
  if (argc == 3) {
    must(cts_engine_screen_file(engine, campaign, options, argv[2], strlen(argv[2]), CTS_FORMAT_BY_NAME, NULL, 0,
                                CTS_FORMAT_BY_NAME, &summary, &error),
         &error);
  } else {
    must(cts_engine_screen_bytes(engine, campaign, options, lines, sizeof lines - 1, CTS_NDJSON, CTS_NDJSON, &rows, &summary, &error),
         &error);
    must(cts_bytes_read(rows, &data, &len), NULL);
    fwrite(data, 1, len, stdout);
  }
  must(cts_summary_read(summary, &info), NULL);
  printf("allow %llu, review %llu, deny %llu\n", (unsigned long long)info.verdicts.allow,
         (unsigned long long)info.verdicts.review, (unsigned long long)info.verdicts.deny);

  cts_summary_free(summary);
  cts_bytes_free(rows);
  cts_screen_options_free(options);
  cts_facts_free(campaign);
  cts_engine_free(engine);
  return info.worst == CTS_ALLOW ? 0 : info.worst == CTS_DENY ? 1 : 3;
}

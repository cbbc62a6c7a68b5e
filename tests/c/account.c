/* An account's state by events: what became of each, what the state says, what facts learn of it, what may follow. */
#include "check.h"

static const char BEGUN[] = "{\"account\": {\"approved_use_cases\": [\"marketing\"], \"name\": \"Flor y Hilo\"}}";

static const char APPROVED[] =
  "{\"object\": \"whatsapp_business_account\", \"entry\": [{\"id\": \"100\", \"time\": 1768035600, \"changes\": [{\"field\":"
  " \"account_review_update\", \"value\": {\"decision\": \"APPROVED\"}}]}]}";

static const char RESTRICTED[] =
  "{\"object\": \"whatsapp_business_account\", \"entry\": [{\"id\": \"100\", \"time\": 1770714000, \"changes\": [{\"field\":"
  " \"account_update\", \"value\": {\"event\": \"ACCOUNT_RESTRICTION\", \"restriction_info\": [{\"restriction_type\":"
  " \"RESTRICTED_BIZ_INITIATED_MESSAGING\", \"expiration\": 1770973200}]}},"
  " {\"field\": \"something_new\", \"value\": {\"a\": 1}}]}]}";

/* An answer of the Graph API, as it comes. */
static const char READ[] = "{\"id\": \"100\", \"name\": \"Flor y Hilo\", \"account_review_status\": \"APPROVED\"}";

/* Within the restriction. */
static const char CAMPAIGN[] =
  "{\"send_at\": \"2026-02-11T12:00:00Z\", \"campaign\": {\"initiated_by\": \"business\", \"category\": \"marketing\"},"
  " \"recipient\": {\"phone\": \"+34600000000\"}}";

static cts_engine *engine;
static cts_account *account;
static cts_error *error;

/* Takes in an event and gives what became of its change at that index; the rest is read and thrown away. */
static cts_change_outcome applied(const char *event, size_t index, size_t changes_wanted)
{
  cts_changes *changes = NULL;
  cts_change change = CTS_CHANGE_INIT;
  cts_text *json = NULL;
  cts_str text = {0, 0};
  size_t count = 0;
  size_t i = 0;
  OK(cts_account_apply(account, event, strlen(event), &changes, &error));
  CHECK(cts_changes_count(changes, &count) == CTS_OK && count == changes_wanted);
  CHECK(cts_changes_read(changes, count, &change) == CTS_ERR_INDEX);
  CHECK(cts_changes_read(changes, index, &change) == CTS_OK);
  CHECK(change.struct_size == sizeof change && change.path.len > 0 && change.field.len > 0);
  CHECK(change.at.len == 20);
  for (i = 0; i < change.says_count; i++) {
    CHECK(change.says[i].len > 10);
  }
  for (i = 0; i < change.notes_count; i++) {
    CHECK(change.notes[i].len > 10);
  }
  CHECK(change.says_count > 0 || change.outcome != CTS_CHANGE_APPLIED);
  OK(cts_changes_json(changes, &json, &error));
  cts_changes_free(changes);
  /* The text is as old as its own handle. */
  CHECK(cts_text_read(json, &text) == CTS_OK && text.data[0] == '{' && text.data[text.len - 1] == '}');
  cts_text_free(json);
  return change.outcome;
}

static int holds(cts_text *json, const char *wanted)
{
  cts_str text = {0, 0};
  char *copy = NULL;
  int found = 0;
  CHECK(cts_text_read(json, &text) == CTS_OK);
  copy = (char *)malloc(text.len + 1);
  CHECK(copy != NULL);
  memcpy(copy, text.data, text.len);
  copy[text.len] = '\0';
  found = strstr(copy, wanted) != NULL;
  free(copy);
  cts_text_free(json);
  return found;
}

static int shown(const char *wanted)
{
  cts_text *json = NULL;
  OK(cts_account_show(account, NULL, 0, &json, &error));
  return holds(json, wanted);
}

static int shown_at(int64_t seconds, const char *wanted)
{
  cts_text *json = NULL;
  OK(cts_account_show_at(account, seconds, 0, CTS_LIT("+34600000000"), &json, &error));
  return holds(json, wanted);
}

static int violates(const cts_facts *facts, const char *rule)
{
  cts_decision *decision = NULL;
  size_t count = 0;
  size_t i = 0;
  int found = 0;
  OK(cts_engine_check(engine, facts, CTS_FINDINGS, &decision, &error));
  CHECK(cts_decision_finding_count(decision, &count) == CTS_OK);
  for (i = 0; i < count; i++) {
    cts_finding finding = CTS_FINDING_INIT;
    CHECK(cts_decision_finding(decision, i, &finding) == CTS_OK);
    found |= finding.status == CTS_VIOLATED && is(finding.rule, rule);
  }
  cts_decision_free(decision);
  return found;
}

static void events(void)
{
  cts_changes *changes = NULL;
  cts_text *before = NULL;
  cts_text *after = NULL;
  cts_str one = {0, 0};
  cts_str other = {0, 0};
  int64_t seconds = 1;
  uint32_t nanos = 1;
  size_t count = 1;

  /* The base document is the account's row. */
  CHECK(cts_account_event_count(account, &count) == CTS_OK && count == 1);
  CHECK(cts_account_last_event_at(account, &seconds, &nanos) == CTS_ERR_EMPTY && seconds == 0 && nanos == 0);
  CHECK(shown("Flor y Hilo") && !shown("restrictions"));

  CHECK(applied(APPROVED, 0, 1) == CTS_CHANGE_APPLIED);
  CHECK(shown("\"restrictions\":[]"));
  CHECK(applied(APPROVED, 0, 1) == CTS_CHANGE_REPEATED);
  CHECK(applied(RESTRICTED, 1, 2) == CTS_CHANGE_UNKNOWN);
  CHECK(applied(RESTRICTED, 0, 2) == CTS_CHANGE_REPEATED);
  CHECK(shown("business_initiated") && shown("2026-02-13T09:00:00Z"));
  /* Its base document had no id, and events name the account: two rows. */
  CHECK(cts_account_event_count(account, &count) == CTS_OK && count == 2);
  CHECK(cts_account_last_event_at(account, &seconds, &nanos) == CTS_OK && seconds == 1770714000 && nanos == 0);
  /* As of a day before all events only what was there before them is known, and what has dates of its own. */
  CHECK(shown_at(1700000000, "Flor y Hilo") && !shown_at(1700000000, "approved\""));

  /* What is refused leaves the state as it was. */
  OK(cts_account_json(account, &before, &error));
  FAILS(cts_account_apply(account, CTS_LIT("{\"entry\": 1}"), &changes, &error), CTS_ERR_ACCOUNT, "account/wrong-type");
  FAILS(cts_account_apply(account, CTS_LIT("{"), &changes, &error), CTS_ERR_ACCOUNT, "account/syntax");
  FAILS(cts_account_apply(account, NULL, 0, &changes, &error), CTS_ERR_ACCOUNT, "account/syntax");
  FAILS(cts_account_apply(account, CTS_LIT(READ), &changes, &error), CTS_ERR_ACCOUNT, "account/no-read-time");
  CHECK(changes == NULL);
  OK(cts_account_json(account, &after, &error));
  CHECK(cts_text_read(before, &one) == CTS_OK && cts_text_read(after, &other) == CTS_OK);
  CHECK(one.len == other.len && memcmp(one.data, other.data, one.len) == 0);
  cts_text_free(after);

  OK(cts_account_apply_read_at(account, CTS_LIT(READ), 1770800000, 5, &changes, &error));
  cts_changes_free(changes);
  CHECK(cts_account_last_event_at(account, &seconds, &nanos) == CTS_OK && seconds == 1770800000);

  /* A state that was written and read goes on where it was. */
  cts_account_free(account);
  account = NULL;
  CHECK(cts_text_read(before, &one) == CTS_OK);
  OK(cts_account_new_from_json(one.data, one.len, &account, &error));
  OK(cts_account_json(account, &after, &error));
  CHECK(cts_text_read(after, &other) == CTS_OK);
  CHECK(one.len == other.len && memcmp(one.data, other.data, one.len) == 0);
  cts_text_free(before);
  cts_text_free(after);
}

/* Which accounts an event is about, what was not understood, who is forgotten: each as a line of JSON. */
static void of_a_book(void)
{
  static const char PREFERENCE[] =
    "{\"entry\": [{\"id\": \"300\", \"changes\": [{\"field\": \"user_preferences\", \"value\": {\"user_preferences\": [{\"wa_id\":"
    " \"34600000007\", \"category\": \"marketing_messages\", \"value\": \"stop\", \"timestamp\": 1772000000}]}}]},"
    " {\"id\": \"200\", \"time\": 1772000000, \"changes\": [{\"field\": \"account_update\", \"value\": {\"event\": \"ACCOUNT_DELETED\"}},"
    " {\"field\": \"account_update\", \"value\": {\"event\": \"SOMETHING_NEW\"}}]}]}";
  cts_account *book = NULL;
  cts_changes *changes = NULL;
  cts_text *json = NULL;
  OK(cts_accounts_in(CTS_LIT(PREFERENCE), &json, &error));
  CHECK(holds(json, "[\"200\",\"300\"]"));
  FAILS(cts_accounts_in(CTS_LIT("{"), &json, &error), CTS_ERR_ACCOUNT, "account/syntax");
  OK(cts_account_new_from_json(CTS_LIT("{}"), &book, &error));
  OK(cts_account_ids(book, &json, &error));
  CHECK(holds(json, "[]"));
  OK(cts_account_apply(book, CTS_LIT(PREFERENCE), &changes, &error));
  cts_changes_free(changes);
  OK(cts_account_ids(book, &json, &error));
  CHECK(holds(json, "[\"200\"]"));
  OK(cts_account_keys(book, &json, &error));
  CHECK(holds(json, "[\"account/200\",\"recipient/300/+34600000007\"]"));
  OK(cts_account_not_understood(book, NULL, 0, &json, &error));
  CHECK(holds(json, "\"event\":\"SOMETHING_NEW\""));
  FAILS(cts_account_not_understood(book, CTS_LIT("7"), &json, &error), CTS_ERR_ACCOUNT, "account/no-such-account");
  OK(cts_account_acknowledge(book, CTS_LIT("200"), 1772000060, 0, &error));
  OK(cts_account_not_understood(book, CTS_LIT("200"), &json, &error));
  CHECK(holds(json, "[]"));
  FAILS(cts_account_row(book, CTS_LIT("account/999"), &json, &error), CTS_ERR_EMPTY, "c/no-row");
  OK(cts_account_row(book, CTS_LIT("account/200"), &json, &error));
  CHECK(!holds(json, "by phone"));
  FAILS(cts_account_appeal(book, NULL, 0, CTS_LIT("no_such_kind"), 1772000120, 0, CTS_LIT("by phone"), &error), CTS_ERR_ACCOUNT,
        "account/unknown-restriction");
  OK(cts_account_appeal(book, NULL, 0, CTS_LIT("account_disabled"), 1772000120, 0, CTS_LIT("by phone"), &error));
  OK(cts_account_row(book, CTS_LIT("account/200"), &json, &error));
  CHECK(holds(json, "by phone"));
  OK(cts_account_expire(book, 1772000000, 0, &json, &error));
  CHECK(holds(json, "\"removed\":[]"));
  FAILS(cts_account_forget(book, CTS_LIT("hola"), &json, &error), CTS_ERR_ACCOUNT, "account/not-a-person");
  OK(cts_account_forget(book, CTS_LIT("+34600000008"), &json, &error));
  CHECK(holds(json, "{\"removed\":[],\"replaced\":[]}"));
  OK(cts_account_forget(book, CTS_LIT("+34600000007"), &json, &error));
  CHECK(holds(json, "recipient/300/+34600000007"));
  cts_account_free(book);
}

static void facts_and_decisions(void)
{
  cts_facts *facts = NULL;
  uint32_t send_at = 0;
  OK(cts_facts_new_from_json(engine, CTS_LIT(CAMPAIGN), &facts, &error));
  CHECK(!violates(facts, "account.business-initiated-blocked"));
  OK(cts_account_tell(account, facts, &error));
  CHECK(violates(facts, "account.business-initiated-blocked"));
  OK(cts_engine_attribute(engine, CTS_LIT("send_at"), &send_at, &error));
  OK(cts_facts_set_instant(facts, send_at, 1770973200, 0, &error));
  CHECK(!violates(facts, "account.business-initiated-blocked"));
  cts_facts_free(facts);
}

static void projections(void)
{
  cts_projection *projection = NULL;
  cts_projection_info info = CTS_PROJECTION_INFO_INIT;
  cts_projection_step step = CTS_PROJECTION_STEP_INIT;
  cts_text *json = NULL;
  cts_text *same = NULL;
  cts_str one = {0, 0};
  cts_str other = {0, 0};
  cts_facts *facts = NULL;
  size_t i = 0;
  size_t j = 0;
  OK(cts_engine_project(engine, account, CTS_LIT("spam"), 1772452800, 0, &projection, &error));
  CHECK(cts_projection_read(projection, &info) == CTS_OK);
  CHECK(is(info.violation, "spam") && is(info.at, "2026-03-02T12:00:00Z") && info.covered == 1 && info.immediate == 0);
  CHECK(info.step_count > 0 && info.decided == (info.step_count == 1) && info.reached.len > 0);
  CHECK(info.missing_count == 0 && is(info.ladder_pack, "whatsapp") && info.ladder_id.len > 0 && info.ladder_title.len > 0);
  CHECK(info.ladder_from.len == 20 && info.ladder_source.len > 0 && info.ladder_url.len > 8 && info.ladder_retrieved.len == 20);
  for (i = 0; i < info.step_count; i++) {
    CHECK(cts_projection_read_step(projection, i, &step) == CTS_OK);
    CHECK(step.struct_size == sizeof step && step.id.len > 0 && step.title.len > 0 && step.ends.len > 0 && step.appeal.len > 0);
    CHECK(step.length_count > 0);
    for (j = 0; j < step.length_count; j++) {
      CHECK(step.lengths[j].days == 0 ? step.lengths[j].until.data == NULL : step.lengths[j].until.len == 20);
    }
    for (j = 0; j < step.block_count; j++) {
      CHECK(step.blocks[j].len > 0);
    }
    for (j = 0; j < step.exposure_count; j++) {
      CHECK(step.exposure[j].len > 0);
    }
  }
  CHECK(cts_projection_read_step(projection, info.step_count, &step) == CTS_ERR_INDEX);
  OK(cts_projection_json(projection, &json, &error));
  cts_projection_free(projection);
  projection = NULL;

  /* Facts that the state has told have the same history. */
  OK(cts_facts_new(engine, &facts, &error));
  OK(cts_account_tell(account, facts, &error));
  OK(cts_engine_project_facts(engine, facts, CTS_LIT("spam"), 1772452800, 0, &projection, &error));
  OK(cts_projection_json(projection, &same, &error));
  CHECK(cts_text_read(json, &one) == CTS_OK && cts_text_read(same, &other) == CTS_OK);
  CHECK(one.len == other.len && memcmp(one.data, other.data, one.len) == 0);
  cts_projection_free(projection);
  cts_text_free(json);
  cts_text_free(same);
  projection = NULL;

  FAILS(cts_engine_project(engine, account, CTS_LIT("spamm"), 0, 0, &projection, &error), CTS_ERR_ACCOUNT, "account/unknown-violation");
  CHECK(projection == NULL);

  /* Before there was any ladder. */
  OK(cts_engine_project(engine, account, CTS_LIT("spam"), 0, 0, &projection, &error));
  CHECK(cts_projection_read(projection, &info) == CTS_OK);
  CHECK(info.step_count == 0 && info.ladder_id.data == NULL && info.ladder_from.data == NULL && info.reached.data == NULL);
  cts_projection_free(projection);
  cts_facts_free(facts);
}

int main(void)
{
  OK(cts_engine_new_built_in(&engine, &error));
  FAILS(cts_account_new_from_json(CTS_LIT("{\"acount\": {}}"), &account, &error), CTS_ERR_ACCOUNT, "account/unknown-member");
  CHECK(account == NULL);
  OK(cts_account_new_from_json(CTS_LIT(BEGUN), &account, &error));
  events();
  facts_and_decisions();
  projections();
  of_a_book();
  cts_account_free(account);
  cts_engine_free(engine);
  return 0;
}

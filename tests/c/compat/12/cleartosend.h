/*
 * cleartosend: are we clear to send? A compliance gate for WhatsApp campaigns, inside your own process.
 *
 * The whole contract is on this page; every function adds what is special about it.
 *
 * In short:
 *
 *     cts_engine *engine = NULL;
 *     cts_decision *decision = NULL;
 *     cts_error *error = NULL;
 *     cts_verdict verdict = CTS_VERDICT_NONE;
 *     if (cts_engine_new_built_in(&engine, &error) == CTS_OK &&
 *         cts_engine_check_json(engine, json, json_len, CTS_FINDINGS, &decision, &error) == CTS_OK &&
 *         cts_decision_verdict(decision, &verdict) == CTS_OK && verdict == CTS_ALLOW) {
 *         send();
 *     }
 *     cts_error_free(error);
 *     cts_decision_free(decision);
 *     cts_engine_free(engine);
 *
 * Purity. A check reads no clock, file, environment, locale, network or random number. The same facts, packs and directory give the same
 * decision, byte for byte, on every machine and through every other binding. Only cts_builder_add_pack_folder, cts_pack_read_folder,
 * cts_engine_screen_file and cts_scan open files, those that they are given.
 *
 * Failure. Every call that can fail returns a cts_status, and compilers warn where it is not looked at (CTS_NODISCARD). Outputs come last.
 * A call that fails sets each of them that is not NULL to its safe value: NULL, 0, CTS_VERDICT_NONE, a structure of zeros but for
 * its struct_size. What was there before is overwritten, not freed. So a verdict is CTS_ALLOW only if a check said so: no other value means
 * "clear to send", and zeroed memory does not either. A bad document, an unlisted provider and a missing fact are different things: the first
 * fails the call, the other two are findings of a decision. Most calls take `cts_error **error` as their last argument: give NULL, or the
 * address of a pointer. It is set to NULL on CTS_OK, else to an error that is yours to free with cts_error_free. Do not read that pointer in the argument list of
 * a call around the one that sets it, as in must(cts_f(&error), error): C does not say which is done first. A status says what was misused where
 * it can be detected: NULL, a handle of another type, a text that is not UTF-8, a number outside of its list, an unknown struct_size, a length that
 * no object or nothing of its kind has (a text that is no document: 8,192 bytes), before anything is read. A length that is merely too great,
 * or a handle that was freed long ago, cannot be detected, as anywhere in C. No panic of the library crosses into the caller; one that is caught
 * becomes CTS_ERR_PANIC. Three things end the process: memory that runs out, a stack that is too small, and an exception that leaves a function
 * of an audience.
 *
 * Audiences. Whole audiences are screened as files (cts_engine_screen_file), as the bytes of tables in CSV, JSON, Parquet or Arrow IPC
 * (cts_engine_screen_bytes), or as streams of the Arrow C data interface, whose structures are declared below: cts_engine_screen takes one over and gives one. What an Arrow stream promises, its arrays and its errors, is as Arrow specifies it; the function says the rest.
 *
 * Ownership. No call takes over what it is given, but where its comment says so (an audience); what it keeps of an input, it copies. What a call
 * hands over (`name **name`) is the caller's and is freed with the matching `_free`, which takes NULL. Nothing else is freed. A handle holds all that it
 * needs: handles can be freed in any order. Text and JSON follow one pattern: what is part of a handle that never changes is borrowed from it (`cts_str *`),
 * what a call makes anew is handed over (`cts_text **`, and `cts_bytes **` for bytes). A cts_str in an output is borrowed: from the handle that the call was given, until that is freed
 * (a report: until it is filled anew). It is UTF-8, `len` bytes, without a NUL at its end: print it with "%.*s" and CTS_STR_ARG. Inputs are
 * borrowed for the call only; texts go in as pointer and length, for which CTS_LIT writes both of a literal. (NULL, 0) is an empty input.
 *
 * Threads. A `const` handle may be used by any number of threads at once; any other by one at a time. No thread is started, but by a
 * screening that was asked to (cts_screen_options_threads). An engine can be replaced while others check (cts_engine_replace): a lock is
 * held while a pointer is copied, never while anything is checked or built.
 * There is no state outside of handles but constants, which are made at their first use and kept; so a library that was loaded by dlopen stays
 * loaded (-z nodelete). Signal handlers, the locale and Rust's panic
 * hook are left alone. No function may be called from a signal handler. Making or replacing an engine of packs that are written to be deep takes
 * up to 256 KiB of stack, everything else 64.
 *
 * Cost. Making or replacing an engine takes tens of milliseconds, a check of facts microseconds, of a document tens of them; each finding of a
 * decision that is undetermined adds some two microseconds. Documents have at most 1 MiB; a string of one, a name or a path 8,192 bytes. A batch
 * of an audience costs as much as a few hundred rows, however small it is: give a thousand rows and more. What was measured is in
 * docs/performance.md.
 *
 * Fork. After a fork every handle is as good in the child as in the parent, with two exceptions. If a thread of the parent was inside of a call
 * at that moment, what it was doing is never finished in the child: call cts_init before there are threads, and do not use in the child the
 * handles that other threads were changing or replacing. And a screening with more than one thread has none of them in the child: its rows give
 * EINVAL there, and releasing them leaks it.
 *
 * Callbacks. The only functions of yours that are called are those of an audience's stream, its schema and its arrays. They must return: not
 * throw, and not longjmp over the call that called them. In C++, catch everything inside of them and return an errno.
 *
 * Versions. CTS_ABI_VERSION rises whenever a function, a structure or a number of this header changes. Where something was only added, programs
 * that were built before go on working, and CTS_ABI_OLDEST stays; where anything else changed, it rises too, and with it the name of the shared
 * library (its soname). cts_abi_matches() tells whether the library which was loaded serves this header. Structures that a program declares
 * itself begin with struct_size and are set up by their INIT macro; new members come at their end, and a library fills as many as the program
 * knows. Structures without struct_size (cts_str, cts_pack_file, cts_length, cts_verdict_counts) never grow. Numbers are never reused.
 */

#ifndef CLEARTOSEND_H
#define CLEARTOSEND_H

/* Made by `cargo xtask c` from the sources in ffi/src; do not edit. */

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The version of the library that this header is from. */
#define CTS_VERSION "0.1.0"
#define CTS_VERSION_MAJOR 0
#define CTS_VERSION_MINOR 1
#define CTS_VERSION_PATCH 0

/*
 * Before every function that gives a status: not to look at it is a mistake. Define it yourself, as nothing or as what your compiler has, before
 * this header is included, and it is left alone.
 */
#ifndef CTS_NODISCARD
#if defined(__cplusplus) && __cplusplus >= 201703L
#define CTS_NODISCARD [[nodiscard]]
#elif defined(__STDC_VERSION__) && __STDC_VERSION__ >= 202311L
#define CTS_NODISCARD [[nodiscard]]
#elif defined(__GNUC__) || defined(__clang__)
#define CTS_NODISCARD __attribute__((__warn_unused_result__))
#elif defined(_MSC_VER) && _MSC_VER >= 1700
#include <sal.h>
#define CTS_NODISCARD _Check_return_
#else
#define CTS_NODISCARD
#endif
#endif

/*
 * The Arrow C data interface and C stream interface, by which audiences come and go, member by member as Apache Arrow specifies them: the guards
 * are those of the specification, so that this header and others which declare the same can be included beside each other.
 * https://arrow.apache.org/docs/format/CDataInterface.html, https://arrow.apache.org/docs/format/CStreamInterface.html
 */
#ifdef __cplusplus
extern "C" {
#endif

#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4

struct ArrowSchema {
  /* Array type description */
  const char* format;
  const char* name;
  const char* metadata;
  int64_t flags;
  int64_t n_children;
  struct ArrowSchema** children;
  struct ArrowSchema* dictionary;

  /* Release callback */
  void (*release)(struct ArrowSchema*);
  /* Opaque producer-specific data */
  void* private_data;
};

struct ArrowArray {
  /* Array data description */
  int64_t length;
  int64_t null_count;
  int64_t offset;
  int64_t n_buffers;
  int64_t n_children;
  const void** buffers;
  struct ArrowArray** children;
  struct ArrowArray* dictionary;

  /* Release callback */
  void (*release)(struct ArrowArray*);
  /* Opaque producer-specific data */
  void* private_data;
};

#endif  /* ARROW_C_DATA_INTERFACE */

#ifndef ARROW_C_STREAM_INTERFACE
#define ARROW_C_STREAM_INTERFACE

struct ArrowArrayStream {
  /* Callbacks providing stream functionality */
  int (*get_schema)(struct ArrowArrayStream*, struct ArrowSchema* out);
  int (*get_next)(struct ArrowArrayStream*, struct ArrowArray* out);
  const char* (*get_last_error)(struct ArrowArrayStream*);

  /* Release callback */
  void (*release)(struct ArrowArrayStream*);

  /* Opaque producer-specific data */
  void* private_data;
};

#endif  /* ARROW_C_STREAM_INTERFACE */

#ifdef __cplusplus
}
#endif

/**
 * The binary interface that this header describes. It rises with every change of a function, a
 * structure or a number.
 */
#define CTS_ABI_VERSION 12

/**
 * The oldest interface that programs may have been built for which the library of this header
 * serves: what came since was added to it.
 */
#define CTS_ABI_OLDEST 4

/** The verdict of a finding that is shown, and does not change the verdict of the decision. */
#define CTS_NOTE 4

/** What every call gives back. Numbers are never reused. None but `CTS_OK` says that all is well. */
enum cts_status
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /** All is well, and the outputs are written. */
  CTS_OK = 0,
  /** A pointer that must not be NULL is NULL. */
  CTS_ERR_NULL = 1,
  /**
   * A pointer is not to a handle of the type that the function takes, or is not aligned as what
   * it is to.
   */
  CTS_ERR_HANDLE = 2,
  /** A text is not UTF-8. */
  CTS_ERR_UTF8 = 3,
  /** A length is more than any object can have, or more than anything of its kind has. */
  CTS_ERR_LENGTH = 4,
  /** This library does not know the `struct_size` of a structure. */
  CTS_ERR_STRUCT_SIZE = 5,
  /** A number is not one of those that are allowed. */
  CTS_ERR_VALUE = 6,
  /** An index is past the end. */
  CTS_ERR_INDEX = 7,
  /** There is no such attribute, or it is one of another engine. */
  CTS_ERR_ATTRIBUTE = 8,
  /** A campaign document, or a value of an attribute, is refused. The error says which and why. */
  CTS_ERR_FACTS = 9,
  /** A pack is refused, or the packs do not go together. The error says where and why. */
  CTS_ERR_PACK = 10,
  /** A directory is refused. */
  CTS_ERR_DIRECTORY = 11,
  /** A file or folder cannot be read. */
  CTS_ERR_FILE = 12,
  /** The facts were made when the engine had other attributes: make them anew. */
  CTS_ERR_OTHER_ENGINE = 13,
  /** There is nothing to tell yet: the report was not filled, or the account has no event. */
  CTS_ERR_EMPTY = 14,
  /**
   * The state of an account, an event of it, or a question about it is refused. The error says
   * which and why.
   */
  CTS_ERR_ACCOUNT = 15,
  /**
   * An audience is refused: before its first row, or a file of one where it is wrong. The error
   * says which column or line and why, or what its stream said.
   */
  CTS_ERR_AUDIENCE = 16,
  /** The screening is at work in another call. Ask again when that has returned. */
  CTS_ERR_BUSY = 17,
  /**
   * A record cannot be made: its mask key is none, or something that is to be hidden would stand
   * in it. The error says which and why.
   */
  CTS_ERR_RECORD = 18,
  /** A defect of this library. */
  CTS_ERR_INTERNAL = 98,
  /**
   * A defect of this library, caught before it reached the caller. Free the handles that the
   * call was to change.
   */
  CTS_ERR_PANIC = 99,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum cts_status cts_status;
#else
typedef int32_t cts_status;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/** What a check concludes. The worst finding wins. */
enum cts_verdict
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /** No verdict: the call failed, or nothing was judged. Not clear to send. */
  CTS_VERDICT_NONE = 0,
  /** Nothing known stands against sending. */
  CTS_ALLOW = 1,
  /** A person must decide, or a fact is missing. */
  CTS_REVIEW = 2,
  /** Sending would break a rule that is in force. */
  CTS_DENY = 3,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum cts_verdict cts_verdict;
#else
typedef int32_t cts_verdict;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/** What one rule says of one case. */
enum cts_finding_status
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /** Nothing: the call that should have set it failed. */
  CTS_FINDING_STATUS_NONE = 0,
  /** The rule is in force, applies, and is violated. */
  CTS_VIOLATED = 1,
  /** The given facts do not settle the rule. */
  CTS_UNDETERMINED = 2,
  /** The rule is in force, applies, and is satisfied. */
  CTS_SATISFIED = 3,
  /** The rule is not in force at `send_at`, or does not apply. */
  CTS_NOT_APPLICABLE = 4,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum cts_finding_status cts_finding_status;
#else
typedef int32_t cts_finding_status;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/** What a directory says of a provider. */
enum cts_listing
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /** The directory cannot tell, or the call failed. */
  CTS_LISTING_UNKNOWN = 0,
  /** In the list at that instant. */
  CTS_LISTED = 1,
  /** It was in the list before, and no longer at that instant. */
  CTS_DELISTED = 2,
  /** Not in the list, which is complete for that instant. */
  CTS_UNLISTED = 3,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum cts_listing cts_listing;
#else
typedef int32_t cts_listing;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/** What became of one change of an event. */
enum cts_change_outcome
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /** Nothing: the call that should have said it failed. */
  CTS_CHANGE_NONE = 0,
  /** It was new and says something. */
  CTS_CHANGE_APPLIED = 1,
  /** It was known, and changed nothing. */
  CTS_CHANGE_REPEATED = 2,
  /** It was kept, and was not understood. */
  CTS_CHANGE_UNKNOWN = 3,
  /** It was understood and kept, and says nothing of what may be sent. */
  CTS_CHANGE_NOTED = 4,
  /** It concerns messages and not the account, and was not kept. */
  CTS_CHANGE_PASSED = 5,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum cts_change_outcome cts_change_outcome;
#else
typedef int32_t cts_change_outcome;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/** Which rules a decision reports. */
enum cts_told
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /** Those that are violated or undetermined. */
  CTS_FINDINGS = 0,
  /** All, also those that are satisfied or do not apply. */
  CTS_EVERY_RULE = 1,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum cts_told cts_told;
#else
typedef int32_t cts_told;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/** In which language people read. */
enum cts_language
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /** English. */
  CTS_ENGLISH = 0,
  /** Spanish. */
  CTS_SPANISH = 1,
  /** Portuguese, as written in Brazil. */
  CTS_PORTUGUESE = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum cts_language cts_language;
#else
typedef int32_t cts_language;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/** How far the timeline of an explanation reaches. */
enum cts_timeline
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /** 30 days from the instant of sending. */
  CTS_TIMELINE_DAYS = 0,
  /** To an instant. */
  CTS_TIMELINE_UNTIL = 1,
  /** There is none, and no fix by sending later: the rest takes a fraction of the time. */
  CTS_TIMELINE_NONE = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum cts_timeline cts_timeline;
#else
typedef int32_t cts_timeline;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/** Which columns of an audience may hold texts. */
enum cts_texts
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /** Those of attributes that are texts. */
  CTS_TEXTS_OF_TEXTS = 0,
  /**
   * All: numbers, truth values and instants are read from texts as a campaign document has them.
   * For tables that have no types, such as CSV.
   */
  CTS_TEXTS_OF_ANYTHING = 1,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum cts_texts cts_texts;
#else
typedef int32_t cts_texts;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/** A format of tables. */
enum cts_format
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  /**
   * What the ending of a file's name says: `.csv`, `.tsv`, `.ndjson`, `.jsonl`, `.parquet`,
   * `.arrow`, `.ipc`, `.feather` or `.arrows`.
   */
  CTS_FORMAT_BY_NAME = 0,
  /** Comma-separated values with a heading. */
  CTS_CSV = 1,
  /** JSON objects, one a line. */
  CTS_NDJSON = 2,
  /**
   * Apache Parquet. A library may be built without: it is then `CTS_ERR_VALUE`, with an error that
   * says so.
   */
  CTS_PARQUET = 3,
  /** Arrow IPC, the file format. */
  CTS_ARROW = 4,
  /** Arrow IPC, the stream format. */
  CTS_ARROW_STREAM = 5,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum cts_format cts_format;
#else
typedef int32_t cts_format;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * A book of accounts, kept by what WhatsApp sends of them. An event that comes twice changes
 * nothing, and the order in which events come does not count. May be read by several threads at
 * once, but not while one takes in an event.
 */
typedef struct cts_account cts_account;

/**
 * Gathers what an engine is made of: packs, one on top of the other, a directory and a base
 * document. For one thread at a time.
 */
typedef struct cts_builder cts_builder;

/** Bytes that a call made. Never change; may be read by several threads at once. */
typedef struct cts_bytes cts_bytes;

/**
 * What became of the changes of one event. Never changes; may be read by several threads
 * at once.
 */
typedef struct cts_changes cts_changes;

/**
 * Whether a campaign is clear to send, and why. Never changes; may be read by several threads at
 * once.
 */
typedef struct cts_decision cts_decision;

/**
 * Packs and a directory, ready to judge campaigns. May be used by any number of threads at once,
 * also while one of them replaces what it is made of.
 */
typedef struct cts_engine cts_engine;

/** Why a call failed. Never changes; may be read by several threads at once. */
typedef struct cts_error cts_error;

/**
 * Why a campaign is or is not clear to send, what would help, and from when it is. Never changes;
 * may be read by several threads at once.
 */
typedef struct cts_explanation cts_explanation;

/**
 * The facts of one case. Made once, filled and checked as often as needed: what all recipients
 * of a campaign share is given first, and `cts_facts_reset` goes back to that before each of them.
 * For one thread at a time.
 */
typedef struct cts_facts cts_facts;

/**
 * A pack that was read, and is valid by itself. Never changes; may be used by several threads at
 * once.
 */
typedef struct cts_pack cts_pack;

/**
 * What may follow a violation by WhatsApp's published rules. Never changes; may be read by several
 * threads at once.
 */
typedef struct cts_projection cts_projection;

/** What the directory says of a provider. Never changes; may be read by several threads at once. */
typedef struct cts_provider cts_provider;

/**
 * The verdict on a case and the ids of the rules behind it. Made once and filled by each check
 * anew, so that checking in a loop reuses its memory. For one thread at a time.
 */
typedef struct cts_report cts_report;

/**
 * How an audience is screened. Made once and used as often as wanted. Without more: no column
 * kept, none ignored, one thread. For one thread at a time while it is changed; by any number of
 * threads after that.
 */
typedef struct cts_screen_options cts_screen_options;

/**
 * An audience being screened, apart from its rows: what was found of those that were taken. May be
 * used by any number of threads at once, also while another takes rows.
 */
typedef struct cts_screening cts_screening;

/**
 * What was found of an audience, or of the rows that were taken so far. Never changes; may be read
 * by several threads at once.
 */
typedef struct cts_summary cts_summary;

/** A text that a call made. Never changes; may be read by several threads at once. */
typedef struct cts_text cts_text;

/**
 * A text: UTF-8, `len` bytes, not ended by a NUL.
 *
 * A text that a call gives is borrowed: each function says from what, and how long it lives. One
 * that is not there has NULL for `data`.
 */
typedef struct cts_str {
  /** The first byte. */
  const char *data;
  /** How many bytes. */
  size_t len;
} cts_str;

/**
 * One thing that is wrong. A pack that is refused has as many as were found; every other error has
 * one.
 */
typedef struct cts_problem {
  /** `sizeof(cts_problem)`, set by `CTS_PROBLEM_INIT`. */
  size_t struct_size;
  /** A stable name for programs, such as `facts/unknown-member` or `c/null`. */
  struct cts_str code;
  /** What is wrong, without the place. */
  struct cts_str message;
  /**
   * Where: an argument of the call, a member of the document such as
   * `account.restrictions[0].until`, a file of a pack. Empty for the whole of it.
   */
  struct cts_str place;
  /** The line in the document or file, from 1; 0 where there is none. */
  uint32_t line;
  /** The column in that line, from 1; 0 where there is none. */
  uint32_t column;
} cts_problem;

/** One file of a pack, in memory. */
typedef struct cts_pack_file {
  /**
   * The path relative to the pack's folder, with `/` between its parts, such as
   * `rules/consent.toml`.
   */
  struct cts_str path;
  /** What is in it. */
  const void *data;
  /** How many bytes. */
  size_t len;
} cts_pack_file;

/**
 * What a finding amounts to: a number of `cts_verdict`, or `CTS_NOTE`. From mild to grave they are
 * `CTS_ALLOW`, `CTS_NOTE`, `CTS_REVIEW`, `CTS_DENY`: compare what `cts_finding_verdict_rank`
 * gives, and not the numbers.
 */
typedef int32_t cts_finding_verdict;

/**
 * What one rule says of the case. Texts and arrays in it are borrowed from the decision and die
 * with it.
 */
typedef struct cts_finding {
  /** `sizeof(cts_finding)`, set by `CTS_FINDING_INIT`. */
  size_t struct_size;
  /** What the rule says. */
  cts_finding_status status;
  /**
   * What that means: the rule's own verdict where it is violated, review where it is
   * undetermined, else allow; `CTS_NOTE` where the rule's verdict is that, or the rule is not
   * enforced.
   */
  cts_finding_verdict verdict;
  /** The name of the rule's pack. */
  struct cts_str pack;
  /** The rule's id, such as `consent.no-opt-in`. */
  struct cts_str rule;
  /** What the rule is about, such as `consent`. */
  struct cts_str topic;
  /** The rule in one line. */
  struct cts_str title;
  /** What is wrong, or open, in this case. */
  struct cts_str message;
  /** What to do; empty where nothing is to be done. */
  struct cts_str advice;
  /** The paths of the members of the document whose telling could settle the rule. */
  const struct cts_str *missing;
  /** How many. */
  size_t missing_count;
  /** What the violation can lead to, from mild to grave, such as `number_ban_permanent`. */
  const struct cts_str *exposure;
  /** How many. */
  size_t exposure_count;
  /** The title of the page or law that the rule cites. */
  struct cts_str source_title;
  /** Where it can be read. */
  struct cts_str source_url;
  /** Where in it; not there (NULL) if the rule cites all of it. */
  struct cts_str source_section;
  /** When it was read, such as `2026-11-20`. */
  struct cts_str source_retrieved;
  /** `unconfirmed`, where the rule or its source is; else not there (NULL). */
  struct cts_str source_confidence;
  /** Since when the rule is in force; not there (NULL) for a rule that always is. */
  struct cts_str from;
  /** Until when; not there (NULL) if it has no end. */
  struct cts_str until;
  /**
   * What is known of what the rule reads, by path: a JSON object as the decision has it, such as
   * `{"access.route":"unofficial"}`.
   */
  struct cts_str facts;
  /**
   * Why the rule's conditions could not be evaluated although all that they need is known, as a
   * stable name such as `cel/overflow`; not there (NULL) where they could.
   */
  struct cts_str error_code;
  /** The same in words; not there (NULL) where they could. */
  struct cts_str error_message;
  /** Why an exception lowered the verdict; not there (NULL) where none did. */
  struct cts_str waiver_reason;
  /** Who made it; not there (NULL) where there is none. */
  struct cts_str waiver_by;
  /** Until when it holds, such as `2026-07-01`; not there (NULL) where there is none. */
  struct cts_str waiver_until;
  /**
   * What the authors of the rule call it for their own purposes: a JSON object of texts, such as
   * `{"team":"legal"}`; not there (NULL) where there is nothing.
   */
  struct cts_str labels;
} cts_finding;

/** What a finding says in one language. Texts in it are borrowed from the decision and die with it. */
typedef struct cts_finding_texts {
  /** `sizeof(cts_finding_texts)`, set by `CTS_FINDING_TEXTS_INIT`. */
  size_t struct_size;
  /** The rule in one line. */
  struct cts_str title;
  /** What is wrong, or open, in this case. */
  struct cts_str message;
  /** What to do; empty where nothing is to be done. */
  struct cts_str advice;
} cts_finding_texts;

/** How much is to be explained. */
typedef struct cts_explain_options {
  /** `sizeof(cts_explain_options)`, set by `CTS_EXPLAIN_OPTIONS_INIT`. */
  size_t struct_size;
  /** How many fixes there are at most; 0 for 8. */
  size_t fixes_max;
  /** A `cts_timeline`: `CTS_TIMELINE_DAYS` unless something else is set. */
  int32_t timeline;
  /** Of `CTS_TIMELINE_UNTIL`: nanoseconds after `until_seconds`. */
  uint32_t until_nanos;
  /**
   * Of `CTS_TIMELINE_UNTIL`: the instant before which the timeline ends, at most 400 days after
   * that of sending, in seconds since 1970-01-01T00:00:00Z.
   */
  int64_t until_seconds;
} cts_explain_options;

/** What a record holds beside facts and decision. */
typedef struct cts_record_options {
  /** `sizeof(cts_record_options)`, set by `CTS_RECORD_OPTIONS_INIT`. */
  size_t struct_size;
  /**
   * The text of a key file, as `cts key mask` makes it, by which keyed hashes stand in place of
   * the recipient's number and user id; one that is not there (NULL) hides nothing.
   */
  struct cts_str mask_key;
  /** 1 explains the decision too; 0 does not. */
  int32_t explain;
} cts_record_options;

/** One rule that is violated or undetermined. */
typedef struct cts_rule {
  /** `sizeof(cts_rule)`, set by `CTS_RULE_INIT`. */
  size_t struct_size;
  /** What the rule says. */
  cts_finding_status status;
  /** What that means. */
  cts_finding_verdict verdict;
  /** The name of the rule's pack. */
  struct cts_str pack;
  /** The rule's id, such as `consent.no-opt-in`. */
  struct cts_str rule;
} cts_rule;

/** What the caller knows of a provider. A text that is not there (NULL, 0) is not known. */
typedef struct cts_identity {
  /** `sizeof(cts_identity)`, set by `CTS_IDENTITY_INIT`. */
  size_t struct_size;
  /** Its id in the directory. */
  struct cts_str id;
  /** Its name. */
  struct cts_str name;
  /** Its web domain, at any depth: `app.hubtype.com` is as good as `hubtype.com`. */
  struct cts_str domain;
} cts_identity;

/**
 * What the directory says. Texts are borrowed from the `cts_provider` and die with it; each may be
 * not there (NULL).
 */
typedef struct cts_provider_info {
  /** `sizeof(cts_provider_info)`, set by `CTS_PROVIDER_INFO_INIT`. */
  size_t struct_size;
  /** Whether the provider is listed. */
  cts_listing listing;
  /** Of the entry that everything known leads to: its id. */
  struct cts_str id;
  /** Its name. */
  struct cts_str name;
  /** The role that it is listed in. */
  struct cts_str role;
  /** What the entry rests on, in words. */
  struct cts_str evidence;
  /** Of the known provider that this one imitates, where it does: its id. */
  struct cts_str lookalike_id;
  /** Its name. */
  struct cts_str lookalike_name;
} cts_provider_info;

/**
 * What became of one change. Texts and arrays in it are borrowed from the `cts_changes` and die
 * with it.
 */
typedef struct cts_change {
  /** `sizeof(cts_change)`, set by `CTS_CHANGE_INIT`. */
  size_t struct_size;
  /** What became of it. */
  cts_change_outcome outcome;
  /** Where it stands in the event, such as `entry[0].changes[1].value`. */
  struct cts_str path;
  /** The label that it came with. */
  struct cts_str field;
  /** As what it was read, where that is known and not what the label says; else not there (NULL). */
  struct cts_str read_as;
  /** When it happened; not there (NULL) if it was passed. */
  struct cts_str at;
  /** What it says, a sentence each. */
  const struct cts_str *says;
  /** How many. */
  size_t says_count;
  /** What a reader should know, such as a word that is not known. */
  const struct cts_str *notes;
  /** How many. */
  size_t notes_count;
} cts_change;

/**
 * What may follow a violation, but for the steps. Texts and arrays in it are borrowed from the
 * `cts_projection` and die with it.
 */
typedef struct cts_projection_info {
  /** `sizeof(cts_projection_info)`, set by `CTS_PROJECTION_INFO_INIT`. */
  size_t struct_size;
  /** The violation kind. */
  struct cts_str violation;
  /** When it would happen. */
  struct cts_str at;
  /**
   * 1 if the ladder covers the kind, else 0. Where it does not, nothing is published, and there
   * is no step.
   */
  int32_t covered;
  /** 1 if the kind skips the ladder, else 0. */
  int32_t immediate;
  /** 1 if one step alone can follow, else 0. */
  int32_t decided;
  /** The id of the highest step that the history shows; not there (NULL) where it shows none. */
  struct cts_str reached;
  /** How many steps can follow. */
  size_t step_count;
  /** What of the history is not known and could narrow the steps, by path. */
  const struct cts_str *missing;
  /** How many. */
  size_t missing_count;
  /**
   * The pack that has the ladder in force then. This and all below is not there (NULL) where no
   * ladder is known.
   */
  struct cts_str ladder_pack;
  /** The ladder's id. */
  struct cts_str ladder_id;
  /** One line on what it is. */
  struct cts_str ladder_title;
  /** Since when it is in force. */
  struct cts_str ladder_from;
  /** Until when; not there (NULL) if it has no end. */
  struct cts_str ladder_until;
  /** The title of its source. */
  struct cts_str ladder_source;
  /** The source's address. */
  struct cts_str ladder_url;
  /** When the source was read. */
  struct cts_str ladder_retrieved;
} cts_projection_info;

/** How long a step can last. */
typedef struct cts_length {
  /** How many days; 0 where days do not apply. */
  uint32_t days;
  /** Until when it blocks, if it begins with the violation; not there (NULL) for an open end. */
  struct cts_str until;
} cts_length;

/**
 * A step that can follow. Texts and arrays in it are borrowed from the `cts_projection` and die
 * with it.
 */
typedef struct cts_projection_step {
  /** `sizeof(cts_projection_step)`, set by `CTS_PROJECTION_STEP_INIT`. */
  size_t struct_size;
  /** The id of the step. */
  struct cts_str id;
  /** One line on what happens. */
  struct cts_str title;
  /** Each possible length. */
  const struct cts_length *lengths;
  /** How many, at least one. */
  size_t length_count;
  /** The restriction kinds that it brings, such as `business_initiated`. */
  const struct cts_str *blocks;
  /** How many. */
  size_t block_count;
  /** What ends it: `nothing` where there is nothing to end, `time`, `appeal`, `reinstatement`. */
  struct cts_str ends;
  /** Whether one can appeal: `possible`, `not_always`, `none`. */
  struct cts_str appeal;
  /** The last instant of an appeal; not there (NULL) where no number of days is published. */
  struct cts_str appeal_by;
  /** What it amounts to, such as `block_business_initiated`. */
  const struct cts_str *exposure;
  /** How many. */
  size_t exposure_count;
} cts_projection_step;

/** Rows by verdict. */
typedef struct cts_verdict_counts {
  /** Clear to send. */
  uint64_t allow;
  /** A person must decide, or something is missing. */
  uint64_t review;
  /** Not clear to send. */
  uint64_t deny;
} cts_verdict_counts;

/** A summary as a whole. */
typedef struct cts_summary_info {
  /** `sizeof(cts_summary_info)`, set by `CTS_SUMMARY_INFO_INIT`. */
  size_t struct_size;
  /** Rows judged. */
  uint64_t rows;
  /** Rows by verdict. */
  struct cts_verdict_counts verdicts;
  /** Rows with a value that could not be read. */
  uint64_t bad_rows;
  /** The worst verdict of any row; `CTS_VERDICT_NONE` where no row was judged. */
  cts_verdict worst;
  /**
   * 1 if the audience was read to its end; 0 if rows are still to come, the stream was released
   * before, or it failed.
   */
  int32_t is_complete;
  /** How many `cts_summary_rule` gives. */
  size_t rule_count;
  /** How many `cts_summary_missing` gives. */
  size_t missing_count;
  /** How many `cts_summary_country` gives. */
  size_t country_count;
  /** How many `cts_summary_bad_value` gives: the first hundred. */
  size_t bad_value_count;
} cts_summary_info;

/**
 * How many rows have a finding of a rule. Texts in it are borrowed from the `cts_summary` and die
 * with it.
 */
typedef struct cts_rule_rows {
  /** `sizeof(cts_rule_rows)`, set by `CTS_RULE_ROWS_INIT`. */
  size_t struct_size;
  /** Whether the rule is violated or undetermined. */
  cts_finding_status status;
  /** What that means. */
  cts_finding_verdict verdict;
  /**
   * The name of the rule's pack; not there (NULL) for `input.bad-value`, which is said of values
   * that could not be read.
   */
  struct cts_str pack;
  /** The rule's id. */
  struct cts_str rule;
  /** Rows with this finding. */
  uint64_t rows;
  /**
   * Rows with no other finding: so many more would be allowed if this were fixed;
   * 0 for a note.
   */
  uint64_t alone;
  /** Why an exception lowered the verdict; not there (NULL) where none did. */
  struct cts_str waiver_reason;
  /** Who made it; not there (NULL) where there is none. */
  struct cts_str waiver_by;
} cts_rule_rows;

/**
 * In how many rows a member is missing. Texts in it are borrowed from the `cts_summary` and die
 * with it.
 */
typedef struct cts_missing_rows {
  /** `sizeof(cts_missing_rows)`, set by `CTS_MISSING_ROWS_INIT`. */
  size_t struct_size;
  /** The member's path. */
  struct cts_str path;
  /** Rows in which it is missing. */
  uint64_t rows;
} cts_missing_rows;

/** How many recipients are in a country. Texts in it live as long as the library. */
typedef struct cts_country_rows {
  /** `sizeof(cts_country_rows)`, set by `CTS_COUNTRY_ROWS_INIT`. */
  size_t struct_size;
  /** ISO 3166-1 alpha-2; not there (NULL) where the country is not known. */
  struct cts_str country;
  /** Rows. */
  uint64_t rows;
  /** Rows by verdict. */
  struct cts_verdict_counts verdicts;
} cts_country_rows;

/** A value that could not be read. Texts in it are borrowed from the `cts_summary` and die with it. */
typedef struct cts_bad_value {
  /** `sizeof(cts_bad_value)`, set by `CTS_BAD_VALUE_INIT`. */
  size_t struct_size;
  /** The number of the row in the audience, from 0. */
  uint64_t row;
  /** As the audience calls the column. */
  struct cts_str column;
  /** The attribute that the column holds. */
  struct cts_str attribute;
  /** What was found, and what was expected. */
  struct cts_str reason;
} cts_bad_value;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * The version of the library that is loaded, such as `0.1.0`, ended by a NUL. It lives as long as
 * the library.
 */
const char *cts_version(void);

/** The binary interface of the library that is loaded. */
uint32_t cts_abi_version(void);

/** The oldest binary interface that the library which is loaded serves. */
uint32_t cts_abi_oldest(void);

/**
 * Whether the library that is loaded serves programs that were built for that binary interface: 1,
 * from `cts_abi_oldest` to `cts_abi_version`, or 0. `cts_abi_matches` asks with the number of its
 * header; programs without a C compiler ask here.
 */
int32_t cts_abi_serves(uint32_t version);

/**
 * The name of a status, such as `CTS_ERR_NULL`, ended by a NUL; `unknown` for any other number. It
 * lives as long as the library.
 */
const char *cts_status_name(int32_t status);

/**
 * The name of a verdict as decisions write it, also that of a finding, such as `deny` or `note`,
 * ended by a NUL; `none` for `CTS_VERDICT_NONE`, and `unknown` for any other number. It lives as
 * long as the library.
 */
const char *cts_verdict_name(int32_t verdict);

/**
 * How grave the verdict of a finding is, for comparing: 1 for `CTS_ALLOW`, 2 for `CTS_NOTE`, 3 for
 * `CTS_REVIEW`, 4 for `CTS_DENY`. What is none of them, `CTS_VERDICT_NONE` too, is 5: it must not
 * pass for anything better.
 */
int32_t cts_finding_verdict_rank(int32_t verdict);

/**
 * The name of a finding's status as decisions write it, such as `violated`, ended by a NUL; `none`
 * for `CTS_FINDING_STATUS_NONE`, and `unknown` for any other number. It lives as long as the
 * library.
 */
const char *cts_finding_status_name(int32_t status);

/**
 * The name of a listing, such as `delisted`, ended by a NUL; `unknown` for `CTS_LISTING_UNKNOWN`
 * and any other number. It lives as long as the library.
 */
const char *cts_listing_name(int32_t listing);

/**
 * The name of what became of a change, such as `applied`, ended by a NUL; `none` for
 * `CTS_CHANGE_NONE`, `not_understood` for `CTS_CHANGE_UNKNOWN`, and `unknown` for any other
 * number. It lives as long as the library.
 */
const char *cts_change_outcome_name(int32_t outcome);

/**
 * Gives the text.
 *
 * `*read` is borrowed from `text` and dies with it.
 */
CTS_NODISCARD cts_status cts_text_read(const struct cts_text *text, struct cts_str *read);

/** Frees a text; NULL is allowed. */
void cts_text_free(struct cts_text *text);

/**
 * Gives the bytes.
 *
 * `*data` is borrowed from `bytes` and dies with it.
 */
CTS_NODISCARD cts_status cts_bytes_read(const struct cts_bytes *bytes, const uint8_t **data, size_t *len);

/** Frees bytes; NULL is allowed. */
void cts_bytes_free(struct cts_bytes *bytes);

/**
 * Gives the stable name of what is wrong, such as `facts/unknown-member`; of several problems, the
 * first one's.
 *
 * `*code` is borrowed from `error` and dies with it.
 */
CTS_NODISCARD cts_status cts_error_code(const struct cts_error *error, struct cts_str *code);

/**
 * Gives all that is wrong, for people: a line for each problem, each with its place.
 *
 * `*message` is borrowed from `error` and dies with it.
 */
CTS_NODISCARD cts_status cts_error_message(const struct cts_error *error, struct cts_str *message);

/** Gives the number of problems, at least one. */
CTS_NODISCARD cts_status cts_error_problem_count(const struct cts_error *error, size_t *count);

/**
 * Gives one problem. `problem->struct_size` must be set, as by `CTS_PROBLEM_INIT`.
 *
 * The texts in `*problem` are borrowed from `error` and die with it.
 */
CTS_NODISCARD cts_status cts_error_problem(const struct cts_error *error,
                             size_t index,
                             struct cts_problem *problem);

/** Frees an error; NULL is allowed. */
void cts_error_free(struct cts_error *error);

/**
 * Makes the constants that are otherwise made at their first use: built-in packs and directory,
 * catalogues, what the processor can do. It takes some 40 ms, and nothing when it is called again.
 *
 * No program has to call it, but one that forks while it has several threads: if one of them was
 * making a constant, nobody finishes it in the child, which waits for ever at its first call. Call
 * this before, from one thread, and a fork at any time after it finds them made.
 */
CTS_NODISCARD cts_status cts_init(struct cts_error **error);

/**
 * Makes an empty builder: the built-in pack `whatsapp` alone, and the built-in directory.
 *
 * `*builder` is the caller's; free it with `cts_builder_free`.
 */
CTS_NODISCARD cts_status cts_builder_new(struct cts_builder **builder);

/**
 * Adds a pack that is built in, such as `messaging-law`, on top of those added before. The
 * built-in pack `whatsapp` is beneath all of them; naming it, or another one twice, changes
 * nothing. Whether there is one of that name is found out when the engine is made.
 */
CTS_NODISCARD cts_status cts_builder_add_built_in_pack(struct cts_builder *builder,
                                         const char *name,
                                         size_t name_len,
                                         struct cts_error **error);

/**
 * Leaves out the built-in pack `whatsapp`, which is beneath all others unless one that is added is
 * itself called so. Added by its name, it is there all the same.
 */
CTS_NODISCARD cts_status cts_builder_without_built_in(struct cts_builder *builder, struct cts_error **error);

/**
 * Adds the pack in a folder, on top of those added before. The files are read now; what is in them
 * is checked when the engine is made.
 */
CTS_NODISCARD cts_status cts_builder_add_pack_folder(struct cts_builder *builder,
                                       const char *path,
                                       size_t path_len,
                                       struct cts_error **error);

/**
 * Adds a pack of files in memory, on top of those added before. `called` is how errors call the
 * pack. What is in the files is checked when the engine is made.
 */
CTS_NODISCARD cts_status cts_builder_add_pack_files(struct cts_builder *builder,
                                      const char *called,
                                      size_t called_len,
                                      const struct cts_pack_file *files,
                                      size_t file_count,
                                      struct cts_error **error);

/**
 * Adds a pack that was read, on top of those added before. One with the name and version of a
 * built-in pack and other files is refused when the engine is made: decisions would bear a name
 * that is not theirs. Takes no ownership of `pack`.
 */
CTS_NODISCARD cts_status cts_builder_add_pack(struct cts_builder *builder,
                                const struct cts_pack *pack,
                                struct cts_error **error);

/**
 * Sets the directory: the bytes of a directory file, which are read and checked now. A directory
 * that was set before is replaced.
 */
CTS_NODISCARD cts_status cts_builder_set_directory(struct cts_builder *builder,
                                     const void *data,
                                     size_t len,
                                     struct cts_error **error);

/**
 * Sets the base document: what is the same for all campaigns of a sender, such as its `account`,
 * `provider` and `access`. It has the form of a campaign document; `send_at` may be left out, and
 * it may not have a recipient. It is checked when the engine is made; one that was set
 * before is replaced.
 *
 * Every campaign that the engine reads, and the facts that `cts_facts_new` makes, begin with it: a
 * campaign's own members win, member by member within objects, and a list or null of the campaign
 * replaces the list or value of the base. Decisions are about what is known after merging.
 */
CTS_NODISCARD cts_status cts_builder_base(struct cts_builder *builder,
                            const void *json,
                            size_t json_len,
                            struct cts_error **error);

/**
 * Adds exceptions to rules: the bytes of a file in the form of a pack's `waivers.toml`. `called`
 * is how errors call it. What is in it is checked when the engine is made.
 */
CTS_NODISCARD cts_status cts_builder_add_waivers(struct cts_builder *builder,
                                   const char *called,
                                   size_t called_len,
                                   const void *data,
                                   size_t len,
                                   struct cts_error **error);

/** Frees a builder; NULL is allowed. Engines made from it go on. */
void cts_builder_free(struct cts_builder *builder);

/**
 * Makes the engine of the built-in WhatsApp pack and the built-in directory, which is a dated
 * sample.
 *
 * `*engine` is the caller's; free it with `cts_engine_free`.
 */
CTS_NODISCARD cts_status cts_engine_new_built_in(struct cts_engine **engine, struct cts_error **error);

/**
 * Makes the engine of what a builder has gathered: its packs, on top of the built-in pack
 * `whatsapp` unless that is left out, and its directory, or the built-in sample where it has none.
 * A pack that has anything wrong is refused whole, and there is no engine then.
 *
 * Takes no ownership of `builder`. `*engine` is the caller's; free it with `cts_engine_free`.
 */
CTS_NODISCARD cts_status cts_engine_new(const struct cts_builder *builder,
                          struct cts_engine **engine,
                          struct cts_error **error);

/**
 * Replaces what a live engine is made of, while other threads may be checking: its packs by the
 * builder's, if that has any, and its directory and base document by the builder's, if that has
 * one; what the builder does not name stays.
 *
 * The new is made and checked beside the old and put in place in one step. Checks that have begun
 * finish with the old; checks that begin after this function has returned see the new. If anything
 * is wrong, the engine stays as it was. Facts go on being good for the engine unless a pack of the
 * old or the new declares attributes of its own; then checks refuse them with
 * `CTS_ERR_OTHER_ENGINE`.
 *
 * Several threads may replace at once; one after the other is served. Takes no ownership of
 * `builder`.
 */
CTS_NODISCARD cts_status cts_engine_replace(const struct cts_engine *engine,
                              const struct cts_builder *builder,
                              struct cts_error **error);

/**
 * Gives what the engine is made of at this moment, also after `cts_engine_replace`, as one line of
 * JSON: `packs` in stacking order, each with its name, version, digest and number of rules, and
 * `directory` and `engine`, as decisions name them.
 *
 * `*json` is the caller's; free it with `cts_text_free`.
 */
CTS_NODISCARD cts_status cts_engine_info(const struct cts_engine *engine,
                           struct cts_text **json,
                           struct cts_error **error);

/**
 * Looks an attribute up by its path, such as `account.quality` or, where a pack declares it,
 * `x.tier`. The number is good for facts of this engine as long as it is not replaced; those of
 * attributes that are not under `x.` are the same for every engine of one version of the library.
 */
CTS_NODISCARD cts_status cts_engine_attribute(const struct cts_engine *engine,
                                const char *name,
                                size_t name_len,
                                uint32_t *attribute,
                                struct cts_error **error);

/**
 * Frees an engine; NULL is allowed. No thread may be using it. Facts, decisions and reports made
 * with it stay good.
 */
void cts_engine_free(struct cts_engine *engine);

/**
 * Reads the pack in a folder. What is wrong with it is an error with every problem, as of
 * `cts pack lint`. A pack may be the next edition of a built-in one.
 *
 * `*pack` is the caller's; free it with `cts_pack_free`.
 */
CTS_NODISCARD cts_status cts_pack_read_folder(const char *path,
                                size_t path_len,
                                struct cts_pack **pack,
                                struct cts_error **error);

/**
 * As `cts_pack_read_folder`, of files in memory. `called` is how errors call the pack.
 *
 * `*pack` is the caller's; free it with `cts_pack_free`.
 */
CTS_NODISCARD cts_status cts_pack_read_files(const char *called,
                               size_t called_len,
                               const struct cts_pack_file *files,
                               size_t file_count,
                               struct cts_pack **pack,
                               struct cts_error **error);

/**
 * Looks for what in a pack is allowed and probably not meant, and gives it as the JSON of
 * `cts pack lint --json`: `pack`, `version`, `digest`, how many `rules`, `sets`, `ladders` and
 * `tests`, and `warnings`, each with `code`, `file`, `line`, `column` and `message`. Waivers and
 * dates are judged at an instant, in seconds since 1970. `*warning_count` is how many there are.
 *
 * `*json` is the caller's; free it with `cts_text_free`.
 */
CTS_NODISCARD cts_status cts_pack_lint(const struct cts_pack *pack,
                         int64_t at_seconds,
                         size_t *warning_count,
                         struct cts_text **json,
                         struct cts_error **error);

/**
 * Runs a pack's own tests, and gives what came of them as the JSON of `cts pack test --json`,
 * without the shares: `pack`, `passed`, how many `tests` and `drafts`, what `failed`, and what no
 * test shows, `not_covered`. `*passed` is 1 if no test fails and nothing is left unshown, else 0:
 * to be asked before `cts_engine_replace` puts the pack in force.
 *
 * `*json` is the caller's; free it with `cts_text_free`.
 */
CTS_NODISCARD cts_status cts_pack_test(const struct cts_pack *pack,
                         uint32_t *passed,
                         struct cts_text **json,
                         struct cts_error **error);

/** Frees a pack; NULL is allowed. Builders that it was added to, and their engines, stay good. */
void cts_pack_free(struct cts_pack *pack);

/**
 * Makes facts for an engine, with nothing given yet but what its base document gives
 * (`cts_builder_base`). A check needs `send_at` at least.
 *
 * Takes no ownership of `engine`, and does not need it to live on. `*facts` is the caller's; free
 * it with `cts_facts_free`.
 */
CTS_NODISCARD cts_status cts_facts_new(const struct cts_engine *engine,
                         struct cts_facts **facts,
                         struct cts_error **error);

/**
 * Makes facts from a campaign document, such as what is common to all recipients of a campaign.
 * The document need not have `send_at`, but a check needs it.
 *
 * `*facts` is the caller's; free it with `cts_facts_free`.
 */
CTS_NODISCARD cts_status cts_facts_new_from_json(const struct cts_engine *engine,
                                   const void *json,
                                   size_t json_len,
                                   struct cts_facts **facts,
                                   struct cts_error **error);

/**
 * Copies facts, with what `cts_facts_reset` goes back to: one for each thread, or one for each
 * recipient.
 *
 * Takes no ownership of `facts`, which may be freed before. `*copy` is the caller's; free it with
 * `cts_facts_free`.
 */
CTS_NODISCARD cts_status cts_facts_clone(const struct cts_facts *facts,
                           struct cts_facts **copy,
                           struct cts_error **error);

/**
 * Goes back to the campaign: to what was given before anything was given of a recipient, without
 * one. Call it before each recipient, and none inherits what was given of another, by setters or
 * by `cts_account_tell`. The campaign is the document that the facts were made from, but for its
 * recipient, and what was given since; what is given of the campaign while there is a recipient is
 * part of that case, and goes with it.
 */
CTS_NODISCARD cts_status cts_facts_reset(struct cts_facts *facts);

/**
 * Clears everything, the campaign too: nothing is given any more but what the base document of
 * the engine gives.
 */
CTS_NODISCARD cts_status cts_facts_clear(struct cts_facts *facts);

/**
 * Tells the text of a string attribute. Attributes of other types have setters of their own, and
 * no text is read as a number or an instant.
 */
CTS_NODISCARD cts_status cts_facts_set_string(struct cts_facts *facts,
                                uint32_t attribute,
                                const char *text,
                                size_t text_len,
                                struct cts_error **error);

/**
 * Tells a whole number. On an attribute of doubles, it is the nearest double. `INT64_MAX` is no
 * limit, for a limit.
 */
CTS_NODISCARD cts_status cts_facts_set_int(struct cts_facts *facts,
                             uint32_t attribute,
                             int64_t number,
                             struct cts_error **error);

/** Tells a number with a fraction. NaN and infinities are refused. */
CTS_NODISCARD cts_status cts_facts_set_double(struct cts_facts *facts,
                                uint32_t attribute,
                                double number,
                                struct cts_error **error);

/** Tells a truth value: 0 is false, 1 is true, and any other number is refused. */
CTS_NODISCARD cts_status cts_facts_set_bool(struct cts_facts *facts,
                              uint32_t attribute,
                              int32_t truth,
                              struct cts_error **error);

/**
 * Tells an instant: seconds since 1970-01-01T00:00:00Z, without leap seconds, and nanoseconds from
 * 0 to 999999999 after them.
 */
CTS_NODISCARD cts_status cts_facts_set_instant(struct cts_facts *facts,
                                 uint32_t attribute,
                                 int64_t seconds,
                                 uint32_t nanos,
                                 struct cts_error **error);

/** Tells a duration: that many seconds and nanoseconds, added up. */
CTS_NODISCARD cts_status cts_facts_set_duration(struct cts_facts *facts,
                                  uint32_t attribute,
                                  int64_t seconds,
                                  int32_t nanos,
                                  struct cts_error **error);

/** Tells a list of texts, such as `access.clients`. An empty list says that there are none. */
CTS_NODISCARD cts_status cts_facts_set_strings(struct cts_facts *facts,
                                 uint32_t attribute,
                                 const struct cts_str *texts,
                                 size_t text_count,
                                 struct cts_error **error);

/**
 * Tells that an attribute does not exist, as `null` does in a document; on one that cannot be
 * absent, that it is unknown.
 */
CTS_NODISCARD cts_status cts_facts_set_null(struct cts_facts *facts,
                              uint32_t attribute,
                              struct cts_error **error);

/**
 * Tells anything by its path and its JSON, as the member of a document: lists of objects such as
 * `account.restrictions`, and attributes of any type. An empty list of objects, `[]`, says that
 * there are none; one that was never given is unknown.
 */
CTS_NODISCARD cts_status cts_facts_set_json(struct cts_facts *facts,
                              const char *name,
                              size_t name_len,
                              const void *json,
                              size_t json_len,
                              struct cts_error **error);

/**
 * Clears an attribute. That there is a recipient stays, until
 * `cts_facts_reset` or `cts_facts_clear`.
 */
CTS_NODISCARD cts_status cts_facts_unset(struct cts_facts *facts, uint32_t attribute, struct cts_error **error);

/**
 * Declares that there is a recipient, about whom nothing need be known. Anything under
 * `recipient.` that is given declares it too.
 */
CTS_NODISCARD cts_status cts_facts_with_recipient(struct cts_facts *facts);

/** Frees facts; NULL is allowed. */
void cts_facts_free(struct cts_facts *facts);

/**
 * Judges a campaign document. `told` is a `cts_told`.
 *
 * `*decision` is the caller's; free it with `cts_decision_free`.
 */
CTS_NODISCARD cts_status cts_engine_check_json(const struct cts_engine *engine,
                                 const void *json,
                                 size_t json_len,
                                 int32_t told,
                                 struct cts_decision **decision,
                                 struct cts_error **error);

/**
 * Judges a campaign document at another instant than it says, or where it does not say one:
 * seconds since 1970-01-01T00:00:00Z and nanoseconds after them. `told` is a `cts_told`.
 *
 * `*decision` is the caller's; free it with `cts_decision_free`.
 */
CTS_NODISCARD cts_status cts_engine_check_json_at(const struct cts_engine *engine,
                                    const void *json,
                                    size_t json_len,
                                    int64_t seconds,
                                    uint32_t nanos,
                                    int32_t told,
                                    struct cts_decision **decision,
                                    struct cts_error **error);

/**
 * Judges facts. `told` is a `cts_told`. Where only the verdict and the rules' ids are wanted,
 * `cts_engine_check_into` is faster.
 *
 * `*decision` is the caller's; free it with `cts_decision_free`.
 */
CTS_NODISCARD cts_status cts_engine_check(const struct cts_engine *engine,
                            const struct cts_facts *facts,
                            int32_t told,
                            struct cts_decision **decision,
                            struct cts_error **error);

/** Gives the verdict. */
CTS_NODISCARD cts_status cts_decision_verdict(const struct cts_decision *decision, cts_verdict *verdict);

/**
 * Gives the decision as one line of JSON, byte for byte as every other binding gives it.
 *
 * `*json` is borrowed from `decision` and dies with it.
 */
CTS_NODISCARD cts_status cts_decision_json(const struct cts_decision *decision, struct cts_str *json);

/**
 * Gives the digest over the facts, all that the decision rests on, and the decision: `sha256:` and
 * 64 hexadecimal digits.
 *
 * `*digest` is borrowed from `decision` and dies with it.
 */
CTS_NODISCARD cts_status cts_decision_digest(const struct cts_decision *decision, struct cts_str *digest);

/**
 * Gives what the violations can lead to, from mild to grave, such as `number_ban_permanent`.
 *
 * The array and its texts are borrowed from `decision` and die with it.
 */
CTS_NODISCARD cts_status cts_decision_exposure(const struct cts_decision *decision,
                                 const struct cts_str **exposure,
                                 size_t *count);

/**
 * Gives the paths of the members of the document that are missing for the findings.
 *
 * The array and its texts are borrowed from `decision` and die with it.
 */
CTS_NODISCARD cts_status cts_decision_missing(const struct cts_decision *decision,
                                const struct cts_str **missing,
                                size_t *count);

/** Gives the number of findings. */
CTS_NODISCARD cts_status cts_decision_finding_count(const struct cts_decision *decision, size_t *count);

/**
 * Gives one finding, the worst first. `finding->struct_size` must be set, as by
 * `CTS_FINDING_INIT`.
 *
 * The texts and arrays in `*finding` are borrowed from `decision` and die with it.
 */
CTS_NODISCARD cts_status cts_decision_finding(const struct cts_decision *decision,
                                size_t index,
                                struct cts_finding *finding);

/**
 * Gives the decision for people: a page of 100 columns in their language, in lines that end with a
 * line feed. `language` is a `cts_language`. JSON and digest do not depend on it; texts of rules
 * that their pack does not have in a language are in English.
 *
 * `*text` is borrowed from `decision` and dies with it.
 */
CTS_NODISCARD cts_status cts_decision_text(const struct cts_decision *decision,
                             int32_t language,
                             struct cts_str *text);

/**
 * Gives what one finding says, the worst first, in a language: `language` is a `cts_language`.
 * `texts->struct_size` must be set, as by `CTS_FINDING_TEXTS_INIT`.
 *
 * The texts in `*texts` are borrowed from `decision` and die with it.
 */
CTS_NODISCARD cts_status cts_decision_finding_texts(const struct cts_decision *decision,
                                      size_t index,
                                      int32_t language,
                                      struct cts_finding_texts *texts);

/** Frees a decision; NULL is allowed. */
void cts_decision_free(struct cts_decision *decision);

/**
 * Explains facts: the decision, a checklist of all rules, the smallest sets of changes that make
 * the verdict better, the verdict at later instants, and what to supply first. Every claim was
 * checked by judging the case again. `options` may be NULL: 8 fixes and 30 days.
 *
 * `*explanation` is the caller's; free it with `cts_explanation_free`.
 */
CTS_NODISCARD cts_status cts_engine_explain(const struct cts_engine *engine,
                              const struct cts_facts *facts,
                              const struct cts_explain_options *options,
                              struct cts_explanation **explanation,
                              struct cts_error **error);

/**
 * Explains a campaign document, as `cts_engine_explain` does facts.
 *
 * `*explanation` is the caller's; free it with `cts_explanation_free`.
 */
CTS_NODISCARD cts_status cts_engine_explain_json(const struct cts_engine *engine,
                                   const void *json,
                                   size_t json_len,
                                   const struct cts_explain_options *options,
                                   struct cts_explanation **explanation,
                                   struct cts_error **error);

/**
 * Gives the explanation as one line of JSON, byte for byte as `cts explain --json` prints it. Its
 * member `decision` is what `cts_decision_json` gives.
 *
 * `*json` is borrowed from `explanation` and dies with it.
 */
CTS_NODISCARD cts_status cts_explanation_json(const struct cts_explanation *explanation, struct cts_str *json);

/**
 * Gives the explanation for people: a page of 100 columns in their language, in lines that end
 * with a line feed. `language` is a `cts_language`.
 *
 * `*text` is borrowed from `explanation` and dies with it.
 */
CTS_NODISCARD cts_status cts_explanation_text(const struct cts_explanation *explanation,
                                int32_t language,
                                struct cts_str *text);

/**
 * Gives the decision of an explanation, as a check gives it.
 *
 * `*decision` is the caller's, and lives on without the explanation; free it with
 * `cts_decision_free`.
 */
CTS_NODISCARD cts_status cts_explanation_decision(const struct cts_explanation *explanation,
                                    struct cts_decision **decision);

/** Frees an explanation; NULL is allowed. */
void cts_explanation_free(struct cts_explanation *explanation);

/**
 * Judges facts and makes a record of it, as one line of JSON: the facts after merging, the
 * decision, the explanation if it is asked for, and the digests of all that these rest on. It is
 * what `cts check --record` appends to a log, a line for each, and what `cts verify` and `cts
 * replay` check. Its member `decision` is what `cts_decision_json` gives. `options` may be NULL.
 *
 * Nothing is stored: append the text and a line feed to a log, and have the system store it,
 * before you send.
 *
 * `*record` is the caller's; free it with `cts_text_free`.
 */
CTS_NODISCARD cts_status cts_engine_record(const struct cts_engine *engine,
                             const struct cts_facts *facts,
                             const struct cts_record_options *options,
                             struct cts_text **record,
                             struct cts_error **error);

/**
 * Judges a campaign document and makes a record of it, as `cts_engine_record` does of facts.
 *
 * `*record` is the caller's; free it with `cts_text_free`.
 */
CTS_NODISCARD cts_status cts_engine_record_json(const struct cts_engine *engine,
                                  const void *json,
                                  size_t json_len,
                                  const struct cts_record_options *options,
                                  struct cts_text **record,
                                  struct cts_error **error);

/**
 * Makes an empty report.
 *
 * `*report` is the caller's; free it with `cts_report_free`.
 */
CTS_NODISCARD cts_status cts_report_new(struct cts_report **report);

/**
 * Judges facts, and keeps in `report` the verdict and the rules that are violated or undetermined:
 * those of the findings that `cts_engine_check` gives, in the same order. If the check fails, the
 * report is empty: what was found of another case is never read as of this one.
 */
CTS_NODISCARD cts_status cts_engine_check_into(const struct cts_engine *engine,
                                 const struct cts_facts *facts,
                                 struct cts_report *report,
                                 struct cts_error **error);

/** Gives the verdict of the last check; `CTS_ERR_EMPTY` where there was none, or it failed. */
CTS_NODISCARD cts_status cts_report_verdict(const struct cts_report *report, cts_verdict *verdict);

/** Gives the number of rules that are violated or undetermined. */
CTS_NODISCARD cts_status cts_report_rule_count(const struct cts_report *report, size_t *count);

/**
 * Gives one rule, the worst first. `rule->struct_size` must be set, as by `CTS_RULE_INIT`.
 *
 * The texts in `*rule` are borrowed from `report` and die when it is filled anew or freed.
 */
CTS_NODISCARD cts_status cts_report_rule(const struct cts_report *report, size_t index, struct cts_rule *rule);

/** Frees a report; NULL is allowed. */
void cts_report_free(struct cts_report *report);

/**
 * Asks the engine's directory about a provider at an instant: seconds since 1970-01-01T00:00:00Z
 * and nanoseconds after them. `who->struct_size` must be set, as by `CTS_IDENTITY_INIT`. Of a
 * provider about which nothing is known, the listing is unknown.
 *
 * `*provider` is the caller's; free it with `cts_provider_free`.
 */
CTS_NODISCARD cts_status cts_engine_find_provider(const struct cts_engine *engine,
                                    const struct cts_identity *who,
                                    int64_t seconds,
                                    uint32_t nanos,
                                    struct cts_provider **provider,
                                    struct cts_error **error);

/**
 * Gives what the directory says. `info->struct_size` must be set, as by `CTS_PROVIDER_INFO_INIT`.
 *
 * The texts in `*info` are borrowed from `provider` and die with it.
 */
CTS_NODISCARD cts_status cts_provider_read(const struct cts_provider *provider, struct cts_provider_info *info);

/** Frees what the directory said; NULL is allowed. */
void cts_provider_free(struct cts_provider *provider);

/**
 * Reads a book: what `cts_account_json` gave, also in version 0.1.0, `{}` for a new one, or
 * `{"account": …}` to begin with what is known already.
 *
 * `*account` is the caller's; free it with `cts_account_free`.
 */
CTS_NODISCARD cts_status cts_account_new_from_json(const void *json,
                                     size_t json_len,
                                     struct cts_account **account,
                                     struct cts_error **error);

/**
 * Takes in one event: the body of a webhook of any account, or an answer of the Graph API wrapped
 * as `{"read_at": …, "answer": …}`. Each change stands or falls alone; what is not JSON is
 * refused, and nothing is taken in then.
 *
 * `*changes` is the caller's; free it with `cts_changes_free`.
 */
CTS_NODISCARD cts_status cts_account_apply(struct cts_account *account,
                             const void *event,
                             size_t event_len,
                             struct cts_changes **changes,
                             struct cts_error **error);

/**
 * Takes in an answer of the Graph API as it came, which does not say when it was read: seconds
 * since 1970-01-01T00:00:00Z and nanoseconds after them say it. A webhook, or an answer that says
 * it, is taken in as by `cts_account_apply`.
 *
 * `*changes` is the caller's; free it with `cts_changes_free`.
 */
CTS_NODISCARD cts_status cts_account_apply_read_at(struct cts_account *account,
                                     const void *event,
                                     size_t event_len,
                                     int64_t seconds,
                                     uint32_t nanos,
                                     struct cts_changes **changes,
                                     struct cts_error **error);

/**
 * Gives the book as one line of JSON, to be kept and read again by `cts_account_new_from_json`.
 * Its member `account`, where the book has one account, is that of a campaign document, as of the
 * last event.
 *
 * `*json` is the caller's; free it with `cts_text_free`.
 */
CTS_NODISCARD cts_status cts_account_json(const struct cts_account *account,
                            struct cts_text **json,
                            struct cts_error **error);

/**
 * Gives the `account` member of a campaign document as of the last event, as one line of JSON.
 * `number` is the sending number; without one, (NULL, 0), what differs between the account's
 * numbers is left out.
 *
 * `*json` is the caller's; free it with `cts_text_free`.
 */
CTS_NODISCARD cts_status cts_account_show(const struct cts_account *account,
                            const char *number,
                            size_t number_len,
                            struct cts_text **json,
                            struct cts_error **error);

/**
 * Gives the `account` member of a campaign document as of an instant: seconds since
 * 1970-01-01T00:00:00Z and nanoseconds after them. Restrictions and violations have dates of their
 * own and are given whole, also those of a later date. `number`: as in `cts_account_show`.
 *
 * `*json` is the caller's; free it with `cts_text_free`.
 */
CTS_NODISCARD cts_status cts_account_show_at(const struct cts_account *account,
                               int64_t seconds,
                               uint32_t nanos,
                               const char *number,
                               size_t number_len,
                               struct cts_text **json,
                               struct cts_error **error);

/**
 * Tells facts what the book knows as of their `send_at`, or as of the last event where they have
 * none: the account, the campaign's template by its name, and whether the recipient stopped
 * marketing. So tell the instant, the template's name and the recipient first. What the book does
 * not know stays as it was given, also of an earlier recipient: go back with `cts_facts_reset`
 * before each. All of it or, where it fails, nothing.
 *
 * Takes no ownership, and `facts` does not need `account` to live on.
 */
CTS_NODISCARD cts_status cts_account_tell(const struct cts_account *account,
                            struct cts_facts *facts,
                            struct cts_error **error);

/** Gives the number of rows that are kept. */
CTS_NODISCARD cts_status cts_account_event_count(const struct cts_account *account, size_t *count);

/**
 * Gives the instant of the last event: seconds since 1970-01-01T00:00:00Z and nanoseconds after
 * them. `CTS_ERR_EMPTY` where there is none.
 */
CTS_NODISCARD cts_status cts_account_last_event_at(const struct cts_account *account,
                                     int64_t *seconds,
                                     uint32_t *nanos);

/**
 * Gives one row of the book as one line of JSON, to be kept under its key. `CTS_ERR_EMPTY` where
 * there is none.
 *
 * `*json` is the caller's; free it with `cts_text_free`.
 */
CTS_NODISCARD cts_status cts_account_row(const struct cts_account *account,
                           const char *key,
                           size_t key_len,
                           struct cts_text **json,
                           struct cts_error **error);

/** Joins a row, as `cts_account_row` gave it, also of a later version. */
CTS_NODISCARD cts_status cts_account_merge_row(struct cts_account *account,
                                 const char *key,
                                 size_t key_len,
                                 const void *row,
                                 size_t row_len,
                                 struct cts_error **error);

/**
 * Joins all rows of another book. Commutative, associative and idempotent: workers may keep books
 * of their own and join them in any order.
 */
CTS_NODISCARD cts_status cts_account_merge(struct cts_account *account,
                             const struct cts_account *other,
                             struct cts_error **error);

/**
 * Forgets a person, given by a number in E.164 or a user id, under all names that the book knows.
 * Gives `{"removed": [KEY…], "replaced": [KEY…]}`: rows to delete where they are kept, and rows to
 * replace by what `cts_account_row` gives. What names no person is an error; of a person whom the
 * book does not have both lists are empty.
 *
 * `*json` is the caller's; free it with `cts_text_free`.
 */
CTS_NODISCARD cts_status cts_account_forget(struct cts_account *account,
                              const char *person,
                              size_t person_len,
                              struct cts_text **json,
                              struct cts_error **error);

/**
 * Drops what no check after an instant asks about: seconds since 1970-01-01T00:00:00Z and
 * nanoseconds after them. Gives what `cts_account_forget` gives.
 *
 * `*json` is the caller's; free it with `cts_text_free`.
 */
CTS_NODISCARD cts_status cts_account_expire(struct cts_account *account,
                              int64_t seconds,
                              uint32_t nanos,
                              struct cts_text **json,
                              struct cts_error **error);

/**
 * Gives what of an account's events was not understood and not acknowledged, as one line of JSON:
 * a list of objects with `at`, `field`, `event`, `why` and `id`. `id`: the account's; none,
 * (NULL, 0), where the book has one account.
 *
 * `*json` is the caller's; free it with `cts_text_free`.
 */
CTS_NODISCARD cts_status cts_account_not_understood(const struct cts_account *account,
                                      const char *id,
                                      size_t id_len,
                                      struct cts_text **json,
                                      struct cts_error **error);

/**
 * Acknowledges the events of an account that were not understood, as of an instant: checks no
 * longer ask for review because of them. The row that changes is that of `account/ID`. `id`: the
 * account's; none, (NULL, 0), where the book has one account.
 */
CTS_NODISCARD cts_status cts_account_acknowledge(struct cts_account *account,
                                   const char *id,
                                   size_t id_len,
                                   int64_t seconds,
                                   uint32_t nanos,
                                   struct cts_error **error);

/**
 * Notes that an appeal succeeded: restrictions of that kind, or all of them, end at an instant.
 * The row that changes is that of `account/ID`. `kind`: a kind of restriction; none, (NULL, 0),
 * for all. `reason`: what to keep beside it. `id`: the account's; none, (NULL, 0), where the book
 * has one account.
 */
CTS_NODISCARD cts_status cts_account_appeal(struct cts_account *account,
                              const char *id,
                              size_t id_len,
                              const char *kind,
                              size_t kind_len,
                              int64_t seconds,
                              uint32_t nanos,
                              const char *reason,
                              size_t reason_len,
                              struct cts_error **error);

/**
 * Gives the ids of the accounts that the book has, in order, as one line of JSON: a list of texts.
 *
 * `*json` is the caller's; free it with `cts_text_free`.
 */
CTS_NODISCARD cts_status cts_account_ids(const struct cts_account *account,
                           struct cts_text **json,
                           struct cts_error **error);

/**
 * Gives the keys of the rows, in order, as one line of JSON: a list of texts, of each of which
 * `cts_account_row` gives the row.
 *
 * `*json` is the caller's; free it with `cts_text_free`.
 */
CTS_NODISCARD cts_status cts_account_keys(const struct cts_account *account,
                            struct cts_text **json,
                            struct cts_error **error);

/**
 * Gives the ids of the accounts that an event is about, in order and each once, as one line of
 * JSON: a list of texts. It needs no book: whose rows to load before the event is applied.
 *
 * `*json` is the caller's; free it with `cts_text_free`.
 */
CTS_NODISCARD cts_status cts_accounts_in(const void *event,
                           size_t event_len,
                           struct cts_text **json,
                           struct cts_error **error);

/** Frees an account; NULL is allowed. Facts that took data from it stay valid. */
void cts_account_free(struct cts_account *account);

/** Gives the number of changes. */
CTS_NODISCARD cts_status cts_changes_count(const struct cts_changes *changes, size_t *count);

/**
 * Gives one change, in the order of the event. `change->struct_size` must be set, as by
 * `CTS_CHANGE_INIT`.
 *
 * The texts and arrays in `*change` are borrowed from `changes` and die with it.
 */
CTS_NODISCARD cts_status cts_changes_read(const struct cts_changes *changes,
                            size_t index,
                            struct cts_change *change);

/**
 * Gives all changes as one line of JSON, as `cts account apply --json` prints them.
 *
 * `*json` is the caller's; free it with `cts_text_free`.
 */
CTS_NODISCARD cts_status cts_changes_json(const struct cts_changes *changes,
                            struct cts_text **json,
                            struct cts_error **error);

/** Gives the number of rows of the book that the event changed. */
CTS_NODISCARD cts_status cts_changes_row_count(const struct cts_changes *changes, size_t *count);

/**
 * Gives the key of one row that the event changed, in order: what to store is what
 * `cts_account_row` gives under it.
 *
 * `*key` is borrowed from `changes` and dies with it.
 */
CTS_NODISCARD cts_status cts_changes_row(const struct cts_changes *changes, size_t index, struct cts_str *key);

/** Frees changes; NULL is allowed. */
void cts_changes_free(struct cts_changes *changes);

/**
 * Explains an error code of WhatsApp, such as 131049, as one line of JSON: what it means, whether
 * to try again and when, what it changes, and its source, as `cts code --json` prints it.
 * `CTS_ERR_EMPTY` where the catalogue does not have it.
 *
 * `*json` is the caller's; free it with `cts_text_free`.
 */
CTS_NODISCARD cts_status cts_code_explain(int64_t code, struct cts_text **json, struct cts_error **error);

/**
 * Explains a subcode that came with a code, as `error_subcode`. `CTS_ERR_EMPTY` where the
 * catalogue does not have it: most subcodes are not published, and the code alone says what to do.
 *
 * `*json` is the caller's; free it with `cts_text_free`.
 */
CTS_NODISCARD cts_status cts_code_explain_subcode(int64_t code,
                                    int64_t subcode,
                                    struct cts_text **json,
                                    struct cts_error **error);

/**
 * Finds which clients of WhatsApp a source tree, or one file of it, installs, runs and calls, and
 * gives the report of `cts scan --json`. `*verdict` is `CTS_DENY` where one is unofficial,
 * `CTS_REVIEW` where something could not be read or told, else `CTS_ALLOW`. Nothing is run and no
 * network is asked; the files below `path` are opened.
 *
 * `day` is a date such as `2026-03-02`, of which what the tree itself lists as accepted is heard,
 * or (NULL, 0) where the tree is not believed.
 *
 * `*json` is the caller's; free it with `cts_text_free`.
 */
CTS_NODISCARD cts_status cts_scan(const char *path,
                    size_t path_len,
                    const char *day,
                    size_t day_len,
                    cts_verdict *verdict,
                    struct cts_text **json,
                    struct cts_error **error);

/**
 * Asks the enforcement ladder in force at an instant, of the engine's last pack that has one, what
 * a violation of that kind, such as `spam`, would bring an account of this state: seconds since
 * 1970-01-01T00:00:00Z and nanoseconds after them. No probability is given.
 *
 * `*projection` is the caller's; free it with `cts_projection_free`.
 */
CTS_NODISCARD cts_status cts_engine_project(const struct cts_engine *engine,
                              const struct cts_account *account,
                              const char *violation,
                              size_t violation_len,
                              int64_t seconds,
                              uint32_t nanos,
                              struct cts_projection **projection,
                              struct cts_error **error);

/**
 * As `cts_engine_project`, for the account of given facts.
 *
 * `*projection` is the caller's; free it with `cts_projection_free`.
 */
CTS_NODISCARD cts_status cts_engine_project_facts(const struct cts_engine *engine,
                                    const struct cts_facts *facts,
                                    const char *violation,
                                    size_t violation_len,
                                    int64_t seconds,
                                    uint32_t nanos,
                                    struct cts_projection **projection,
                                    struct cts_error **error);

/**
 * Gives all of it but the steps. `info->struct_size` must be set, as by
 * `CTS_PROJECTION_INFO_INIT`.
 *
 * The texts and arrays in `*info` are borrowed from `projection` and die with it.
 */
CTS_NODISCARD cts_status cts_projection_read(const struct cts_projection *projection,
                               struct cts_projection_info *info);

/**
 * Gives one step that can follow, from mild to grave. `step->struct_size` must be set, as by
 * `CTS_PROJECTION_STEP_INIT`.
 *
 * The texts and arrays in `*step` are borrowed from `projection` and die with it.
 */
CTS_NODISCARD cts_status cts_projection_read_step(const struct cts_projection *projection,
                                    size_t index,
                                    struct cts_projection_step *step);

/**
 * Gives all of it as one line of JSON, as `cts account project --json` prints it.
 *
 * `*json` is the caller's; free it with `cts_text_free`.
 */
CTS_NODISCARD cts_status cts_projection_json(const struct cts_projection *projection,
                               struct cts_text **json,
                               struct cts_error **error);

/** Frees a projection; NULL is allowed. */
void cts_projection_free(struct cts_projection *projection);

/**
 * Makes options that say nothing special.
 *
 * `*options` is the caller's; free it with `cts_screen_options_free`.
 */
CTS_NODISCARD cts_status cts_screen_options_new(struct cts_screen_options **options);

/**
 * Repeats a column of the audience in the result, before the others, such as an id. It need not be
 * an attribute. May be called for several, which come in that order.
 */
CTS_NODISCARD cts_status cts_screen_options_keep(struct cts_screen_options *options,
                                   const char *column,
                                   size_t column_len,
                                   struct cts_error **error);

/**
 * Leaves a column of the audience out of account, whatever it is called. A column that is no
 * attribute must be kept, ignored or named, or the audience is refused. May be called for several.
 */
CTS_NODISCARD cts_status cts_screen_options_ignore(struct cts_screen_options *options,
                                     const char *column,
                                     size_t column_len,
                                     struct cts_error **error);

/**
 * Says that timestamps of columns without a time zone are what clocks of this zone showed, such as
 * `Europe/Madrid`; without it such columns are refused (`screen/timestamps-without-zone`). An
 * unknown zone is an error of the screening. A time that the zone's clocks show twice or never is
 * a value that cannot be read.
 */
CTS_NODISCARD cts_status cts_screen_options_time_zone(struct cts_screen_options *options,
                                        const char *zone,
                                        size_t zone_len,
                                        struct cts_error **error);

/**
 * Names the attribute, such as `recipient.phone`, of a column that is not named by the
 * attribute's path. May be called for several.
 */
CTS_NODISCARD cts_status cts_screen_options_name(struct cts_screen_options *options,
                                   const char *column,
                                   size_t column_len,
                                   const char *attribute,
                                   size_t attribute_len,
                                   struct cts_error **error);

/**
 * Says which columns may hold texts: one of `enum cts_texts`. Without, those of attributes that
 * are texts; of a table in CSV, all.
 */
CTS_NODISCARD cts_status cts_screen_options_texts(struct cts_screen_options *options,
                                    int32_t texts,
                                    struct cts_error **error);

/**
 * Says how many threads work on batches, from 1 to 1,024. With 1, no thread is started: batches
 * are judged as they are asked for. With more, batches are taken from the audience ahead of time,
 * two for each thread; the result and its order are the same.
 */
CTS_NODISCARD cts_status cts_screen_options_threads(struct cts_screen_options *options,
                                      size_t threads,
                                      struct cts_error **error);

/**
 * Says how many rows an audience may have, from 1 to 4294967296, which it is without: more are an
 * error of the rows. How long a batch is costs its sender nothing where it is a column of nulls,
 * so a host that takes audiences from strangers says what it expects.
 */
CTS_NODISCARD cts_status cts_screen_options_rows_max(struct cts_screen_options *options,
                                       uint64_t rows,
                                       struct cts_error **error);

/**
 * Counts what would help most: how many more rows would be allowed with each single change of the
 * campaign or of the sender, and if the message went out at each of so many hours that come, from
 * 0 (changes alone) to 336, which are two weeks. Each batch is judged once more for each of them.
 * `cts_summary_help_json` gives what was found.
 */
CTS_NODISCARD cts_status cts_screen_options_help(struct cts_screen_options *options,
                                   uint32_t hours,
                                   struct cts_error **error);

/**
 * Adds a column `fix` to the rows, after `missing`: a dictionary, null where the row is allowed;
 * else who can change that by one change of the least effort: `campaign`, `sender` or `time`, or
 * `audience`, to leave the row out, where no such change does. What is tried is what
 * `cts_screen_options_help` says; without it, changes alone.
 */
CTS_NODISCARD cts_status cts_screen_options_fix_column(struct cts_screen_options *options,
                                         struct cts_error **error);

/**
 * Takes a line of NDJSON that leaves out a member which others give as one that gives null, also
 * where null says that there is none. For `cts_engine_screen_file` and `cts_engine_screen_bytes`.
 */
CTS_NODISCARD cts_status cts_screen_options_left_out_is_null(struct cts_screen_options *options,
                                               struct cts_error **error);

/** Frees options; NULL is allowed. Screenings that were begun with them go on. */
void cts_screen_options_free(struct cts_screen_options *options);

/**
 * Judges a campaign against a whole audience: a stream of recipients in, a stream of what each is
 * told out, in order: a batch for each batch, but that one of more than 65,536 rows comes out in
 * pieces of so many.
 *
 * `campaign` is what all recipients share, and has no recipient. `audience` is a stream of structs
 * with a column for each member, named by the attributes under `recipient.` and `x.` that they
 * tell, or as the options say. A column that is not there gives nothing of any row; a null is
 * *absent* for a nullable attribute and unknown for any other. `options` may be NULL, for those
 * that `cts_screen_options_new` makes.
 *
 * `*rows` has the columns that the options keep, then `verdict`, a dictionary of `allow`, `review`
 * and `deny`; `rules`, a list of the ids of the rules that the row violates or leaves
 * undetermined, in the order of findings; `missing`, a list of the members that it misses, by
 * path; and `fix`, if `cts_screen_options_fix_column` asks for it. Each row comes out as a check
 * of it alone would say. A row with a value that its attribute cannot hold has the finding
 * `input.bad-value` and is `review` at least.
 *
 * This call judges nothing yet: each `get_next` of `*rows` takes from the audience what it needs,
 * on its own thread, and judges it. What the audience gives is checked before it is read: lengths,
 * offsets, UTF-8, keys of dictionaries; a batch that does not keep Arrow's specification is an
 * error of `*rows`, and so is an error of the audience, whose number and text are passed on. After
 * an error, `get_next` gives the same error again. No panic comes out of the stream: it would be
 * an error, `EIO`. Where a function of `*rows` fails, its output is a released one.
 *
 * The audience's functions must return: an exception that leaves one ends the process, with a
 * message that names the function, and after a `longjmp` out of one the screening can only be
 * leaked: it says `CTS_ERR_BUSY` from then on. They may ask for a summary, and may release
 * `*rows`, which is done when the call that is at work returns. After a `fork`, a screening with
 * more than one thread belongs to the parent: in the child `get_next` gives `EINVAL`, and
 * `release` lets go of nothing but the child's own memory, not of the audience.
 *
 * On `CTS_OK` the audience is taken over: `audience->release` is NULL, and the stream is released
 * when its end or an error was met, or when `*rows` is released. If this call fails, `*audience`
 * is as it was, and still the caller's to release, but that its schema was asked for. `*rows` is
 * the caller's: call its `release`. It may be the place that `audience` is; anywhere else it is a
 * released stream if the call fails. Its arrays are the caller's as well; those of columns that
 * were kept hold on to the audience's array, whose `release` is called when nobody needs it any
 * more, and with more than one thread maybe on one of them. `*rows` needs neither the engine nor
 * the options nor `*screening` to live on, and goes on with what the engine was when it is
 * replaced. `*screening` is the caller's; free it with `cts_screening_free`. Takes no ownership of
 * anything else.
 */
CTS_NODISCARD cts_status cts_engine_screen(const struct cts_engine *engine,
                             const struct cts_facts *campaign,
                             const struct cts_screen_options *options,
                             struct ArrowArrayStream *audience,
                             struct ArrowArrayStream *rows,
                             struct cts_screening **screening,
                             struct cts_error **error);

/**
 * Gives what was found so far: of the rows of all batches that `get_next` has given, and of the
 * whole audience once it has given the end of the stream, which `is_complete` of
 * `cts_summary_info` gives. A summary does not change when more rows are taken: ask for another.
 *
 * Never waits: while a `get_next` is at work, also one that is in the middle of the audience's, it
 * gives `CTS_ERR_BUSY`.
 *
 * `*summary` is the caller's; free it with `cts_summary_free`.
 */
CTS_NODISCARD cts_status cts_screening_summary(const struct cts_screening *screening,
                                 struct cts_summary **summary,
                                 struct cts_error **error);

/** Frees a screening; NULL is allowed. The stream of its rows goes on, and summaries stay good. */
void cts_screening_free(struct cts_screening *screening);

/** Gives the summary as a whole. `info->struct_size` must be set, as by `CTS_SUMMARY_INFO_INIT`. */
CTS_NODISCARD cts_status cts_summary_read(const struct cts_summary *summary, struct cts_summary_info *info);

/**
 * Gives a rule that some row has a finding of, in the order of findings: deny before review before
 * note, violated before undetermined, then by pack and id. `rule->struct_size` must be set, as by
 * `CTS_RULE_ROWS_INIT`.
 *
 * The texts in `*rule` are borrowed from `summary` and die with it.
 */
CTS_NODISCARD cts_status cts_summary_rule(const struct cts_summary *summary,
                            size_t index,
                            struct cts_rule_rows *rule);

/**
 * Gives a member that some row misses, by path. `missing->struct_size` must be set, as by
 * `CTS_MISSING_ROWS_INIT`.
 *
 * The texts in `*missing` are borrowed from `summary` and die with it.
 */
CTS_NODISCARD cts_status cts_summary_missing(const struct cts_summary *summary,
                               size_t index,
                               struct cts_missing_rows *missing);

/**
 * Gives a country of recipients, the most frequent first; there is none where no column gives a
 * country. `country->struct_size` must be set, as by `CTS_COUNTRY_ROWS_INIT`.
 *
 * The texts in `*country` live as long as the library.
 */
CTS_NODISCARD cts_status cts_summary_country(const struct cts_summary *summary,
                               size_t index,
                               struct cts_country_rows *country);

/**
 * Gives a value that could not be read, in the order of rows. `bad->struct_size` must be set, as
 * by `CTS_BAD_VALUE_INIT`.
 *
 * The texts in `*bad` are borrowed from `summary` and die with it.
 */
CTS_NODISCARD cts_status cts_summary_bad_value(const struct cts_summary *summary,
                                 size_t index,
                                 struct cts_bad_value *bad);

/**
 * Gives the summary as one line of JSON, as `cts screen --json` prints it.
 *
 * `*json` is borrowed from `summary` and dies with it.
 */
CTS_NODISCARD cts_status cts_summary_json(const struct cts_summary *summary, struct cts_str *json);

/**
 * Gives what would help the audience most, as one line of JSON: `changes`, those of the campaign
 * or of the sender with which more rows would be allowed, the one that helps most first, and
 * `hours`, what sending at each of them would change. It is the member `help` of
 * `cts_summary_json`; not there (NULL) where `cts_screen_options_help` did not ask for it.
 *
 * `*json` is borrowed from `summary` and dies with it.
 */
CTS_NODISCARD cts_status cts_summary_help_json(const struct cts_summary *summary, struct cts_str *json);

/**
 * Gives the summary for people, as `cts screen` prints it: lines with counts and their share.
 *
 * `*text` is borrowed from `summary` and dies with it.
 */
CTS_NODISCARD cts_status cts_summary_text(const struct cts_summary *summary, struct cts_str *text);

/**
 * Makes one summary of several, as if their audiences had been one: `summaries` are `count`
 * summaries in the order of their rows, by which rows with bad values are numbered. They are of
 * one campaign, and of the same packs, waivers, directory and engine: others are refused,
 * `screen/other-basis`. It is complete if all of them are.
 *
 * Takes no ownership of `summaries`. `*merged` is the caller's; free it with `cts_summary_free`.
 */
CTS_NODISCARD cts_status cts_summary_merge(const struct cts_summary *const *summaries,
                             size_t count,
                             struct cts_summary **merged,
                             struct cts_error **error);

/**
 * Reads a summary from what `cts_summary_json` gave, maybe in another process, so that it can be
 * merged. JSON does not say whether the audience was read to its end: `is_complete`, 1 or 0, does.
 *
 * `*summary` is the caller's; free it with `cts_summary_free`.
 */
CTS_NODISCARD cts_status cts_summary_new_from_json(const void *json,
                                     size_t json_len,
                                     int32_t is_complete,
                                     struct cts_summary **summary,
                                     struct cts_error **error);

/** Frees a summary; NULL is allowed. */
void cts_summary_free(struct cts_summary *summary);

/**
 * Judges a campaign for every recipient of a table in a file, and writes what each is told into
 * another: the columns and rows of `cts screen`, as `cts_engine_screen` gives them. For languages
 * that have no Arrow, and audiences that are files anyway.
 *
 * `audience` and `rows` are paths; `rows` is (NULL, 0) where only the summary is wanted. The
 * formats are numbers of `enum cts_format`. A table in CSV has no types: texts of any column are
 * read as a campaign document writes them, and its columns are called by attributes or named by
 * `cts_screen_options_name`. A line of NDJSON that leaves out a member which others give is
 * refused where that is not the same as null, unless `cts_screen_options_left_out_is_null` was
 * called. `options` may be NULL.
 *
 * Batches stream through: what is held does not grow with the audience. The file of rows appears
 * when it is complete; if this call fails, what was there before is there still. It may not be the
 * audience itself (`CTS_ERR_VALUE`). What cannot be opened or written is `CTS_ERR_FILE`, what is
 * wrong with the audience `CTS_ERR_AUDIENCE`, with the line where that is known.
 *
 * `*summary` is the caller's; free it with `cts_summary_free`.
 */
CTS_NODISCARD cts_status cts_engine_screen_file(const struct cts_engine *engine,
                                  const struct cts_facts *campaign,
                                  const struct cts_screen_options *options,
                                  const char *audience,
                                  size_t audience_len,
                                  int32_t audience_format,
                                  const char *rows,
                                  size_t rows_len,
                                  int32_t rows_format,
                                  struct cts_summary **summary,
                                  struct cts_error **error);

/**
 * As `cts_engine_screen_file`, of a table in memory, and gives the rows as bytes: for Arrow IPC
 * from and to other languages, or lines of JSON where there is no Arrow.
 *
 * The formats are numbers of `enum cts_format`, and not `CTS_FORMAT_BY_NAME`. The audience is
 * copied. Parquet and Arrow's file format begin at their ends, and go through a temporary file;
 * CSV, NDJSON and Arrow's stream format do not, and no file is opened for them.
 *
 * `*rows` is the caller's; free it with `cts_bytes_free`. So is `*summary`; free it with
 * `cts_summary_free`.
 */
CTS_NODISCARD cts_status cts_engine_screen_bytes(const struct cts_engine *engine,
                                   const struct cts_facts *campaign,
                                   const struct cts_screen_options *options,
                                   const void *audience,
                                   size_t audience_len,
                                   int32_t audience_format,
                                   int32_t rows_format,
                                   struct cts_bytes **rows,
                                   struct cts_summary **summary,
                                   struct cts_error **error);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

/* The pointer and the length of a string literal, where a function wants both. */
#define CTS_LIT(literal) (literal), (sizeof(literal) - 1)

/* The length and the pointer of a cts_str, for "%.*s". The argument is evaluated twice: give a variable. */
#define CTS_STR_ARG(text) (int)(text).len, (text).data

/* A cts_str of a pointer and a length: `cts_str_of(CTS_LIT("hubtype.com"))`. */
static inline cts_str cts_str_of(const char *data, size_t len)
{
  cts_str text;
  text.data = data;
  text.len = len;
  return text;
}

/* Whether the library that was loaded serves this header: 1 or 0. It may be newer, where it only has more. */
static inline int cts_abi_matches(void)
{
  return cts_abi_serves(CTS_ABI_VERSION);
}

static inline cts_problem cts_problem_init(void)
{
  cts_problem problem;
  memset(&problem, 0, sizeof problem);
  problem.struct_size = sizeof problem;
  return problem;
}

static inline cts_finding cts_finding_init(void)
{
  cts_finding finding;
  memset(&finding, 0, sizeof finding);
  finding.struct_size = sizeof finding;
  return finding;
}

static inline cts_finding_texts cts_finding_texts_init(void)
{
  cts_finding_texts texts;
  memset(&texts, 0, sizeof texts);
  texts.struct_size = sizeof texts;
  return texts;
}

static inline cts_rule cts_rule_init(void)
{
  cts_rule rule;
  memset(&rule, 0, sizeof rule);
  rule.struct_size = sizeof rule;
  return rule;
}

static inline cts_identity cts_identity_init(void)
{
  cts_identity identity;
  memset(&identity, 0, sizeof identity);
  identity.struct_size = sizeof identity;
  return identity;
}

static inline cts_provider_info cts_provider_info_init(void)
{
  cts_provider_info info;
  memset(&info, 0, sizeof info);
  info.struct_size = sizeof info;
  return info;
}

static inline cts_change cts_change_init(void)
{
  cts_change change;
  memset(&change, 0, sizeof change);
  change.struct_size = sizeof change;
  return change;
}

static inline cts_projection_info cts_projection_info_init(void)
{
  cts_projection_info info;
  memset(&info, 0, sizeof info);
  info.struct_size = sizeof info;
  return info;
}

static inline cts_projection_step cts_projection_step_init(void)
{
  cts_projection_step step;
  memset(&step, 0, sizeof step);
  step.struct_size = sizeof step;
  return step;
}

static inline cts_explain_options cts_explain_options_init(void)
{
  cts_explain_options options;
  memset(&options, 0, sizeof options);
  options.struct_size = sizeof options;
  return options;
}

static inline cts_record_options cts_record_options_init(void)
{
  cts_record_options options;
  memset(&options, 0, sizeof options);
  options.struct_size = sizeof options;
  return options;
}

static inline cts_summary_info cts_summary_info_init(void)
{
  cts_summary_info info;
  memset(&info, 0, sizeof info);
  info.struct_size = sizeof info;
  return info;
}

static inline cts_rule_rows cts_rule_rows_init(void)
{
  cts_rule_rows rule;
  memset(&rule, 0, sizeof rule);
  rule.struct_size = sizeof rule;
  return rule;
}

static inline cts_missing_rows cts_missing_rows_init(void)
{
  cts_missing_rows missing;
  memset(&missing, 0, sizeof missing);
  missing.struct_size = sizeof missing;
  return missing;
}

static inline cts_country_rows cts_country_rows_init(void)
{
  cts_country_rows country;
  memset(&country, 0, sizeof country);
  country.struct_size = sizeof country;
  return country;
}

static inline cts_bad_value cts_bad_value_init(void)
{
  cts_bad_value bad;
  memset(&bad, 0, sizeof bad);
  bad.struct_size = sizeof bad;
  return bad;
}

/* Set up the structures that begin with struct_size: `cts_finding finding = CTS_FINDING_INIT;` */
#define CTS_PROBLEM_INIT cts_problem_init()
#define CTS_FINDING_INIT cts_finding_init()
#define CTS_FINDING_TEXTS_INIT cts_finding_texts_init()
#define CTS_EXPLAIN_OPTIONS_INIT cts_explain_options_init()
#define CTS_RECORD_OPTIONS_INIT cts_record_options_init()
#define CTS_RULE_INIT cts_rule_init()
#define CTS_IDENTITY_INIT cts_identity_init()
#define CTS_PROVIDER_INFO_INIT cts_provider_info_init()
#define CTS_CHANGE_INIT cts_change_init()
#define CTS_PROJECTION_INFO_INIT cts_projection_info_init()
#define CTS_PROJECTION_STEP_INIT cts_projection_step_init()
#define CTS_SUMMARY_INFO_INIT cts_summary_info_init()
#define CTS_RULE_ROWS_INIT cts_rule_rows_init()
#define CTS_MISSING_ROWS_INIT cts_missing_rows_init()
#define CTS_COUNTRY_ROWS_INIT cts_country_rows_init()
#define CTS_BAD_VALUE_INIT cts_bad_value_init()

#endif  /* CLEARTOSEND_H */

//! What do programs in other languages read, that have no C compiler?
//!
//! Two forms of the header. [`text`] is what remains of it for a C compiler before its inline
//! functions: PHP's FFI, LuaJIT and Python's cffi take it unchanged. [`json`] names each function,
//! structure and number with what it is for, from which bindings can be generated.

use std::path::Path;

use serde::Serialize;

/// A line of declarations, with the comment above it.
struct Line {
    code: String,
    doc: String,
}

/// The header without directives, comments and inline functions.
///
/// # Errors
/// A directive that is not understood.
pub(super) fn text(header: &str) -> Result<String, String> {
    let mut text = String::from(
        "/* cleartosend.h for tools that read C declarations and have no preprocessor. Made by \
         `cargo xtask c`; do not edit. */\n",
    );
    for line in lines(header)?.0 {
        text.push_str(&line.code);
        text.push('\n');
    }
    Ok(text)
}

/// The lines of the header as a compiler of C99 sees them, and the numbers that it defines.
fn lines(header: &str) -> Result<(Vec<Line>, Vec<Number>), String> {
    let mut lines: Vec<Line> = Vec::new();
    let mut numbers = Vec::new();
    // Whether what is inside of each open condition is seen.
    let mut conditions: Vec<bool> = Vec::new();
    let mut comment: Option<String> = None;
    let mut doc = String::new();
    let mut is_inline = false;
    for line in header.lines() {
        let trimmed = line.trim();
        if let Some(open) = &mut comment {
            let (said, is_last) =
                trimmed.strip_suffix("*/").map_or((trimmed, false), |said| (said, true));
            open.push_str(said.trim_start_matches('*').trim());
            open.push('\n');
            if is_last {
                doc = comment.take().unwrap_or_default().trim().to_owned();
            }
            continue;
        }
        if let Some(rest) = trimmed.strip_prefix("/*") {
            match rest.strip_suffix("*/") {
                Some(said) => said.trim_start_matches('*').trim().clone_into(&mut doc),
                None => comment = Some(format!("{}\n", rest.trim_start_matches('*').trim())),
            }
            continue;
        }
        if let Some(directive) = trimmed.strip_prefix('#') {
            condition(directive, &mut conditions)?;
            if let Some(number) = defined(directive).filter(|_| conditions.iter().all(|it| *it)) {
                numbers.push(Number { doc: std::mem::take(&mut doc), ..number });
            }
            continue;
        }
        // An inline function ends at a brace in the first column.
        is_inline |= line.starts_with("static inline");
        let is_seen = !is_inline && !trimmed.is_empty() && conditions.iter().all(|it| *it);
        is_inline &= line != "}";
        if !is_seen {
            continue;
        }
        let code = line.trim_end().replace("CTS_NODISCARD ", "");
        match lines.last_mut() {
            // The brace of an enumeration stands below its name, which C++ gives a type.
            Some(before) if code == " {" => before.code.push_str(" {"),
            _ => lines.push(Line { code, doc: std::mem::take(&mut doc) }),
        }
    }
    Ok((lines, numbers))
}

/// Follows the directives that the header has.
fn condition(directive: &str, conditions: &mut Vec<bool>) -> Result<(), String> {
    const CPP_OR_C23: &str = "defined(__cplusplus) || __STDC_VERSION__ >= 202311L";
    const C23: &str = "__STDC_VERSION__ >= 202311L";
    let directive = directive.split("//").next().unwrap_or_default();
    let directive = directive.split("/*").next().unwrap_or_default().trim();
    let (word, rest) = directive.split_once(' ').unwrap_or((directive, ""));
    // What is not seen is not understood either, as the words for each compiler.
    let is_hidden = conditions.iter().any(|seen| !*seen);
    match (word, rest.trim()) {
        ("ifdef", "__cplusplus") | ("if", CPP_OR_C23 | C23) => conditions.push(false),
        ("ifndef", "CTS_NODISCARD") => conditions.push(false),
        ("ifndef", _) => conditions.push(true),
        ("ifdef" | "if", _) if is_hidden => conditions.push(false),
        ("elif", _) if is_hidden => {}
        ("else", _) => {
            if let Some(last) = conditions.last_mut() {
                *last = !*last;
            }
        }
        ("endif", _) => {
            conditions.pop();
        }
        ("define" | "include", _) => {}
        _ => return Err(format!("the header has `#{directive}`, which is not understood")),
    }
    Ok(())
}

/// `#define CTS_ABI_VERSION 8`
fn defined(directive: &str) -> Option<Number> {
    let (name, value) = directive.strip_prefix("define ")?.trim().split_once(' ')?;
    let value = value.trim().parse().ok().filter(|_| name.starts_with("CTS_"))?;
    Some(Number { name: name.to_owned(), value, doc: String::new() })
}

#[derive(Serialize)]
struct Api {
    about: &'static str,
    version: &'static str,
    abi: u32,
    abi_oldest: u32,
    constants: Vec<Number>,
    handles: Vec<HandleType>,
    enums: Vec<Enumeration>,
    structs: Vec<Structure>,
    functions: Vec<Function>,
}

#[derive(Serialize)]
struct Number {
    name: String,
    value: i64,
    doc: String,
}

/// A type of which programs see only pointers.
#[derive(Serialize)]
struct HandleType {
    name: String,
    free: String,
    doc: String,
}

#[derive(Serialize)]
struct Enumeration {
    name: String,
    #[serde(rename = "type")]
    of: &'static str,
    doc: String,
    values: Vec<Number>,
}

#[derive(Serialize)]
struct Structure {
    name: String,
    doc: String,
    members: Vec<Member>,
}

#[derive(Serialize)]
struct Member {
    name: String,
    #[serde(rename = "type")]
    of: String,
    doc: String,
}

#[derive(Serialize)]
struct Function {
    name: String,
    returns: String,
    /// The binary interface that had it first.
    since: u32,
    doc: String,
    parameters: Vec<Parameter>,
}

#[derive(Serialize)]
struct Parameter {
    name: String,
    #[serde(rename = "type")]
    of: String,
    role: Role,
}

/// What a parameter is for.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Role {
    /// A handle that is read.
    Handle,
    /// A handle that changes.
    HandleChanged,
    /// A handle that is freed, or NULL.
    HandleFreed,
    /// A place for a handle that the caller frees.
    HandleNew,
    /// A place for an error that the caller frees, or NULL.
    Error,
    /// The first byte of what the next parameter measures: UTF-8.
    Text,
    /// The first byte of what the next parameter measures.
    Bytes,
    /// The first item of what the next parameter counts.
    Array,
    /// How long, or how many, the parameter before is.
    Length,
    /// A structure that is read.
    Structure,
    /// A structure that is filled, and says its own size.
    StructureFilled,
    /// An Arrow stream.
    Stream,
    /// A place for a number, a text or an array.
    Out,
    /// A number.
    Value,
}

/// The interface as data.
///
/// # Errors
/// A declaration that is not understood, or a function that no record of an interface has.
pub(super) fn json(root: &Path, header: &str) -> Result<String, String> {
    let (lines, constants) = lines(header)?;
    let mut api = Api {
        about: "The interface of cleartosend.h, for whoever generates bindings: types as in C, and \
                what each parameter is for. Made by `cargo xtask c`; do not edit.",
        version: env!("CARGO_PKG_VERSION"),
        abi: super::number(header, "CTS_ABI_VERSION ").ok_or("no CTS_ABI_VERSION")?,
        abi_oldest: super::number(header, "CTS_ABI_OLDEST ").ok_or("no CTS_ABI_OLDEST")?,
        constants,
        handles: Vec::new(),
        enums: Vec::new(),
        structs: Vec::new(),
        functions: Vec::new(),
    };
    let mut records = Vec::new();
    for number in 1..=api.abi {
        let path = root.join(format!("ffi/abi/{number}.txt"));
        let record = std::fs::read_to_string(&path)
            .map_err(|error| format!("{}: {error}", path.display()))?;
        records.push((number, record));
    }
    let mut lines = lines.into_iter();
    while let Some(Line { code, doc }) = lines.next() {
        if let Some(name) = code.strip_prefix("enum ").and_then(|rest| rest.strip_suffix(" {")) {
            let values =
                body(&mut lines, "};").map(|line| value(&line)).collect::<Result<_, _>>()?;
            api.enums.push(Enumeration { name: name.to_owned(), of: "int32_t", doc, values });
        } else if let Some(name) =
            code.strip_prefix("typedef struct ").and_then(|rest| rest.strip_suffix(" {"))
        {
            let end = format!("}} {name};");
            let members = body(&mut lines, &end).map(|line| member(&line)).collect();
            api.structs.push(Structure { name: name.to_owned(), doc, members });
        } else if code.starts_with("struct ") && code.ends_with('{') {
            // Arrow's own, which tools have from elsewhere.
            body(&mut lines, "};").for_each(drop);
        } else if let Some(rest) = code.strip_prefix("typedef struct ") {
            let name = rest.split(' ').next().unwrap_or_default().to_owned();
            api.handles.push(HandleType { free: format!("{name}_free"), name, doc });
        } else if !code.starts_with("typedef ") {
            let mut whole = code;
            while !whole.ends_with(';') {
                let next = lines.next().ok_or_else(|| format!("`{whole}` does not end"))?;
                whole.push(' ');
                whole.push_str(next.code.trim());
            }
            api.functions.push(function(&whole, doc, &api.handles, &records)?);
        }
    }
    serde_json::to_string_pretty(&api).map(|text| text + "\n").map_err(|error| error.to_string())
}

/// The lines up to the one that ends a body.
fn body<'l>(
    lines: &'l mut std::vec::IntoIter<Line>,
    end: &'l str,
) -> impl Iterator<Item = Line> + 'l {
    lines.take_while(move |line| line.code != end)
}

/// `CTS_OK = 0,`
fn value(line: &Line) -> Result<Number, String> {
    let found = line.code.trim().trim_end_matches(',').split_once(" = ");
    let found = found.and_then(|(name, value)| Some((name, value.parse().ok()?)));
    let (name, value) = found.ok_or_else(|| format!("`{}` is not a number", line.code))?;
    Ok(Number { name: name.to_owned(), value, doc: line.doc.clone() })
}

/// `const struct cts_str *missing;`
fn member(line: &Line) -> Member {
    let (of, name) = declared(line.code.trim().trim_end_matches(';'));
    Member { name, of, doc: line.doc.clone() }
}

/// The type and the name of a declaration.
fn declared(text: &str) -> (String, String) {
    let start = text.rfind([' ', '*']).map_or(0, |at| at + 1);
    let (of, name) = text.split_at(start);
    (of.trim().replace("struct cts_", "cts_"), name.to_owned())
}

fn function(
    whole: &str,
    doc: String,
    handles: &[HandleType],
    records: &[(u32, String)],
) -> Result<Function, String> {
    let not_one = || format!("`{whole}` is not a function");
    let (head, rest) = whole.split_once('(').ok_or_else(not_one)?;
    let inside = rest.strip_suffix(");").ok_or_else(not_one)?;
    let (returns, name) = declared(head);
    let called = format!("{name}(");
    let since = records.iter().find(|(_, record)| record.contains(&called));
    let (since, _) = since.ok_or_else(|| format!("no record in ffi/abi has {name}"))?;
    let given: Vec<(String, String)> =
        inside.split(", ").filter(|one| *one != "void").map(declared).collect();
    let mut parameters: Vec<Parameter> = Vec::new();
    for (at, (of, parameter)) in given.iter().enumerate() {
        let is_measured = given.get(at + 1).is_some_and(|(of, name)| is_length(of, name));
        let role = match parameters.last().map(|before| before.role) {
            Some(Role::Text | Role::Bytes | Role::Array) if is_length(of, parameter) => {
                Role::Length
            }
            _ => role(of, is_measured, name.ends_with("_free"), handles),
        };
        parameters.push(Parameter { name: parameter.clone(), of: of.clone(), role });
    }
    Ok(Function { name, returns, since: *since, doc, parameters })
}

fn is_length(of: &str, name: &str) -> bool {
    of == "size_t" && (name == "len" || name.ends_with("_len") || name.ends_with("_count"))
}

fn role(of: &str, is_measured: bool, frees: bool, handles: &[HandleType]) -> Role {
    let (pointed, stars) = (of.trim_end_matches(['*', ' ']), of.matches('*').count());
    let is_const = pointed.starts_with("const ");
    let pointed = pointed.trim_start_matches("const ");
    let is_handle = handles.iter().any(|handle| handle.name == pointed);
    match (stars, pointed) {
        (0, _) => Role::Value,
        (2, "cts_error") => Role::Error,
        (2, _) if is_handle => Role::HandleNew,
        (1, _) if is_handle && frees => Role::HandleFreed,
        (1, _) if is_handle && is_const => Role::Handle,
        (1, _) if is_handle => Role::HandleChanged,
        (1, "char") if is_measured => Role::Text,
        (1, "void") if is_measured => Role::Bytes,
        (1, _) if is_measured && is_const => Role::Array,
        (1, "struct ArrowArrayStream") => Role::Stream,
        (1, _) if is_const => Role::Structure,
        (1, "cts_str") => Role::Out,
        (1, name) if name.starts_with("cts_") && !is_number(name) => Role::StructureFilled,
        _ => Role::Out,
    }
}

/// The types that are numbers under another name.
fn is_number(name: &str) -> bool {
    ["cts_verdict", "cts_status", "cts_listing"].contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "/* cts_not(this) */\n#ifndef X\n#define X\n/** A number. */\n#define \
                          CTS_ONE 1\n#ifndef CTS_NODISCARD\n#if defined(_MSC_VER)\n#include \
                          <sal.h>\n#elif x\n#else\nhidden\n#endif\n#endif\n#ifdef \
                          __cplusplus\nextern \"C\" {\n#endif // __cplusplus\n/** An enum. */\nenum \
                          cts_e\n#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L\n  : \
                          int32_t\n#endif // x\n {\n  /** First. */\n  CTS_A = \
                          0,\n};\n#ifndef __cplusplus\n#if __STDC_VERSION__ >= \
                          202311L\ntypedef enum cts_e cts_e;\n#else\ntypedef int32_t \
                          cts_e;\n#endif\n#endif\n/** Held. */\ntypedef struct cts_a \
                          cts_a;\ntypedef struct cts_s {\n  size_t struct_size;\n  /** Told. \
                          */\n  const struct cts_str *told;\n} cts_s;\n\n/**\n * Does.\n \
                          */\nCTS_NODISCARD cts_status cts_do(const struct cts_a *a,\n  const \
                          char *name, size_t name_len, struct cts_s *s, struct cts_error \
                          **error);\nstatic inline int cts_in(void)\n{\n  return 1;\n}\n#endif\n";

    #[test]
    fn declarations_are_those_of_c99() {
        let text = text(HEADER).unwrap_or_else(|error| error);
        let (_, declarations) = text.split_once('\n').unwrap_or_default();
        assert_eq!(
            declarations,
            "enum cts_e {\n  CTS_A = 0,\n};\ntypedef int32_t cts_e;\ntypedef struct cts_a \
             cts_a;\ntypedef struct cts_s {\n  size_t struct_size;\n  const struct cts_str \
             *told;\n} cts_s;\ncts_status cts_do(const struct cts_a *a,\n  const char *name, \
             size_t name_len, struct cts_s *s, struct cts_error **error);\n"
        );
        assert!(super::text("#pragma once\n").is_err_and(|error| error.contains("pragma")));
    }

    #[test]
    fn parameters_say_what_they_are_for() {
        let (lines, numbers) = lines(HEADER).unwrap_or_default();
        assert_eq!(
            numbers.first().map(|it| (&*it.name, it.value, &*it.doc)),
            Some(("CTS_ONE", 1, "A number."))
        );
        assert!(lines.iter().any(|line| line.doc == "Does." && line.code.contains("cts_do")));
        let handles =
            [HandleType { name: "cts_a".to_owned(), free: String::new(), doc: String::new() }];
        let records = [(1, String::new()), (2, "cts_status cts_do(".to_owned())];
        let whole = "cts_status cts_do(const struct cts_a *a, const char *name, size_t name_len, \
                     size_t index, struct cts_s *s, cts_verdict *v, struct cts_a **made, struct \
                     cts_error **error);";
        let made = function(whole, String::new(), &handles, &records);
        let (since, roles) = made.map_or((0, Vec::new()), |made| {
            (made.since, made.parameters.iter().map(|it| it.role).collect())
        });
        assert_eq!(since, 2);
        assert_eq!(
            roles,
            [
                Role::Handle,
                Role::Text,
                Role::Length,
                Role::Value,
                Role::StructureFilled,
                Role::Out,
                Role::HandleNew,
                Role::Error,
            ]
        );
    }
}

//! Values of attributes that the text of a finding gives in words.
//!
//! A value is written alike in every language. In a sentence it is a word of a list, and reads as a
//! name in quotes where the sentence is not English. A row here has a value that no sentence can
//! tell by its name.

use std::borrow::Cow;

use super::catalogue::{OR, STEP_DAYS, catalogue};
use super::lang::Lang;
use super::words::Words;

catalogue! {
    QUOTED: "{value}", "«{value}»", "“{value}”";

    // `account.book_conflict`: in what a document contradicts the account book.
    OTHER_ACCOUNT: "the book has other accounts, and not that of the document",
        "el libro tiene otras cuentas, y no la del documento",
        "o livro tem outras contas, e não a do documento";
    NUMBER_OF_OTHER_ACCOUNT: "by the book the sending number belongs to another account",
        "según el libro, el número remitente es de otra cuenta",
        "segundo o livro, o número remetente é de outra conta";
    UNKNOWN_NUMBER: "the book has numbers of the account, and not the sending number",
        "el libro tiene números de la cuenta, y no el número remitente",
        "o livro tem números da conta, e não o número remetente";
    ACCOUNT: "the two say different things of the account, and the book counts",
        "los dos indican cosas distintas de la cuenta, y vale lo que dice el libro",
        "os dois informam coisas diferentes da conta, e vale o que diz o livro";
    TEMPLATE: "the two say different things of the template, and the book counts",
        "los dos indican cosas distintas de la plantilla, y vale lo que dice el libro",
        "os dois informam coisas diferentes do modelo, e vale o que diz o livro";

    // `account.book_differences`: a member with its value in the document and in the book.
    DIFFERENCE: "{member}: {given} in the document, {known} in the book",
        "{member}: {given} en el documento, {known} en el libro",
        "{member}: {given} no documento, {known} no livro";

    // `account.connection`.
    DISCONNECTED: "disconnected", "desconectada", "desconectada";
    OFFBOARDED: "offboarded", "dada de baja", "encerrada";

    // `account.next_steps`: steps of the ladders of the built-in pack, by their ids.
    STEP_WARNING: "a warning", "una advertencia", "uma advertência";
    SHORT_BLOCK: "a block of messages that the business initiates",
        "un bloqueo de los mensajes iniciados por la empresa",
        "um bloqueio das mensagens iniciadas pela empresa";
    LONG_BLOCK: "a block of all messages, replies included",
        "un bloqueo de todos los mensajes, también las respuestas",
        "um bloqueio de todas as mensagens, também as respostas";
    LOCK: "a lock of the account until an appeal succeeds",
        "la suspensión de la cuenta hasta que prospere una apelación",
        "a suspensão da conta até que um recurso seja aceito";
    DISABLED: "the end of the account",
        "la inhabilitación definitiva de la cuenta", "a desativação definitiva da conta";
    STEP_ONE_DAY: "{step} (1 day)", "{step} (1 día)", "{step} (1 dia)";
    NOTHING_PUBLISHED: "nothing that is published",
        "nada que esté publicado", "nada que esteja publicado";
    NOTHING_PUBLISHED_FOR: "nothing that is published for {kind}",
        "nada que esté publicado para «{kind}»", "nada que esteja publicado para “{kind}”";
}

/// What a value of an attribute is called in a sentence; none where it has no row.
pub fn of<'v>(path: &str, value: &'v str, lang: Lang) -> Option<Cow<'v, str>> {
    let words = match (path, value) {
        ("account.book_conflict", "other_account") => OTHER_ACCOUNT,
        ("account.book_conflict", "number_of_other_account") => NUMBER_OF_OTHER_ACCOUNT,
        ("account.book_conflict", "unknown_number") => UNKNOWN_NUMBER,
        ("account.book_conflict", "account") => ACCOUNT,
        ("account.book_conflict", "template") => TEMPLATE,
        ("account.connection", "disconnected") => DISCONNECTED,
        ("account.connection", "offboarded") => OFFBOARDED,
        ("account.next_steps", step) => return Some(next_step(step, lang)),
        ("account.book_differences", text) => return Some(difference(text, lang)),
        _ => return None,
    };
    Some(Cow::Borrowed(words.of(lang)))
}

/// A value as a name in quotes, where the language writes it so.
pub fn quoted(value: &str, lang: Lang) -> String {
    QUOTED.with(lang, &[("value", &value)])
}

/// What differs between a document and an account book, as `account.book_differences` has it.
pub fn written_difference(member: &str, given: &str, known: &str) -> String {
    DIFFERENCE.with(Lang::English, &[("member", &member), ("given", &given), ("known", &known)])
}

/// As [`written_difference`] wrote it, in a language. Another text stays as it is.
fn difference(text: &str, lang: Lang) -> Cow<'_, str> {
    let parts = || {
        let (member, rest) = text.split_once(": ")?;
        let (given, rest) = rest.split_once(" in the document, ")?;
        Some((member, given, rest.strip_suffix(" in the book")?))
    };
    match parts() {
        Some((member, given, known)) if lang != Lang::English => Cow::Owned(
            DIFFERENCE.with(lang, &[("member", &member), ("given", &given), ("known", &known)]),
        ),
        _ => Cow::Borrowed(text),
    }
}

/// `short-block of 1 or 3 days` in words. A step of another pack's ladder keeps its name.
fn next_step(text: &str, lang: Lang) -> Cow<'_, str> {
    if let Some(after) = text.strip_prefix(NOTHING_PUBLISHED.of(Lang::English)) {
        return Cow::Owned(match after.strip_prefix(" for ") {
            Some(kind) => NOTHING_PUBLISHED_FOR.with(lang, &[("kind", &kind)]),
            None => NOTHING_PUBLISHED.of(lang).to_owned(),
        });
    }
    let (id, days) = text.split_once(" of ").map_or((text, None), |(id, days)| (id, Some(days)));
    let step = match id {
        "warning" => STEP_WARNING,
        "short-block" => SHORT_BLOCK,
        "long-block" => LONG_BLOCK,
        "lock" => LOCK,
        "disabled" => DISABLED,
        _ => return Cow::Borrowed(text),
    };
    let step = step.of(lang);
    let Some(days) = days else { return Cow::Borrowed(step) };
    Cow::Owned(match days.strip_suffix(" days") {
        Some(days) => {
            let days = days.replace(OR.of(Lang::English), OR.of(lang));
            STEP_DAYS.with(lang, &[("step", &step), ("days", &days)])
        }
        None => STEP_ONE_DAY.with(lang, &[("step", &step)]),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{Schema, attributes as id};

    #[test]
    fn next_steps_read_as_plain_words() {
        for (step, english, spanish, portuguese) in [
            ("warning", "a warning", "una advertencia", "uma advertência"),
            (
                "short-block of 1 or 3 days",
                "a block of messages that the business initiates (1 or 3 days)",
                "un bloqueo de los mensajes iniciados por la empresa (1 o 3 días)",
                "um bloqueio das mensagens iniciadas pela empresa (1 ou 3 dias)",
            ),
            (
                "long-block of 1 day",
                "a block of all messages, replies included (1 day)",
                "un bloqueo de todos los mensajes, también las respuestas (1 día)",
                "um bloqueio de todas as mensagens, também as respostas (1 dia)",
            ),
            (
                "nothing that is published for spam",
                "nothing that is published for spam",
                "nada que esté publicado para «spam»",
                "nada que esteja publicado para “spam”",
            ),
            (
                "nothing that is published",
                "nothing that is published",
                "nada que esté publicado",
                "nada que esteja publicado",
            ),
            (
                "house-step of 2 days",
                "house-step of 2 days",
                "house-step of 2 days",
                "house-step of 2 days",
            ),
        ] {
            assert_eq!(next_step(step, Lang::English), english);
            assert_eq!(next_step(step, Lang::Spanish), spanish);
            assert_eq!(next_step(step, Lang::Portuguese), portuguese);
        }
    }

    #[test]
    fn every_step_of_the_built_in_ladders_in_force_with_violations_has_words() {
        for id in ["warning", "short-block", "long-block", "lock", "disabled"] {
            for lang in Lang::ALL {
                assert_ne!(next_step(id, *lang), id, "{id} in {lang}");
            }
        }
    }

    #[test]
    fn a_difference_reads_in_every_language() {
        let text = written_difference("account.review", "approved", "rejected");
        for (lang, words) in [
            (Lang::English, "account.review: approved in the document, rejected in the book"),
            (Lang::Spanish, "account.review: approved en el documento, rejected en el libro"),
            (Lang::Portuguese, "account.review: approved no documento, rejected no livro"),
        ] {
            assert_eq!(of("account.book_differences", &text, lang).as_deref(), Some(words));
        }
        let other = of("account.book_differences", "something", Lang::Spanish);
        assert_eq!(other.as_deref(), Some("something"));
    }

    #[test]
    fn every_conflict_with_the_book_has_words() {
        let schema = Schema::built_in();
        for id in [id::ACCOUNT_BOOK_CONFLICT, id::ACCOUNT_CONNECTION] {
            let attribute = schema.attribute(id);
            for choice in attribute.choices().unwrap_or_default() {
                let translated = of(&attribute.path, &choice.name, Lang::Spanish);
                assert!(translated.is_some() || &*choice.name == "connected", "{}", choice.name);
            }
        }
    }
}

//! How is a good input spoiled?
//!
//! By bytes (flips, cuts, copies, splices of another input), by fragments that mean harm to some
//! reader, and by words: a text or a number in the place of another keeps the grammar, and so
//! reaches what comes after it.

use std::borrow::Cow;
use std::ops::Range;

use fastrand::Rng;

use super::Target;

/// No mutant is longer, but for the rare flood.
const BYTES_MAX: usize = 64 * 1024;

/// Texts that mean something to one of the readers, or trouble to all.
const FRAGMENTS: &[&[u8]] = &[
    b"\0",
    b"\xff",
    b"\xc0\x80",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    b"\xe2\x80",
    b"\xef\xbb\xbf",
    b"\\ud800",
    b"\\udc00\\ud800",
    b"\\u0000",
    b"\\u",
    b"\\",
    b"\"",
    b"'",
    b"'''",
    b"\"\"\"",
    b"\r",
    b"\r\n",
    b"\n",
    b"\t",
    b"\x1b[31m",
    b"\x7f",
    "\u{85}".as_bytes(),
    "\u{2028}".as_bytes(),
    "\u{202e}".as_bytes(),
    "\u{200d}".as_bytes(),
    "\u{fdfa}".as_bytes(),
    "\u{1F468}\u{200D}\u{1F469}".as_bytes(),
    "i\u{307}".as_bytes(),
    b"{",
    b"}",
    b"[",
    b"]",
    b"(",
    b")",
    b":",
    b",",
    b".",
    b";",
    b"#",
    b"//",
    b"{{",
    b"}}",
    b"{}",
    b"[]",
    b"[[[[[[[[[[[[[[[[[[",
    b"{\"a\":{\"a\":{\"a\":{\"a\":",
    b"null",
    b"true",
    b"NaN",
    b"-inf",
    b"-",
    b"-0",
    b"-0.0",
    b"0x",
    b"1e999",
    b"-1e308",
    b"1e-400",
    b"5e-324",
    b"9223372036854775807",
    b"9223372036854775808",
    b"-9223372036854775808",
    b"-9223372036854775809",
    b"18446744073709551616",
    b"1u",
    b"9007199254740993",
    b"\"send_at\": \"2026-03-02T15:00:00Z\",",
    b"\"recipient\": null,",
    b"\"x\": {\"a\": 1},",
    b"\"\": 0,",
    b"\"unlimited\"",
    b"2024-02-29",
    b"2023-02-29",
    b"0000-01-01",
    b"9999-12-31T23:59:59.999999999Z",
    b"0001-01-01T00:00:00Z",
    b"9999-12-31T23:59:59-23:59",
    b"0001-01-01T00:00:00+23:59",
    b"2016-12-31T23:59:60Z",
    b"T24:00:00",
    b"+24:00",
    b"xn--",
    b"xn--80ak6aa92e.com",
    b"+12345678901234567890",
    b"Etc/GMT+14",
    b"../../etc/passwd",
    b"{provider.name}",
    b"{recipient.phone",
    b"\n[[rule]]\n",
    b"\n[[set.entry]]\n",
    b"\n[[test]]\n",
    b"\n[attributes.\"x.a\"]\ntype = \"bool\"\n",
    b" && ",
    b" || ",
    b" ? 1 : ",
    b"!",
    b" in ",
    b" == ",
    b" % ",
    b"has(",
    b"size(",
    b".all(x, ",
    b".exists(y, y == ",
    b"sets.some_texts",
    b"sets.",
    b"timestamp('",
    b"duration('1h')",
    b"duration('-106751d')",
    b".getHours('Europe/Madrid')",
    b".contains(",
    b"account.quality",
    b"account.daily_limit",
    b"send_at",
];

/// Whole words, each good or nearly good somewhere.
const WORDS: &[&str] = &[
    "null",
    "true",
    "false",
    "0",
    "-1",
    "1.5",
    "1e19",
    "9223372036854775807",
    "-9223372036854775808",
    "9223372036854775808",
    "1e400",
    "\"\"",
    "\"unlimited\"",
    "\"\\u0000\"",
    "\"\\ud83d\\ude00\"",
    "\"hubtype\"",
    "\"Hubtyp\u{435}\"",
    "\"\u{ff28}ubtype\"",
    "\"hubtype.com.\"",
    "\"xn--hubtpe-bvf.com\"",
    "\"1.2.3.4\"",
    "\"co.uk\"",
    "\"0001-01-01T00:00:00Z\"",
    "\"9999-12-31T23:59:59.999999999Z\"",
    "\"1969-12-31T23:59:59Z\"",
    "\"2026-03-29T01:30:00Z\"",
    "\"2018-08-01T00:00:00+00:00\"",
    "\"+1\"",
    "\"+00\"",
    "\"+14165550100\"",
    "\"+999999999999999\"",
    "\"US.13491208655302741918\"",
    "\"Europe/Kyiv\"",
    "\"America/St_Johns\"",
    "\"Pacific/Apia\"",
    "\"US\"",
    "\"XK\"",
    "\"https://graph.facebook.com:99999/v1\"",
    "\"https://user@[::1]/%00\"",
    "\"npm:\"",
    "\"npm:whatsapp-web.js\"",
    "[]",
    "{}",
    "[null]",
    "[\"marketing\", \"marketing\"]",
];

/// The words of a text: quoted texts, and runs of letters, digits, `_`, `.`, `-`, `+`.
fn words(bytes: &[u8]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let rest = bytes.get(at..).unwrap_or_default();
        let length = match byte {
            quote @ (b'"' | b'\'') => {
                let mut escaped = false;
                let inside = rest.iter().skip(1).take_while(|next| {
                    let ends = !escaped && *next == quote;
                    escaped = !escaped && **next == b'\\';
                    !ends
                });
                inside.count() + 2
            }
            _ => rest
                .iter()
                .take_while(|byte| byte.is_ascii_alphanumeric() || b"_.-+".contains(byte))
                .count(),
        };
        let end = (at + length).min(bytes.len());
        if length > 0 {
            found.push(at..end);
        }
        at = end.max(at + 1);
    }
    found
}

/// A mutant of `seed`, with parts of `donor`.
pub fn mutant(rng: &mut Rng, target: Target, seed: &[u8], donor: &[u8]) -> Vec<u8> {
    if target == Target::Facts || rng.u16(..400) == 0 {
        return (0..rng.usize(..600)).map(|_| rng.u8(..)).collect();
    }
    let mut bytes = seed.to_vec();
    // Most mutants have one wound, so that what comes after it is read too.
    for _ in 0..=rng.usize(..rng.clone().usize(1..=5)) {
        wound(rng, &mut bytes, donor);
    }
    if rng.u16(..2000) == 0 {
        flood(rng, &mut bytes);
    } else {
        bytes.truncate(BYTES_MAX);
    }
    bytes
}

fn wound(rng: &mut Rng, bytes: &mut Vec<u8>, donor: &[u8]) {
    let at = rng.usize(..=bytes.len());
    let end = (at + rng.usize(..48)).min(bytes.len());
    match rng.u8(..20) {
        0 => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << rng.u8(..8);
            }
        }
        1 => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte = rng.u8(..);
            }
        }
        2 => drop(bytes.drain(at..end)),
        3 => {
            let copy = bytes.get(at..end).unwrap_or_default().to_vec();
            let to = rng.usize(..=bytes.len());
            drop(bytes.splice(to..to, copy));
        }
        4 => {
            let from = rng.usize(..=donor.len());
            let until = (from + rng.usize(..200)).min(donor.len());
            drop(bytes.splice(at..end, donor.get(from..until).unwrap_or_default().iter().copied()));
        }
        5 => bytes.truncate(at),
        6 => {
            // A line twice, or a line fewer: a member, a key or a rule.
            let starts: Vec<usize> = [0]
                .into_iter()
                .chain(
                    bytes
                        .iter()
                        .enumerate()
                        .filter(|(_, byte)| **byte == b'\n')
                        .map(|(at, _)| at + 1),
                )
                .collect();
            let line = rng.usize(..starts.len());
            let range = starts[line]..starts.get(line + 1).copied().unwrap_or(bytes.len());
            if rng.bool() {
                drop(bytes.drain(range));
            } else {
                let copy = bytes.get(range).unwrap_or_default().to_vec();
                let to = *rng.choice(&starts).unwrap_or(&0);
                drop(bytes.splice(to..to, copy));
            }
        }
        7..=10 => {
            let fragment = rng.choice(FRAGMENTS).copied().unwrap_or_default();
            drop(bytes.splice(at..if rng.bool() { at } else { end }, fragment.iter().copied()));
        }
        _ => {
            let own = words(bytes);
            let Some(place) = rng.choice(own) else { return };
            let word: Cow<'_, [u8]> = match rng.u8(..8) {
                // What stands after the same word there: the value of the same member or key.
                0..=3 => {
                    let (theirs, own) = (words(donor), words(bytes));
                    let key = rng.usize(..own.len());
                    let Some((key, after)) = own.get(key).cloned().zip(own.get(key + 1).cloned())
                    else {
                        return;
                    };
                    let places = theirs
                        .windows(2)
                        .filter(|pair| donor.get(pair[0].clone()) == bytes.get(key.clone()))
                        .map(|pair| pair[1].clone());
                    let Some(word) =
                        rng.choice(places.collect::<Vec<_>>()).and_then(|word| donor.get(word))
                    else {
                        return;
                    };
                    drop(bytes.splice(after, word.iter().copied()));
                    return;
                }
                4 => {
                    let theirs = words(donor);
                    rng.choice(theirs).and_then(|word| donor.get(word)).unwrap_or_default().into()
                }
                5 => {
                    let others = words(bytes);
                    rng.choice(others)
                        .and_then(|word| bytes.get(word))
                        .unwrap_or_default()
                        .to_vec()
                        .into()
                }
                6 if rng.u8(..4) == 0 => long_word(rng).into(),
                _ => rng.choice(WORDS).copied().unwrap_or_default().as_bytes().into(),
            };
            let word = word.into_owned();
            drop(bytes.splice(place, word));
        }
    }
}

/// A text of a length around a limit.
fn long_word(rng: &mut Rng) -> Vec<u8> {
    let unit = *rng
        .choice(&["a", "\u{e9}", "\u{435}", "\u{1F469}", "a.", " ", "\\u0041", "xn--"])
        .unwrap_or(&"a");
    let count = *rng
        .choice(&[1, 2, 3, 15, 16, 17, 60, 63, 64, 127, 128, 129, 253, 254, 1000, 8192, 8193])
        .unwrap_or(&1);
    format!("\"{}\"", unit.repeat(count.min(20_000 / unit.len()))).into_bytes()
}

/// One short thing very often.
fn flood(rng: &mut Rng, bytes: &mut Vec<u8>) {
    let unit: &[u8] = rng
        .choice(&[
            &b"["[..],
            b"{\"x\":",
            b"(",
            b"!",
            b"-",
            b"{a=",
            b"[[",
            b"a.",
            b"\"",
            b"\n",
            b"null,",
            b" ",
            b"1+",
            b"\xf0\x9f\x91\xa9",
        ])
        .copied()
        .unwrap_or(b"[");
    let at = rng.usize(..=bytes.len());
    let count = *rng.choice(&[17, 97, 129, 1025, 5000, 100_000]).unwrap_or(&17);
    drop(bytes.splice(at..at, unit.repeat(count)));
}

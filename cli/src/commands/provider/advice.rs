//! What can be done about a rogue provider, and how does a business leave one without losing its
//! number?
//!
//! Only what a source says, in our own words; what rests on no page says so.

use cleartosend::expert::language::{Lang, Words, catalogue as words};
use cleartosend::expert::render::Page;
use serde_json::{Value, json};

/// One step, and where it is known from.
struct Step {
    does: Words,
    source: &'static Source,
}

/// By whose word.
struct Source {
    title: Title,
    url: Option<&'static str>,
    read: Option<&'static str>,
}

const APP_MENUS: &Source = &Source { title: Title::Ours(words::APP_MENUS), url: None, read: None };
const OWN_PRACTICE: &Source =
    &Source { title: Title::Ours(words::OWN_PRACTICE), url: None, read: None };
const PROVIDER_TERMS: &Source = &Source {
    title: Title::Page("WhatsApp Business Terms for Service Providers, 2018-06-12"),
    url: Some("https://www.whatsapp.com/legal/business-terms-for-service-providers"),
    read: Some("2026-08-06"),
};
const SOLUTION_TERMS: &Source = &Source {
    title: Title::Page("WhatsApp Business Solution Terms"),
    url: Some("https://www.whatsapp.com/legal/business-solution-terms"),
    read: Some("2026-03-07"),
};
const PARTNERS: &Source = &Source {
    title: Title::Page("WhatsApp Business Platform: partners"),
    url: Some(
        "https://developers.facebook.com/documentation/business-messaging/whatsapp/solution-providers/overview",
    ),
    read: Some("2025-11-14"),
};
const CHANGELOG: &Source = &Source {
    title: Title::Page("WhatsApp Business Platform: changelog"),
    url: Some(
        "https://developers.facebook.com/documentation/business-messaging/whatsapp/changelog",
    ),
    read: Some("2026-03-02"),
};
const ACCOUNTS: &Source = &Source {
    title: Title::Page("WhatsApp Business Platform: business accounts"),
    url: Some(
        "https://developers.facebook.com/documentation/business-messaging/whatsapp/whatsapp-business-accounts",
    ),
    read: Some("2025-10-30"),
};
const NUMBERS: &Source = &Source {
    title: Title::Page("WhatsApp Business Platform: phone numbers"),
    url: Some(
        "https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/phone-numbers",
    ),
    read: Some("2026-02-27"),
};
const OWNED_BY_PROVIDER: &Source = &Source {
    title: Title::Page("WhatsApp Business Platform: end of accounts on behalf of others"),
    url: Some(
        "https://developers.facebook.com/documentation/business-messaging/whatsapp/solution-providers/obo-model-deprecation",
    ),
    read: Some("2026-05-21"),
};

/// Who says it.
#[derive(Clone, Copy)]
enum Title {
    /// A page, by its own title.
    Page(&'static str),
    /// Nobody's page.
    Ours(Words),
}

impl Title {
    const fn of(self, lang: Lang) -> &'static str {
        match self {
            Self::Page(title) => title,
            Self::Ours(words) => words.of(lang),
        }
    }
}

/// How to report one.
const REPORT: &[Step] = &[
    Step { does: words::REPORT_IN_APP, source: APP_MENUS },
    Step { does: words::REPORT_KEEP, source: OWN_PRACTICE },
    Step { does: words::REPORT_ROLE, source: PARTNERS },
    Step { does: words::REPORT_STOP, source: SOLUTION_TERMS },
];

/// How to leave it.
const MOVE: &[Step] = &[
    Step { does: words::MOVE_OWNER, source: OWNED_BY_PROVIDER },
    Step { does: words::MOVE_ASK, source: PROVIDER_TERMS },
    Step { does: words::MOVE_ROUTE, source: CHANGELOG },
    Step { does: words::MOVE_SIGNUP, source: CHANGELOG },
    Step { does: words::MOVE_SHARE, source: ACCOUNTS },
    Step { does: words::MOVE_UNBAN, source: NUMBERS },
];

const PARTS: [(&str, Words, &[Step]); 2] =
    [("report", words::REPORT_TITLE, REPORT), ("move", words::MOVE_TITLE, MOVE)];

pub(super) fn as_json() -> Value {
    const LANG: Lang = Lang::English;
    let parts = PARTS.map(|(name, _, steps)| {
        let steps = steps.iter().map(
            |step| json!({"step": step.does.of(LANG), "source": {"title": step.source.title.of(LANG), "url": step.source.url, "read": step.source.read}}),
        );
        (name.to_owned(), steps.collect::<Value>())
    });
    Value::Object(parts.into_iter().collect())
}

pub(super) fn write(text: &mut String, page: &Page) {
    let lang = page.lang;
    for (_, title, steps) in PARTS {
        text.push('\n');
        text.push_str(title.of(lang));
        text.push('\n');
        for (number, Step { does, source }) in steps.iter().enumerate() {
            page.labelled(text, &format!("{}.", number + 1), does.of(lang));
            let title = source.title.of(lang);
            let source_line = match source.read {
                Some(day) => words::SOURCE_READ.with(lang, &[("title", &title), ("date", &day)]),
                None => words::SOURCE_UNREAD.with(lang, &[("title", &title)]),
            };
            page.more(text, &source_line);
            if let Some(url) = source.url {
                page.address(text, url);
            }
        }
    }
}

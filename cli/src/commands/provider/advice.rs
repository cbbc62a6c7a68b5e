//! What can be done about a rogue provider, and how does a business leave one without losing its
//! number?
//!
//! Only what a source says, in our own words; what rests on no page says so.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::paper;

/// One step, and where it is known from.
struct Step {
    does: &'static str,
    source: &'static Source,
}

/// By whose word.
struct Source {
    title: &'static str,
    url: Option<&'static str>,
    read: Option<&'static str>,
}

const APP_MENUS: &Source = &Source {
    title: "the app's own menus, whose names differ between versions; no page was read for it",
    url: None,
    read: None,
};
const OWN_PRACTICE: &Source =
    &Source { title: "this project's advice, by no page", url: None, read: None };
const PROVIDER_TERMS: &Source = &Source {
    title: "WhatsApp Business Terms for Service Providers, 2018-06-12",
    url: Some("https://www.whatsapp.com/legal/business-terms-for-service-providers"),
    read: Some("2026-08-06"),
};
const SOLUTION_TERMS: &Source = &Source {
    title: "WhatsApp Business Solution Terms",
    url: Some("https://www.whatsapp.com/legal/business-solution-terms"),
    read: Some("2026-03-07"),
};
const PARTNERS: &Source = &Source {
    title: "WhatsApp Business Platform: partners",
    url: Some(
        "https://developers.facebook.com/documentation/business-messaging/whatsapp/solution-providers/overview",
    ),
    read: Some("2025-11-14"),
};
const CHANGELOG: &Source = &Source {
    title: "WhatsApp Business Platform: changelog",
    url: Some(
        "https://developers.facebook.com/documentation/business-messaging/whatsapp/changelog",
    ),
    read: Some("2026-03-02"),
};
const ACCOUNTS: &Source = &Source {
    title: "WhatsApp Business Platform: business accounts",
    url: Some(
        "https://developers.facebook.com/documentation/business-messaging/whatsapp/whatsapp-business-accounts",
    ),
    read: Some("2025-10-30"),
};
const NUMBERS: &Source = &Source {
    title: "WhatsApp Business Platform: phone numbers",
    url: Some(
        "https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/phone-numbers",
    ),
    read: Some("2026-02-27"),
};
const OWNED_BY_PROVIDER: &Source = &Source {
    title: "WhatsApp Business Platform: end of accounts on behalf of others",
    url: Some(
        "https://developers.facebook.com/documentation/business-messaging/whatsapp/solution-providers/obo-model-deprecation",
    ),
    read: Some("2026-05-21"),
};

/// How to report one.
const REPORT: &[Step] = &[
    Step {
        does: "In WhatsApp, open the chat with the number that the provider writes from, then its \
               contact or business info, and choose Report.",
        source: APP_MENUS,
    },
    Step {
        does: "Keep, with dates: the contract and the invoices; the adverts and pages that call \
               it official; screenshots of its console and of how the number was connected (a QR \
               code under linked devices is not the API); messages and mails with their full \
               headers; the phone number, the ids of the business account and of its app, and the \
               address that messages were posted to.",
        source: OWN_PRACTICE,
    },
    Step {
        does: "Write down the role that it claims, and ask it for its entry in the partner \
               directory or for the id of its app and business portfolio. A tech provider is in \
               order without an entry, so a missing entry alone is no proof.",
        source: PARTNERS,
    },
    Step {
        does: "Stop sending through it now. What a provider does with a business's account counts \
               as done by the business.",
        source: SOLUTION_TERMS,
    },
];

/// How to leave it.
const MOVE: &[Step] = &[
    Step {
        does: "Find out whose the account is: an account belongs to one business portfolio. If \
               that is yours, the provider only has access to it. Accounts that a provider owned \
               on behalf of a business ended in 2025; one that is left has to be migrated.",
        source: OWNED_BY_PROVIDER,
    },
    Step {
        does: "Ask the provider in writing to hand the account over. An authorized provider must \
               do so within 30 days. It must also block or delete an account on request, so say \
               plainly that a handover is meant.",
        source: PROVIDER_TERMS,
    },
    Step {
        does: "Choose an authorized route: since 2022-05-19 your own app on the Cloud API, \
               without any provider; or a solution partner in the directory; or a tech provider \
               or tech partner whose app has passed the review.",
        source: CHANGELOG,
    },
    Step {
        does: "Let the new provider connect through Meta's own signup dialog, in which you pick \
               your existing account and grant its app access.",
        source: CHANGELOG,
    },
    Step {
        does: "An account can be shared with two partners at most: connect the new one, send a \
               test, then take the old one's access away.",
        source: ACCOUNTS,
    },
    Step {
        does: "If the number was banned in the app, have it unbanned there first, by an appeal in \
               the app: before that it cannot be registered for the API.",
        source: NUMBERS,
    },
];

const PARTS: [(&str, &str, &[Step]); 2] = [
    ("report", "How to report a rogue provider", REPORT),
    ("move", "How to move to an authorized one with the number", MOVE),
];

pub(super) fn as_json() -> Value {
    let parts = PARTS.map(|(name, _, steps)| {
        let steps = steps.iter().map(
            |step| json!({"step": step.does, "source": {"title": step.source.title, "url": step.source.url, "read": step.source.read}}),
        );
        (name.to_owned(), steps.collect::<Value>())
    });
    Value::Object(parts.into_iter().collect())
}

pub(super) fn write(text: &mut String, width: usize) {
    for (_, title, steps) in PARTS {
        text.push('\n');
        text.push_str(title);
        text.push('\n');
        for (number, step) in steps.iter().enumerate() {
            paper::row(text, &format!("{}.", number + 1), step.does, width);
            let read = step.source.read.map(|day| format!(" (read {day})")).unwrap_or_default();
            paper::row(text, "", &format!("Source: {}{read}", step.source.title), width);
            if let Some(url) = step.source.url {
                // An address is copied whole, so that it is never broken.
                let _ = writeln!(text, "{:14}{url}", "");
            }
        }
    }
}

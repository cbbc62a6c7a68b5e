//! A gate of twenty rules, twice: as data for the engines, and as the Rust function that somebody
//! would write by hand.

use serde::Deserialize;

use crate::rule::{Condition, Demand, Operator, Row, Rule, Value, attribute};

use Operator::{Equal, Greater, GreaterOrEqual, In, Less, LessOrEqual, NotEqual, NotIn};

fn condition(path: &str, operator: Operator, constants: &[Value]) -> Condition {
    Condition { attribute: attribute(path), operator, constants: constants.to_vec() }
}

fn text(path: &str, operator: Operator, constants: &[&'static str]) -> Condition {
    condition(path, operator, &constants.iter().map(|text| Value::Text(text)).collect::<Vec<_>>())
}

fn int(path: &str, operator: Operator, constant: i64) -> Condition {
    condition(path, operator, &[Value::Int(constant)])
}

fn is(path: &str, constant: bool) -> Condition {
    condition(path, Equal, &[Value::Bool(constant)])
}

/// The gate as data. [`violated`] says the same, in the same order.
pub fn rules() -> Vec<Rule> {
    let rule = |id: &str, applies: &[Condition], demand: Demand| Rule {
        id: id.into(),
        applies: applies.to_vec(),
        demand,
    };
    let requires = |conditions: &[Condition]| Demand::Requires(conditions.to_vec());
    let forbids = |conditions: &[Condition]| Demand::Forbids(conditions.to_vec());
    let business = text("campaign.initiated_by", Equal, &["business"]);
    let template = text("campaign.content", Equal, &["template"]);
    let promotes = text("campaign.category", In, &["marketing", "utility"]);
    let no_code = text("campaign.category", NotEqual, &["authentication"]);
    vec![
        rule(
            "access.unofficial-route",
            &[int("campaign.audience_size", Greater, 0)],
            forbids(&[text("access.route", Equal, &["unofficial"])]),
        ),
        rule(
            "access.retired-route",
            std::slice::from_ref(&business),
            forbids(&[
                text("access.route", Equal, &["on_premises_api"]),
                text("campaign.use_case", In, &["marketing", "bulk_messaging"]),
            ]),
        ),
        rule(
            "provider.not-reviewed",
            &[text("access.route", NotEqual, &["business_app"])],
            requires(&[text("provider.app_review", Equal, &["passed"])]),
        ),
        rule(
            "account.not-approved",
            &[text("campaign.use_case", NotEqual, &["customer_care"])],
            requires(&[text("account.review", In, &["approved", "pending"])]),
        ),
        rule(
            "account.unverified",
            &[int("account.daily_limit", GreaterOrEqual, 1000)],
            requires(&[
                text("account.verification", Equal, &["verified"]),
                text("account.review", NotEqual, &["rejected"]),
            ]),
        ),
        rule(
            "account.name-declined",
            std::slice::from_ref(&template),
            requires(&[text("account.display_name", NotEqual, &["declined"])]),
        ),
        rule(
            "account.red",
            std::slice::from_ref(&promotes),
            forbids(&[
                text("account.quality", Equal, &["red"]),
                int("campaign.audience_size", Greater, 1000),
            ]),
        ),
        rule(
            "feedback.many-blocks",
            std::slice::from_ref(&business),
            requires(&[int("account.feedback.blocks_7d", Less, 200)]),
        ),
        rule(
            "consent.no-opt-in",
            std::slice::from_ref(&business),
            requires(&[text("recipient.opt_in", Equal, &["given"])]),
        ),
        rule(
            "consent.opted-out",
            std::slice::from_ref(&no_code),
            forbids(&[is("recipient.opted_out", true)]),
        ),
        rule(
            "use_case.bulk",
            &[text("campaign.vertical", NotEqual, &["government"])],
            forbids(&[
                text("campaign.use_case", Equal, &["bulk_messaging"]),
                int("campaign.audience_size", Greater, 30_000),
            ]),
        ),
        rule(
            "template.not-approved",
            std::slice::from_ref(&template),
            requires(&[text("campaign.template.status", Equal, &["approved"])]),
        ),
        rule(
            "template.red",
            &[template.clone(), int("campaign.audience_size", Greater, 10)],
            forbids(&[
                text("campaign.template.quality", Equal, &["red"]),
                text("account.quality", In, &["yellow", "red"]),
            ]),
        ),
        rule(
            "frequency.marketing",
            std::slice::from_ref(&no_code),
            requires(&[int("recipient.marketing_received_24h", LessOrEqual, 2)]),
        ),
        rule(
            "automation.no-handoff",
            std::slice::from_ref(&no_code),
            forbids(&[
                is("campaign.automated", true),
                is("campaign.human_handoff", false),
                text("campaign.use_case", In, &["customer_care", "ai_assistant"]),
            ]),
        ),
        rule(
            "automation.general-ai",
            &[text("recipient.country", NotIn, &["BR", "IT"])],
            forbids(&[
                is("campaign.general_purpose_ai", true),
                text("campaign.use_case", NotEqual, &["customer_care"]),
            ]),
        ),
        rule(
            "consent.no-way-out",
            &[promotes.clone(), business.clone()],
            requires(&[is("campaign.offers_opt_out", true)]),
        ),
        rule(
            "vertical.forbidden",
            &[int("campaign.audience_size", GreaterOrEqual, 10)],
            forbids(&[text("campaign.vertical", In, &["tobacco", "firearms", "illegal_drugs"])]),
        ),
        rule(
            "territory.no-service",
            std::slice::from_ref(&business),
            requires(&[text("recipient.country", NotIn, &["CU", "IR", "SY"])]),
        ),
        rule(
            "limits.audience",
            &[int("account.daily_limit", Less, 1_000_000)],
            requires(&[int("campaign.audience_size", LessOrEqual, 50_000)]),
        ),
    ]
}

macro_rules! choices {
    ($($name:ident { $($choice:ident = $text:literal),+ $(,)? })+) => {
        $(
            #[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
            pub enum $name {
                $(#[serde(rename = $text)] $choice,)+
            }

            impl From<&str> for $name {
                fn from(text: &str) -> Self {
                    match text {
                        $($text => Self::$choice,)+
                        _ => unreachable!("{text}"),
                    }
                }
            }
        )+
    };
}

choices! {
    AppReview { Passed = "passed", Pending = "pending", None = "none" }
    Route { CloudApi = "cloud_api", OnPremisesApi = "on_premises_api", BusinessApp = "business_app", Unofficial = "unofficial" }
    Review { Approved = "approved", Pending = "pending", Rejected = "rejected", None = "none" }
    Verification { Verified = "verified", Pending = "pending", Unverified = "unverified", Rejected = "rejected" }
    DisplayName { Approved = "approved", Pending = "pending", Declined = "declined" }
    Quality { Green = "green", Yellow = "yellow", Red = "red" }
    UseCase {
        CustomerCare = "customer_care", Notifications = "notifications", Authentication = "authentication", Marketing = "marketing",
        BulkMessaging = "bulk_messaging", AiAssistant = "ai_assistant", Surveys = "surveys", Appointments = "appointments",
        DeliveryUpdates = "delivery_updates", Payments = "payments",
    }
    Initiator { Business = "business", Customer = "customer" }
    Content { Template = "template", FreeForm = "free_form" }
    Category { Marketing = "marketing", Utility = "utility", Authentication = "authentication", Service = "service" }
    Status { Approved = "approved", Pending = "pending", Rejected = "rejected", Paused = "paused" }
    OptIn { Given = "given", None = "none" }
}

/// The trades that the gate tells apart.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Vertical {
    Government,
    Forbidden,
    Other,
}

impl From<&str> for Vertical {
    fn from(text: &str) -> Self {
        match text {
            "government" => Self::Government,
            "tobacco" | "firearms" | "illegal_drugs" => Self::Forbidden,
            _ => Self::Other,
        }
    }
}

/// The two letters of a country.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Country([u8; 2]);

impl From<&str> for Country {
    fn from(text: &str) -> Self {
        Self(text.as_bytes().try_into().expect("two letters"))
    }
}

macro_rules! from_text {
    ($($name:ty),+) => {
        $(impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                <&str>::deserialize(deserializer).map(Self::from)
            }
        })+
    };
}

from_text!(Vertical, Country);

/// The document as a program would declare it that knows its rules.
#[derive(Clone, Deserialize)]
pub struct Document {
    pub provider: Provider,
    pub access: Access,
    pub account: Account,
    pub campaign: Campaign,
    pub recipient: Recipient,
}

#[derive(Clone, Deserialize)]
pub struct Provider {
    pub app_review: AppReview,
}

#[derive(Clone, Deserialize)]
pub struct Access {
    pub route: Route,
}

#[derive(Clone, Deserialize)]
pub struct Account {
    pub review: Review,
    pub verification: Verification,
    pub display_name: DisplayName,
    pub quality: Quality,
    pub daily_limit: i64,
    pub feedback: Feedback,
}

#[derive(Clone, Deserialize)]
pub struct Feedback {
    pub blocks_7d: i64,
}

#[derive(Clone, Deserialize)]
pub struct Template {
    pub status: Status,
    pub quality: Quality,
}

#[derive(Clone, Deserialize)]
pub struct Campaign {
    pub use_case: UseCase,
    pub initiated_by: Initiator,
    pub content: Content,
    pub category: Category,
    pub template: Template,
    pub vertical: Vertical,
    pub audience_size: i64,
    pub offers_opt_out: bool,
    pub automated: bool,
    pub human_handoff: bool,
    pub general_purpose_ai: bool,
}

#[derive(Clone, Deserialize)]
pub struct Recipient {
    pub country: Country,
    pub opt_in: OptIn,
    pub opted_out: bool,
    pub marketing_received_24h: i64,
}

impl Document {
    pub fn of(row: &Row) -> Self {
        let text = |path: &str| match row[attribute(path)] {
            Value::Text(text) => text,
            _ => unreachable!("{path}"),
        };
        let int = |path: &str| match row[attribute(path)] {
            Value::Int(int) => int,
            _ => unreachable!("{path}"),
        };
        let bool = |path: &str| row[attribute(path)] == Value::Bool(true);
        Self {
            provider: Provider { app_review: text("provider.app_review").into() },
            access: Access { route: text("access.route").into() },
            account: Account {
                review: text("account.review").into(),
                verification: text("account.verification").into(),
                display_name: text("account.display_name").into(),
                quality: text("account.quality").into(),
                daily_limit: int("account.daily_limit"),
                feedback: Feedback { blocks_7d: int("account.feedback.blocks_7d") },
            },
            campaign: Campaign {
                use_case: text("campaign.use_case").into(),
                initiated_by: text("campaign.initiated_by").into(),
                content: text("campaign.content").into(),
                category: text("campaign.category").into(),
                template: Template {
                    status: text("campaign.template.status").into(),
                    quality: text("campaign.template.quality").into(),
                },
                vertical: text("campaign.vertical").into(),
                audience_size: int("campaign.audience_size"),
                offers_opt_out: bool("campaign.offers_opt_out"),
                automated: bool("campaign.automated"),
                human_handoff: bool("campaign.human_handoff"),
                general_purpose_ai: bool("campaign.general_purpose_ai"),
            },
            recipient: Recipient {
                country: text("recipient.country").into(),
                opt_in: text("recipient.opt_in").into(),
                opted_out: bool("recipient.opted_out"),
                marketing_received_24h: int("recipient.marketing_received_24h"),
            },
        }
    }
}

/// The gate by hand: a bit for each rule that is violated.
#[inline(never)]
pub fn violated(document: &Document) -> u32 {
    let Document { provider, access, account, campaign, recipient } = document;
    let business = campaign.initiated_by == Initiator::Business;
    let template = campaign.content == Content::Template;
    let promotes = matches!(campaign.category, Category::Marketing | Category::Utility);
    let no_code = campaign.category != Category::Authentication;
    let size = campaign.audience_size;
    let country = recipient.country.0;
    let is = |rule: u32, violated: bool| u32::from(violated) << rule;
    is(0, size > 0 && access.route == Route::Unofficial)
        | is(
            1,
            business
                && access.route == Route::OnPremisesApi
                && matches!(campaign.use_case, UseCase::Marketing | UseCase::BulkMessaging),
        )
        | is(2, access.route != Route::BusinessApp && provider.app_review != AppReview::Passed)
        | is(
            3,
            campaign.use_case != UseCase::CustomerCare
                && !matches!(account.review, Review::Approved | Review::Pending),
        )
        | is(
            4,
            account.daily_limit >= 1000
                && !(account.verification == Verification::Verified
                    && account.review != Review::Rejected),
        )
        | is(5, template && account.display_name == DisplayName::Declined)
        | is(6, promotes && account.quality == Quality::Red && size > 1000)
        | is(7, business && account.feedback.blocks_7d >= 200)
        | is(8, business && recipient.opt_in != OptIn::Given)
        | is(9, no_code && recipient.opted_out)
        | is(
            10,
            campaign.vertical != Vertical::Government
                && campaign.use_case == UseCase::BulkMessaging
                && size > 30_000,
        )
        | is(11, template && campaign.template.status != Status::Approved)
        | is(
            12,
            template
                && size > 10
                && campaign.template.quality == Quality::Red
                && matches!(account.quality, Quality::Yellow | Quality::Red),
        )
        | is(13, no_code && recipient.marketing_received_24h > 2)
        | is(
            14,
            no_code
                && campaign.automated
                && !campaign.human_handoff
                && matches!(campaign.use_case, UseCase::CustomerCare | UseCase::AiAssistant),
        )
        | is(
            15,
            !matches!(&country, b"BR" | b"IT")
                && campaign.general_purpose_ai
                && campaign.use_case != UseCase::CustomerCare,
        )
        | is(16, promotes && business && !campaign.offers_opt_out)
        | is(17, size >= 10 && campaign.vertical == Vertical::Forbidden)
        | is(18, business && matches!(&country, b"CU" | b"IR" | b"SY"))
        | is(19, account.daily_limit < 1_000_000 && size > 50_000)
}

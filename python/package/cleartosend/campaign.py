"""The campaign document, for editors and type checkers.

Every member but `send_at` may be left out. `None` means what the reference says of each: that there is none, or that it is not known.
"""

# Generated from the engine's own declarations by `cargo xtask generate`. Do not edit.

from __future__ import annotations

import sys
from datetime import datetime
from typing import TYPE_CHECKING, List, Literal, Mapping, Optional, Tuple, Union

# Before Python 3.12 pydantic takes this class of `typing_extensions` alone, on which it depends itself.
if TYPE_CHECKING or sys.version_info >= (3, 12):
    from typing import TypedDict
else:
    try:
        from typing_extensions import TypedDict
    except ImportError:
        from typing import TypedDict

__all__ = [
    "Access",
    "Account",
    "AccountFeedback",
    "AccountRestriction",
    "AccountViolation",
    "Campaign",
    "CampaignDocument",
    "CampaignTemplate",
    "Instant",
    "Intermediary",
    "Provider",
    "Recipient",
]

Instant = Union[datetime, str]
"""An aware datetime, or text as RFC 3339 has it."""


class Intermediary(TypedDict, total=False):
    """Firms between the business and its provider, in any order."""

    app_review: Optional[Literal["passed", "pending", "none"]]
    """How far Meta's review of the intermediary's app has come. `None` means unknown."""
    domain: Optional[str]
    """The intermediary's web domain. `None` means that there is none."""
    id: Optional[str]
    """The intermediary's id in the directory. `None` means that there is none."""
    name: Optional[str]
    """The name of the intermediary. `None` means that there is none."""
    role: Optional[Literal["solution_partner", "tech_partner", "tech_provider", "reseller"]]
    """In which role the intermediary works. `None` means unknown."""


class AccountRestriction(TypedDict, total=False):
    """Restrictions on the account, past, present and coming; in force at `since <= send_at < until`."""

    kind: Optional[Literal["business_initiated", "customer_initiated", "all_messaging", "add_phone_number", "utility_templates", "direct_send", "account_locked", "account_disabled", "number_banned", "brand_banned", "calling", "other"]]
    """What is restricted. `None` means unknown."""
    since: Optional[Instant]
    """From when. `None` means unknown."""
    until: Optional[Instant]
    """Until when; `null` for good. `None` means that there is none."""


class AccountViolation(TypedDict, total=False):
    """Violations that WhatsApp reported."""

    at: Optional[Instant]
    """When it was reported. `None` means unknown."""
    kind: Optional[Literal["adult", "alcohol", "animals", "body_parts_fluids", "dating", "digital_services_products", "drugs", "illegal_drugs", "gambling", "healthcare", "illegal_products", "misleading", "overtly_sexualized_positioning", "real_fake_currency", "scam", "supplements", "third_party_infringements", "tobacco", "unauthorized_media", "weapons", "spam", "template_misclassification", "child_exploitation", "terrorism", "other"]]
    """What was violated. `None` means unknown."""


class Access(TypedDict, total=False):
    """The document's `access`. `None` means that all of it is unknown."""

    clients: Optional[Union[List[str], Tuple[str, ...]]]
    """Packages, images, gateways, services and apps in use, as `ecosystem:name` or as package URLs. `None` means unknown. Comes from: `cts scan` of the sending software's source tree. Can be changed by: sender (send without the software that does not use the official API)."""
    endpoint: Optional[str]
    """The address that the messages are posted to. `None` means that there is none. Comes from: constant of the business: the address in the sending software's settings. Can be changed by: sender (post the messages to Meta's own address)."""
    route: Optional[Literal["cloud_api", "on_premises_api", "business_app", "unofficial"]]
    """The technical route of the messages; if not given, `cloud_api` where `access.endpoint` is Meta's own. `None` means unknown. Comes from: constant of the business: how its software is connected. Can be changed by: sender (send by another route: Meta's own Cloud API, or the self-hosted API while it lasts)."""


class AccountFeedback(TypedDict, total=False):
    """The document's `account.feedback`. `None` means that all of it is unknown."""

    blocks_7d: Optional[int]
    """Recipients who blocked the number in the last seven days. `None` means that there is none. Not given means that there is none. Comes from: WhatsApp Manager: insights of the number. Can be changed by: account (wait until fewer recipients blocked the number within seven days: write less often, and only to people who want it)."""
    delivered_7d: Optional[int]
    """Messages delivered in the last seven days. `None` means that there is none. Not given means that there is none. Comes from: Graph API: `analytics` of the account; the sender's own log."""
    reports_7d: Optional[int]
    """Recipients who reported the number in the last seven days. `None` means that there is none. Not given means that there is none. Comes from: WhatsApp Manager: insights of the number. Can be changed by: account (wait until fewer recipients reported the number within seven days: write less often, and only to people who want it)."""


class Account(TypedDict, total=False):
    """The document's `account`. `None` means that all of it is unknown."""

    approved_use_cases: Optional[Union[List[Literal["customer_care", "notifications", "authentication", "marketing", "bulk_messaging", "ai_assistant", "surveys", "appointments", "delivery_updates", "payments", "emergency_alerts", "political"]], Tuple[Literal["customer_care", "notifications", "authentication", "marketing", "bulk_messaging", "ai_assistant", "surveys", "appointments", "delivery_updates", "payments", "emergency_alerts", "political"], ...]]]
    """The use cases that the account is approved for. `None` means that there is none. Not given means that there is none. Comes from: constant of the business. Can be changed by: account (have the account approved for the use case)."""
    book_conflict: Optional[Literal["other_account", "number_of_other_account", "unknown_number", "account", "template"]]
    """In what the document contradicts the account book that it is judged with. `None` means that there is none. Not given means that there is none. Comes from: an account book, kept from webhooks (`cts account`)."""
    book_differences: Optional[Union[List[str], Tuple[str, ...]]]
    """What differs there: of each member its path, its value in the document, and its value in the book. `None` means that there is none. Not given means that there is none. Comes from: an account book, kept from webhooks (`cts account`)."""
    coexistence: Optional[bool]
    """Whether the sending number is used in the Business app and on the Cloud API at once. `None` means that there is none. Not given means that there is none. Comes from: Graph API: `is_on_biz_app` of the phone number. Can be changed by: account (use the number on the API alone)."""
    connection: Optional[Literal["connected", "disconnected", "offboarded"]]
    """Whether the account is connected to the partner or app that sends. `None` means that there is none. Not given means that there is none. Comes from: webhook `account_update`: PARTNER_REMOVED, ACCOUNT_OFFBOARDED. Can be changed by: account (connect the account to the app again)."""
    country: Optional[str]
    """The country of the business. `None` means unknown. Comes from: Graph API: `country` of the account; constant."""
    daily_limit: Optional[Union[int, Literal["unlimited"]]]
    """Distinct recipients that may be written to in 24 hours, outside windows; `unlimited` reads as 2^63-1. `None` means unknown. Comes from: Graph API: `messaging_limit_tier`; webhook `business_capability_update`. Can be changed by: account (grow the messaging limit)."""
    disabling_at: Optional[Instant]
    """From when on the account is to be disabled, where WhatsApp announced that and the day lies ahead. `None` means that there is none. Not given means that there is none. Comes from: webhook `account_update`: DISABLED_UPDATE."""
    display_name: Optional[Literal["approved", "pending", "declined"]]
    """Whether the display name is approved. `None` means that there is none. Not given means that there is none. Comes from: Graph API: `name_status` of the number; webhook `phone_number_name_update`. Can be changed by: account (choose a display name that is approved)."""
    events_not_understood: Optional[int]
    """Events of the account that were not understood, and that nobody acknowledged. `None` means that there is none. Not given means that there is none. Comes from: an account book, kept from webhooks (`cts account`). Can be changed by: account (look at the events of the account that were not understood, and acknowledge them)."""
    feedback: Optional[AccountFeedback]
    """The document's `account.feedback`. `None` means that all of it is unknown."""
    gambling_permission: Optional[bool]
    """Whether Meta permitted online gambling and gaming in writing; `null` for no permission. `None` means that there is none. Comes from: constant of the business: Meta's letter. Can be changed by: account (obtain Meta's written permission first)."""
    health: Optional[Literal["available", "limited", "blocked"]]
    """Whether the account can send, by the worst of its health states. `None` means that there is none. Not given means that there is none. Comes from: Graph API: `health_status` of the account. Can be changed by: account (settle what the health state of the account names)."""
    id: Optional[str]
    """The id of the business account. `None` means unknown. Comes from: Graph API: the id of the WhatsApp Business account."""
    licence_held: Optional[bool]
    """Whether the business holds the licences that its trade and the recipient's country ask for; `null` for none. `None` means that there is none. Comes from: constant of the business: its licences by country. Can be changed by: account (obtain the licence first)."""
    name: Optional[str]
    """The name of the business account. `None` means unknown. Comes from: Graph API: `name` of the account."""
    news_page: Optional[bool]
    """Whether a publisher of news is registered as a news page; `null` for none. `None` means that there is none. Comes from: constant of the business: Meta's news page index. Can be changed by: account (register the publisher's page as a news page first)."""
    number: Optional[str]
    """The sending number, or the id that WhatsApp gives to it, which an account book knows. `None` means that there is none. Not given means that there is none. Comes from: Graph API: `display_phone_number` of the number."""
    number_registered_at: Optional[Instant]
    """When the sending number was registered on the route. `None` means that there is none. Not given means that there is none. Comes from: the sending system: its first registration."""
    number_status: Optional[Literal["connected", "pending", "unverified", "disconnected", "migrated", "deleted", "flagged", "rate_limited", "restricted", "banned"]]
    """The state of the sending number. `None` means that there is none. Not given means that there is none. Comes from: Graph API: `status` of the phone number. Can be changed by: account (bring the number back to `connected` in WhatsApp Manager, or send from another number)."""
    ownership: Optional[Literal["self_owned", "on_behalf_of"]]
    """Who owns the account. `None` means that there is none. Not given means that there is none. Comes from: Graph API: `ownership_type` of the account. Can be changed by: account (move the account to the business itself)."""
    pacing: Optional[Literal["none", "batched", "stopped"]]
    """How WhatsApp paces the portfolio's templates. `None` means that there is none. Not given means that there is none. Comes from: webhook `business_status_update`, and Meta's notices."""
    quality: Optional[Literal["green", "yellow", "red", "unrated"]]
    """The quality rating of the sending number. `None` means unknown. Comes from: Graph API: `quality_rating` of the number; webhook `phone_number_quality_update`. Can be changed by: account (win the quality rating back: write less often, and only to people who want it)."""
    recent_errors: Optional[Union[List[str], Tuple[str, ...]]]
    """Error codes that WhatsApp gave to messages of the account or its sending number, and whose term is not over at `send_at`. `None` means that there is none. Not given means that there is none. Comes from: an account book, kept from webhooks (`cts account`)."""
    recipients_24h: Optional[int]
    """Distinct recipients written to in the last 24 hours, outside windows: by the whole portfolio, before 2025-10-07 by the number. `None` means that there is none. Not given means that there is none. Comes from: the sending system: its log of the last 24 hours."""
    region: Optional[str]
    """The part of the country that the business is in, by ISO 3166-2, such as `UA-43`. `None` means that there is none. Not given means that there is none. Comes from: constant of the business."""
    restrictions: Optional[Union[List[AccountRestriction], Tuple[AccountRestriction, ...]]]
    """Restrictions on the account, past, present and coming; in force at `since <= send_at < until`. Comes from: webhook `account_update`: `restriction_info`; Business Support Home. Can be changed by: account (ask WhatsApp to lift the restriction, in the Business Support Home)."""
    review: Optional[Literal["approved", "pending", "rejected", "none"]]
    """Whether WhatsApp approved the account. `None` means unknown. Comes from: Graph API: `account_review_status`; webhook `account_review_update`. Can be changed by: account (wait for WhatsApp's review of the account, or appeal)."""
    support_contact: Optional[bool]
    """Whether the profile names a support contact with an e-mail address, a website or a phone number. `None` means that there is none. Not given means that there is none. Comes from: Graph API: `whatsapp_business_profile` of the number. Can be changed by: account (name an e-mail address, a website or a phone number in the profile)."""
    template_misuse_warned: Optional[bool]
    """Whether WhatsApp warned the business of templates in the wrong category. `None` means that there is none. Not given means that there is none. Comes from: WhatsApp Manager, and Meta's notices."""
    verification: Optional[Literal["verified", "pending", "unverified", "rejected"]]
    """Whether Meta verified the business. `None` means unknown. Comes from: Graph API: `business_verification_status` of the account. Can be changed by: account (have Meta verify the business)."""
    violations: Optional[Union[List[AccountViolation], Tuple[AccountViolation, ...]]]
    """Violations that WhatsApp reported. Comes from: webhook `account_update`: `violation_info`; Business Support Home."""


class CampaignTemplate(TypedDict, total=False):
    """The document's `campaign.template`. `None` means that all of it is unknown."""

    correct_category: Optional[Literal["marketing", "utility", "authentication", "service"]]
    """The category to which WhatsApp said that it moves the template. `None` means that there is none. Not given means that there is none. Comes from: webhook `template_category_update`: `correct_category`."""
    language: Optional[str]
    """The language of the template as WhatsApp writes it, such as `es_ES`; templates of one name are told apart by it. `None` means that there is none. Not given means that there is none. Comes from: Graph API: `language` of the template."""
    name: Optional[str]
    """The name of the template. `None` means unknown. Comes from: Graph API: `name` of the template."""
    quality: Optional[Literal["green", "yellow", "red", "unrated"]]
    """The quality rating of the template. `None` means that there is none. Not given means that there is none. Comes from: Graph API: `quality_score` of the template; webhook `message_template_quality_update`. Can be changed by: campaign (send another template, one of high quality)."""
    status: Optional[Literal["approved", "pending", "rejected", "paused", "disabled", "in_appeal", "flagged", "locked", "limit_exceeded", "archived", "pending_deletion", "deleted"]]
    """The review state of the template. `None` means unknown. Comes from: Graph API: `status` of the template; webhook `message_template_status_update`. Can be changed by: campaign (send another template, one that is approved)."""


class Campaign(TypedDict, total=False):
    """The document's `campaign`. `None` means that all of it is unknown."""

    ad_label: Optional[bool]
    """Whether the message is labelled as an advertisement in the form that the recipient's law asks for; `null` for no label. `None` means that there is none. Comes from: the template's text. Can be changed by: campaign (label the message as an advertisement in the form that the recipient's law asks for)."""
    age_gated: Optional[bool]
    """Whether the campaign is kept from people under 18 and from other countries by technical and organisational means; `null` for no gate. `None` means that there is none. Comes from: constant of the business: how the audience was gated. Can be changed by: campaign (keep the campaign from people under 18 and from other countries by an age gate)."""
    audience_outside_window: Optional[int]
    """Distinct recipients of the campaign who have no service window open: those whom limits count; if not given, the whole audience. `None` means unknown. Comes from: CRM: the size of the segment without those who wrote in the last 24 hours. Can be changed by: campaign (write to fewer people at a time who have no window open)."""
    audience_size: Optional[int]
    """Distinct recipients of the campaign. `None` means unknown. Comes from: CRM: the size of the segment. Can be changed by: campaign (write to fewer people at a time)."""
    automated: Optional[bool]
    """Whether software answers; if not given, false where the business opens the conversation with a template or by Direct Send. `None` means unknown. Comes from: constant of the business: whether a bot answers. Can be changed by: campaign (let people answer, and no software)."""
    category: Optional[Literal["marketing", "utility", "authentication", "service"]]
    """The message category. `None` means unknown. Comes from: Graph API: `category` of the template; webhook `template_category_update`. Can be changed by: campaign (send another kind of message, with the category and the use case that it really has)."""
    commerce: Optional[bool]
    """Whether the messages use a catalogue, a payment or another commerce feature. `None` means that there is none. Not given means that there is none. Comes from: the template: its type. Can be changed by: campaign (send without catalogue, payment or other commerce features)."""
    content: Optional[Literal["template", "free_form", "direct_send"]]
    """Whether an approved template or free text is sent, or a message without template by Direct Send; if not given, `template` where `campaign.template.status` is given and `campaign.category` is not `service`, of which there are no templates. `None` means unknown. Comes from: the sending system: what kind of message it posts. Can be changed by: campaign (send the message in another form)."""
    general_purpose_ai: Optional[bool]
    """Whether a general-purpose AI assistant is the main thing offered; if not given, false where no software answers and the use case is another than `ai_assistant`. `None` means unknown. Comes from: constant of the business: what its assistant is for. Can be changed by: campaign (offer an assistant for the business's own matters alone)."""
    human_handoff: Optional[bool]
    """Whether there is a prompt, clear and direct way to a person. `None` means unknown. Comes from: constant of the business: the bot's escalation. Can be changed by: campaign (give a prompt, clear and direct way to a person)."""
    id: Optional[str]
    """The caller's id of the campaign. `None` means unknown. Comes from: the sending system."""
    identifies_sender: Optional[bool]
    """Whether the message tells who sends it, and how to reach the sender. `None` means that there is none. Not given means that there is none. Comes from: the template's text. Can be changed by: campaign (tell in the message who sends it, and how to reach the sender)."""
    initiated_by: Optional[Literal["business", "customer"]]
    """Who opens the conversation; if not given, `business` where a marketing template is sent. `None` means unknown. Comes from: constant of the campaign: `business` for any mailing."""
    messages_per_second: Optional[int]
    """How fast the campaign is sent from one number. `None` means that there is none. Not given means that there is none. Comes from: the sending system: its throttle. Can be changed by: campaign (send slower)."""
    name: Optional[str]
    """The caller's name of the campaign. `None` means unknown. Comes from: the sending system."""
    offers_opt_out: Optional[bool]
    """Whether the message tells how to stop further ones. `None` means unknown. Comes from: the template: a footer or a button that stops. Can be changed by: campaign (tell in the message how to stop further ones)."""
    requests: Optional[Union[List[Literal["payment_card", "bank_account", "national_id", "health_data", "password", "one_time_code"]], Tuple[Literal["payment_card", "bank_account", "national_id", "health_data", "password", "one_time_code"], ...]]]
    """Sensitive identifiers that the messages ask for or send; if not given, none where the business opens the conversation with a marketing template. `None` means unknown. Comes from: the template or flow: what it asks for. Can be changed by: campaign (ask for no sensitive identifiers, and send none)."""
    template: Optional[CampaignTemplate]
    """The document's `campaign.template`. `None` means that all of it is unknown."""
    use_case: Optional[Literal["customer_care", "notifications", "authentication", "marketing", "bulk_messaging", "ai_assistant", "surveys", "appointments", "delivery_updates", "payments", "emergency_alerts", "political"]]
    """What the messages are for; if not given, `marketing` where a marketing template opens the conversation, and `campaign.vertical` is a trade that sells to the public. `None` means unknown. Comes from: CRM: the purpose of the campaign. Can be changed by: campaign (send another kind of message, with the category and the use case that it really has)."""
    vertical: Optional[Literal["retail", "fashion", "beauty", "food", "automotive", "travel", "hospitality", "transport", "entertainment", "education", "finance", "insurance", "real_estate", "telecommunications", "technology", "public_utilities", "healthcare_services", "professional_services", "nonprofit", "news", "government", "government_contractor", "livestock", "alcohol", "tobacco", "firearms", "gambling", "otc_drugs", "prescription_drugs", "illegal_drugs", "medical_products", "supplements", "endangered_species", "live_animals", "hazardous_goods", "currency", "body_parts", "misleading_models", "adult", "dating", "multi_level_marketing", "payday_loans", "debt_collection", "bail_bonds", "political_organisation", "law_enforcement", "other"]]
    """The trade that the messages are about. `None` means unknown. Comes from: constant of the business: its trade."""


class Provider(TypedDict, total=False):
    """The document's `provider`. `None` means that all of it is unknown."""

    app_review: Optional[Literal["passed", "pending", "none"]]
    """How far Meta's review of the provider's app has come. `None` means unknown. Comes from: Meta App Dashboard: App Review, permission `whatsapp_business_messaging`. Can be changed by: sender (have Meta review the app that sends, and wait until it has passed)."""
    claims_official: Optional[bool]
    """Whether the provider calls itself official. `None` means that there is none. Not given means that there is none. Comes from: the provider's own pages."""
    domain: Optional[str]
    """The provider's web domain. `None` means that there is none. Comes from: the sender's own set-up: the contract with the provider. Can be changed by: sender (send through your own app, or through a provider that is an official partner)."""
    id: Optional[str]
    """The provider's id in the directory. `None` means that there is none. Comes from: the sender's own set-up: the contract with the provider. Can be changed by: sender (send through your own app, or through a provider that is an official partner)."""
    name: Optional[str]
    """The name of the provider that carries the messages. `None` means that there is none. Comes from: the sender's own set-up: the contract with the provider. Can be changed by: sender (send through your own app, or through a provider that is an official partner)."""
    role: Optional[Literal["solution_partner", "tech_partner", "tech_provider", "reseller", "self"]]
    """In which role the provider works. `None` means unknown. Comes from: the sender's own set-up: the contract with the provider. Can be changed by: sender (send through your own app, or through a provider that is an official partner)."""


class Recipient(TypedDict, total=False):
    """The document's `recipient`. `None` means that all of it is unknown."""

    country: Optional[str]
    """Where the recipient is; if not given, the country of the number, or of the user id where there is no number. `None` means unknown. Comes from: CRM: the country of the contact."""
    free_entry_until: Optional[Instant]
    """Until when a window is open that the recipient opened by an advert or a button that leads to the chat (a free entry point): 72 hours, since September 2026 up to 7 days; `null` for none. `None` means that there is none. Comes from: webhook `messages`: a message with `referral`."""
    in_register: Optional[bool]
    """Whether the recipient stands in the do-not-contact register of the recipient's country; `null` where nobody asked it. `None` means that there is none. Comes from: the do-not-contact register of the recipient's country."""
    is_adult: Optional[bool]
    """Whether the recipient is 18 or older, as far as the age gate knows; `null` for no gate. `None` means that there is none. Comes from: CRM: date of birth, or the age gate."""
    is_business: Optional[bool]
    """Whether the recipient is a business, and written to as one. `None` means that there is none. Not given means that there is none. Comes from: CRM: company or person."""
    is_customer: Optional[bool]
    """Whether the recipient bought like goods or services from the business, or negotiated about them. `None` means that there is none. Not given means that there is none. Comes from: CRM: whether there is an order or a quote."""
    is_supporter: Optional[bool]
    """Whether the recipient supported the charity that sends, or showed interest in its purpose, and was told at that time how to refuse its messages. `None` means that there is none. Not given means that there is none. Comes from: CRM: donations and memberships."""
    last_deal_at: Optional[Instant]
    """When the recipient last bought like goods or services from the business, or negotiated about them; `null` where nobody knows. `None` means that there is none. Comes from: CRM: the last order or quote."""
    last_inbound_at: Optional[Instant]
    """When the recipient last wrote or called. `None` means that there is none. Comes from: webhook `messages`: `timestamp` of the last message."""
    last_marketing_at: Optional[Instant]
    """When marketing of the business last reached the recipient. `None` means that there is none. Not given means that there is none. Comes from: CRM: the history of the contact."""
    marketing_experiment: Optional[bool]
    """Whether the recipient is among those whom WhatsApp keeps free of marketing templates (error 130472). `None` means that there is none. Not given means that there is none. Comes from: webhook `messages`: a status with error 130472."""
    marketing_received_24h: Optional[int]
    """Marketing messages that the recipient got in the last 24 hours. `None` means unknown. Comes from: CRM: the history of the contact."""
    marketing_stopped_at: Optional[Instant]
    """When the recipient stopped this business's marketing in WhatsApp itself; absent when never, or resumed since. `None` means that there is none. Not given means that there is none. Comes from: webhook `user_preferences`: `stop`."""
    marketing_withheld_at: Optional[Instant]
    """When WhatsApp last withheld a marketing message from the recipient (error 131049). `None` means that there is none. Not given means that there is none. Comes from: webhook `messages`: a status with error 131049."""
    night_opt_in: Optional[bool]
    """Whether the recipient agreed, apart from the opt-in, to advertising at night. `None` means that there is none. Not given means that there is none. Comes from: CRM: the record of consent."""
    opt_in: Optional[Literal["given", "none"]]
    """Whether the recipient opted in. `None` means unknown. Comes from: CRM: the record of consent."""
    opt_in_at: Optional[Instant]
    """When the recipient opted in. `None` means that there is none. Not given means that there is none. Comes from: CRM: the record of consent."""
    opt_in_for: Optional[Union[List[Literal["marketing", "utility", "authentication", "service", "customer_care", "notifications", "bulk_messaging", "ai_assistant", "surveys", "appointments", "delivery_updates", "payments", "emergency_alerts", "political"]], Tuple[Literal["marketing", "utility", "authentication", "service", "customer_care", "notifications", "bulk_messaging", "ai_assistant", "surveys", "appointments", "delivery_updates", "payments", "emergency_alerts", "political"], ...]]]
    """The message categories and use cases that the opt-in covers; absent when it covers all. `None` means that there is none. Not given means that there is none. Comes from: CRM: the record of consent."""
    opt_in_names_whatsapp: Optional[bool]
    """Whether the opt-in names WhatsApp as the channel. `None` means that there is none. Not given means that there is none. Comes from: CRM: the record of consent."""
    opted_out: Optional[bool]
    """Whether the recipient asked to stop, and has not asked to resume. `None` means unknown. Comes from: CRM: unsubscribed; webhook `messages`: a reply that asks to stop."""
    opted_out_of: Optional[Union[List[Literal["marketing", "utility", "authentication", "service", "customer_care", "notifications", "bulk_messaging", "ai_assistant", "surveys", "appointments", "delivery_updates", "payments", "emergency_alerts", "political"]], Tuple[Literal["marketing", "utility", "authentication", "service", "customer_care", "notifications", "bulk_messaging", "ai_assistant", "surveys", "appointments", "delivery_updates", "payments", "emergency_alerts", "political"], ...]]]
    """The message categories and use cases that the recipient asked to stop; `recipient.opted_out` stands for all messages. `None` means that there is none. Not given means that there is none. Comes from: CRM: the preferences of the contact."""
    phone: Optional[str]
    """The recipient's number. `None` means that there is none. Comes from: CRM: the mobile number, as E.164; webhook: `wa_id`."""
    region: Optional[str]
    """The part of the country that the recipient is in, by ISO 3166-2, such as `US-FL` or `BR-SP`. `None` means that there is none. Not given means that there is none. Comes from: CRM: state or province of the contact."""
    register_checked_at: Optional[Instant]
    """When that register was last asked about the recipient. `None` means that there is none. Not given means that there is none. Comes from: CRM: when the register was last asked."""
    running_contract: Optional[bool]
    """Whether the recipient has a contract with the business that is running, and the message is about it. `None` means that there is none. Not given means that there is none. Comes from: CRM: contracts and subscriptions."""
    time_zone: Optional[str]
    """The recipient's time zone. `None` means that there is none. Comes from: CRM: the time zone of the contact."""
    user_id: Optional[str]
    """The recipient's business-scoped user id. `None` means that there is none. Comes from: webhook `messages`: the user id of the contact."""


class _Sent(TypedDict):
    send_at: Instant
    """The instant at which the message is sent."""


class CampaignDocument(_Sent, total=False):
    """A campaign, and maybe one recipient, to be checked at `send_at`."""

    access: Optional[Access]
    """The document's `access`. `None` means that all of it is unknown."""
    account: Optional[Account]
    """The document's `account`. `None` means that all of it is unknown."""
    campaign: Optional[Campaign]
    """The document's `campaign`. `None` means that all of it is unknown."""
    intermediaries: Optional[Union[List[Intermediary], Tuple[Intermediary, ...]]]
    """Firms between the business and its provider, in any order. Comes from: the sender's own set-up: the contracts on the way to the provider. Can be changed by: sender (send without this intermediary)."""
    provider: Optional[Provider]
    """The document's `provider`. `None` means that all of it is unknown."""
    recipient: Optional[Recipient]
    """The document's `recipient`. `None` means that all of it is unknown."""
    x: Optional[Mapping[str, object]]
    """The caller's own facts, declared by the caller's packs."""


# What reads these classes at run time, such as pydantic, is as strict as the engine: it drops no member and converts no value.
for _document in (
    _Sent,
    Intermediary,
    AccountRestriction,
    AccountViolation,
    Access,
    AccountFeedback,
    Account,
    CampaignTemplate,
    Campaign,
    Provider,
    Recipient,
    CampaignDocument,
):
    setattr(_document, "__pydantic_config__", {"extra": "forbid", "strict": True})

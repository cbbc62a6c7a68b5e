// Generated from the engine's own declarations by `cargo xtask generate`. Do not edit.

/** An instant: text as RFC 3339 has it, or a `Date`. */
export type Instant = string | Date;

/** A campaign, and maybe one recipient. What is not given is unknown, and not false. */
export interface CampaignDocument {
  /** The address of this JSON Schema, for editors. It is no fact. */
  $schema?: string;
  /** How the messages reach WhatsApp. `null` means that all of it is unknown. */
  access?: {
    /** Packages, images, gateways, services and apps in use, as `ecosystem:name` or as package URLs. `null` means unknown. */
    clients?: readonly (string)[] | null;
    /** The address that the messages are posted to. `null` means that there is none. */
    endpoint?: string | null;
    /** The technical route of the messages; if not given, `cloud_api` where `access.endpoint` is Meta's own. `cloud_api`: hosted by Meta; `on_premises_api`: the self-hosted client, ended 2025-10-23; `business_app`: the WhatsApp Business app, used by a person; `unofficial`: anything that re-implements or drives the consumer client. `null` means unknown. */
    route?: "cloud_api" | "on_premises_api" | "business_app" | "unofficial" | null;
  } | null;
  /** The business account that sends. `null` means that all of it is unknown. */
  account?: {
    /** The use cases that the account is approved for. `null` means that there is none. Not given means that there is none. */
    approved_use_cases?: readonly ("customer_care" | "notifications" | "authentication" | "marketing" | "bulk_messaging" | "ai_assistant" | "surveys" | "appointments" | "delivery_updates" | "payments" | "emergency_alerts" | "political")[] | null;
    /** In what the document contradicts the account book that it is judged with. `other_account`: the book has other accounts, and not that of the document; `number_of_other_account`: by the book the sending number belongs to another account; `unknown_number`: the book has numbers of the account, and not the sending number; `account`: the document says something else of the account, of which the book counts; `template`: the document says something else of the template, of which the book counts. `null` means that there is none. Not given means that there is none. */
    book_conflict?: "other_account" | "number_of_other_account" | "unknown_number" | "account" | "template" | null;
    /** What differs there: of each member its path, its value in the document, and its value in the book. `null` means that there is none. Not given means that there is none. */
    book_differences?: readonly (string)[] | null;
    /** Whether the sending number is used in the Business app and on the Cloud API at once. `null` means that there is none. Not given means that there is none. */
    coexistence?: boolean | null;
    /** Whether the account is connected to the partner or app that sends. `disconnected`: a partner or app was removed from the account; `offboarded`: the account left the platform and did not come back. `null` means that there is none. Not given means that there is none. */
    connection?: "connected" | "disconnected" | "offboarded" | null;
    /** The country of the business. `null` means unknown. */
    country?: string | null;
    /** Distinct recipients that may be written to in 24 hours, outside windows; `unlimited` reads as 2^63-1. `null` means unknown. */
    daily_limit?: number | bigint | "unlimited" | null;
    /** From when on the account is to be disabled, where WhatsApp announced that and the day lies ahead. `null` means that there is none. Not given means that there is none. */
    disabling_at?: Instant | null;
    /** Whether the display name is approved. `null` means that there is none. Not given means that there is none. */
    display_name?: "approved" | "pending" | "declined" | null;
    /** Events of the account that were not understood, and that nobody acknowledged. `null` means that there is none. Not given means that there is none. */
    events_not_understood?: number | bigint | null;
    /** What recipients made of the last seven days' messages. `null` means that all of it is unknown. */
    feedback?: {
      /** Recipients who blocked the number in the last seven days. `null` means that there is none. Not given means that there is none. */
      blocks_7d?: number | bigint | null;
      /** Messages delivered in the last seven days. `null` means that there is none. Not given means that there is none. */
      delivered_7d?: number | bigint | null;
      /** Recipients who reported the number in the last seven days. `null` means that there is none. Not given means that there is none. */
      reports_7d?: number | bigint | null;
    } | null;
    /** Whether Meta permitted online gambling and gaming in writing; `null` for no permission. `null` means that there is none. */
    gambling_permission?: boolean | null;
    /** Whether the account can send, by the worst of its health states. `null` means that there is none. Not given means that there is none. */
    health?: "available" | "limited" | "blocked" | null;
    /** The id of the business account. `null` means unknown. */
    id?: string | null;
    /** Whether the business holds the licences that its trade and the recipient's country ask for; `null` for none. `null` means that there is none. */
    licence_held?: boolean | null;
    /** The name of the business account. `null` means unknown. */
    name?: string | null;
    /** Whether a publisher of news is registered as a news page; `null` for none. `null` means that there is none. */
    news_page?: boolean | null;
    /** The sending number, or the id that WhatsApp gives to it, which an account book knows. `null` means that there is none. Not given means that there is none. */
    number?: string | null;
    /** When the sending number was registered on the route. `null` means that there is none. Not given means that there is none. */
    number_registered_at?: Instant | null;
    /** The state of the sending number. `migrated`: moved to another account; `flagged`: low quality; ended 2025-10-07; `rate_limited`: the limit of 24 hours is used up; `restricted`: the limit of 24 hours is used up. `null` means that there is none. Not given means that there is none. */
    number_status?: "connected" | "pending" | "unverified" | "disconnected" | "migrated" | "deleted" | "flagged" | "rate_limited" | "restricted" | "banned" | null;
    /** Who owns the account. `on_behalf_of`: the provider owns it; ended with 2025. `null` means that there is none. Not given means that there is none. */
    ownership?: "self_owned" | "on_behalf_of" | null;
    /** How WhatsApp paces the portfolio's templates. `batched`: sent in batches; `stopped`: template messages and new templates are stopped. `null` means that there is none. Not given means that there is none. */
    pacing?: "none" | "batched" | "stopped" | null;
    /** The quality rating of the sending number. `green`: high; `yellow`: medium; `red`: low; `unrated`: not rated yet, `UNKNOWN` or `NA`. `null` means unknown. */
    quality?: "green" | "yellow" | "red" | "unrated" | null;
    /** Error codes that WhatsApp gave to messages of the account or its sending number, and whose term is not over at `send_at`. `null` means that there is none. Not given means that there is none. */
    recent_errors?: readonly (string)[] | null;
    /** Distinct recipients written to in the last 24 hours, outside windows: by the whole portfolio, before 2025-10-07 by the number. `null` means that there is none. Not given means that there is none. */
    recipients_24h?: number | bigint | null;
    /** The part of the country that the business is in, by ISO 3166-2, such as `UA-43`. `null` means that there is none. Not given means that there is none. */
    region?: string | null;
    /** Restrictions on the account, past, present and coming; in force at `since <= send_at < until`. `null` means unknown, `[]` that there are none. */
    restrictions?: readonly ({
      /** What is restricted. `business_initiated`: no business-initiated messages; `customer_initiated`: no replies: the business cannot answer; `all_messaging`: no messages at all; `add_phone_number`: no new numbers; `utility_templates`: no utility templates; `direct_send`: no messages by Direct Send; `account_locked`: locked until an appeal succeeds; `calling`: no calls; messages go on; `other`: a kind that is not in this list. `null` means unknown. */
      kind?: "business_initiated" | "customer_initiated" | "all_messaging" | "add_phone_number" | "utility_templates" | "direct_send" | "account_locked" | "account_disabled" | "number_banned" | "brand_banned" | "calling" | "other" | null;
      /** From when. `null` means unknown. */
      since?: Instant | null;
      /** Until when; `null` for good. `null` means that there is none. */
      until?: Instant | null;
    } | null)[] | null;
    /** Whether WhatsApp approved the account. `none`: not asked for. `null` means unknown. */
    review?: "approved" | "pending" | "rejected" | "none" | null;
    /** Whether the profile names a support contact with an e-mail address, a website or a phone number. `null` means that there is none. Not given means that there is none. */
    support_contact?: boolean | null;
    /** Whether WhatsApp warned the business of templates in the wrong category. `null` means that there is none. Not given means that there is none. */
    template_misuse_warned?: boolean | null;
    /** Whether Meta verified the business. `null` means unknown. */
    verification?: "verified" | "pending" | "unverified" | "rejected" | null;
    /** Violations that WhatsApp reported. `null` means unknown, `[]` that there are none. */
    violations?: readonly ({
      /** When it was reported. `null` means unknown. */
      at?: Instant | null;
      /** What was violated. `adult`: `ADULT`; `alcohol`: `ALCOHOL`; `animals`: `ANIMALS`; `body_parts_fluids`: `BODY_PARTS_FLUIDS`; `dating`: `DATING`; `digital_services_products`: `DIGITAL_SERVICES_PRODUCTS`; `drugs`: `DRUGS`, prescription and over-the-counter drugs too; `illegal_drugs`: the sale of illegal drugs, which WhatsApp reports as `DRUGS` too; can end the account at once; `gambling`: `GAMBLING`; `healthcare`: `HEALTHCARE`; `illegal_products`: `ILLEGAL_PRODUCTS`; `misleading`: `MISLEADING`; `overtly_sexualized_positioning`: `OVERTLY_SEXUALIZED_POSITIONING`; `real_fake_currency`: `REAL_FAKE_CURRENCY`; `scam`: `SCAM`; `supplements`: `SUPPLEMENTS`; `third_party_infringements`: `THIRD_PARTY_INFRINGEMENTS`; `tobacco`: `TOBACCO`; `unauthorized_media`: `UNAUTHORIZED_MEDIA`; `weapons`: `WEAPONS`; `spam`: unwanted or bulk messages; `template_misclassification`: templates in a wrong category; `child_exploitation`: ends the account at once; `terrorism`: ends the account at once; `other`: a code that is not in this list. `null` means unknown. */
      kind?: "adult" | "alcohol" | "animals" | "body_parts_fluids" | "dating" | "digital_services_products" | "drugs" | "illegal_drugs" | "gambling" | "healthcare" | "illegal_products" | "misleading" | "overtly_sexualized_positioning" | "real_fake_currency" | "scam" | "supplements" | "third_party_infringements" | "tobacco" | "unauthorized_media" | "weapons" | "spam" | "template_misclassification" | "child_exploitation" | "terrorism" | "other" | null;
    } | null)[] | null;
  } | null;
  /** What is to be sent. `null` means that all of it is unknown. */
  campaign?: {
    /** Whether the message is labelled as an advertisement in the form that the recipient's law asks for; `null` for no label. `null` means that there is none. */
    ad_label?: boolean | null;
    /** Whether the campaign is kept from people under 18 and from other countries by technical and organisational means; `null` for no gate. `null` means that there is none. */
    age_gated?: boolean | null;
    /** Distinct recipients of the campaign who have no service window open: those whom limits count; if not given, the whole audience. `null` means unknown. */
    audience_outside_window?: number | bigint | null;
    /** Distinct recipients of the campaign. `null` means unknown. */
    audience_size?: number | bigint | null;
    /** Whether software answers; if not given, false where the business opens the conversation with a template or by Direct Send. `null` means unknown. */
    automated?: boolean | null;
    /** The message category. `service`: free-form traffic inside the service window; not a template category. `null` means unknown. */
    category?: "marketing" | "utility" | "authentication" | "service" | null;
    /** Whether the messages use a catalogue, a payment or another commerce feature. `null` means that there is none. Not given means that there is none. */
    commerce?: boolean | null;
    /** Whether an approved template or free text is sent, or a message without template by Direct Send; if not given, `template` where `campaign.template.status` is given and `campaign.category` is not `service`, of which there are no templates. `direct_send`: with a category and without a template, which WhatsApp makes itself. `null` means unknown. */
    content?: "template" | "free_form" | "direct_send" | null;
    /** Whether a general-purpose AI assistant is the main thing offered; if not given, false where no software answers and the use case is another than `ai_assistant`. `null` means unknown. */
    general_purpose_ai?: boolean | null;
    /** Whether there is a prompt, clear and direct way to a person. `null` means unknown. */
    human_handoff?: boolean | null;
    /** The caller's id of the campaign. `null` means unknown. */
    id?: string | null;
    /** Whether the message tells who sends it, and how to reach the sender. `null` means that there is none. Not given means that there is none. */
    identifies_sender?: boolean | null;
    /** Who opens the conversation; if not given, `business` where a marketing template is sent. `customer`: the business replies. `null` means unknown. */
    initiated_by?: "business" | "customer" | null;
    /** How fast the campaign is sent from one number. `null` means that there is none. Not given means that there is none. */
    messages_per_second?: number | bigint | null;
    /** The caller's name of the campaign. `null` means unknown. */
    name?: string | null;
    /** Whether the message tells how to stop further ones. `null` means unknown. */
    offers_opt_out?: boolean | null;
    /** Sensitive identifiers that the messages ask for or send; if not given, none where the business opens the conversation with a marketing template. `payment_card`: a full card number; `bank_account`: a full account number. `null` means unknown. */
    requests?: readonly ("payment_card" | "bank_account" | "national_id" | "health_data" | "password" | "one_time_code")[] | null;
    /** The template that is sent. `null` means that all of it is unknown. */
    template?: {
      /** The category to which WhatsApp said that it moves the template. `service`: free-form traffic inside the service window; not a template category. `null` means that there is none. Not given means that there is none. */
      correct_category?: "marketing" | "utility" | "authentication" | "service" | null;
      /** The language of the template as WhatsApp writes it, such as `es_ES`; templates of one name are told apart by it. `null` means that there is none. Not given means that there is none. */
      language?: string | null;
      /** The name of the template. `null` means unknown. */
      name?: string | null;
      /** The quality rating of the template. `green`: high; `yellow`: medium; `red`: low; `unrated`: not rated yet, `UNKNOWN` or `NA`. `null` means that there is none. Not given means that there is none. */
      quality?: "green" | "yellow" | "red" | "unrated" | null;
      /** The review state of the template. `approved`: `REINSTATED` and `UNARCHIVED` too; `paused`: for 3 hours, then for 6, or by pacing; `disabled`: for good; `archived`: unused for twelve months. `null` means unknown. */
      status?: "approved" | "pending" | "rejected" | "paused" | "disabled" | "in_appeal" | "flagged" | "locked" | "limit_exceeded" | "archived" | "pending_deletion" | "deleted" | null;
    } | null;
    /** What the messages are for; if not given, `marketing` where a marketing template opens the conversation, and `campaign.vertical` is a trade that sells to the public. `null` means unknown. */
    use_case?: "customer_care" | "notifications" | "authentication" | "marketing" | "bulk_messaging" | "ai_assistant" | "surveys" | "appointments" | "delivery_updates" | "payments" | "emergency_alerts" | "political" | null;
    /** The trade that the messages are about. `food`: groceries and restaurants, without alcohol; `finance`: banks, cards, ordinary lending; `public_utilities`: power, water, waste; `healthcare_services`: clinics, doctors, health advice, without selling products; `government`: government bodies; `government_contractor`: private firms that serve governments alone; `alcohol`: alcoholic drinks; `tobacco`: tobacco and nicotine; `firearms`: firearms, ammunition, explosives, weapons; `gambling`: online gambling and gaming for money; `otc_drugs`: over-the-counter drugs; `illegal_drugs`: illegal and recreational drugs; `medical_products`: medical devices and healthcare products; `supplements`: unsafe supplements; `live_animals`: live animals other than livestock; `currency`: real, virtual or fake currency, coin offerings, binary options; `body_parts`: body parts and fluids; `misleading_models`: fraudulent, misleading, offensive or exploitative business models; `adult`: adult products and services; `payday_loans`: payday loans, paycheck advances, peer-to-peer lending; `political_organisation`: parties, politicians, candidates, campaigns, and firms that serve them; `law_enforcement`: police, military, national security, intelligence. `null` means unknown. */
    vertical?: "retail" | "fashion" | "beauty" | "food" | "automotive" | "travel" | "hospitality" | "transport" | "entertainment" | "education" | "finance" | "insurance" | "real_estate" | "telecommunications" | "technology" | "public_utilities" | "healthcare_services" | "professional_services" | "nonprofit" | "news" | "government" | "government_contractor" | "livestock" | "alcohol" | "tobacco" | "firearms" | "gambling" | "otc_drugs" | "prescription_drugs" | "illegal_drugs" | "medical_products" | "supplements" | "endangered_species" | "live_animals" | "hazardous_goods" | "currency" | "body_parts" | "misleading_models" | "adult" | "dating" | "multi_level_marketing" | "payday_loans" | "debt_collection" | "bail_bonds" | "political_organisation" | "law_enforcement" | "other" | null;
  } | null;
  /** Firms between the business and its provider, in any order. `null` means unknown, `[]` that there are none. */
  intermediaries?: readonly ({
    /** How far Meta's review of the intermediary's app has come. `null` means unknown. */
    app_review?: "passed" | "pending" | "none" | null;
    /** The intermediary's web domain. `null` means that there is none. */
    domain?: string | null;
    /** The intermediary's id in the directory. `null` means that there is none. */
    id?: string | null;
    /** The name of the intermediary. `null` means that there is none. */
    name?: string | null;
    /** In which role the intermediary works. `solution_partner`: Meta Business Partner with a credit line; called business solution provider before 2023; `tech_partner`: tech provider that is also a Meta Business Partner; `tech_provider`: serves clients through its reviewed app, without a credit line; never in the directory; `reseller`: sells another's service. `null` means unknown. */
    role?: "solution_partner" | "tech_partner" | "tech_provider" | "reseller" | null;
  } | null)[] | null;
  /** Who carries the messages. `null` means that all of it is unknown. */
  provider?: {
    /** How far Meta's review of the provider's app has come. `null` means unknown. */
    app_review?: "passed" | "pending" | "none" | null;
    /** Whether the provider calls itself official. `null` means that there is none. Not given means that there is none. */
    claims_official?: boolean | null;
    /** The provider's web domain. `null` means that there is none. */
    domain?: string | null;
    /** The provider's id in the directory. `null` means that there is none. */
    id?: string | null;
    /** The name of the provider that carries the messages. `null` means that there is none. */
    name?: string | null;
    /** In which role the provider works. `solution_partner`: Meta Business Partner with a credit line; called business solution provider before 2023; `tech_partner`: tech provider that is also a Meta Business Partner; `tech_provider`: serves clients through its reviewed app, without a credit line; never in the directory; `reseller`: sells another's service; `self`: the business runs its own app. `null` means unknown. */
    role?: "solution_partner" | "tech_partner" | "tech_provider" | "reseller" | "self" | null;
  } | null;
  /** Who receives the message. Leave it out to judge the campaign alone. `null` means that all of it is unknown. */
  recipient?: {
    /** Where the recipient is; if not given, the country of the number, or of the user id where there is no number. `null` means unknown. */
    country?: string | null;
    /** Until when a window is open that the recipient opened by an advert or a button that leads to the chat (a free entry point): 72 hours, since September 2026 up to 7 days; `null` for none. `null` means that there is none. */
    free_entry_until?: Instant | null;
    /** Whether the recipient stands in the do-not-contact register of the recipient's country; `null` where nobody asked it. `null` means that there is none. */
    in_register?: boolean | null;
    /** Whether the recipient is 18 or older, as far as the age gate knows; `null` for no gate. `null` means that there is none. */
    is_adult?: boolean | null;
    /** Whether the recipient is a business, and written to as one. `null` means that there is none. Not given means that there is none. */
    is_business?: boolean | null;
    /** Whether the recipient bought like goods or services from the business, or negotiated about them. `null` means that there is none. Not given means that there is none. */
    is_customer?: boolean | null;
    /** Whether the recipient supported the charity that sends, or showed interest in its purpose, and was told at that time how to refuse its messages. `null` means that there is none. Not given means that there is none. */
    is_supporter?: boolean | null;
    /** When the recipient last bought like goods or services from the business, or negotiated about them; `null` where nobody knows. `null` means that there is none. */
    last_deal_at?: Instant | null;
    /** When the recipient last wrote or called. `null` means that there is none. */
    last_inbound_at?: Instant | null;
    /** When marketing of the business last reached the recipient. `null` means that there is none. Not given means that there is none. */
    last_marketing_at?: Instant | null;
    /** Whether the recipient is among those whom WhatsApp keeps free of marketing templates (error 130472). `null` means that there is none. Not given means that there is none. */
    marketing_experiment?: boolean | null;
    /** Marketing messages that the recipient got in the last 24 hours. `null` means unknown. */
    marketing_received_24h?: number | bigint | null;
    /** When the recipient stopped this business's marketing in WhatsApp itself; absent when never, or resumed since. `null` means that there is none. Not given means that there is none. */
    marketing_stopped_at?: Instant | null;
    /** When WhatsApp last withheld a marketing message from the recipient (error 131049). `null` means that there is none. Not given means that there is none. */
    marketing_withheld_at?: Instant | null;
    /** Whether the recipient agreed, apart from the opt-in, to advertising at night. `null` means that there is none. Not given means that there is none. */
    night_opt_in?: boolean | null;
    /** Whether the recipient opted in. `null` means unknown. */
    opt_in?: "given" | "none" | null;
    /** When the recipient opted in. `null` means that there is none. Not given means that there is none. */
    opt_in_at?: Instant | null;
    /** The message categories and use cases that the opt-in covers; absent when it covers all. `marketing`: as category or as use case; `authentication`: as category or as use case. `null` means that there is none. Not given means that there is none. */
    opt_in_for?: readonly ("marketing" | "utility" | "authentication" | "service" | "customer_care" | "notifications" | "bulk_messaging" | "ai_assistant" | "surveys" | "appointments" | "delivery_updates" | "payments" | "emergency_alerts" | "political")[] | null;
    /** Whether the opt-in names WhatsApp as the channel. `null` means that there is none. Not given means that there is none. */
    opt_in_names_whatsapp?: boolean | null;
    /** Whether the recipient asked to stop, and has not asked to resume. `null` means unknown. */
    opted_out?: boolean | null;
    /** The message categories and use cases that the recipient asked to stop; `recipient.opted_out` stands for all messages. `marketing`: as category or as use case; `authentication`: as category or as use case. `null` means that there is none. Not given means that there is none. */
    opted_out_of?: readonly ("marketing" | "utility" | "authentication" | "service" | "customer_care" | "notifications" | "bulk_messaging" | "ai_assistant" | "surveys" | "appointments" | "delivery_updates" | "payments" | "emergency_alerts" | "political")[] | null;
    /** The recipient's number. `null` means that there is none. */
    phone?: string | null;
    /** The part of the country that the recipient is in, by ISO 3166-2, such as `US-FL` or `BR-SP`. `null` means that there is none. Not given means that there is none. */
    region?: string | null;
    /** When that register was last asked about the recipient. `null` means that there is none. Not given means that there is none. */
    register_checked_at?: Instant | null;
    /** Whether the recipient has a contract with the business that is running, and the message is about it. `null` means that there is none. Not given means that there is none. */
    running_contract?: boolean | null;
    /** The recipient's time zone. `null` means that there is none. */
    time_zone?: string | null;
    /** The recipient's business-scoped user id. `null` means that there is none. */
    user_id?: string | null;
  } | null;
  /** The instant at which the message is sent. */
  send_at: Instant;
  /** The caller's own facts, declared by the caller's packs. */
  x?: Record<string, unknown> | null;
}

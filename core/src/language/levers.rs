//! What the schema says of changes and of where facts come from, in every language.
//!
//! The schema has its texts in English (`schema/levers.rs`); a row here has one of them in the other
//! languages. A text of the schema that people are shown and that has no row fails a test there.

use super::lang::Lang;
use super::words::Words;

/// A text of the schema in a language; as it is, where it has no row.
pub fn of(english: &str, lang: Lang) -> &str {
    if lang == Lang::English {
        return english;
    }
    ROWS.iter().find(|row| row.english == english).map_or(english, |row| row.of(lang))
}

/// Whether a text has a row.
#[cfg(test)]
pub(crate) fn has_row(english: &str) -> bool {
    ROWS.iter().any(|row| row.english == english)
}

macro_rules! rows {
    ($($english:literal, $spanish:literal, $portuguese:literal;)+) => {
        const ROWS: &[Words] = &[$(
            Words { english: $english, spanish: $spanish, portuguese: $portuguese },
        )+];
    };
}

rows! {
    // What can be done.
    "leave this recipient out", "deje fuera a este destinatario", "deixe este destinatário de fora";
    "obtain the recipient's consent first, or leave the recipient out",
        "obtenga antes el consentimiento del destinatario, o déjelo fuera",
        "obtenha antes o consentimento do destinatário, ou deixe-o de fora";
    "ask the register about the recipient first, or leave the recipient out",
        "consulte antes el registro sobre el destinatario, o déjelo fuera",
        "consulte antes o cadastro sobre o destinatário, ou deixe-o de fora";
    "a fact of the recipient, and no choice of the sender: leave this recipient out",
        "un hecho del destinatario, que el remitente no elige: deje fuera a este destinatario",
        "um fato do destinatário, que o remetente não escolhe: deixe este destinatário de fora";
    "send later", "envíe más tarde", "envie mais tarde";
    "send another kind of message, with the category and the use case that it really has",
        "envíe otra clase de mensaje, con la categoría y el caso de uso que realmente tenga",
        "envie outro tipo de mensagem, com a categoria e o caso de uso que ela realmente tenha";
    "send another template, one that is approved",
        "envíe otra plantilla, una que esté aprobada", "envie outro modelo, um que esteja aprovado";
    "send another template, one of high quality",
        "envíe otra plantilla, una de alta calidad", "envie outro modelo, um de alta qualidade";
    "send through your own app, or through a provider that is an official partner",
        "envíe con su propia aplicación, o por un proveedor que sea socio oficial",
        "envie pelo seu próprio aplicativo, ou por um provedor que seja parceiro oficial";
    "have Meta review the app that sends, and wait until it has passed",
        "haga que Meta revise la aplicación que envía, y espere a que la supere",
        "faça a Meta revisar o aplicativo que envia, e espere até que ele passe";
    "send by another route: Meta's own Cloud API, or the self-hosted API while it lasts",
        "envíe por otra vía: la Cloud API de Meta, o la API local mientras exista",
        "envie por outra via: a Cloud API da Meta, ou a API local enquanto existir";
    "post the messages to Meta's own address",
        "envíe los mensajes a la dirección propia de Meta",
        "envie as mensagens ao endereço da própria Meta";
    "send without the software that does not use the official API",
        "envíe sin el software que no usa la API oficial",
        "envie sem o software que não usa a API oficial";
    "send without this intermediary",
        "envíe sin este intermediario", "envie sem este intermediário";
    "bring the number back to `connected` in WhatsApp Manager, or send from another number",
        "devuelva el número a `connected` en WhatsApp Manager, o envíe desde otro número",
        "traga o número de volta a `connected` no WhatsApp Manager, ou envie de outro número";
    "use the number on the API alone",
        "use el número solo en la API", "use o número somente na API";
    "move the account to the business itself",
        "traslade la cuenta a la propia empresa", "passe a conta para a própria empresa";
    "name an e-mail address, a website or a phone number in the profile",
        "indique en el perfil un correo electrónico, un sitio web o un teléfono",
        "informe no perfil um e-mail, um site ou um telefone";
    "settle what the health state of the account names",
        "resuelva lo que señala el estado de salud de la cuenta",
        "resolva o que o estado de saúde da conta aponta";
    "connect the account to the app again",
        "vuelva a conectar la cuenta con la aplicación", "conecte de novo a conta ao aplicativo";
    "look at the events of the account that were not understood, and acknowledge them",
        "revise los eventos de la cuenta que no se entendieron, y confírmelos",
        "veja os eventos da conta que não foram entendidos, e confirme-os";
    "ask WhatsApp to lift the restriction, in the Business Support Home",
        "pida a WhatsApp que levante la restricción, en el Centro de ayuda para empresas",
        "peça ao WhatsApp que retire a restrição, na Central de Suporte para Empresas";
    "obtain the licence first", "obtenga antes la licencia", "obtenha antes a licença";
    "obtain Meta's written permission first",
        "obtenga antes el permiso escrito de Meta", "obtenha antes a permissão escrita da Meta";
    "register the publisher's page as a news page first",
        "registre antes la página del medio como página de noticias",
        "registre antes a página do veículo como página de notícias";
    "wait for WhatsApp's review of the account, or appeal",
        "espere la revisión de la cuenta por WhatsApp, o apele",
        "espere a análise da conta pelo WhatsApp, ou recorra";
    "have Meta verify the business",
        "haga que Meta verifique la empresa", "faça a Meta verificar a empresa";
    "choose a display name that is approved",
        "elija un nombre visible que se apruebe", "escolha um nome de exibição que seja aprovado";
    "win the quality rating back: write less often, and only to people who want it",
        "recupere la calificación de calidad: escriba menos, y solo a quien lo desee",
        "recupere a classificação de qualidade: escreva menos, e só a quem deseja";
    "grow the messaging limit",
        "aumente el límite de mensajes", "aumente o limite de mensagens";
    "have the account approved for the use case",
        "haga que se apruebe la cuenta para el caso de uso",
        "faça a conta ser aprovada para o caso de uso";
    "wait until fewer recipients blocked the number within seven days: write less often, and only \
     to people who want it",
        "espere a que menos destinatarios hayan bloqueado el número en siete días: escriba menos, y \
         solo a quien lo desee",
        "espere até que menos destinatários tenham bloqueado o número em sete dias: escreva menos, \
         e só a quem deseja";
    "wait until fewer recipients reported the number within seven days: write less often, and only \
     to people who want it",
        "espere a que menos destinatarios hayan denunciado el número en siete días: escriba menos, \
         y solo a quien lo desee",
        "espere até que menos destinatários tenham denunciado o número em sete dias: escreva menos, \
         e só a quem deseja";
    "send the message in another form",
        "envíe el mensaje de otra forma", "envie a mensagem de outra forma";
    "write to fewer people at a time",
        "escriba a menos personas a la vez", "escreva a menos pessoas por vez";
    "write to fewer people at a time who have no window open",
        "escriba a menos personas a la vez que no tengan una ventana abierta",
        "escreva a menos pessoas por vez que não tenham uma janela aberta";
    "tell in the message how to stop further ones",
        "diga en el mensaje cómo dejar de recibirlos",
        "diga na mensagem como parar de recebê-las";
    "let people answer, and no software",
        "haga que respondan personas, y no un programa",
        "faça pessoas responderem, e não um programa";
    "give a prompt, clear and direct way to a person",
        "ofrezca un paso rápido, claro y directo a una persona",
        "ofereça um caminho rápido, claro e direto a uma pessoa";
    "offer an assistant for the business's own matters alone",
        "ofrezca un asistente solo para los asuntos de la propia empresa",
        "ofereça um assistente só para os assuntos da própria empresa";
    "ask for no sensitive identifiers, and send none",
        "no pida identificadores sensibles, ni los envíe",
        "não peça identificadores sensíveis, nem os envie";
    "send without catalogue, payment or other commerce features",
        "envíe sin catálogo, pagos ni otras funciones de comercio",
        "envie sem catálogo, pagamentos nem outros recursos de comércio";
    "keep the campaign from people under 18 and from other countries by an age gate",
        "aparte de la campaña a menores de 18 y a otros países con un control de edad",
        "afaste da campanha menores de 18 e outros países com um controle de idade";
    "tell in the message who sends it, and how to reach the sender",
        "diga en el mensaje quién lo envía y cómo contactar con el remitente",
        "diga na mensagem quem a envia e como contatar o remetente";
    "label the message as an advertisement in the form that the recipient's law asks for",
        "rotule el mensaje como publicidad en la forma que exige la ley del destinatario",
        "rotule a mensagem como publicidade na forma que a lei do destinatário exige";
    "send slower", "envíe más despacio", "envie mais devagar";

    // Where facts come from.
    "CRM: the record of consent",
        "CRM: el registro del consentimiento", "CRM: o registro do consentimento";
    "CRM: the history of the contact",
        "CRM: el historial del contacto", "CRM: o histórico do contato";
    "CRM: the purpose of the campaign",
        "CRM: la finalidad de la campaña", "CRM: a finalidade da campanha";
    "CRM: the size of the segment", "CRM: el tamaño del segmento", "CRM: o tamanho do segmento";
    "CRM: the size of the segment without those who wrote in the last 24 hours",
        "CRM: el tamaño del segmento sin quienes escribieron en las últimas 24 horas",
        "CRM: o tamanho do segmento sem quem escreveu nas últimas 24 horas";
    "CRM: the mobile number, as E.164; webhook: `wa_id`",
        "CRM: el número móvil, como E.164; webhook: `wa_id`",
        "CRM: o número do celular, como E.164; webhook: `wa_id`";
    "CRM: the country of the contact", "CRM: el país del contacto", "CRM: o país do contato";
    "CRM: state or province of the contact",
        "CRM: estado o provincia del contacto", "CRM: estado ou província do contato";
    "CRM: date of birth, or the age gate",
        "CRM: fecha de nacimiento, o el control de edad",
        "CRM: data de nascimento, ou o controle de idade";
    "CRM: whether there is an order or a quote",
        "CRM: si hay un pedido o un presupuesto", "CRM: se há um pedido ou um orçamento";
    "CRM: the last order or quote",
        "CRM: el último pedido o presupuesto", "CRM: o último pedido ou orçamento";
    "CRM: contracts and subscriptions",
        "CRM: contratos y suscripciones", "CRM: contratos e assinaturas";
    "CRM: company or person", "CRM: empresa o persona", "CRM: empresa ou pessoa";
    "CRM: donations and memberships",
        "CRM: donaciones y afiliaciones", "CRM: doações e filiações";
    "CRM: unsubscribed; webhook `messages`: a reply that asks to stop",
        "CRM: bajas; webhook `messages`: una respuesta que pide parar",
        "CRM: descadastros; webhook `messages`: uma resposta que pede para parar";
    "CRM: the preferences of the contact",
        "CRM: las preferencias del contacto", "CRM: as preferências do contato";
    "CRM: when the register was last asked",
        "CRM: cuándo se consultó el registro por última vez",
        "CRM: quando o cadastro foi consultado pela última vez";
    "CRM: the time zone of the contact",
        "CRM: la zona horaria del contacto", "CRM: o fuso horário do contato";
    "Graph API: the id of the WhatsApp Business account",
        "Graph API: el identificador de la cuenta de WhatsApp Business",
        "Graph API: o identificador da conta do WhatsApp Business";
    "Graph API: `name` of the account",
        "Graph API: `name` de la cuenta", "Graph API: `name` da conta";
    "Graph API: `country` of the account; constant",
        "Graph API: `country` de la cuenta; constante",
        "Graph API: `country` da conta; constante";
    "Graph API: `display_phone_number` of the number",
        "Graph API: `display_phone_number` del número",
        "Graph API: `display_phone_number` do número";
    "Graph API: `status` of the phone number",
        "Graph API: `status` del número", "Graph API: `status` do número";
    "Graph API: `is_on_biz_app` of the phone number",
        "Graph API: `is_on_biz_app` del número", "Graph API: `is_on_biz_app` do número";
    "Graph API: `ownership_type` of the account",
        "Graph API: `ownership_type` de la cuenta", "Graph API: `ownership_type` da conta";
    "Graph API: `whatsapp_business_profile` of the number",
        "Graph API: `whatsapp_business_profile` del número",
        "Graph API: `whatsapp_business_profile` do número";
    "Graph API: `health_status` of the account",
        "Graph API: `health_status` de la cuenta", "Graph API: `health_status` da conta";
    "Graph API: `account_review_status`; webhook `account_review_update`",
        "Graph API: `account_review_status`; webhook `account_review_update`",
        "Graph API: `account_review_status`; webhook `account_review_update`";
    "Graph API: `business_verification_status` of the account",
        "Graph API: `business_verification_status` de la cuenta",
        "Graph API: `business_verification_status` da conta";
    "Graph API: `name_status` of the number; webhook `phone_number_name_update`",
        "Graph API: `name_status` del número; webhook `phone_number_name_update`",
        "Graph API: `name_status` do número; webhook `phone_number_name_update`";
    "Graph API: `quality_rating` of the number; webhook `phone_number_quality_update`",
        "Graph API: `quality_rating` del número; webhook `phone_number_quality_update`",
        "Graph API: `quality_rating` do número; webhook `phone_number_quality_update`";
    "Graph API: `messaging_limit_tier`; webhook `business_capability_update`",
        "Graph API: `messaging_limit_tier`; webhook `business_capability_update`",
        "Graph API: `messaging_limit_tier`; webhook `business_capability_update`";
    "Graph API: `analytics` of the account; the sender's own log",
        "Graph API: `analytics` de la cuenta; el registro del propio remitente",
        "Graph API: `analytics` da conta; o registro do próprio remetente";
    "Graph API: `category` of the template; webhook `template_category_update`",
        "Graph API: `category` de la plantilla; webhook `template_category_update`",
        "Graph API: `category` do modelo; webhook `template_category_update`";
    "Graph API: `name` of the template",
        "Graph API: `name` de la plantilla", "Graph API: `name` do modelo";
    "Graph API: `language` of the template",
        "Graph API: `language` de la plantilla", "Graph API: `language` do modelo";
    "Graph API: `status` of the template; webhook `message_template_status_update`",
        "Graph API: `status` de la plantilla; webhook `message_template_status_update`",
        "Graph API: `status` do modelo; webhook `message_template_status_update`";
    "Graph API: `quality_score` of the template; webhook `message_template_quality_update`",
        "Graph API: `quality_score` de la plantilla; webhook `message_template_quality_update`",
        "Graph API: `quality_score` do modelo; webhook `message_template_quality_update`";
    "Meta App Dashboard: App Review, permission `whatsapp_business_messaging`",
        "Meta App Dashboard: App Review, permiso `whatsapp_business_messaging`",
        "Meta App Dashboard: App Review, permissão `whatsapp_business_messaging`";
    "WhatsApp Manager, and Meta's notices",
        "WhatsApp Manager, y los avisos de Meta", "WhatsApp Manager, e os avisos da Meta";
    "WhatsApp Manager: insights of the number",
        "WhatsApp Manager: estadísticas del número", "WhatsApp Manager: estatísticas do número";
    "webhook `account_update`: DISABLED_UPDATE",
        "webhook `account_update`: DISABLED_UPDATE",
        "webhook `account_update`: DISABLED_UPDATE";
    "webhook `account_update`: PARTNER_REMOVED, ACCOUNT_OFFBOARDED",
        "webhook `account_update`: PARTNER_REMOVED, ACCOUNT_OFFBOARDED",
        "webhook `account_update`: PARTNER_REMOVED, ACCOUNT_OFFBOARDED";
    "webhook `account_update`: `restriction_info`; Business Support Home",
        "webhook `account_update`: `restriction_info`; Centro de ayuda para empresas",
        "webhook `account_update`: `restriction_info`; Central de Suporte para Empresas";
    "webhook `account_update`: `violation_info`; Business Support Home",
        "webhook `account_update`: `violation_info`; Centro de ayuda para empresas",
        "webhook `account_update`: `violation_info`; Central de Suporte para Empresas";
    "webhook `business_status_update`, and Meta's notices",
        "webhook `business_status_update`, y los avisos de Meta",
        "webhook `business_status_update`, e os avisos da Meta";
    "webhook `template_category_update`: `correct_category`",
        "webhook `template_category_update`: `correct_category`",
        "webhook `template_category_update`: `correct_category`";
    "webhook `messages`: the user id of the contact",
        "webhook `messages`: el identificador de usuario del contacto",
        "webhook `messages`: o identificador de usuário do contato";
    "webhook `user_preferences`: `stop`",
        "webhook `user_preferences`: `stop`", "webhook `user_preferences`: `stop`";
    "webhook `messages`: a status with error 131049",
        "webhook `messages`: un estado con el error 131049",
        "webhook `messages`: um status com o erro 131049";
    "webhook `messages`: a status with error 130472",
        "webhook `messages`: un estado con el error 130472",
        "webhook `messages`: um status com o erro 130472";
    "webhook `messages`: a message with `referral`",
        "webhook `messages`: un mensaje con `referral`",
        "webhook `messages`: uma mensagem com `referral`";
    "webhook `messages`: `timestamp` of the last message",
        "webhook `messages`: `timestamp` del último mensaje",
        "webhook `messages`: `timestamp` da última mensagem";
    "the do-not-contact register of the recipient's country",
        "el registro de exclusión del país del destinatario",
        "o cadastro de não perturbe do país do destinatário";
    "an account book, kept from webhooks (`cts account`)",
        "un libro de cuentas, llevado con webhooks (`cts account`)",
        "um livro de contas, mantido por webhooks (`cts account`)";
    "`cts scan` of the sending software's source tree",
        "`cts scan` del código fuente del software que envía",
        "`cts scan` do código-fonte do software que envia";
    "the provider's own pages",
        "las páginas del propio proveedor", "as páginas do próprio provedor";
    "the sender's own set-up: the contract with the provider",
        "la configuración del remitente: el contrato con el proveedor",
        "a configuração do remetente: o contrato com o provedor";
    "the sender's own set-up: the contracts on the way to the provider",
        "la configuración del remitente: los contratos hasta el proveedor",
        "a configuração do remetente: os contratos até o provedor";
    "the sending system", "el sistema que envía", "o sistema que envia";
    "the sending system: when the message is scheduled to go out",
        "el sistema que envía: para cuándo está programado el mensaje",
        "o sistema que envia: para quando a mensagem está programada";
    "the sending system: its first registration",
        "el sistema que envía: su primer registro", "o sistema que envia: o primeiro registro";
    "the sending system: its log of the last 24 hours",
        "el sistema que envía: su registro de las últimas 24 horas",
        "o sistema que envia: o registro das últimas 24 horas";
    "the sending system: what kind of message it posts",
        "el sistema que envía: qué clase de mensaje manda",
        "o sistema que envia: que tipo de mensagem ele manda";
    "the sending system: its throttle",
        "el sistema que envía: su límite de velocidad",
        "o sistema que envia: o limite de velocidade";
    "the template's text", "el texto de la plantilla", "o texto do modelo";
    "the template: its type", "la plantilla: su tipo", "o modelo: o tipo";
    "the template: a footer or a button that stops",
        "la plantilla: un pie o un botón de baja", "o modelo: um rodapé ou um botão de saída";
    "the template or flow: what it asks for",
        "la plantilla o el flujo: qué pide", "o modelo ou o fluxo: o que pede";
    "the caller's own systems, as the pack declares it",
        "los sistemas propios, como lo declara el paquete",
        "os sistemas próprios, como o pacote declara";
    "constant of the business", "constante de la empresa", "constante da empresa";
    "constant of the business: how its software is connected",
        "constante de la empresa: cómo está conectado su software",
        "constante da empresa: como o software dela está conectado";
    "constant of the business: the address in the sending software's settings",
        "constante de la empresa: la dirección en los ajustes del software que envía",
        "constante da empresa: o endereço nas configurações do software que envia";
    "constant of the business: its licences by country",
        "constante de la empresa: sus licencias por país",
        "constante da empresa: as licenças por país";
    "constant of the business: Meta's letter",
        "constante de la empresa: la carta de Meta", "constante da empresa: a carta da Meta";
    "constant of the business: Meta's news page index",
        "constante de la empresa: el índice de páginas de noticias de Meta",
        "constante da empresa: o índice de páginas de notícias da Meta";
    "constant of the business: its trade",
        "constante de la empresa: su sector", "constante da empresa: o ramo";
    "constant of the business: whether a bot answers",
        "constante de la empresa: si responde un bot", "constante da empresa: se um bot responde";
    "constant of the business: the bot's escalation",
        "constante de la empresa: el paso del bot a una persona",
        "constante da empresa: a passagem do bot a uma pessoa";
    "constant of the business: what its assistant is for",
        "constante de la empresa: para qué sirve su asistente",
        "constante da empresa: para que serve o assistente";
    "constant of the business: how the audience was gated",
        "constante de la empresa: cómo se filtró al público",
        "constante da empresa: como o público foi filtrado";
    "constant of the campaign: `business` for any mailing",
        "constante de la campaña: `business` para cualquier envío",
        "constante da campanha: `business` para qualquer envio";
}

//! Every word of our own that people read, in every language: the paper, the summary of an audience
//! and the page on a provider.
//!
//! One row a text, English first, then Spanish and Portuguese side by side. A row without one of
//! them does not compile. Who translates reads this file alone; who adds a text adds a row. The
//! Spanish is plain and formal and belongs to no one country; the Portuguese is that of Brazil.
//!
//! The words that are used for one thing:
//!
//! | English | Spanish | Portuguese |
//! | --- | --- | --- |
//! | allow, review, deny (of a sending) | autorizado, por revisar, denegado | autorizado, a revisar, negado |
//! | violated, satisfied, undetermined (of a rule) | incumplida, cumplida, indeterminada | descumprida, cumprida, indeterminada |
//! | finding | hallazgo | achado |
//! | fact | hecho | fato |
//! | pack, rule, directory | paquete, regla, directorio | pacote, regra, diretório |
//! | sender, recipient, audience | remitente, destinatario, público | remetente, destinatário, público |
//! | digest | huella | resumo |

use super::words::Words;
use crate::verdict::{Exposure, FindingVerdict, Status, Topic, Verdict};

macro_rules! catalogue {
    ($($name:ident: $english:literal, $spanish:literal, $portuguese:literal;)+) => {
        $(
            #[doc = concat!("> ", $english)]
            pub const $name: Words =
                Words { english: $english, spanish: $spanish, portuguese: $portuguese };
        )+

        /// Every text, by the name of its row.
        #[cfg(test)]
        pub(super) const ALL: &[(&str, Words)] = &[$((stringify!($name), $name),)+];
    };
}
pub(super) use catalogue;

catalogue! {
    // Verdicts, of a sending or of a finding.
    ALLOW: "allow", "autorizado", "autorizado";
    NOTE: "note", "nota", "nota";
    REVIEW: "review", "por revisar", "a revisar";
    DENY: "deny", "denegado", "negado";

    // What a rule says.
    VIOLATED: "violated", "incumplida", "descumprida";
    UNDETERMINED: "undetermined", "indeterminada", "indeterminada";
    SATISFIED: "satisfied", "cumplida", "cumprida";
    NOT_APPLICABLE: "not_applicable", "no aplicable", "não aplicável";
    DOES_NOT_APPLY: "not applicable", "no aplicable", "não aplicável";

    // What a rule is about.
    TOPIC_PROVIDER: "provider", "proveedor", "provedor";
    TOPIC_ACCESS: "access", "vía de acceso", "via de acesso";
    TOPIC_ACCOUNT: "account", "cuenta", "conta";
    TOPIC_USE_CASE: "use_case", "caso de uso", "caso de uso";
    TOPIC_TEMPLATE: "template", "plantilla", "modelo";
    TOPIC_CONSENT: "consent", "consentimiento", "consentimento";
    TOPIC_WINDOW: "window", "ventana de atención", "janela de atendimento";
    TOPIC_INPUT: "input", "datos de entrada", "dados de entrada";
    TOPIC_TIMING: "timing", "horario", "horário";
    TOPIC_FREQUENCY: "frequency", "frecuencia", "frequência";
    TOPIC_VERTICAL: "vertical", "sector", "setor";
    TOPIC_TERRITORY: "territory", "territorio", "território";
    TOPIC_AUTOMATION: "automation", "automatización", "automação";
    TOPIC_DATA: "data", "datos personales", "dados pessoais";
    TOPIC_LIMITS: "limits", "límites", "limites";
    TOPIC_FEEDBACK: "feedback", "reacción de los destinatarios", "reação dos destinatários";
    TOPIC_DIRECTORY: "directory", "directorio", "diretório";

    // What a violation can lead to.
    WARNING: "warning", "advertencia", "advertência";
    ACCESS_LIMITED: "access_limited", "acceso limitado", "acesso limitado";
    BLOCK_BUSINESS_INITIATED: "block_business_initiated",
        "bloqueo de los mensajes iniciados por la empresa",
        "bloqueio das mensagens iniciadas pela empresa";
    BLOCK_ALL_MESSAGING: "block_all_messaging",
        "bloqueo de todos los mensajes", "bloqueio de todas as mensagens";
    ACCOUNT_LOCK: "account_lock", "suspensión de la cuenta", "suspensão da conta";
    ACCOUNT_DISABLED: "account_disabled", "inhabilitación de la cuenta", "desativação da conta";
    NUMBER_BAN_TEMPORARY: "number_ban_temporary",
        "veto temporal del número", "banimento temporário do número";
    NUMBER_BAN_PERMANENT: "number_ban_permanent",
        "veto definitivo del número", "banimento definitivo do número";
    BRAND_BAN: "brand_ban", "veto de la marca", "banimento da marca";
    LEGAL_ACTION: "legal_action", "acciones legales", "medidas judiciais";

    // The head of the paper.
    CLEAR: "clear to send", "se puede enviar", "o envio pode ser feito";
    NOT_CLEAR_YET: "not clear to send before a person has decided",
        "no se puede enviar hasta que una persona lo decida",
        "o envio não pode ser feito antes que uma pessoa decida";
    NOT_CLEAR: "not clear to send", "no se puede enviar", "o envio não pode ser feito";
    LABEL_SEND_AT: "send at", "envío", "envio";
    LABEL_SCOPE: "scope", "alcance", "alcance";
    LABEL_AT_STAKE: "at stake", "riesgo", "risco";
    LABEL_MISSING: "missing", "faltan", "faltam";
    SCOPE_CAMPAIGN:
        "the campaign alone: no recipient is given, and rules about recipients were not asked",
        "solo la campaña: no se indicó ningún destinatario y no se consultaron las reglas sobre \
         destinatarios",
        "somente a campanha: nenhum destinatário foi informado e as regras sobre destinatários \
         não foram consultadas";
    SCOPE_RECIPIENT: "the campaign and one recipient",
        "la campaña y un destinatario", "a campanha e um destinatário";

    // A finding on the paper.
    LABEL_FINDING: "finding", "hallazgo", "achado";
    LABEL_FACTS: "facts", "hechos", "fatos";
    LABEL_TO_DO: "to do", "qué hacer", "a fazer";
    LABEL_SOURCE: "source", "fuente", "fonte";
    LABEL_IN_FORCE: "in force", "vigencia", "vigência";
    LABEL_PACK: "pack", "paquete", "pacote";
    LABEL_WAIVER: "waived", "dispensa", "dispensa";
    WAIVER: "{reason} ({by}, until {date})",
        "{reason} ({by}, hasta el {date})", "{reason} ({by}, até {date})";
    WAIVED: "waived", "con dispensa", "com dispensa";
    READ: "read {date}", "consultada el {date}", "consultada em {date}";
    READ_UNCONFIRMED: "read {date}; unconfirmed",
        "consultada el {date}; sin confirmar", "consultada em {date}; não confirmada";
    FROM_UNTIL: "from {from} until {until}",
        "desde el {from} hasta el {until}", "de {from} até {until}";
    FROM: "from {from}", "desde el {from}", "desde {from}";
    UNTIL: "until {until}", "hasta el {until}", "até {until}";
    ALWAYS: "always", "siempre", "sempre";
    NOTES: "notes", "notas", "notas";
    WITHOUT_EFFECT: "without effect on the verdict",
        "sin efecto en la decisión", "sem efeito sobre a decisão";
    NONE_LISTED: "none", "ninguno", "nenhum";

    // The foot of the paper.
    LABEL_DIRECTORY: "directory", "directorio", "diretório";
    LABEL_ENGINE: "engine", "motor", "motor";
    LABEL_DIGEST: "digest", "huella", "resumo";
    PACK_KNOWN_UNTIL: "known until {date}",
        "fuentes consultadas hasta el {date}", "fontes consultadas até {date}";
    DIRECTORY_COMPLETE: "{source}; retrieved {date}, complete, {digest}",
        "{source}; obtenido el {date}, completo, {digest}",
        "{source}; obtido em {date}, completo, {digest}";
    DIRECTORY_NOT_COMPLETE: "{source}; retrieved {date}, not complete, {digest}",
        "{source}; obtenido el {date}, incompleto, {digest}",
        "{source}; obtido em {date}, incompleto, {digest}";
    SAMPLE_DIRECTORY:
        "A dated sample of providers named in public, put together by this project. It is not an \
         extract of Meta's partner directory: nobody is listed or unlisted by it; an evidence date \
         is the day of the page, or of the search that found it. Import the current list to \
         replace it.",
        "Una muestra fechada de proveedores nombrados en público, reunida por este proyecto. No es \
         un extracto del directorio de socios de Meta: nadie figura ni deja de figurar por ella; \
         la fecha de una prueba es el día de la página o de la búsqueda que la encontró. Importe \
         la lista actual para sustituirla.",
        "Uma amostra datada de provedores citados em público, reunida por este projeto. Não é um \
         extrato do diretório de parceiros da Meta: ninguém consta nem deixa de constar por causa \
         dela; a data de uma prova é o dia da página ou da busca que a encontrou. Importe a lista \
         atual para substituí-la.";
    LABEL_NEXT_STEP: "next step", "siguiente", "a seguir";
    NEXT_STEP: "By its history, a violation would bring this account: {steps}",
        "Según su historial, una infracción le acarrearía a esta cuenta: {steps}",
        "Pelo histórico, uma infração traria a esta conta: {steps}";
    OR_STEP: "; or ", "; o bien ", "; ou ";
    STEP_DAYS: "{step} ({days} days)", "{step} ({days} días)", "{step} ({days} dias)";

    // What a rule's finding says where it is not the rule's own text.
    ASSUMED: "; that this held before {date} is assumed, not seen",
        "; que ya rigiera antes del {date} se supone, no consta",
        "; que já valesse antes de {date} é suposição, não consta";
    NO_VALUE: "[no {path}]", "[sin {path}]", "[sem {path}]";
    UNKNOWN_VALUE: "[unknown {path}]", "[{path} desconocido]", "[{path} desconhecido]";
    CANNOT_DECIDE: "cannot be decided: {reasons}",
        "no se puede decidir: {reasons}", "não é possível decidir: {reasons}";
    NOT_GIVEN: "not given: {paths}", "no se indicó {paths}", "não informado: {paths}";
    DIRECTORY_DOES_NOT_SETTLE: "the directory does not settle {paths}",
        "el directorio no permite determinar {paths}",
        "o diretório não permite determinar {paths}";
    NOTHING_SETTLES: "nothing at hand settles {paths}",
        "nada de lo disponible permite determinar {paths}",
        "nada do que está disponível permite determinar {paths}";
    CONDITION_WITHOUT_VALUE: "the condition has no value for these facts",
        "la condición no tiene valor para estos hechos",
        "a condição não tem valor para estes fatos";
    RULE_SATISFIED: "the rule is satisfied", "la regla se cumple", "a regra é cumprida";
    RULE_DOES_NOT_APPLY: "the rule does not apply",
        "la regla no es aplicable", "a regra não se aplica";
    RULE_NOT_IN_FORCE: "the rule is not in force on this day",
        "la regla no está en vigor en esta fecha", "a regra não está em vigor nesta data";

    // What to do where a rule is undetermined.
    GIVE: "give {members}", "indique {members}", "informe {members}";
    DIRECTORY_CANNOT_TELL:
        "the directory at hand cannot tell: import a current list of providers (`cts directory \
         import LIST --into FILE`, then `--directory FILE`), or lay providers that you vetted \
         yourself on top (`--own FILE`)",
        "el directorio disponible no permite saberlo: importe una lista actual de proveedores \
         (`cts directory import LIST --into FILE` y después `--directory FILE`) o añada \
         proveedores que usted mismo haya comprobado (`--own FILE`)",
        "o diretório disponível não permite saber: importe uma lista atual de provedores (`cts \
         directory import LIST --into FILE` e depois `--directory FILE`) ou acrescente provedores \
         que você mesmo verificou (`--own FILE`)";
    PERSON_DECIDES: "nothing that can be given settles {paths}: let a person decide",
        "nada que se pueda indicar permite determinar {paths}: que lo decida una persona",
        "nada que possa ser informado permite determinar {paths}: deixe uma pessoa decidir";
    TOO_MUCH: "let a person decide: the condition is more than the engine works out",
        "que lo decida una persona: la condición excede lo que el motor puede calcular",
        "deixe uma pessoa decidir: a condição excede o que o motor consegue calcular";
    NOT_EVALUATED:
        "`{part}` could not be evaluated: {error}; correct the facts that it reads, or the rule",
        "no se pudo evaluar `{part}`: {error}; corrija los hechos que lee, o la regla",
        "não foi possível avaliar `{part}`: {error}; corrija os fatos que ela lê, ou a regra";
    LIST_OR_EMPTY: "a list, `[]` if there is none",
        "una lista, `[]` si no hay ninguno", "uma lista, `[]` se não houver nenhum";
    OR_NULL: "{values}, or null if there is none",
        "{values}, o null si no lo hay", "{values}, ou null se não houver";
    LIST_OF: "a list of {values}", "una lista de {values}", "uma lista de {values}";
    MORE_VALUES: "{values}, … ({count} values)",
        "{values}, … ({count} valores)", "{values}, … ({count} valores)";

    // What a value looks like.
    COUNT: "a whole number from 0", "un número entero desde 0", "um número inteiro a partir de 0";
    COUNT_OR_UNLIMITED: "a whole number from 0, or \"unlimited\"",
        "un número entero desde 0, o \"unlimited\"",
        "um número inteiro a partir de 0, ou \"unlimited\"";
    COUNTRY_CODE: "a country code such as `ES`",
        "un código de país como `ES`", "um código de país como `ES`";
    PHONE_OR_ID: "an E.164 number such as `+34600000000`, or a phone-number id",
        "un número E.164 como `+34600000000`, o el identificador de un número",
        "um número E.164 como `+34600000000`, ou o identificador de um número";
    PHONE: "an E.164 number such as `+34600000000`",
        "un número E.164 como `+34600000000`", "um número E.164 como `+34600000000`";
    ONE_OF: "one of {values}", "uno de {values}", "um de {values}";
    TRUE_OR_FALSE: "true or false", "true o false", "true ou false";
    WHOLE_NUMBER: "a whole number", "un número entero", "um número inteiro";
    NUMBER: "a number", "un número", "um número";
    INSTANT: "a timestamp such as `2026-03-02T15:00:00Z`",
        "un instante como `2026-03-02T15:00:00Z`", "um instante como `2026-03-02T15:00:00Z`";
    DURATION: "a duration such as `3.5s`",
        "una duración como `3.5s`", "uma duração como `3.5s`";
    TEXT: "text", "texto", "texto";
    BOOLEANS: "booleans", "valores true o false", "valores true ou false";
    WHOLE_NUMBERS: "whole numbers", "números enteros", "números inteiros";
    NUMBERS: "numbers", "números", "números";
    INSTANTS: "instants", "instantes", "instantes";
    DURATIONS: "durations", "duraciones", "durações";
    TEXTS: "texts", "textos", "textos";
    LISTS: "lists", "listas", "listas";

    // Why a condition has no value.
    ABSENT_USED: "an attribute is absent and its value is used",
        "un atributo no existe y se usa su valor", "um atributo não existe e seu valor é usado";
    NAMED_ABSENT_USED: "`{path}` is absent and its value is used",
        "`{path}` no existe y se usa su valor", "`{path}` não existe e seu valor é usado";
    OVERFLOW: "the result of `{operator}` does not fit into 64 bits",
        "el resultado de `{operator}` no cabe en 64 bits",
        "o resultado de `{operator}` não cabe em 64 bits";
    NO_ENTRY: "the table has no value for that key at that time",
        "la tabla no tiene valor para esa clave en esa fecha",
        "a tabela não tem valor para essa chave nessa data";
    BY_ZERO: "`{operator}` by zero", "`{operator}` por cero", "`{operator}` por zero";
    TIMESTAMPS_RANGE: "the result is outside the range of timestamps",
        "el resultado está fuera del intervalo de los instantes",
        "o resultado está fora do intervalo dos instantes";
    DURATIONS_RANGE: "the result is outside the range of durations",
        "el resultado está fuera del intervalo de las duraciones",
        "o resultado está fora do intervalo das durações";
    CALENDAR_RANGE: "the result is outside the range of the calendar",
        "el resultado está fuera del calendario", "o resultado está fora do calendário";
    NO_ELEMENT: "there is no element {position} in a list of {length}",
        "no hay elemento {position} en una lista de {length}",
        "não há elemento {position} em uma lista de {length}";
    NOT_CONVERTED: "`{text}` is no {target}",
        "`{text}` no es un valor de tipo {target}", "`{text}` não é um valor do tipo {target}";
    NO_ZONE: "there is no time zone `{zone}`",
        "no existe la zona horaria `{zone}`", "não existe o fuso horário `{zone}`";
    TOO_MANY_STEPS: "the evaluation takes more than {most} steps",
        "la evaluación requiere más de {most} pasos", "a avaliação exige mais de {most} passos";
    TEXT_TOO_LONG: "the text would be longer than {most} bytes",
        "el texto tendría más de {most} bytes", "o texto teria mais de {most} bytes";
    OTHER_TYPE: "a fact has another type than its attribute; please report this",
        "un hecho tiene un tipo distinto del de su atributo; le rogamos que lo comunique",
        "um fato tem um tipo diferente do de seu atributo; por favor, comunique isto";

    // The engine's own findings.
    NO_RULE_TITLE: "Some rule is in force when the message is sent",
        "Alguna regla está en vigor cuando se envía el mensaje",
        "Alguma regra está em vigor quando a mensagem é enviada";
    NO_PACK: "there is no pack, so no rule is in force at {send_at}",
        "no hay ningún paquete, de modo que ninguna regla está en vigor a fecha de {send_at}",
        "não há nenhum pacote, de modo que nenhuma regra está em vigor em {send_at}";
    NO_RULE: "no rule of {packs} is in force at {send_at}",
        "ninguna regla de {packs} está en vigor a fecha de {send_at}",
        "nenhuma regra de {packs} está em vigor em {send_at}";
    NO_RULE_ADVICE: "Correct `send_at`, or add a pack whose rules are in force then.",
        "Corrija `send_at`, o añada un paquete cuyas reglas estén en vigor entonces.",
        "Corrija `send_at`, ou acrescente um pacote cujas regras estejam em vigor então.";
    NOT_CURRENT_TITLE: "The rules are read for the day of sending",
        "Las reglas se consultaron para el día del envío",
        "As regras foram consultadas para o dia do envio";
    NOT_CURRENT: "the rules of {name} {version} know the world up to {day}, long before {send_at}",
        "las reglas de {name} {version} recogen lo conocido hasta el {day}, mucho antes de \
         {send_at}",
        "as regras de {name} {version} refletem o que se conhecia até {day}, muito antes de \
         {send_at}";
    NOT_CURRENT_ADVICE:
        "Take a newer version of the pack, or read its sources for what changed since.",
        "Use una versión más reciente del paquete, o consulte en sus fuentes qué cambió desde \
         entonces.",
        "Use uma versão mais recente do pacote, ou consulte em suas fontes o que mudou desde \
         então.";

    // The summary of an audience.
    ROWS: "rows", "filas", "linhas";
    RULE: "rule", "regla", "regra";
    ALONE: "of them alone", "solo por ella", "só por ela";
    ROWS_NOT_GIVEN: "not given", "no indicado", "não informado";
    COUNTRY: "country", "país", "país";
    COUNTRY_UNKNOWN: "unknown", "no consta", "não consta";
    AND_MORE: "and {count} more", "y {count} más", "e mais {count}";
    ROWS_OVER_SIZE: "{rows} rows, and the campaign is said to have {size} recipients (campaign.audience_size): limits were judged by what was said, and a person must look at them again",
        "{rows} filas, y se indica que la campaña tiene {size} destinatarios (campaign.audience_size): los límites se juzgaron por lo indicado, y una persona debe volver a mirarlos",
        "{rows} linhas, e consta que a campanha tem {size} destinatários (campaign.audience_size): os limites foram julgados pelo informado, e uma pessoa deve revê-los";
    ROWS_OUTSIDE_WINDOW: "{rows} rows without an open service window, and the campaign is said to have {size} (campaign.audience_outside_window): limits were judged by what was said, and a person must look at them again",
        "{rows} filas sin ventana de atención abierta, y se indica que la campaña tiene {size} (campaign.audience_outside_window): los límites se juzgaron por lo indicado, y una persona debe volver a mirarlos",
        "{rows} linhas sem janela de atendimento aberta, e consta que a campanha tem {size} (campaign.audience_outside_window): os limites foram julgados pelo informado, e uma pessoa deve revê-los";
    BAD_ROWS: "rows with a value that could not be read: {count}",
        "filas con un valor que no se pudo leer: {count}",
        "linhas com um valor que não pôde ser lido: {count}";
    BAD_ROW: "row {row}, {column}: {reason}",
        "fila {row}, {column}: {reason}", "linha {row}, {column}: {reason}";
    BAD_ROW_ON_LINE: "row {row} (line {line} of the file), {column}: {reason}",
        "fila {row} (línea {line} del archivo), {column}: {reason}",
        "linha {row} da tabela (linha {line} do arquivo), {column}: {reason}";
    DENIED_ANYWAY:
        "the campaign is denied whoever receives it, so the audience was not read; `--anyway` \
         reads it",
        "la campaña está denegada sea quien sea el destinatario, por lo que no se leyó el \
         público; `--anyway` lo lee",
        "a campanha está negada seja quem for o destinatário, por isso o público não foi lido; \
         `--anyway` o lê";
    EMPTY_LINES: "empty lines between the rows: {count}; they were passed over, since a row of empty cells has its separators",
        "líneas vacías entre las filas: {count}; se pasaron por alto, pues una fila de celdas vacías lleva sus separadores",
        "linhas vazias entre as filas: {count}; foram ignoradas, pois uma fila de células vazias tem os seus separadores";
    NO_ROWS: "the audience has no rows, so that nobody was judged; `--min-rows 1` refuses such",
        "el público no tiene filas, de modo que no se evaluó a nadie; `--min-rows 1` lo rechaza",
        "o público não tem linhas, de modo que ninguém foi avaliado; `--min-rows 1` o recusa";

    // Pages for notebooks.
    PAGE_AT: "at {send_at}", "envío: {send_at}", "envio: {send_at}";
    PAGE_VERDICT: "verdict", "decisión", "decisão";
    PAGE_STATUS: "status", "estado", "situação";
    PAGE_ALONE: "alone", "solo por ella", "só por ela";
    PAGE_MISSING: "missing: {paths}", "faltan: {paths}", "faltam: {paths}";
    PAGE_READ: "{source}, read {date}",
        "{source}, consultada el {date}", "{source}, consultada em {date}";
    PAGE_NOT_GIVEN: "not given: {paths}", "no indicado: {paths}", "não informado: {paths}";

    // The page on a provider.
    LISTED: "listed", "figura", "consta";
    DELISTED: "delisted", "ya no figura", "já não consta";
    UNLISTED: "unlisted", "no figura", "não consta";
    LISTING_UNKNOWN: "unknown", "sin determinar", "indeterminado";
    PROVIDER_AT: "{name} at {at}", "{name}, a fecha de {at}", "{name}, em {at}";
    LABEL_LISTING: "listing", "situación", "situação";
    LABEL_ENTRY: "entry", "entrada", "entrada";
    LABEL_ALSO: "also", "también", "também";
    LABEL_ROLE: "role", "función", "função";
    LABEL_DOMAINS: "domains", "dominios", "domínios";
    LABEL_LISTED: "listed", "figura", "consta";
    LABEL_EVIDENCE: "evidence", "pruebas", "provas";
    LABEL_DOMAIN_OF: "domain of", "dominio de", "domínio de";
    LABEL_RESEMBLES: "resembles", "se parece", "parece com";
    LABEL_BECAUSE: "because", "porque", "porque";
    LABEL_FOLLOWS: "follows", "se sigue", "resulta";
    LABEL_LIMITS: "limits", "límites", "limites";
    LABEL_MORE: "more", "más", "mais";
    NO_PERIOD: "no period is on record", "no consta ningún período", "não consta nenhum período";
    ROLE_SINCE: "shows the role since {date}",
        "muestra la función desde el {date}", "mostra a função desde {date}";
    ASK_NAME:
        "Ask the provider for its name in the directory. If it is the same firm, put this name \
         into a list of your own and give that with `--own`.",
        "Pregunte al proveedor con qué nombre figura en el directorio. Si es la misma empresa, \
         incluya este nombre en una lista propia e indíquela con `--own`.",
        "Pergunte ao provedor com que nome ele consta no diretório. Se for a mesma empresa, inclua \
         este nome em uma lista própria e indique-a com `--own`.";
    COMPARE:
        "Compare name, domain and entry letter by letter with those of the provider that it \
         resembles before anything is sent. If it is that provider, put its domain into a list of \
         your own and give that with `--own`.",
        "Compare letra por letra el nombre, el dominio y la entrada con los del proveedor al que \
         se parece antes de enviar nada. Si es ese proveedor, incluya su dominio en una lista \
         propia e indíquela con `--own`.",
        "Compare letra por letra o nome, o domínio e a entrada com os do provedor com que ele se \
         parece antes de enviar qualquer coisa. Se for esse provedor, inclua o domínio em uma \
         lista própria e indique-a com `--own`.";
    MORE_ADVICE:
        "`--advice` tells how to report a rogue provider, and how to move without losing the \
         number.",
        "`--advice` explica cómo denunciar a un proveedor irregular y cómo cambiar de proveedor \
         sin perder el número.",
        "`--advice` explica como denunciar um provedor irregular e como mudar de provedor sem \
         perder o número.";
    MEANS_OTHER_NAME:
        "The domain is that of a provider of the directory, and the name differs, so that it \
         cannot tell.",
        "El dominio es el de un proveedor del directorio y el nombre es otro, de modo que no \
         permite saberlo.",
        "O domínio é de um provedor do diretório e o nome é outro, de modo que não permite saber.";
    MEANS_LISTED: "It was in the directory on that day.",
        "Figuraba en el directorio ese día.", "Constava no diretório nesse dia.";
    MEANS_DELISTED:
        "It was in the directory before, and not on that day: its listing no longer shows that it \
         is authorized.",
        "Figuraba antes en el directorio, y ese día no: el directorio ya no demuestra que esté \
         autorizado.",
        "Constava antes no diretório, e nesse dia não: o diretório já não mostra que está \
         autorizado.";
    MEANS_UNLISTED:
        "It is not listed: the directory is complete for that day and does not have it.",
        "No figura: el directorio está completo para ese día y no lo contiene.",
        "Não consta: o diretório está completo para esse dia e não o contém.";
    MEANS_UNDATED: "The directory names it, and cannot tell whether it was listed on that day.",
        "El directorio lo nombra y no permite saber si ese día figuraba como inscrito.",
        "O diretório o cita e não permite saber se nesse dia constava como inscrito.";
    MEANS_NOT_COVERED:
        "It is not listed here, and the directory does not cover that day, so it cannot tell.",
        "No figura aquí, y el directorio no abarca ese día, de modo que no permite saberlo.",
        "Não consta aqui, e o diretório não abrange esse dia, de modo que não permite \
         saber.";
    MEANS_NOT_COMPLETE:
        "It is not listed here, and this directory is not complete, so it cannot tell whether it \
         is listed elsewhere.",
        "No figura aquí, y este directorio no está completo, de modo que no permite saber si \
         figura en otro lugar.",
        "Não consta aqui, e este diretório não está completo, de modo que não permite saber se \
         consta em outro lugar.";
    LIMIT_NOT_COMPLETE:
        "This directory is not complete: that it does not name a provider, or does not date its \
         listing, says nothing against it.",
        "Este directorio no está completo: que no nombre a un proveedor, o no feche su \
         inscripción, nada dice en su contra.",
        "Este diretório não está completo: não citar um provedor, ou não datar a inscrição dele, \
         nada diz contra ele.";
    LIMIT_NO_PERIODS:
        "It has no listing periods, so that it never says `listed`, `delisted` or `unlisted`.",
        "No tiene períodos de inscripción, de modo que nunca dice `listed`, `delisted` ni \
         `unlisted`.",
        "Não tem períodos de inscrição, de modo que nunca diz `listed`, `delisted` nem `unlisted`.";
    LIMIT_NOT_COVERED: "It does not cover that day.",
        "No abarca ese día.", "Não abrange esse dia.";
    LIMIT_AGE: "It was retrieved {days} days before that day.",
        "Se obtuvo {days} días antes de ese día.", "Foi obtido {days} dias antes desse dia.";
    LIMIT_IMPORT:
        "Import the current list with `cts directory import` and ask again with `--directory`.",
        "Importe la lista actual con `cts directory import` y vuelva a preguntar con `--directory`.",
        "Importe a lista atual com `cts directory import` e pergunte de novo com `--directory`.";
    FOLLOWS_FOR: "for who carries the messages at {at}, whatever else the campaign is:",
        "para quien transporta los mensajes a fecha de {at}, sea como sea la campaña en lo demás:",
        "para quem transporta as mensagens em {at}, seja como for a campanha no mais:";
    ROUTE_CLOUD: "Cloud API, {cases}: {verdict}",
        "Cloud API, {cases}: {verdict}", "Cloud API, {cases}: {verdict}";
    ROUTE_ON_PREMISES: "on-premises API, {cases}: {verdict}",
        "on-premises API, {cases}: {verdict}", "API on-premises, {cases}: {verdict}";
    VERDICT_VIOLATED: "{verdict} ({violated})", "{verdict} ({violated})", "{verdict} ({violated})";
    VERDICT_UNDETERMINED: "{verdict} (undetermined: {undetermined})",
        "{verdict} (sin determinar: {undetermined})", "{verdict} (indeterminado: {undetermined})";
    VERDICT_VIOLATED_UNDETERMINED: "{verdict} ({violated}; undetermined: {undetermined})",
        "{verdict} ({violated}; sin determinar: {undetermined})",
        "{verdict} ({violated}; indeterminado: {undetermined})";
    BUSINESS_APP: "Business app, used by a person: no provider is asked for.",
        "Aplicación WhatsApp Business, usada por una persona: no se exige proveedor.",
        "Aplicativo WhatsApp Business, usado por uma pessoa: nenhum provedor é exigido.";
    ANY_ROLE_AND_REVIEW: "any role and app review",
        "cualquier función y revisión de la aplicación",
        "qualquer função e revisão do aplicativo";
    ANY_ROLE: "any role", "cualquier función", "qualquer função";
    ROLE_WITH: "{roles} with app review {reviews}",
        "{roles} con revisión de la aplicación {reviews}",
        "{roles} com revisão do aplicativo {reviews}";
    ROLE_WHATEVER: "{roles} whatever the app review",
        "{roles} sea cual sea la revisión de la aplicación",
        "{roles} seja qual for a revisão do aplicativo";
    OR: " or ", " o ", " ou ";
    ROLE_SOLUTION_PARTNER: "solution partner", "socio de soluciones", "parceiro de soluções";
    ROLE_TECH_PARTNER: "tech partner", "socio técnico", "parceiro de tecnologia";
    ROLE_TECH_PROVIDER: "tech provider", "proveedor técnico", "provedor de tecnologia";
    ROLE_RESELLER: "reseller", "revendedor", "revendedor";
    REVIEW_PASSED: "passed", "superada", "aprovada";
    REVIEW_PENDING: "pending", "pendiente", "pendente";
    REVIEW_NONE: "none", "no realizada", "não realizada";

    // How a name or domain imitates another.
    LIKE_OTHER_DOMAIN: "the name is a known provider's, the domain is none of its domains",
        "el nombre es el de un proveedor conocido, el dominio no es ninguno de los suyos",
        "o nome é de um provedor conhecido, o domínio não é nenhum dos dele";
    LIKE_OTHER_ID: "the name is a known provider's, the id is not its id",
        "el nombre es el de un proveedor conocido, el identificador no es el suyo",
        "o nome é de um provedor conhecido, o identificador não é o dele";
    LIKE_CONFUSABLE: "it has characters that are taken for those of a known name",
        "tiene caracteres que se confunden con los de un nombre conocido",
        "tem caracteres que se confundem com os de um nome conhecido";
    LIKE_MIXED_SCRIPTS: "it mixes letters of several scripts",
        "mezcla letras de varios alfabetos", "mistura letras de vários alfabetos";
    LIKE_PUNYCODE: "its domain hides look-alike characters in an encoded label",
        "su dominio oculta caracteres parecidos en una etiqueta codificada",
        "o domínio esconde caracteres parecidos em um rótulo codificado";
    LIKE_SEPARATORS: "it differs from a known name only in hyphens, spaces or dots",
        "solo se distingue de un nombre conocido por guiones, espacios o puntos",
        "só difere de um nome conhecido por hifens, espaços ou pontos";
    LIKE_SWAPPED_WORDS: "it has the words of a known name in another order",
        "tiene las palabras de un nombre conocido en otro orden",
        "tem as palavras de um nome conhecido em outra ordem";
    LIKE_ADDED_WORDS: "it is a known name with words added",
        "es un nombre conocido con palabras añadidas",
        "é um nome conhecido com palavras acrescentadas";
    LIKE_OTHER_SUFFIX: "it is a known domain under another public suffix",
        "es un dominio conocido con otro sufijo público",
        "é um domínio conhecido com outro sufixo público";
    LIKE_SUBDOMAIN: "it puts a known name in front of another domain",
        "antepone un nombre conocido a otro dominio",
        "antepõe um nome conhecido a outro domínio";
    LIKE_MISSPELLING: "it is a known name misspelt",
        "es un nombre conocido mal escrito", "é um nome conhecido escrito com erro";

    // The page on a rule.
    EXPLAIN_VERDICT: "verdict", "decisión", "decisão";
    EXPLAIN_WRITTEN: "written", "lugar", "lugar";
    EXPLAIN_APPLIES: "applies", "se aplica", "aplica-se";
    EXPLAIN_REQUIRES: "requires", "exige", "exige";
    EXPLAIN_FORBIDS: "forbids", "prohíbe", "proíbe";
    EXPLAIN_WHERE: "where", "donde", "onde";
    EXPLAIN_MESSAGE: "message", "mensaje", "mensagem";
    EXPLAIN_ADVICE: "advice", "consejo", "conselho";
    CAMPAIGN_SCOPE: "campaign scope", "alcance de campaña", "alcance de campanha";
    RECIPIENT_SCOPE: "recipient scope", "alcance de destinatario", "alcance de destinatário";
    RULE_UNCONFIRMED: ", unconfirmed", ", sin confirmar", ", não confirmada";
    NOT_ENFORCED: ", not enforced: what it finds is a note",
        ", sin efecto: lo que encuentra es una nota", ", sem efeito: o que encontra é uma nota";
    SEEN_FROM: "seen from {date} on; before that it is assumed",
        "consta desde el {date}; antes se supone", "consta desde {date}; antes é suposição";
    EXPLAIN_READ: "{url} (read {date}, {confidence})",
        "{url} (consultada el {date}, {confidence})", "{url} (consultada em {date}, {confidence})";
    SOURCE_OFFICIAL: "official", "oficial", "oficial";
    SOURCE_SECONDARY: "secondary", "secundaria", "secundária";
    SOURCE_UNCONFIRMED: "unconfirmed", "sin confirmar", "não confirmada";
    NOTHING_NAMED: "nothing named", "nada indicado", "nada indicado";
    CONDITION_IS: "conditions.{name} is {condition}",
        "conditions.{name} es {condition}", "conditions.{name} é {condition}";
    WHEN_ONE_HOLDS: "{status} when one of these holds",
        "{status} cuando se da una de estas", "{status} quando ocorre uma destas";
    MARKS_PREDICATE: "~ marks a part that is worked out as a whole, where exactness ends",
        "~ señala una parte que se calcula entera, donde termina la exactitud",
        "~ assinala uma parte que é calculada inteira, onde termina a exatidão";
    WHILE_UNKNOWN: "{status} while one of these is not known and can change the outcome",
        "{status} mientras no se conozca una de estas y pueda cambiar el resultado",
        "{status} enquanto não se conhecer uma destas e ela puder mudar o resultado";

    // What can be done about a rogue provider.
    REPORT_TITLE: "How to report a rogue provider",
        "Cómo denunciar a un proveedor irregular", "Como denunciar um provedor irregular";
    MOVE_TITLE: "How to move to an authorized one with the number",
        "Cómo pasar a uno autorizado con el mismo número",
        "Como mudar para um autorizado com o mesmo número";
    SOURCE_READ: "Source: {title} (read {date})",
        "Fuente: {title} (consultada el {date})", "Fonte: {title} (consultada em {date})";
    SOURCE_UNREAD: "Source: {title}", "Fuente: {title}", "Fonte: {title}";
    APP_MENUS: "the app's own menus, whose names differ between versions; no page was read for it",
        "los menús de la propia aplicación, cuyos nombres varían según la versión; no se consultó \
         ninguna página",
        "os menus do próprio aplicativo, cujos nomes variam conforme a versão; nenhuma página foi \
         consultada";
    OWN_PRACTICE: "this project's advice, by no page",
        "consejo de este proyecto, sin página que lo respalde",
        "orientação deste projeto, sem página que a sustente";
    REPORT_IN_APP:
        "In WhatsApp, open the chat with the number that the provider writes from, then its \
         contact or business info, and choose Report.",
        "En WhatsApp, abra el chat con el número desde el que escribe el proveedor, después la \
         información del contacto o de la empresa, y elija Reportar.",
        "No WhatsApp, abra a conversa com o número pelo qual o provedor escreve, depois os dados \
         do contato ou da empresa, e escolha Denunciar.";
    REPORT_KEEP:
        "Keep, with dates: the contract and the invoices; the adverts and pages that call it \
         official; screenshots of its console and of how the number was connected (a QR code under \
         linked devices is not the API); messages and mails with their full headers; the phone \
         number, the ids of the business account and of its app, and the address that messages \
         were posted to.",
        "Conserve, con sus fechas: el contrato y las facturas; los anuncios y las páginas que lo \
         llaman oficial; capturas de su consola y de cómo se conectó el número (un código QR en \
         dispositivos vinculados no es la API); mensajes y correos con sus encabezados completos; \
         el número de teléfono, los identificadores de la cuenta de empresa y de su aplicación, y \
         la dirección a la que se enviaban los mensajes.",
        "Guarde, com as datas: o contrato e as faturas; os anúncios e as páginas que o chamam de \
         oficial; capturas do painel dele e de como o número foi conectado (um código QR em \
         dispositivos conectados não é a API); mensagens e e-mails com os cabeçalhos completos; o \
         número de telefone, os identificadores da conta comercial e do aplicativo dele, e o \
         endereço para o qual as mensagens eram enviadas.";
    REPORT_ROLE:
        "Write down the role that it claims, and ask it for its entry in the partner directory or \
         for the id of its app and business portfolio. A tech provider is in order without an \
         entry, so a missing entry alone is no proof.",
        "Anote la función que dice tener, y pídale su entrada en el directorio de socios o el \
         identificador de su aplicación y de su portafolio empresarial. Un proveedor técnico \
         puede estar en regla sin entrada, de modo que su falta por sí sola no prueba nada.",
        "Anote a função que ele diz ter, e peça a entrada dele no diretório de parceiros ou o \
         identificador do aplicativo e do portfólio empresarial. Um provedor de tecnologia pode \
         estar em ordem sem entrada, de modo que só a falta dela não prova nada.";
    REPORT_STOP:
        "Stop sending through it now. What a provider does with a business's account counts as \
         done by the business.",
        "Deje de enviar por su medio desde ahora. Lo que un proveedor hace con la cuenta de una \
         empresa cuenta como hecho por la empresa.",
        "Pare de enviar por meio dele agora. O que um provedor faz com a conta de uma empresa vale \
         como feito pela empresa.";
    MOVE_OWNER:
        "Find out whose the account is: an account belongs to one business portfolio. If that is \
         yours, the provider only has access to it. Accounts that a provider owned on behalf of a \
         business ended in 2025; one that is left has to be migrated.",
        "Averigüe de quién es la cuenta: cada cuenta pertenece a un portafolio empresarial. Si es el \
         suyo, el proveedor solo tiene acceso a ella. Las cuentas que un proveedor poseía en \
         nombre de una empresa terminaron en 2025; la que quede debe migrarse.",
        "Descubra de quem é a conta: cada conta pertence a um portfólio empresarial. Se for o seu, \
         o provedor só tem acesso a ela. As contas que um provedor possuía em nome de uma empresa \
         acabaram em 2025; a que restar precisa ser migrada.";
    MOVE_ASK:
        "Ask the provider in writing to hand the account over. An authorized provider must do so \
         within 30 days. It must also block or delete an account on request, so say plainly that a \
         handover is meant.",
        "Pida por escrito al proveedor que le entregue la cuenta. Un proveedor autorizado debe \
         hacerlo en un plazo de 30 días. También debe bloquear o eliminar una cuenta si se le \
         pide, así que diga con claridad que se trata de una entrega.",
        "Peça por escrito ao provedor que entregue a conta. Um provedor autorizado deve fazê-lo em \
         até 30 dias. Ele também deve bloquear ou excluir uma conta quando isso é pedido, por isso \
         diga com clareza que se trata de uma entrega.";
    MOVE_ROUTE:
        "Choose an authorized route: since 2022-05-19 your own app on the Cloud API, without any \
         provider; or a solution partner in the directory; or a tech provider or tech partner \
         whose app has passed the review.",
        "Elija una vía autorizada: desde el 2022-05-19, su propia aplicación en la Cloud API, \
         sin proveedor; o un socio de soluciones del directorio; o un proveedor técnico o socio \
         técnico cuya aplicación haya superado la revisión.",
        "Escolha uma via autorizada: desde 2022-05-19, o seu próprio aplicativo na Cloud API, \
         sem provedor; ou um parceiro de soluções do diretório; ou um provedor de \
         tecnologia ou parceiro de tecnologia cujo aplicativo tenha passado pela revisão.";
    MOVE_SIGNUP:
        "Let the new provider connect through Meta's own signup dialog, in which you pick your \
         existing account and grant its app access.",
        "Haga que el nuevo proveedor se conecte mediante el registro propio de Meta, en el que \
         usted elige su cuenta existente y da acceso a la aplicación del proveedor.",
        "Faça o novo provedor se conectar pelo cadastro da própria Meta, no qual você escolhe a \
         sua conta existente e dá acesso ao aplicativo do provedor.";
    MOVE_SHARE:
        "An account can be shared with two partners at most: connect the new one, send a test, \
         then take the old one's access away.",
        "Una cuenta puede compartirse con dos socios como máximo: conecte el nuevo, envíe una \
         prueba y retire después el acceso al anterior.",
        "Uma conta pode ser compartilhada com no máximo dois parceiros: conecte o novo, envie um \
         teste e depois retire o acesso do antigo.";
    MOVE_UNBAN:
        "If the number was banned in the app, have it unbanned there first, by an appeal in the \
         app: before that it cannot be registered for the API.",
        "Si el número fue vetado en la aplicación, haga primero que se levante el veto apelando en \
         la propia aplicación: antes no se puede registrar en la API.",
        "Se o número foi banido no aplicativo, faça primeiro com que o banimento seja retirado, \
         recorrendo no próprio aplicativo: antes disso ele não pode ser registrado na API.";
}

/// The labels of rows, which stand in a column.
#[cfg(test)]
pub(super) const LABELS: &[Words] = &[
    LABEL_SEND_AT,
    LABEL_SCOPE,
    LABEL_AT_STAKE,
    LABEL_MISSING,
    LABEL_FINDING,
    LABEL_FACTS,
    LABEL_TO_DO,
    LABEL_SOURCE,
    LABEL_IN_FORCE,
    LABEL_PACK,
    LABEL_WAIVER,
    LABEL_DIRECTORY,
    LABEL_ENGINE,
    LABEL_DIGEST,
    LABEL_NEXT_STEP,
    LABEL_LISTING,
    LABEL_ENTRY,
    LABEL_ALSO,
    LABEL_ROLE,
    LABEL_DOMAINS,
    LABEL_LISTED,
    LABEL_EVIDENCE,
    LABEL_DOMAIN_OF,
    LABEL_RESEMBLES,
    LABEL_BECAUSE,
    LABEL_FOLLOWS,
    LABEL_LIMITS,
    LABEL_MORE,
    EXPLAIN_VERDICT,
    EXPLAIN_WRITTEN,
    EXPLAIN_APPLIES,
    EXPLAIN_REQUIRES,
    EXPLAIN_FORBIDS,
    EXPLAIN_WHERE,
    EXPLAIN_MESSAGE,
    EXPLAIN_ADVICE,
];

/// The word for a verdict.
pub const fn verdict(verdict: Verdict) -> Words {
    match verdict {
        Verdict::Allow => ALLOW,
        Verdict::Review => REVIEW,
        Verdict::Deny => DENY,
    }
}

/// The word for what a finding means.
pub const fn finding_verdict(verdict: FindingVerdict) -> Words {
    match verdict {
        FindingVerdict::Allow => ALLOW,
        FindingVerdict::Note => NOTE,
        FindingVerdict::Review => REVIEW,
        FindingVerdict::Deny => DENY,
    }
}

/// The word for what a rule says.
pub const fn status(status: Status) -> Words {
    match status {
        Status::Violated => VIOLATED,
        Status::Undetermined => UNDETERMINED,
        Status::Satisfied => SATISFIED,
        Status::NotApplicable => NOT_APPLICABLE,
    }
}

/// The word for what a rule is about.
pub const fn topic(topic: Topic) -> Words {
    match topic {
        Topic::Provider => TOPIC_PROVIDER,
        Topic::Access => TOPIC_ACCESS,
        Topic::Account => TOPIC_ACCOUNT,
        Topic::UseCase => TOPIC_USE_CASE,
        Topic::Template => TOPIC_TEMPLATE,
        Topic::Consent => TOPIC_CONSENT,
        Topic::Window => TOPIC_WINDOW,
        Topic::Input => TOPIC_INPUT,
        Topic::Timing => TOPIC_TIMING,
        Topic::Frequency => TOPIC_FREQUENCY,
        Topic::Vertical => TOPIC_VERTICAL,
        Topic::Territory => TOPIC_TERRITORY,
        Topic::Automation => TOPIC_AUTOMATION,
        Topic::Data => TOPIC_DATA,
        Topic::Limits => TOPIC_LIMITS,
        Topic::Feedback => TOPIC_FEEDBACK,
        Topic::Directory => TOPIC_DIRECTORY,
    }
}

/// The word for what a violation can lead to.
pub const fn exposure(exposure: Exposure) -> Words {
    match exposure {
        Exposure::Warning => WARNING,
        Exposure::AccessLimited => ACCESS_LIMITED,
        Exposure::BlockBusinessInitiated => BLOCK_BUSINESS_INITIATED,
        Exposure::BlockAllMessaging => BLOCK_ALL_MESSAGING,
        Exposure::AccountLock => ACCOUNT_LOCK,
        Exposure::AccountDisabled => ACCOUNT_DISABLED,
        Exposure::NumberBanTemporary => NUMBER_BAN_TEMPORARY,
        Exposure::NumberBanPermanent => NUMBER_BAN_PERMANENT,
        Exposure::BrandBan => BRAND_BAN,
        Exposure::LegalAction => LEGAL_ACTION,
    }
}

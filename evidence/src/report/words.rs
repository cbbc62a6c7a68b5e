//! The words of the page itself, in every language.

use cleartosend::Lang;
use serde_json::{Map, Value};

/// A row for each: its name in the templates, then English, Spanish and Portuguese.
const WORDS: &[[&str; 4]] = &[
    ["title", "Report of decisions", "Informe de decisiones", "Relatório de decisões"],
    ["question", "Are we clear to send?", "¿Podemos enviar?", "Podemos enviar?"],
    ["documents", "documents", "documentos", "documentos"],
    [
        "not_shown",
        "more are counted and not shown one by one",
        "más se cuentan y no se muestran uno a uno",
        "mais são contados e não mostrados um a um",
    ],
    ["allow", "allow", "permitido", "permitido"],
    ["review", "review", "por revisar", "a revisar"],
    ["deny", "deny", "denegado", "negado"],
    ["note", "note", "nota", "nota"],
    ["violated", "violated", "infringida", "violada"],
    ["undetermined", "undetermined", "indeterminada", "indeterminada"],
    ["satisfied", "satisfied", "cumplida", "cumprida"],
    ["not_applicable", "not applicable", "no aplicable", "não aplicável"],
    ["verdict", "Verdict", "Veredicto", "Veredito"],
    ["over_time", "Verdicts over time", "Veredictos en el tiempo", "Vereditos ao longo do tempo"],
    ["rules", "Rules", "Reglas", "Regras"],
    ["rule", "Rule", "Regla", "Regra"],
    ["count", "Count", "Cantidad", "Quantidade"],
    ["day", "Day", "Día", "Dia"],
    ["send_at", "To be sent at", "Se enviaría el", "A enviar em"],
    ["findings", "Findings", "Hallazgos", "Constatações"],
    [
        "no_findings",
        "No rule stands against sending.",
        "Ninguna regla se opone al envío.",
        "Nenhuma regra se opõe ao envio.",
    ],
    ["advice", "What to do", "Qué hacer", "O que fazer"],
    ["source", "Source", "Fuente", "Fonte"],
    ["retrieved", "read on", "leída el", "lida em"],
    ["exposure", "At stake", "En juego", "Em risco"],
    ["missing", "Missing", "Falta", "Falta"],
    ["supply", "Supply first", "Aportar primero", "Fornecer primeiro"],
    ["settles", "rules settled", "reglas resueltas", "regras resolvidas"],
    ["from_where", "From", "De", "De"],
    ["fixes", "What would help", "Qué ayudaría", "O que ajudaria"],
    ["leads_to", "leads to", "conduce a", "conduz a"],
    ["when", "When", "Cuándo", "Quando"],
    ["from", "From", "Desde", "De"],
    ["until", "Until", "Hasta", "Até"],
    ["rests_on", "What it rests on", "En qué se basa", "Em que se baseia"],
    ["pack", "Pack", "Paquete", "Pacote"],
    ["directory", "Directory", "Directorio", "Diretório"],
    ["engine", "Engine", "Motor", "Motor"],
    ["digest", "Digest", "Resumen criptográfico", "Resumo criptográfico"],
    ["decision", "decision", "decisión", "decisão"],
    ["record", "record", "registro", "registro"],
    ["facts", "Facts", "Hechos", "Fatos"],
    [
        "masked",
        "The recipient is hidden by a keyed hash.",
        "El destinatario está oculto por un hash con clave.",
        "O destinatário está oculto por um hash com chave.",
    ],
    ["screening", "Screened audience", "Audiencia examinada", "Audiência examinada"],
    ["rows", "rows", "filas", "linhas"],
    ["alone", "Alone", "Sola", "Sozinha"],
    ["country", "Country", "País", "País"],
    ["unknown", "unknown", "desconocido", "desconhecido"],
    [
        "bad_rows",
        "rows with a value that could not be read",
        "filas con un valor ilegible",
        "linhas com um valor ilegível",
    ],
    ["audience", "Audience", "Audiencia", "Audiência"],
    ["result", "Result", "Resultado", "Resultado"],
    [
        "caution",
        "A report is for reading. Verify the records themselves.",
        "Un informe es para leer. Verifique los registros mismos.",
        "Um relatório é para ler. Verifique os próprios registros.",
    ],
];

pub(super) fn of(lang: Lang) -> Value {
    let place = match lang {
        Lang::English => 1,
        Lang::Spanish => 2,
        Lang::Portuguese => 3,
        // A language without words of its own here is read in English.
        _ => 1,
    };
    let word = |row: &[&str; 4]| {
        let [name, ..] = row;
        ((*name).to_owned(), Value::from(row.get(place).copied().unwrap_or_default()))
    };
    WORDS.iter().map(word).collect::<Map<_, _>>().into()
}

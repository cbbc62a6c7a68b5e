//! The words of the page itself, in every language.

use cleartosend::expert::language::catalogue;
use cleartosend::expert::render;
use cleartosend::{Exposure, Lang, Verdict};
use serde_json::{Map, Value};

/// A row for each: its name in the templates, then English, Spanish and Portuguese.
const WORDS: &[[&str; 4]] = &[
    ["title", "Report of decisions", "Informe de decisiones", "Relatório de decisões"],
    ["documents", "documents", "documentos", "documentos"],
    [
        "not_shown",
        "more are counted and not shown one by one",
        "más se cuentan y no se muestran uno a uno",
        "mais são contados e não mostrados um a um",
    ],
    ["document", "document", "documento", "documento"],
    [
        "worst_first",
        "The worst are shown first",
        "Se muestran primero los peores",
        "Os piores são mostrados primeiro",
    ],
    [
        "not_read",
        "Could not be read, and are not in this report",
        "No se pudieron leer y no están en este informe",
        "Não puderam ser lidos e não estão neste relatório",
    ],
    [
        "contradicts",
        "Records that contradict themselves, changed after they were made",
        "Registros que se contradicen, modificados después de crearse",
        "Registros que se contradizem, alterados depois de criados",
    ],
    [
        "contradiction",
        "This record contradicts itself. What it shows was changed after it was made:",
        "Este registro se contradice. Lo que muestra se modificó después de crearse:",
        "Este registro contradiz-se. O que mostra foi alterado depois de criado:",
    ],
    [
        "campaign_alone",
        "The campaign by itself, without recipients",
        "La campaña por sí sola, sin destinatarios",
        "A campanha por si só, sem destinatários",
    ],
    [
        "screening_worst",
        "the worst verdict of any row",
        "el peor veredicto de todas las filas",
        "o pior veredito de todas as linhas",
    ],
    ["row_one", "row", "fila", "linha"],
    ["row", "Row", "Fila", "Linha"],
    ["column", "Column", "Columna", "Coluna"],
    ["reason", "Reason", "Motivo", "Motivo"],
    ["more_rows", "More rows allowed", "Más filas permitidas", "Mais linhas permitidas"],
    ["change", "Change", "Cambio", "Alteração"],
    ["best_hours", "Sent at", "Enviado el", "Enviado em"],
    ["days_each", "days a bar", "días por barra", "dias por barra"],
    ["comparison", "What changes", "Qué cambia", "O que muda"],
    ["no_changes", "No rule changes.", "Ninguna regla cambia.", "Nenhuma regra muda."],
    ["added", "added", "añadida", "adicionada"],
    ["removed", "removed", "eliminada", "removida"],
    ["changed", "changed", "cambiada", "alterada"],
    ["reworded", "reworded", "reformulada", "reformulada"],
    ["then", "Then", "Antes", "Antes"],
    ["now", "Now", "Ahora", "Agora"],
    ["outcome", "Outcome", "Resultado", "Resultado"],
    ["input", "Input that differs", "Entrada que difiere", "Entrada que difere"],
    ["other_text", "Said in other words", "Dicho con otras palabras", "Dito por outras palavras"],
    ["differs", "differs", "difiere", "difere"],
    [
        "not_judged_again",
        "rows not judged again",
        "filas no juzgadas de nuevo",
        "linhas não julgadas de novo",
    ],
    ["same_bytes", "same bytes", "los mismos bytes", "os mesmos bytes"],
    [
        "same_of_other_engine",
        "same of another engine",
        "igual con otro motor",
        "igual com outro motor",
    ],
    ["differ", "differ", "difieren", "diferem"],
    ["same_rows", "screenings: same rows", "audiencias: mismas filas", "audiências: mesmas linhas"],
    [
        "screenings",
        "screenings: rows not judged again",
        "audiencias: filas no juzgadas de nuevo",
        "audiências: linhas não julgadas de novo",
    ],
    ["records", "records", "registros", "registros"],
    ["verified", "verified", "verificados", "verificados"],
    ["sealed", "every record is sealed", "cada registro sellado", "cada registro selado"],
    ["broken", "broken seal", "sello roto", "selo quebrado"],
    ["passed_over", "not read", "no leído", "não lido"],
    ["unsealed", "not sealed", "sin sellar", "não selado"],
    ["unreadable", "unreadable", "ilegible", "ilegível"],
    [
        "same_verdict",
        "same verdict, other text",
        "mismo veredicto, otro texto",
        "mesmo veredito, outro texto",
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
    ["unconfirmed", "unconfirmed", "sin confirmar", "não confirmada"],
    ["waiver", "Waived", "Con dispensa", "Com dispensa"],
    ["waived_by", "by", "por", "por"],
    ["waived_until", "until", "hasta el", "até"],
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
        "Rows with a value that could not be read",
        "Filas con un valor ilegible",
        "Linhas com um valor ilegível",
    ],
    ["audience", "Audience", "Audiencia", "Audiência"],
    ["contents", "Contents", "Contenido", "Conteúdo"],
    ["example", "for example", "por ejemplo", "por exemplo"],
    ["known_until", "sources read up to", "fuentes consultadas hasta el", "fontes consultadas até"],
    ["or", "or", "o", "ou"],
    ["yes", "yes", "sí", "sim"],
    ["no", "no", "no", "não"],
    ["all_of", "All of these:", "Todo esto:", "Tudo isto:"],
    // A record does not say which of these somebody gave.
    [
        "absent",
        "Judged as none, since that was given or nothing was",
        "Juzgado como ninguno, porque así se indicó o no se indicó nada",
        "Julgado como nenhum, porque assim foi indicado ou nada foi indicado",
    ],
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
    let mut words = WORDS.iter().map(word).collect::<Map<_, _>>();
    // What decisions say is said as elsewhere.
    let exposures = Exposure::ALL.iter().map(|exposure| {
        (exposure.name().to_owned(), Value::from(catalogue::exposure(*exposure).of(lang)))
    });
    words.insert("exposures".to_owned(), exposures.collect::<Map<_, _>>().into());
    let says = Verdict::ALL
        .iter()
        .map(|verdict| (verdict.name().to_owned(), Value::from(render::says(*verdict).of(lang))));
    words.insert("says".to_owned(), says.collect::<Map<_, _>>().into());
    let scope = catalogue::SCOPE_CAMPAIGN.of(lang);
    words.insert("scope_campaign".to_owned(), Value::from(scope));
    words.into()
}

//! Words of the short answer and of the explanation: what is against sending, what would help, and
//! what to supply.

use super::catalogue::catalogue;
use super::words::Words;

catalogue! {
    // The short answer.
    LABEL_FIX: "fix", "corrección", "correção";
    LABEL_RULES: "rules", "reglas", "regras";
    LABEL_NOTES: "notes", "notas", "notas";
    SUPPLY_FIRST: "Supply first:", "Indique primero:", "Informe primeiro:";
    SETTLES_ONE: "settles 1 rule", "determina 1 regla", "determina 1 regra";
    SETTLES: "settles {count} rules", "determina {count} reglas", "determina {count} regras";
    SETTLES_WITH_OTHERS: "settles rules together with others",
        "determina reglas junto con otros", "determina regras junto com outros";
    COMES_FROM: "from {source}", "de: {source}", "de: {source}";
    OWN_SYSTEMS: "your own systems", "sus propios sistemas", "seus próprios sistemas";
    SHOWN_OF_ALL: "{shown} of {count}", "{shown} de un total de {count}", "{shown} de um total de {count}";
    LISTED_BY: "`cts schema --for {path}` lists them",
        "`cts schema --for {path}` los enumera", "`cts schema --for {path}` os lista";
    AND_MORE_NAMES: "and {count} more: {names}",
        "y {count} más: {names}", "e mais {count}: {names}";
    WITHOUT_EFFECT_NAMES: "{count} without effect on the verdict: {names}",
        "{count} sin efecto en la decisión: {names}", "{count} sem efeito sobre a decisão: {names}";
    MORE_ANSWER:
        "`--full` prints every finding with its facts and source; `cts explain` says what would \
         help, and from when it is clear",
        "`--full` muestra cada hallazgo con sus hechos y su fuente; `cts explain` dice qué \
         ayudaría y desde cuándo se puede enviar",
        "`--full` mostra cada achado com seus fatos e sua fonte; `cts explain` diz o que ajudaria \
         e desde quando se pode enviar";

    // What is changed into what.
    CHANGE: "{how}: {to}", "{how}: {to}", "{how}: {to}";
    TO: "{path} to {value}", "{path}: {value}", "{path}: {value}";
    UP_TO: "{min} up to {max}", "de {min} a {max}", "de {min} a {max}";
    OR_MORE: "{min} or more", "{min} o más", "{min} ou mais";
    OR_FEWER: "{max} or fewer", "{max} o menos", "{max} ou menos";
    ANY_NUMBER: "any number", "cualquier número", "qualquer número";

    // The explanation.
    LABEL_CLEAR: "clear", "permitido", "permitido";
    CLEAR_FROM: "from {from}, as far as was looked, until {until}",
        "desde el {from}, hasta donde se miró, el {until}",
        "desde {from}, até onde se olhou, {until}";
    CLEAR_SINCE: "from {from}", "desde el {from}", "desde {from}";
    CLEAR_AT_NO_TIME: "at no time up to {until}",
        "en ningún momento hasta el {until}", "em nenhum momento até {until}";
    NO_END_KNOWN: "; no end of {rules} is known",
        "; no consta el fin de {rules}", "; não consta o fim de {rules}";
    ENDS_AT: "; {rule} ends {at}", "; {rule} termina el {at}", "; {rule} termina em {at}";
    ENDS_NOT_BEFORE: "; {rule} does not end before {at}",
        "; {rule} no termina antes del {at}", "; {rule} não termina antes de {at}";
    LOOK_FURTHER: "; `--until` looks further", "; `--until` mira más allá",
        "; `--until` olha mais adiante";
    ONE_VIOLATED: "1 violated", "1 incumplida", "1 descumprida";
    COUNT_VIOLATED: "{count} violated", "{count} incumplidas", "{count} descumpridas";
    ONE_UNDETERMINED: "1 undetermined", "1 indeterminada", "1 indeterminada";
    COUNT_UNDETERMINED: "{count} undetermined",
        "{count} indeterminadas", "{count} indeterminadas";
    ONE_NOTE: "1 noted", "1 anotada", "1 anotada";
    COUNT_NOTES: "{count} noted", "{count} anotadas", "{count} anotadas";
    ONE_SATISFIED: "1 satisfied", "1 cumplida", "1 cumprida";
    COUNT_SATISFIED: "{count} satisfied", "{count} cumplidas", "{count} cumpridas";
    ONE_NOT_APPLICABLE: "1 not applicable", "1 no aplicable", "1 não aplicável";
    COUNT_NOT_APPLICABLE: "{count} not applicable",
        "{count} no aplicables", "{count} não aplicáveis";
    HELPS_MOST: "What would help most: one change, and how many more rows it allows",
        "Qué ayudaría más: un cambio y cuántas filas más permite",
        "O que mais ajudaria: uma mudança e quantas linhas a mais ela permite";
    MORE_ROWS: "more rows allowed", "filas más permitidas", "linhas a mais permitidas";
    SEND_LATER: "send at {at}", "enviar el {at}", "enviar em {at}";
    WHAT_WOULD_HELP: "What would help", "Qué ayudaría", "O que ajudaria";
    NOTHING_HELPS: "no change that somebody can make was found",
        "no se encontró ningún cambio que alguien pueda hacer",
        "não se encontrou nenhuma mudança que alguém possa fazer";
    NOTHING_IN_REACH: "the search met its limit before it found a change; there may be one",
        "la búsqueda llegó a su límite sin hallar un cambio; puede haberlo",
        "a busca chegou ao seu limite sem achar uma mudança; pode haver uma";
    EACH_ALLOWS: "each of these leads to allow",
        "con cada una queda autorizado", "com cada uma fica autorizado";
    EACH_ALLOWS_MORE: "each of these leads to allow; there may be more",
        "con cada una queda autorizado; puede haber más",
        "com cada uma fica autorizado; pode haver mais";
    EACH_REVIEWS: "nothing leads to allow; each of these leads to review",
        "con ninguna queda autorizado; con cada una queda por revisar",
        "com nenhuma fica autorizado; com cada uma fica a revisar";
    EACH_REVIEWS_MORE: "as far as was looked nothing leads to allow; each of these leads to \
                        review; there may be more",
        "hasta donde se buscó, con ninguna queda autorizado; con cada una queda por revisar; puede \
         haber más",
        "até onde se buscou, com nenhuma fica autorizado; com cada uma fica a revisar; pode haver \
         mais";
    EACH_REVIEWS_UNTIL: "until what is missing is supplied, each of these leads to review",
        "mientras no se indique lo que falta, con cada una queda por revisar",
        "enquanto não se informar o que falta, com cada uma fica a revisar";
    EACH_REVIEWS_UNTIL_MORE: "until what is missing is supplied, each of these leads to review; \
                              there may be more",
        "mientras no se indique lo que falta, con cada una queda por revisar; puede haber más",
        "enquanto não se informar o que falta, com cada uma fica a revisar; pode haver mais";
    ONLY_MISSING: "nothing is known to be wrong: supply what is missing",
        "no consta nada incorrecto: indique lo que falta",
        "não consta nada incorreto: informe o que falta";
    AND: "and", "y", "e";
    AS_BUT: "as {number}, but {change}",
        "como {number}, pero {change}", "como {number}, mas {change}";
    WHEN: "When", "Cuándo", "Quando";
    ALL_ELSE_AS_GIVEN: "everything else as given",
        "todo lo demás como se indicó", "todo o resto como informado";
    FROM_WITH: "from {from}  {rules}", "desde el {from}  {rules}", "desde {from}  {rules}";
    MORE_UNTIL: "{count} more until {until}: see `--format json`",
        "{count} más hasta el {until}: véase `--format json`",
        "mais {count} até {until}: veja `--format json`";
    COLUMN_FROM: "from", "desde", "desde";
    COLUMN_UNTIL: "until", "hasta", "até";
    FROM_TO: "{from} to {until}", "del {from} al {until}", "de {from} a {until}";
}

/// The labels of rows, which stand in a column.
#[cfg(test)]
pub(super) const LABELS: &[Words] = &[LABEL_FIX, LABEL_RULES, LABEL_NOTES, LABEL_CLEAR];

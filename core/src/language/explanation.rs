//! The words of an explanation's page: a part of the catalogue, which has the words that a page
//! shares with the paper of a decision.

use super::catalogue::catalogue;
use super::words::Words;

catalogue! {
    // Since when, and by which rules.
    LABEL_CLEAR: "clear", "autorizado", "autorizado";
    CLEAR_FROM: "from {from}, as far as was looked, until {until}",
        "desde el {from}, hasta donde se buscó, el {until}",
        "desde {from}, até onde se procurou, {until}";
    CLEAR_NEVER: "at no time up to {until}",
        "en ningún momento hasta el {until}", "em nenhum momento até {until}";
    NO_END_KNOWN: "; no end of {rules} is known",
        "; no se conoce el fin de {rules}", "; não se conhece o fim de {rules}";
    LABEL_RULES: "rules", "reglas", "regras";
    RULE_COUNTS:
        "{violated} violated, {undetermined} undetermined, {satisfied} satisfied, \
         {not_applicable} not applicable",
        "{violated} incumplidas, {undetermined} indeterminadas, {satisfied} cumplidas, \
         {not_applicable} no aplicables",
        "{violated} descumpridas, {undetermined} indeterminadas, {satisfied} cumpridas, \
         {not_applicable} não aplicáveis";
    LABEL_VIOLATED: "violated", "incumple", "descumpre";
    LABEL_OPEN: "open", "pendiente", "em aberto";

    // Fixes.
    HELP: "What would help", "Qué ayudaría", "O que ajudaria";
    HELP_NONE: "no change that somebody can make was found",
        "no se encontró ningún cambio que alguien pueda hacer",
        "não se encontrou nenhuma mudança que alguém possa fazer";
    HELP_ALLOW: "each of these leads to allow",
        "con cualquiera de estos, el envío queda autorizado",
        "com qualquer um destes, o envio fica autorizado";
    HELP_ALLOW_MORE: "each of these leads to allow; there may be more",
        "con cualquiera de estos, el envío queda autorizado; puede haber más",
        "com qualquer um destes, o envio fica autorizado; pode haver mais";
    HELP_REVIEW: "nothing leads to allow; each of these leads to review",
        "nada lo deja autorizado; con cualquiera de estos, queda por revisar",
        "nada o deixa autorizado; com qualquer um destes, fica a revisar";
    HELP_REVIEW_MORE: "nothing was found that leads to allow; each of these leads to review",
        "no se encontró nada que lo deje autorizado; con cualquiera de estos, queda por revisar",
        "não se encontrou nada que o deixe autorizado; com qualquer um destes, fica a revisar";
    LABEL_AND: "  and", "  y", "  e";
    AS_BEFORE: "as {number}, but {change}",
        "como {number}, pero {change}", "como {number}, mas {change}";
    TO_VALUE: "{path} to {value}", "{path} a {value}", "{path} para {value}";
    TO_BETWEEN: "{path} to {min} up to {max}",
        "{path} a un número de {min} a {max}", "{path} para um número de {min} a {max}";
    TO_OR_MORE: "{path} to {min} or more", "{path} a {min} o más", "{path} para {min} ou mais";
    TO_OR_FEWER: "{path} to {max} or fewer",
        "{path} a {max} o menos", "{path} para {max} ou menos";
    TO_ANY: "{path} to any number", "{path} a cualquier número", "{path} para qualquer número";
    OR: "{others} or {last}", "{others} o {last}", "{others} ou {last}";

    // The timeline.
    WHEN: "When", "Cuándo", "Quando";
    AS_GIVEN: "everything else as given",
        "todo lo demás tal como se indicó", "tudo o mais tal como informado";
    SPAN: "{from} to {until}", "del {from} al {until}", "de {from} a {until}";
    MORE_INTERVALS: "{count} more until {until}: the document has them",
        "{count} más hasta el {until}: están en el documento",
        "mais {count} até {until}: estão no documento";

    // What to supply.
    SUPPLY: "Supply first:", "Indicar primero:", "Informar primeiro:";
    AND_THEN: "and then {count} more", "y después {count} más", "e depois mais {count}";
    SETTLES_ONE: "settles 1 rule", "resuelve 1 regla", "resolve 1 regra";
    SETTLES: "settles {count} rules", "resuelve {count} reglas", "resolve {count} regras";
    COMES_FROM: "from {source}", "de {source}", "de {source}";
    OWN_SYSTEMS: "your own systems", "sus propios sistemas", "seus próprios sistemas";
    TRUE_OR_FALSE: "true or false", "true o false", "true ou false";
}

/// The labels of rows, which stand in a column.
#[cfg(test)]
pub(super) const LABELS: &[Words] =
    &[LABEL_CLEAR, LABEL_RULES, LABEL_VIOLATED, LABEL_OPEN, LABEL_AND];

//! Words that tell a rule's conditions in sentences.
//!
//! What an attribute is stands in the schema, in English; these words stand around it.

use super::catalogue::catalogue;
use super::words::Words;

catalogue! {
    // What comes of a rule, and when.
    WHEN_ALL_HOLD: "{verdict} when all of this holds:",
        "{verdict} cuando se cumple todo esto:", "{verdict} quando tudo isto ocorre:";
    ALWAYS_SO: "{verdict}, whatever the facts are", "{verdict}, sean cuales sean los hechos",
        "{verdict}, quaisquer que sejam os fatos";
    NEVER_SO: "never {verdict}: no facts violate the rule",
        "nunca {verdict}: ningún hecho incumple la regla",
        "nunca {verdict}: nenhum fato descumpre a regra";
    NOT_WHEN: "Not when all of this holds instead:",
        "No, cuando en cambio se cumple todo esto:", "Não, quando em vez disso tudo isto ocorre:";
    NEEDS_KNOWN: "Needs to be known:", "Hay que conocer:", "É preciso conhecer:";

    // How parts go together.
    ONE_OF_THESE: "one of these:", "una de estas:", "uma destas:";
    ALL_OF_THESE: "all of these:", "todas estas:", "todas estas:";
    BOTH: "{one}, and {other}", "{one}, y {other}", "{one}, e {other}";
    EITHER: "{one}, or {other}", "{one}, o {other}", "{one}, ou {other}";
    NOT_SO: "not so: ({part})", "no es así: ({part})", "não é assim: ({part})";
    IF_ELSE: "if ({condition}), then ({then}), else ({otherwise})",
        "si ({condition}), entonces ({then}); si no, ({otherwise})",
        "se ({condition}), então ({then}); senão, ({otherwise})";
    CANNOT_TELL: "it cannot be worked out whether ({part})",
        "no se puede calcular si ({part})", "não se pode calcular se ({part})";
    FURTHER: "{count} more; `--clauses` has all", "{count} más; `--clauses` los tiene todos",
        "mais {count}; `--clauses` tem todos";

    // What a value is.
    SENT: "sent", "enviado", "enviado";
    YES: "yes", "sí", "sim";
    NO: "no", "no", "não";
    ANY: "any", "cualquiera", "qualquer";
    OR_ELSE: "{one} or {other}", "{one} o {other}", "{one} ou {other}";
    ALSO: "{one} and {other}", "{one} y {other}", "{one} e {other}";
    ANYTHING_BUT: "anything but {values}", "cualquiera salvo {values}", "qualquer exceto {values}";
    VALUES_AND_MORE: "{values} and {count} more", "{values} y {count} más", "{values} e mais {count}";
    EXACTLY: "{value}", "{value}", "{value}";
    AT_LEAST: "{value} or more", "{value} o más", "{value} ou mais";
    MORE_THAN: "more than {value}", "más de {value}", "mais de {value}";
    AT_MOST: "{value} or less", "{value} o menos", "{value} ou menos";
    LESS_THAN: "less than {value}", "menos de {value}", "menos de {value}";
    FROM_THEN_ON: "from {value} on", "a partir de {value}", "a partir de {value}";
    AFTER: "after {value}", "después de {value}", "depois de {value}";
    UP_TO_THEN: "up to {value}", "hasta {value}, inclusive", "até {value}, inclusive";
    BEFORE: "before {value}", "antes de {value}", "antes de {value}";
    ANOTHER_THAN: "another than {value}", "otro que {value}", "outro que {value}";
    AMONG: "one of {value}", "uno de {value}", "um de {value}";
    NOT_AMONG: "none of {value}", "ninguno de {value}", "nenhum de {value}";
    BEGINS: "begins with {value}", "empieza por {value}", "começa por {value}";
    BEGINS_NOT: "does not begin with {value}", "no empieza por {value}", "não começa por {value}";
    ENDS: "ends with {value}", "termina en {value}", "termina em {value}";
    ENDS_NOT: "does not end with {value}", "no termina en {value}", "não termina em {value}";
    HAS: "has {value} in it", "contiene {value}", "contém {value}";
    HAS_NOT: "does not have {value} in it", "no contiene {value}", "não contém {value}";

    // What is worked out.
    TIME_BETWEEN: "the time from ({earlier}) to ({later})",
        "el tiempo desde ({earlier}) hasta ({later})", "o tempo desde ({earlier}) até ({later})";
    PLUS: "({one}) plus ({other})", "({one}) más ({other})", "({one}) mais ({other})";
    MINUS: "({one}) minus ({other})", "({one}) menos ({other})", "({one}) menos ({other})";
    TIMES: "({one}) times ({other})", "({one}) por ({other})", "({one}) vezes ({other})";
    DIVIDED: "({one}) divided by ({other})",
        "({one}) dividido por ({other})", "({one}) dividido por ({other})";
    REMAINDER: "the remainder of ({one}) divided by ({other})",
        "el resto de ({one}) dividido por ({other})", "o resto de ({one}) dividido por ({other})";
    LESS_ZERO: "minus ({value})", "menos ({value})", "menos ({value})";
    FUNCTION_OF: "{function} of ({value})", "{function} de ({value})", "{function} de ({value})";
    ENTRY_AT: "entry {place} of ({list})",
        "la entrada {place} de ({list})", "a entrada {place} de ({list})";
    IT: "it", "ello", "isso";
    OF_EVERY: "every one of ({list}): {part}", "todos los de ({list}): {part}",
        "todos os de ({list}): {part}";
    OF_SOME: "some one of ({list}): {part}", "alguno de ({list}): {part}",
        "algum de ({list}): {part}";
    OF_ONE: "exactly one of ({list}): {part}", "exactamente uno de ({list}): {part}",
        "exatamente um de ({list}): {part}";
    IN_DAYS: "{count} days", "{count} días", "{count} dias";
    IN_HOURS: "{count} hours", "{count} horas", "{count} horas";
    IN_MINUTES: "{count} minutes", "{count} minutos", "{count} minutos";
    IN_SECONDS: "{count} seconds", "{count} segundos", "{count} segundos";
}

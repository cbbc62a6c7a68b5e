/** What is wrong with a call. What is wrong with a campaign is a finding. */
export class CtsError extends Error {
  constructor({ code, path = "", message, help, problems = [], more = 0 }, options) {
    const further = problems.length - 1 + more;
    const count = further > 0 ? `, and ${further} more ${further === 1 ? "problem" : "problems"}` : "";
    super(`${path === "" ? "" : `\`${path}\`: `}${message}${count} [${code}]`, options);
    this.code = code;
    this.path = path;
    this.reason = message;
    if (help !== undefined) this.help = help;
    const one = { code, path, message, ...(help === undefined ? {} : { help }) };
    this.problems = Object.freeze((problems.length === 0 ? [one] : problems).map(Object.freeze));
  }
}

CtsError.prototype.name = "CtsError";

/** Calls the module. What it throws is a text; all else is a defect, or the host's own. */
export function asked(call) {
  try {
    return call();
  } catch (thrown) {
    if (typeof thrown === "string") throw new CtsError(JSON.parse(thrown));
    if (thrown instanceof WebAssembly.RuntimeError) {
      const message = `the module stopped: ${thrown.message}; this is a defect of cleartosend, or memory ran out`;
      throw new CtsError({ code: "internal/js", message }, { cause: thrown });
    }
    throw thrown;
  }
}

// A gate in Java, by JNA: judges a campaign document, and gives its verdict and the rules against it.

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.Structure;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

public final class Gate {
  /** What is used of the library: sizes are `long` where pointers have 64 bits. */
  public interface ClearToSend extends Library {
    int OK = 0;

    int cts_engine_new_built_in(PointerByReference engine, PointerByReference error);

    void cts_engine_free(Pointer engine);

    int cts_report_new(PointerByReference report);

    void cts_report_free(Pointer report);

    int cts_facts_new_from_json(
        Pointer engine, byte[] json, long jsonLength, PointerByReference facts, PointerByReference error);

    void cts_facts_free(Pointer facts);

    int cts_engine_check_into(Pointer engine, Pointer facts, Pointer report, PointerByReference error);

    int cts_report_verdict(Pointer report, IntByReference verdict);

    int cts_report_rule_count(Pointer report, Count count);

    int cts_report_rule(Pointer report, long index, Rule rule);

    int cts_error_message(Pointer error, Text.ByReference message);

    void cts_error_free(Pointer error);

    String cts_status_name(int status);

    String cts_verdict_name(int verdict);
  }

  /** A place for a `size_t`. */
  public static final class Count extends LongByReference {}

  /** A `cts_str`: borrowed, so it is read at once. */
  @Structure.FieldOrder({"data", "len"})
  public static class Text extends Structure {
    public Pointer data;
    public long len;

    public static final class ByReference extends Text implements Structure.ByReference {}

    @Override
    public String toString() {
      return data == null ? "" : new String(data.getByteArray(0, (int) len), StandardCharsets.UTF_8);
    }
  }

  /** A `cts_rule`, which begins with its size. */
  @Structure.FieldOrder({"structSize", "status", "verdict", "pack", "rule"})
  public static final class Rule extends Structure {
    public long structSize;
    public int status;
    public int verdict;
    public Text pack;
    public Text rule;

    public Rule() {
      structSize = size();
    }
  }

  private final ClearToSend library;
  private final Pointer engine;

  public Gate(String path) {
    library = Native.load(path, ClearToSend.class);
    PointerByReference made = new PointerByReference();
    PointerByReference error = new PointerByReference();
    must(library.cts_engine_new_built_in(made, error), error);
    engine = made.getValue();
  }

  /** Judges a document, prints the verdict and its rules, and gives the exit code of `cts check`. */
  public int check(byte[] document) {
    PointerByReference facts = new PointerByReference();
    PointerByReference report = new PointerByReference();
    PointerByReference error = new PointerByReference();
    must(library.cts_facts_new_from_json(engine, document, document.length, facts, error), error);
    try {
      must(library.cts_report_new(report), null);
      must(library.cts_engine_check_into(engine, facts.getValue(), report.getValue(), error), error);
      IntByReference verdict = new IntByReference();
      must(library.cts_report_verdict(report.getValue(), verdict), null);
      System.out.println(library.cts_verdict_name(verdict.getValue()));
      Count count = new Count();
      must(library.cts_report_rule_count(report.getValue(), count), null);
      for (long index = 0; index < count.getValue(); index++) {
        Rule rule = new Rule();
        must(library.cts_report_rule(report.getValue(), index, rule), null);
        if (rule.verdict == verdict.getValue()) {
          System.out.println("  " + rule.rule);
        }
      }
      // Numbers of the header: 1 allow, 2 review, 3 deny; whatever else is not clear to send.
      return switch (verdict.getValue()) {
        case 1 -> 0;
        case 2 -> 3;
        default -> 1;
      };
    } finally {
      library.cts_report_free(report.getValue());
      library.cts_facts_free(facts.getValue());
    }
  }

  private void must(int status, PointerByReference error) {
    if (status == ClearToSend.OK) {
      return;
    }
    String told = library.cts_status_name(status);
    if (error != null && error.getValue() != null) {
      Text.ByReference message = new Text.ByReference();
      if (library.cts_error_message(error.getValue(), message) == ClearToSend.OK) {
        told = message.toString();
      }
      library.cts_error_free(error.getValue());
    }
    throw new IllegalStateException(told);
  }

  public static void main(String[] arguments) throws Exception {
    if (arguments.length != 2) {
      System.err.println("usage: Gate LIBRARY CAMPAIGN.json");
      System.exit(2);
    }
    int code = 2;
    try {
      Gate gate = new Gate(arguments[0]);
      code = gate.check(Files.readAllBytes(Path.of(arguments[1])));
      gate.library.cts_engine_free(gate.engine);
    } catch (IllegalStateException error) {
      System.err.println("error: " + error.getMessage());
    }
    System.exit(code);
  }
}

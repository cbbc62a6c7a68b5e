// A gate in C#, by P/Invoke: judges a campaign document, and gives its verdict and the rules against it.
using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;

/// <summary>A borrowed text: UTF-8, not ended by a NUL.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Text
{
    public IntPtr Data;
    public UIntPtr Length;

    public override string ToString()
    {
        if (Data == IntPtr.Zero)
        {
            return "";
        }
        var bytes = new byte[(int)Length];
        Marshal.Copy(Data, bytes, 0, bytes.Length);
        return Encoding.UTF8.GetString(bytes);
    }
}

/// <summary>A rule of a report, which begins with its size.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Rule
{
    public UIntPtr StructSize;
    public int Status;
    public int Verdict;
    public Text Pack;
    public Text Id;
}

internal static class ClearToSend
{
    // `libcleartosend.so` in LD_LIBRARY_PATH, or where the system looks.
    private const string Library = "cleartosend";

    [DllImport(Library)]
    public static extern int cts_engine_new_built_in(out IntPtr engine, out IntPtr error);

    [DllImport(Library)]
    public static extern void cts_engine_free(IntPtr engine);

    [DllImport(Library)]
    public static extern int cts_facts_new_from_json(
        IntPtr engine, byte[] json, UIntPtr length, out IntPtr facts, out IntPtr error);

    [DllImport(Library)]
    public static extern void cts_facts_free(IntPtr facts);

    [DllImport(Library)]
    public static extern int cts_report_new(out IntPtr report);

    [DllImport(Library)]
    public static extern void cts_report_free(IntPtr report);

    [DllImport(Library)]
    public static extern int cts_engine_check_into(IntPtr engine, IntPtr facts, IntPtr report, out IntPtr error);

    [DllImport(Library)]
    public static extern int cts_report_verdict(IntPtr report, out int verdict);

    [DllImport(Library)]
    public static extern int cts_report_rule_count(IntPtr report, out UIntPtr count);

    [DllImport(Library)]
    public static extern int cts_report_rule(IntPtr report, UIntPtr index, ref Rule rule);

    [DllImport(Library)]
    public static extern int cts_error_message(IntPtr error, out Text message);

    [DllImport(Library)]
    public static extern void cts_error_free(IntPtr error);

    [DllImport(Library)]
    public static extern IntPtr cts_status_name(int status);

    [DllImport(Library)]
    public static extern IntPtr cts_verdict_name(int verdict);
}

internal static class Gate
{
    private static void Must(int status, IntPtr error = default(IntPtr))
    {
        if (status == 0)
        {
            return;
        }
        string told = Marshal.PtrToStringAnsi(ClearToSend.cts_status_name(status));
        Text message;
        if (error != IntPtr.Zero)
        {
            if (ClearToSend.cts_error_message(error, out message) == 0)
            {
                told = message.ToString();
            }
            ClearToSend.cts_error_free(error);
        }
        throw new InvalidOperationException(told);
    }

    private static int Check(byte[] document)
    {
        IntPtr engine, error, facts = IntPtr.Zero, report = IntPtr.Zero;
        Must(ClearToSend.cts_engine_new_built_in(out engine, out error), error);
        try
        {
            int status = ClearToSend.cts_facts_new_from_json(
                engine, document, (UIntPtr)document.Length, out facts, out error);
            Must(status, error);
            Must(ClearToSend.cts_report_new(out report));
            status = ClearToSend.cts_engine_check_into(engine, facts, report, out error);
            Must(status, error);
            int verdict;
            Must(ClearToSend.cts_report_verdict(report, out verdict));
            Console.WriteLine(Marshal.PtrToStringAnsi(ClearToSend.cts_verdict_name(verdict)));
            UIntPtr count;
            Must(ClearToSend.cts_report_rule_count(report, out count));
            for (ulong index = 0; index < (ulong)count; index++)
            {
                var rule = new Rule { StructSize = (UIntPtr)Marshal.SizeOf(typeof(Rule)) };
                Must(ClearToSend.cts_report_rule(report, (UIntPtr)index, ref rule));
                if (rule.Verdict == verdict)
                {
                    Console.WriteLine("  " + rule.Id);
                }
            }
            // Numbers of the header: 1 allow, 2 review, 3 deny; whatever else is not clear to send.
            return verdict == 1 ? 0 : verdict == 2 ? 3 : 1;
        }
        finally
        {
            ClearToSend.cts_report_free(report);
            ClearToSend.cts_facts_free(facts);
            ClearToSend.cts_engine_free(engine);
        }
    }

    private static int Main(string[] arguments)
    {
        if (arguments.Length != 1)
        {
            Console.Error.WriteLine("usage: gate CAMPAIGN.json");
            return 2;
        }
        try
        {
            return Check(File.ReadAllBytes(arguments[0]));
        }
        catch (Exception error) when (error is InvalidOperationException || error is IOException)
        {
            Console.Error.WriteLine("error: " + error.Message);
            return 2;
        }
    }
}

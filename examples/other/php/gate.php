<?php
// A gate in PHP, by FFI: judges a campaign document, and gives its verdict and the rules against it.
declare(strict_types=1);

final class Engine
{
    private FFI $library;
    private FFI\CData $engine;

    public function __construct(string $definition, string $library)
    {
        $this->library = FFI::cdef(file_get_contents($definition), $library);
        $this->engine = $this->library->new('cts_engine *');
        $error = $this->library->new('cts_error *');
        $status = $this->library->cts_engine_new_built_in(FFI::addr($this->engine), FFI::addr($error));
        $this->must($status, $error);
    }

    public function __destruct()
    {
        if (isset($this->engine)) {
            $this->library->cts_engine_free($this->engine);
        }
    }

    /** The decision document. Only a `verdict` of `allow` means to send. */
    public function check(string $document): array
    {
        $decision = $this->library->new('cts_decision *');
        $error = $this->library->new('cts_error *');
        $status = $this->library->cts_engine_check_json(
            $this->engine,
            $document,
            strlen($document),
            $this->library->CTS_FINDINGS,
            FFI::addr($decision),
            FFI::addr($error)
        );
        $this->must($status, $error);
        try {
            $json = $this->library->new('cts_str');
            $this->must($this->library->cts_decision_json($decision, FFI::addr($json)), null);
            return json_decode(FFI::string($json->data, $json->len), true, 512, JSON_THROW_ON_ERROR);
        } finally {
            $this->library->cts_decision_free($decision);
        }
    }

    private function must(int $status, ?FFI\CData $error): void
    {
        if ($status === $this->library->CTS_OK) {
            return;
        }
        $message = $this->library->new('cts_str');
        $told = $this->library->cts_status_name($status);
        if ($error !== null && $this->library->cts_error_message($error, FFI::addr($message)) === $this->library->CTS_OK) {
            $told = FFI::string($message->data, $message->len);
            $this->library->cts_error_free($error);
        }
        throw new RuntimeException($told);
    }
}

if ($argc !== 4) {
    fwrite(STDERR, "usage: gate.php cleartosend.cdef.h LIBRARY CAMPAIGN.json\n");
    exit(2);
}
try {
    $decision = (new Engine($argv[1], $argv[2]))->check((string) file_get_contents($argv[3]));
} catch (Throwable $error) {
    fwrite(STDERR, 'error: ' . $error->getMessage() . "\n");
    exit(2);
}
echo $decision['verdict'], "\n";
foreach ($decision['findings'] as $finding) {
    if ($finding['verdict'] === $decision['verdict']) {
        echo '  ', $finding['rule'], "\n";
    }
}
exit(['allow' => 0, 'deny' => 1, 'review' => 3][$decision['verdict']]);

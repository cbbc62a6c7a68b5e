// A gate in Go: judges a campaign document, and gives its verdict and the rules against it.
package main

/*
#cgo pkg-config: cleartosend
#include <cleartosend.h>
#include <stdlib.h>
*/
import "C"

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"unsafe"
)

// Decision is what the gate reads of a decision document.
type Decision struct {
	Verdict  string `json:"verdict"`
	Findings []struct {
		Rule    string `json:"rule"`
		Verdict string `json:"verdict"`
		Message string `json:"message"`
	} `json:"findings"`
}

// Engine judges campaigns; it may be used by any number of goroutines.
type Engine struct{ handle *C.cts_engine }

// NewEngine makes the engine of the built-in pack.
func NewEngine() (*Engine, error) {
	if C.cts_abi_serves(C.CTS_ABI_VERSION) == 0 {
		return nil, fmt.Errorf("the library is %s, and does not serve this program", C.GoString(C.cts_version()))
	}
	engine, failure := &Engine{}, (*C.cts_error)(nil)
	if status := C.cts_engine_new_built_in(&engine.handle, &failure); status != C.CTS_OK {
		return nil, reason(status, failure)
	}
	runtime.SetFinalizer(engine, func(engine *Engine) { C.cts_engine_free(engine.handle) })
	return engine, nil
}

// Check judges a document. Without an error, the decision says whether to send.
func (engine *Engine) Check(document []byte) (Decision, error) {
	var decision Decision
	var handle *C.cts_decision
	var failure *C.cts_error
	// &document[0] of an empty slice panics; NULL and 0 are an empty document.
	var data unsafe.Pointer
	if len(document) > 0 {
		data = unsafe.Pointer(&document[0])
	}
	status := C.cts_engine_check_json(engine.handle, data, C.size_t(len(document)), C.CTS_FINDINGS, &handle, &failure)
	runtime.KeepAlive(engine)
	if status != C.CTS_OK {
		return decision, reason(status, failure)
	}
	defer C.cts_decision_free(handle)
	var text C.cts_str
	if status := C.cts_decision_json(handle, &text); status != C.CTS_OK {
		return decision, reason(status, nil)
	}
	return decision, json.Unmarshal(C.GoBytes(unsafe.Pointer(text.data), C.int(text.len)), &decision)
}

func reason(status C.cts_status, failure *C.cts_error) error {
	defer C.cts_error_free(failure)
	var text C.cts_str
	if failure == nil || C.cts_error_message(failure, &text) != C.CTS_OK {
		return fmt.Errorf("%s", C.GoString(C.cts_status_name(C.int32_t(status))))
	}
	return fmt.Errorf("%s", C.GoStringN(text.data, C.int(text.len)))
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: gate CAMPAIGN.json")
		os.Exit(2)
	}
	document, err := os.ReadFile(os.Args[1])
	if err == nil {
		var engine *Engine
		if engine, err = NewEngine(); err == nil {
			var decision Decision
			if decision, err = engine.Check(document); err == nil {
				os.Exit(tell(decision))
			}
		}
	}
	fmt.Fprintln(os.Stderr, "error:", err)
	os.Exit(2)
}

func tell(decision Decision) int {
	fmt.Println(decision.Verdict)
	for _, finding := range decision.Findings {
		if finding.Verdict == decision.Verdict {
			fmt.Println("  " + finding.Rule)
		}
	}
	switch decision.Verdict {
	case "allow":
		return 0
	case "deny":
		return 1
	default:
		return 3
	}
}

//! The target `condition`; see `docs/internals/fuzzing.md`.
#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    cleartosend_fuzz::Target::Condition.judge(bytes);
});

#[cfg(not(fuzzing))]
fn main() -> std::process::ExitCode {
    cleartosend_fuzz::run::main(cleartosend_fuzz::Target::Condition)
}

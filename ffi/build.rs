//! Names the shared library as the dynamic linker shall look for it.
#![expect(
    clippy::disallowed_methods,
    reason = "cargo tells build scripts the version and the target in the environment"
)]

use std::env::var;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let number = |name: &str| var(name).unwrap_or_default();
    // Before 1.0 the minor number is the one that breaks.
    let abi = match number("CARGO_PKG_VERSION_MAJOR").as_str() {
        "0" => format!("0.{}", number("CARGO_PKG_VERSION_MINOR")),
        major => major.to_owned(),
    };
    match number("CARGO_CFG_TARGET_OS").as_str() {
        "linux" | "android" | "freebsd" | "netbsd" | "openbsd" => {
            println!("cargo:rustc-cdylib-link-arg=-Wl,-soname,libcleartosend.so.{abi}");
            // A library that was unloaded and loaded again would leave its constants behind each
            // time, and threads that end later would run code that is gone.
            println!("cargo:rustc-cdylib-link-arg=-Wl,-z,nodelete");
        }
        "macos" => println!(
            "cargo:rustc-cdylib-link-arg=-Wl,-install_name,@rpath/libcleartosend.{abi}.dylib"
        ),
        _ => {}
    }
}

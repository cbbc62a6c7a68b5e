//! Only there because cargo passes over the build dependencies of a package without one.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
}

//! Says when the embedded pages changed, nothing more.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // Debug builds read the pages from the source tree at run time. A folder that is missing counts as changed on every build,
    // so only release builds name them.
    if std::env::var("PROFILE").as_deref() == Ok("release") {
        println!("cargo::rerun-if-changed=delegate-client/dist");
        println!("cargo::rerun-if-changed=chamber-display/dist");
    }
}

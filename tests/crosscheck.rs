//! An implementation that is not ours (Go's sumdb/note and sumdb/tlog) checks the golden vectors and the golden bundle.

use std::io::Write;
use std::path::Path;
use std::process::Command;

/// Where Debian's `golang-golang-x-mod-dev` puts its sources.
const GOPATH: &str = "/usr/share/gocode";

#[test]
fn the_reference_implementation_agrees() {
    let go = Command::new("go").arg("version").output().is_ok_and(|output| output.status.success());
    let package = Path::new(GOPATH).join("src/golang.org/x/mod/sumdb/tlog").is_dir();
    if !(go && package) {
        // Straight to the file, because the test harness swallows eprintln! of tests that pass.
        let skipped = "SKIPPED crosscheck: install golang-go and golang-golang-x-mod-dev to run it";
        let _ = writeln!(std::io::stderr(), "{skipped}");
        return;
    }
    let output = Command::new("go")
        .args(["run", "./scripts/crosscheck", "tests/vectors"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .envs([("GO111MODULE", "off"), ("GOPATH", GOPATH), ("GOFLAGS", "")])
        .env("GOCACHE", Path::new(env!("CARGO_TARGET_TMPDIR")).join("go-cache"))
        .output()
        .unwrap();
    let (said, complained) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}{complained}");
    assert_eq!(said.matches("checks agree").count(), 4, "{said}");
}

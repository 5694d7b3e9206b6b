//! Everything the fuzzer has kept, run once through its targets: what was mended stays mended.

#[path = "../fuzz/targets/mod.rs"]
mod targets;

use std::fs;
use std::path::Path;

#[test]
fn nothing_in_the_corpus_makes_a_reader_stumble() {
    for target in targets::ALL {
        assert!(targets::named(target.name).is_some());
        let mut files = 0;
        for folder in ["fuzz/seeds", "fuzz/corpus"] {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder).join(target.name);
            for file in fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
                let path = file.unwrap().path();
                let data = fs::read(&path).unwrap();
                let outcome = std::panic::catch_unwind(|| (target.run)(&data));
                assert!(outcome.is_ok(), "{}", path.display());
                files += 1;
            }
        }
        assert!(files > 0, "{} has neither seeds nor a corpus", target.name);
    }
}

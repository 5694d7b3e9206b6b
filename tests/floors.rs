//! The architecture, read from the source: which module stands on which floor (src/lib.rs), and who imports whom.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn a_file_imports_only_from_lower_floors() {
    let house = House::read();
    let mut wrong = Vec::new();
    for file in &house.files {
        for imported in file.imports(&house) {
            // Siblings stand on one landing and do not import each other either.
            if house.landing(imported) >= house.landing(&file.module) && imported != file.module {
                wrong.push(format!("{} imports crate::{imported}", file.path.display()));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn every_module_stands_on_a_floor_and_says_which() {
    let house = House::read();
    for file in &house.files {
        assert!(house.floors.contains_key(&file.module), "{} is not under a floor in lib.rs", file.path.display());
    }
    for (module, place) in &house.floors {
        let root = house.files.iter().find(|file| &file.module == module && file.depth == 1);
        let root = root.unwrap_or_else(|| panic!("lib.rs names {module}, which has no file"));
        let told = fs::read_to_string(&root.path).expect("a source file");
        if let Some(rest) = told.strip_prefix("//! Floor ") {
            assert!(rest.starts_with(&format!("{}.", place.floor)), "{module} says it stands on another floor");
        }
    }
}

/// Deciding is arithmetic: whatever the machine, the day and the order of a hash, the same record gives the same hall.
#[test]
fn the_chamber_uses_nothing_but_the_language() {
    let allowed = ["serde", "sha2", "thiserror", "unicode_normalization"];
    let mut forbidden: Vec<String> = dependencies();
    forbidden.retain(|name| !allowed.contains(&name.as_str()));
    forbidden.iter_mut().for_each(|name| name.push_str("::"));
    forbidden.extend(["HashMap", "HashSet", "async", "f32", "f64"].map(String::from));
    forbidden.extend(["env", "fs", "io", "net", "process", "thread", "time"].map(|part| format!("std::{part}")));
    assert_eq!(House::read().mentions(&["chamber"], &forbidden, |_| true), Vec::<String>::new());
}

#[test]
fn the_pure_floors_know_no_clock_no_runtime_and_no_randomness() {
    let pure = ["chamber", "ledger", "projection", "sequencer", "verify"];
    let forbidden = ["SystemTime", "Instant", "tokio", "getrandom"].map(String::from);
    let is_library = |path: &Path| path != Path::new("src/verify/cli.rs");
    assert_eq!(House::read().mentions(&pure, &forbidden, is_library), Vec::<String>::new());
}

#[test]
fn imports_are_seen_however_they_are_written() {
    let house = House::read();
    let seen = |path: &str, text: &str| {
        let file = File::new(PathBuf::from(path), without_comments(text));
        let imports: Vec<String> = file.imports(&house).into_iter().map(String::from).collect();
        imports.join(" ")
    };
    assert_eq!(seen("src/hub/room.rs", "use crate::wire::frames::Page;"), "wire");
    assert_eq!(
        seen("src/hub/room.rs", "use crate::{\n    chamber::ids::{SeatId, node},\n    wire,\n};"),
        "chamber wire"
    );
    assert_eq!(seen("src/hub/room.rs", "fn now() -> crate::chamber::ids::Millis {}"), "chamber");
    assert_eq!(seen("src/hub/mod.rs", "use super::node;"), "node");
    assert_eq!(seen("src/hub/room.rs", "use super::super::node::Platform; use super::close;"), "node");
    assert_eq!(seen("src/hub/room.rs", "// use crate::node;\n/// [`crate::node`]\nuse std::net; "), "");
    assert_eq!(seen("src/hub/room.rs", "let url = \"http://a\"; crate::node::run();"), "node");
}

/// The source as the rules see it.
struct House {
    floors: BTreeMap<String, Stand>,
    /// Without tests and comments.
    files: Vec<File>,
}

/// `landing` counts the floor comments of lib.rs: a floor may have several, one above the other.
struct Stand {
    floor: u32,
    landing: usize,
}

struct File {
    path: PathBuf,
    /// The top-level module it belongs to.
    module: String,
    /// 1 for the module's root, 2 for its children.
    depth: usize,
    text: String,
}

impl House {
    fn read() -> Self {
        let floors = floors(&fs::read_to_string("src/lib.rs").expect("src/lib.rs"));
        let mut tests = BTreeSet::new();
        let mut files = Vec::new();
        for path in sources(Path::new("src")) {
            let outside = ["src/lib.rs", "src/main.rs"].iter().any(|own| path == Path::new(own));
            if outside || path.starts_with("src/bin") {
                continue;
            }
            let text = fs::read_to_string(&path).expect("a source file");
            let (shipped, test_files) = without_tests(&path, &text);
            tests.extend(test_files);
            files.push(File::new(path, without_comments(&shipped)));
        }
        files.retain(|file| !tests.contains(&file.path));
        assert!(files.len() > 50 && floors.len() > 10, "the source was found");
        Self { floors, files }
    }

    fn landing(&self, module: &str) -> Option<usize> {
        self.floors.get(module).map(|stand| stand.landing)
    }

    fn mentions(&self, modules: &[&str], words: &[String], counts: impl Fn(&Path) -> bool) -> Vec<String> {
        let files = self.files.iter().filter(|file| modules.contains(&file.module.as_str()) && counts(&file.path));
        files
            .flat_map(|file| {
                let found = words.iter().filter(|word| has_word(&file.text, word));
                found.map(|word| format!("{} mentions {word}", file.path.display()))
            })
            .collect()
    }
}

impl File {
    fn new(path: PathBuf, text: String) -> Self {
        let inside = path.strip_prefix("src").expect("a path under src").with_extension("");
        let mut parts: Vec<String> = inside.iter().map(|part| part.to_string_lossy().into_owned()).collect();
        if parts.last().is_some_and(|last| last == "mod") {
            parts.pop();
        }
        Self { path, module: parts.first().cloned().unwrap_or_default(), depth: parts.len(), text }
    }

    /// Top-level modules it names, by `crate::` or by climbing to the root with `super::`.
    fn imports<'a>(&self, house: &'a House) -> BTreeSet<&'a str> {
        let climb = "super::".repeat(self.depth);
        ["crate::", &climb]
            .iter()
            .flat_map(|root| self.text.match_indices(root).map(|(at, _)| at + root.len()))
            .flat_map(|at| heads(self.text.get(at..).unwrap_or_default()))
            .filter_map(|head| house.floors.get_key_value(&head).map(|(name, _)| name.as_str()))
            .collect()
    }
}

/// The first names of a path, or of each path in a group: `a::b` gives a; `{a::{b, c}, d}` gives a and d.
fn heads(path: &str) -> Vec<String> {
    let Some(group) = path.strip_prefix('{') else { return vec![leading_word(path)] };
    let mut heads = vec![leading_word(group.trim_start())];
    let mut open = 1;
    for (at, sign) in group.char_indices() {
        match sign {
            '{' => open += 1,
            '}' => open -= 1,
            ',' if open == 1 => heads.push(leading_word(group[at + 1..].trim_start())),
            _ => {}
        }
        if open == 0 {
            break;
        }
    }
    heads
}

fn leading_word(text: &str) -> String {
    text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
}

fn has_word(text: &str, word: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word).any(|(at, _)| {
        let (before, after) = (&text[..at], &text[at + word.len()..]);
        let goes_on = word.ends_with(is_part) && after.starts_with(is_part);
        !before.ends_with(is_part) && !goes_on
    })
}

fn floors(lib: &str) -> BTreeMap<String, Stand> {
    let mut floors = BTreeMap::new();
    let (mut floor, mut landing) = (0, 0);
    for line in lib.lines() {
        if let Some(rest) = line.strip_prefix("// Floor ") {
            let number: String = rest.chars().take_while(char::is_ascii_digit).collect();
            let next = number.parse().expect("a floor's number");
            assert!(next >= floor, "floors stand in their order");
            (floor, landing) = (next, landing + 1);
        } else if let Some(module) = line.strip_prefix("pub mod ").or_else(|| line.strip_prefix("mod ")) {
            assert!(landing > 0, "{module} stands before the first floor");
            floors.insert(module.trim_end_matches(';').to_owned(), Stand { floor, landing });
        }
    }
    floors
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder of the source") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

/// The text before its test module, which stands last, and the files that are test modules.
fn without_tests(path: &Path, text: &str) -> (String, Vec<PathBuf>) {
    let mut shipped = String::new();
    let mut test_files = Vec::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if line != "#[cfg(test)]" {
            shipped.push_str(line);
            shipped.push('\n');
            continue;
        }
        let named = lines.next_if(|next| next.starts_with("#[path = "));
        let Some(module) = lines.peek().and_then(|next| next.strip_prefix("mod ")) else { continue };
        let Some(module) = module.strip_suffix(';') else { break };
        let file = named.and_then(|path| path.split('"').nth(1)).map_or(format!("{module}.rs"), String::from);
        test_files.push(path.with_file_name(file));
        lines.next();
    }
    (shipped, test_files)
}

/// A `//` after a colon is an address in a text.
fn without_comments(text: &str) -> String {
    let code = |line: &str| {
        let comment = line.match_indices("//").map(|(at, _)| at).find(|at| !line[..*at].ends_with(':'));
        line[..comment.unwrap_or(line.len())].to_owned()
    };
    text.lines().map(code).collect::<Vec<_>>().join("\n")
}

/// The crates of Cargo.toml, as code names them.
fn dependencies() -> Vec<String> {
    let manifest = fs::read_to_string("Cargo.toml").expect("Cargo.toml");
    let section = manifest.split("[dependencies]").nth(1).expect("dependencies");
    let section = section.split("\n[").next().unwrap_or(section);
    let names = section.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(" = "));
    names.map(|(name, _)| name.replace('-', "_")).collect()
}

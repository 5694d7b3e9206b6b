//! Text out of a spreadsheet, made fit to stand on a wall. What may stand there is the chamber's to say.

use crate::chamber::texts::{is_fit, may_stand};
use unicode_normalization::UnicodeNormalization;

/// NFC, trimmed, inner runs of spaces (also no-break ones) made one space. `Err` where a character may not stand in a text.
pub(super) fn tidy(raw: &str) -> Result<String, ()> {
    let text = spaced(raw);
    if is_fit(&text) { Ok(text) } else { Err(()) }
}

/// The same without judging: for headers and key words, which are compared with a list anyway. Lower case.
pub(super) fn folded(raw: &str) -> String {
    spaced(raw).to_lowercase()
}

/// What a problem quotes: at most 60 characters, with characters that may not stand written out.
pub(super) fn quoted(raw: &str) -> String {
    const LONGEST: usize = 60;
    let mut out = String::new();
    let mut length = 0;
    for c in raw.trim().chars() {
        let piece = if may_stand(c) { c.to_string() } else { c.escape_unicode().to_string() };
        length += piece.chars().count();
        if length > LONGEST {
            break;
        }
        out.push_str(&piece);
    }
    out
}

fn spaced(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut gap = false;
    for c in raw.trim().nfc() {
        if c.is_whitespace() && may_stand(c) {
            gap = true;
            continue;
        }
        if std::mem::take(&mut gap) {
            out.push(' ');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decomposed_vietnamese_becomes_nfc_with_single_spaces() {
        let raw = "\u{a0} Nguye\u{302}\u{303}n \u{a0} Thi\u{323}  A \t";
        assert_eq!(tidy(raw).as_deref(), Ok("Nguyễn Thị A"));
    }

    #[test]
    fn tricks_are_refused() {
        for raw in [
            "a\u{202e}b",
            "a\u{200b}b",
            "a\u{2066}b",
            "a\nb",
            "a\tb",
            "a\u{feff}b",
            "a\u{fffd}b",
            "a\u{3164}b",
            "\u{e0041}a",
        ] {
            assert_eq!(tidy(raw), Err(()), "{raw:?}");
        }
        let scribble = format!("Z{}", "\u{0335}".repeat(4));
        assert_eq!(tidy(&scribble), Err(()));
    }

    #[test]
    fn a_quote_is_short_and_shows_what_is_hidden() {
        assert_eq!(quoted("a\u{202e}b"), "a\\u{202e}b");
        assert_eq!(quoted(&"ơ".repeat(100)).chars().count(), 60);
    }
}

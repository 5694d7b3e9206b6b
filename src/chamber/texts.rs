//! Texts as people send them, made fit for the record: NFC, trimmed, nothing invisible.

use super::limits;
use super::refusal::Refusal;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Marks on one letter. Vietnamese letters are single characters in NFC, other scripts need two or three; more are a scribble
/// over the lines above and below.
const MARKS_IN_A_ROW: usize = 3;

/// Whether `text`, in NFC, may be shown and read aloud: nothing in it is invisible, breaks the line, reorders its neighbours or
/// grows over them.
pub fn is_fit(text: &str) -> bool {
    let mut marks = 0;
    text.chars().all(|c| {
        marks = if is_combining_mark(c) { marks + 1 } else { 0 };
        may_stand(c) && marks <= MARKS_IN_A_ROW
    })
}

/// Whether `text` can be somebody's name: it has a letter.
pub fn is_name(text: &str) -> bool {
    text.chars().any(char::is_alphabetic)
}

/// False for controls and line breaks, characters that steer the direction of writing, and characters that show nothing or
/// nothing agreed upon (Unicode UAX #9 and UTS #39 name them), and for U+FFFD, the scar of a wrong encoding.
pub fn may_stand(c: char) -> bool {
    !(c.is_control()
        || matches!(
            c,
            '\u{00AD}'
                | '\u{034F}'
                | '\u{061C}'
                | '\u{115F}'..='\u{1160}'
                | '\u{17B4}'..='\u{17B5}'
                | '\u{180B}'..='\u{180F}'
                | '\u{200B}'..='\u{200F}'
                | '\u{2028}'..='\u{202E}'
                | '\u{2060}'..='\u{206F}'
                | '\u{2800}'
                | '\u{3164}'
                | '\u{E000}'..='\u{F8FF}'
                | '\u{FDD0}'..='\u{FDEF}'
                | '\u{FE00}'..='\u{FE0F}'
                | '\u{FEFF}'
                | '\u{FFA0}'
                | '\u{FFF0}'..='\u{FFFF}'
                // Invisible tags, variation selectors and private use.
                | '\u{E0000}'..='\u{10FFFF}'
        )
        // The last two of every plane are no characters.
        || u32::from(c) & 0xFFFE == 0xFFFE)
}

/// A person's name: one line with a letter in it.
pub(super) fn name(text: &str, max_chars: usize) -> Result<String, Refusal> {
    let text = line(text, max_chars)?;
    if is_name(&text) { Ok(text) } else { Err(Refusal::BadText) }
}

/// One line that must say something.
pub(super) fn line(text: &str, max_chars: usize) -> Result<String, Refusal> {
    let text = label(text, max_chars)?;
    if text.is_empty() { Err(Refusal::BadText) } else { Ok(text) }
}

/// One line that may be empty.
pub(super) fn label(text: &str, max_chars: usize) -> Result<String, Refusal> {
    let text: String = text.trim().nfc().collect();
    if !is_fit(&text) || text.chars().count() > max_chars {
        return Err(Refusal::BadText);
    }
    Ok(text)
}

/// Several lines, which may be none.
pub(super) fn paragraphs(text: &str, max_chars: usize) -> Result<String, Refusal> {
    let text: String = text.trim().replace("\r\n", "\n").nfc().collect();
    if !text.split('\n').all(is_fit) || text.chars().count() > max_chars {
        return Err(Refusal::BadText);
    }
    Ok(text)
}

/// A reason that must be given.
pub(super) fn reason(text: &str) -> Result<String, Refusal> {
    let text = label(text, limits::REASON_CHARS)?;
    if text.is_empty() { Err(Refusal::ReasonNeeded) } else { Ok(text) }
}

/// A reason for voiding or annulling.
pub(super) fn ending_reason(text: &str) -> Result<String, Refusal> {
    let text = reason(text)?;
    if text.chars().count() > limits::ENDING_REASON_CHARS { Err(Refusal::BadText) } else { Ok(text) }
}

/// A reason that may be given; a blank one counts as none.
pub(super) fn optional_reason(text: Option<&str>) -> Result<Option<String>, Refusal> {
    let text = label(text.unwrap_or_default(), limits::REASON_CHARS)?;
    Ok(Some(text).filter(|text| !text.is_empty()))
}

/// `title` at most [`limits::SHORT_TITLE_CHARS`] long, see [`cut`].
pub(super) fn shortened(title: &str) -> String {
    cut(title, limits::SHORT_TITLE_CHARS)
}

/// `text` at most `max_chars` long, cut between words and ended with an ellipsis where it was longer.
pub(super) fn cut(text: &str, max_chars: usize) -> String {
    if text.chars().count() <= max_chars {
        return text.to_owned();
    }
    let room = max_chars.saturating_sub(1);
    let head: String = text.chars().take(room).collect();
    let next_is_space = text.chars().nth(room).is_some_and(char::is_whitespace);
    let cut = match head.rfind(char::is_whitespace) {
        Some(space) if !next_is_space => head.get(..space).unwrap_or(&head),
        _ => &head,
    };
    let cut = cut.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '-' | '–' | '('));
    format!("{cut}…")
}

/// Bytes that `text` takes in an entry as an event's field: escaped once.
pub(super) fn event_bytes(text: &str) -> usize {
    text.chars().map(|c| if matches!(c, '\n' | '"' | '\\') { 2 } else { c.len_utf8() }).sum()
}

/// Bytes that `text` takes in an entry as part of an order's arguments: JSON within JSON, escaped twice.
pub(super) fn argument_bytes(text: &str) -> usize {
    text.chars()
        .map(|c| match c {
            '\n' => 3,
            '"' | '\\' => 4,
            other => other.len_utf8(),
        })
        .sum()
}

/// Lower-case hex of a SHA-256.
pub(super) fn is_sha256_hex(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// Canonical base64 of 32 bytes: 43 characters of which the last has its two unused bits clear, and one `=`.
pub(super) fn is_key_base64(text: &str) -> bool {
    let Some((digits, last)) = text
        .strip_suffix('=')
        .and_then(|body| body.split_at_checked(42))
        .and_then(|(digits, last)| Some((digits, <[u8; 1]>::try_from(last.as_bytes()).ok()?[0])))
    else {
        return false;
    };
    digits.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/')) && b"AEIMQUYcgkosw048".contains(&last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_trimmed_and_composed() {
        assert_eq!(line("  Ha\u{0300} No\u{0323}\u{0302}i ", 10).as_deref(), Ok("Hà Nội"));
        assert_eq!(paragraphs("a\r\nb\n", 10).as_deref(), Ok("a\nb"));
        assert_eq!(label("   ", 10).as_deref(), Ok(""));
        assert_eq!(line("   ", 10), Err(Refusal::BadText));
    }

    #[test]
    fn what_cannot_be_seen_is_refused() {
        for bad in ["a\nb", "a\tb", "a\u{7f}b", "a\u{202e}b", "a\u{2066}b", "a\u{2028}b", "a\u{200b}b"] {
            assert_eq!(line(bad, 10), Err(Refusal::BadText), "{bad:?}");
        }
        let unseen = "\u{AD}\u{34F}\u{61C}\u{115F}\u{1160}\u{17B4}\u{180E}\u{200C}\u{200D}\u{2060}\u{2800}\u{3164}\u{FE0F}\u{FEFF}";
        let unassigned = "\u{E000}\u{FDD0}\u{FFA0}\u{FFFD}\u{FFFF}\u{1FFFE}\u{E0041}\u{F0000}";
        for bad in unseen.chars().chain(unassigned.chars()) {
            assert_eq!(line(&format!("a{bad}b"), 10), Err(Refusal::BadText), "{bad:?}");
            assert_eq!(paragraphs(&format!("a{bad}b"), 10), Err(Refusal::BadText), "{bad:?}");
        }
        assert_eq!(paragraphs("a\rb", 10), Err(Refusal::BadText));
    }

    #[test]
    fn letters_carry_few_marks_and_names_have_letters() {
        assert!(line(&format!("z{}", "\u{335}".repeat(3)), 10).is_ok());
        assert_eq!(line(&format!("z{}", "\u{335}".repeat(4)), 10), Err(Refusal::BadText));
        assert!(line("z\u{335}\u{335}z\u{335}\u{335}", 10).is_ok());
        assert_eq!(name("12 – 7", 10), Err(Refusal::BadText));
        assert_eq!(name("Y 7", 10).as_deref(), Ok("Y 7"));
    }

    #[test]
    fn reasons_are_needed_or_optional() {
        assert_eq!(reason(" \u{a0} "), Err(Refusal::ReasonNeeded));
        assert_eq!(reason(&"a".repeat(501)), Err(Refusal::BadText));
        assert_eq!(optional_reason(Some(" ")), Ok(None));
        assert_eq!(optional_reason(Some(" mất điện ")), Ok(Some("mất điện".to_owned())));
    }

    #[test]
    fn long_titles_are_cut_between_words() {
        let title = "Nghị quyết quy định trình tự, thủ tục quyết định chủ trương đầu tư, chấp thuận chủ trương đầu tư";
        assert_eq!(shortened(title), "Nghị quyết quy định trình tự, thủ tục quyết định chủ trương…");
        assert_eq!(shortened("Bế mạc"), "Bế mạc");
        assert_eq!(shortened(&"x".repeat(60)), "x".repeat(60));
        assert_eq!(shortened(&"x".repeat(61)), format!("{}…", "x".repeat(59)));
        assert_eq!(shortened(&format!("{} abc", "x".repeat(59))), format!("{}…", "x".repeat(59)));
    }

    #[test]
    fn a_text_weighs_what_json_makes_of_it() {
        for text in ["Hà Nội", "a \"b\" \\c", "Điều 1.\nĐiều 2.", "𝕏", ""] {
            let once = serde_json::to_string(text).expect("a string");
            let twice = serde_json::to_string(&once).expect("a string");
            assert_eq!(event_bytes(text), once.len() - 2, "{text:?}");
            // The outer quotes, and the inner ones escaped.
            assert_eq!(argument_bytes(text), twice.len() - 6, "{text:?}");
        }
    }

    #[test]
    fn keys_are_canonical() {
        assert!(is_key_base64("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="));
        assert!(!is_key_base64("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB="), "unused bits set");
        assert!(!is_key_base64("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="));
        assert!(!is_key_base64("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"));
        assert!(!is_key_base64("-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="));
        assert!(!is_key_base64("ééééééééééééééééééééé="));
    }
}

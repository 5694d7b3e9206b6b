//! One-time codes: eight letters and digits a person can read aloud, spent once, gone after a while.

use std::fmt;

/// Crockford's base 32: no I, L, O, U. Eight characters carry exactly 40 bits; how many tries anybody has while a code lives, and
/// what chance that makes, stands where they are counted (http/limits).
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// Time a code lives, in milliseconds: long enough to walk over to a tablet.
pub const CODE_LIFE_MS: u64 = 10 * 60 * 1000;

/// A code as people read it, `XXXX-XXXX`. Not shown by `Debug`, so it cannot slip into a log.
#[derive(Clone, PartialEq, Eq)]
pub struct Code(String);

impl Code {
    /// From five random bytes.
    pub fn from_random(bytes: [u8; 5]) -> Self {
        let mut number = bytes.iter().fold(0u64, |n, b| (n << 8) | u64::from(*b));
        let mut text = [0u8; 8];
        for place in text.iter_mut().rev() {
            *place = ALPHABET[(number & 31) as usize];
            number >>= 5;
        }
        Self(text.iter().map(|b| char::from(*b)).collect())
    }

    /// What somebody typed: spaces and hyphens are ignored, letters may be small, and O, I and L are read as 0, 1 and 1.
    pub fn parse(typed: &str) -> Option<Self> {
        let mut text = String::with_capacity(8);
        for c in typed.chars().filter(|c| !matches!(c, ' ' | '-' | '–')) {
            let c = match c.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                c => c,
            };
            if !c.is_ascii() || !ALPHABET.contains(&(c as u8)) || text.len() == 8 {
                return None;
            }
            text.push(c);
        }
        (text.len() == 8).then_some(Self(text))
    }

    /// The eight characters without the hyphen: what is hashed.
    pub fn bare(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", &self.0[..4], &self.0[4..])
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_reads_back_however_it_was_typed() {
        let code = Code::from_random([0x01, 0x23, 0x45, 0x67, 0x89]);
        assert_eq!(code.to_string(), "04HM-ASW9");
        assert_eq!(Code::parse("o4hm asw9"), Some(code.clone()));
        assert_eq!(Code::parse(&code.to_string()), Some(code));
    }

    #[test]
    fn what_is_not_a_code_is_not_read_as_one() {
        for typed in ["", "1234567", "123456789", "1234-567U", "1234-567é", "\u{202e}1234567"] {
            assert_eq!(Code::parse(typed), None, "{typed:?}");
        }
    }

    #[test]
    fn a_code_never_shows_in_debug_output() {
        assert_eq!(format!("{:?}", Code::from_random([7; 5])), "Code(…)");
    }
}

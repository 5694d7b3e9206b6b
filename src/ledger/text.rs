//! The few spellings of bytes and numbers that the formats use. Each value has exactly one spelling; others are refused.

use base64::{Engine, engine::general_purpose::STANDARD};

/// Standard alphabet, padded.
pub fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// `None` unless it is exactly what [`base64()`] writes.
pub fn from_base64(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

/// As [`from_base64`], for values of a known length.
pub fn from_base64_exact<const N: usize>(text: &str) -> Option<[u8; N]> {
    // The check of the length before decoding keeps a long line from being decoded for nothing.
    if text.len() != N.div_ceil(3) * 4 {
        return None;
    }
    from_base64(text)?.try_into().ok()
}

/// Lower case.
pub fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// `None` unless it is exactly `2 × N` lower-case digits.
pub fn from_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let value = |digit: u8| match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    };
    if text.len() != 2 * N {
        return None;
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        if let [high, low] = pair {
            *byte = value(*high)? << 4 | value(*low)?;
        }
    }
    Some(bytes)
}

/// A decimal number without sign or leading zeros.
pub fn decimal(text: &str) -> Option<u64> {
    let plain = text == "0" || (!text.starts_with('0') && text.bytes().all(|digit| digit.is_ascii_digit()));
    if plain { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_has_one_spelling() {
        assert_eq!(from_base64_exact::<1>("AA=="), Some([0]));
        for other in ["AB==", "AA=", "AA", "AA==\n", " AA==", "AAAA"] {
            assert_eq!(from_base64_exact::<1>(other), None, "{other:?}");
        }
        assert_eq!(hex(&[0x0a, 0xff]), "0aff");
        assert_eq!(from_hex::<2>("0aff"), Some([0x0a, 0xff]));
        for other in ["0AFF", "0aff0", "+aff", "0af", "đaf"] {
            assert_eq!(from_hex::<2>(other), None, "{other:?}");
        }
        assert_eq!(decimal("0"), Some(0));
        assert_eq!(decimal("18446744073709551615"), Some(u64::MAX));
        for other in ["", "00", "01", "+1", "-1", "1 ", "18446744073709551616", "１"] {
            assert_eq!(decimal(other), None, "{other:?}");
        }
    }
}

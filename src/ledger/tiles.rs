//! The tree cut into files that never change (<https://c2sp.org/tlog-tiles>): paths and contents.

use super::merkle::Tree;
use super::text::decimal;
use std::fmt;

/// Hashes in a full tile, entries in a full bundle.
pub const FULL: u16 = 256;

/// Tiles stand 8 levels of the tree apart, and no tree has more than 64 levels.
const MAX_LEVEL: u8 = 7;

/// Most groups of three digits in a path: more than any index that 2^64 entries need.
const MAX_GROUPS: usize = 7;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TilePath {
    pub kind: TileKind,
    /// Position among the tiles of its level.
    pub index: u64,
    /// 1 to [`FULL`]; fewer than [`FULL`] for the last, still growing one.
    pub width: u16,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TileKind {
    /// Hashes, `8 × level` levels above the leaves.
    Hashes {
        level: u8,
    },
    Entries,
}

impl TilePath {
    /// Reads `tile/<L>/<N>[.p/<W>]` or `tile/entries/<N>[.p/<W>]`, exactly as `Display` writes it.
    pub fn parse(path: &str) -> Option<Self> {
        let (kind, rest) = path.strip_prefix("tile/")?.split_once('/')?;
        let kind = match kind {
            "entries" => TileKind::Entries,
            level => TileKind::Hashes { level: decimal(level)?.try_into().ok().filter(|level| *level <= MAX_LEVEL)? },
        };
        let (index, width) = match rest.split_once(".p/") {
            Some((index, width)) => (index, decimal(width)?.try_into().ok().filter(|width| (1..FULL).contains(width))?),
            None => (rest, FULL),
        };
        let parsed = Self { kind, index: parse_index(index)?, width };
        // Refuses `x000/001` for `001`.
        (parsed.to_string() == path).then_some(parsed)
    }

    /// The range of leaves, entries or nodes it holds: from, and one past the last.
    pub fn range(&self) -> Option<(u64, u64)> {
        let start = self.index.checked_mul(u64::from(FULL))?;
        Some((start, start.checked_add(u64::from(self.width))?))
    }
}

impl fmt::Display for TilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            TileKind::Hashes { level } => write!(f, "tile/{level}/")?,
            TileKind::Entries => f.write_str("tile/entries/")?,
        }
        let mut groups = vec![format!("{:03}", self.index % 1000)];
        let mut rest = self.index / 1000;
        while rest > 0 {
            groups.push(format!("x{:03}", rest % 1000));
            rest /= 1000;
        }
        groups.reverse();
        f.write_str(&groups.join("/"))?;
        if self.width < FULL { write!(f, ".p/{}", self.width) } else { Ok(()) }
    }
}

/// The tile's bytes from the tree of the first `size` entries; `None` when it does not hold that many nodes.
pub fn tile_bytes(tree: &Tree, size: u64, path: &TilePath) -> Option<Vec<u8>> {
    let TileKind::Hashes { level } = path.kind else {
        return None;
    };
    let height = u32::from(level) * 8;
    let (start, end) = path.range()?;
    let complete = size.min(tree.size()).checked_shr(height)?;
    if end > complete {
        return None;
    }
    let mut bytes = Vec::with_capacity(usize::from(path.width) * 32);
    for index in start..end {
        bytes.extend_from_slice(&tree.node(height, index)?.0);
    }
    Some(bytes)
}

/// An entry bundle: each entry with its length as a big-endian u16 before it. `None` when one is too long.
pub fn bundle_bytes<'a>(entries: impl IntoIterator<Item = &'a [u8]>) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for entry in entries {
        bytes.extend_from_slice(&u16::try_from(entry.len()).ok()?.to_be_bytes());
        bytes.extend_from_slice(entry);
    }
    Some(bytes)
}

/// The entries in an entry bundle; `None` when it ends in the middle of one.
pub fn bundle_entries(mut bytes: &[u8]) -> Option<Vec<&[u8]>> {
    let mut entries = Vec::new();
    while !bytes.is_empty() {
        let (length, rest) = bytes.split_first_chunk::<2>()?;
        let (entry, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
        entries.push(entry);
        bytes = rest;
    }
    Some(entries)
}

fn parse_index(text: &str) -> Option<u64> {
    let groups: Vec<&str> = text.split('/').take(MAX_GROUPS + 1).collect();
    let (last, before) = groups.split_last()?;
    let three = |digits: &str| {
        (digits.len() == 3 && digits.bytes().all(|digit| digit.is_ascii_digit())).then(|| digits.parse::<u64>().ok())?
    };
    let mut index: u64 = 0;
    for group in before {
        index = index.checked_mul(1000)?.checked_add(three(group.strip_prefix('x')?)?)?;
    }
    index.checked_mul(1000)?.checked_add(three(last)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::merkle::{Hash, leaf_hash, node_hash};

    #[test]
    fn paths_are_written_as_the_format_asks() {
        for (path, kind, index, width) in [
            ("tile/0/000", TileKind::Hashes { level: 0 }, 0, 256),
            ("tile/1/x001/x234/067", TileKind::Hashes { level: 1 }, 1_234_067, 256),
            ("tile/entries/x001/000.p/255", TileKind::Entries, 1000, 255),
            ("tile/7/005.p/1", TileKind::Hashes { level: 7 }, 5, 1),
        ] {
            let tile = TilePath { kind, index, width };
            assert_eq!(tile.to_string(), path);
            assert_eq!(TilePath::parse(path), Some(tile));
        }
        for bad in [
            "tile/0/0",
            "tile/0/0000",
            "tile/00/000",
            "tile/8/000",
            "tile/0/x000/001",
            "tile/0/001/002",
            "tile/0/x001",
            "tile/0/000.p/0",
            "tile/0/000.p/256",
            "tile/0/000.p/01",
            "tile/0/000.p/",
            "tile/0/",
            "tile/x/000",
            "/tile/0/000",
            "tile/entries/..",
            "tile/0/+12",
            "tile/0/000/",
            "tile/data/000",
            "",
            "tile/0/x999/x999/x999/x999/x999/x999/999",
            "tile/0/x1/x1/x1/x1/x1/x1/x1/x1/x1/000",
        ] {
            assert_eq!(TilePath::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn tiles_hold_the_nodes_of_their_level() {
        let mut tree = Tree::new();
        tree.extend((0..600u32).map(|n| leaf_hash(&n.to_be_bytes())));
        let bytes = |path: &str, size| tile_bytes(&tree, size, &TilePath::parse(path).unwrap());
        let leaves = bytes("tile/0/001", 600).unwrap();
        assert_eq!(leaves.len(), 256 * 32);
        assert_eq!(leaves[..32], leaf_hash(&256u32.to_be_bytes()).0);
        assert_eq!(bytes("tile/0/002.p/88", 600).unwrap().len(), 88 * 32);
        assert_eq!(bytes("tile/0/002.p/89", 600), None);
        assert_eq!(bytes("tile/0/002.p/88", 599), None);

        let mut level: Vec<Hash> = (0..256u32).map(|n| leaf_hash(&n.to_be_bytes())).collect();
        while level.len() > 1 {
            level = level.chunks(2).map(|pair| node_hash(&pair[0], &pair[1])).collect();
        }
        assert_eq!(bytes("tile/1/000.p/2", 600).unwrap()[..32], level[0].0);
        assert_eq!(bytes("tile/1/000.p/3", 600), None);
    }

    #[test]
    fn entry_bundles_are_read_back() {
        let entries: [&[u8]; 3] = [b"one", b"", b"three"];
        let bytes = bundle_bytes(entries).unwrap();
        assert_eq!(bundle_entries(&bytes).unwrap(), entries);
        assert_eq!(bundle_entries(&bytes[..bytes.len() - 1]), None);
        let long = vec![0; 65_536];
        assert_eq!(bundle_bytes([long.as_slice()]), None);
    }
}

//! A whole record as one file: an uncompressed tar of a README, the key, the entries and all checkpoints. There is exactly one
//! sequence of bytes for a record (fixed order, names, modes and times), and reading refuses every other, so that two exports
//! can be compared and no byte of a bundle means nothing.

use super::entry::MAX_ENTRY_LEN;
use super::note::{MAX_NOTE_LEN, VerifierKey};
use super::text::decimal;
use std::io::{self, Read, Seek, SeekFrom, Write};
use tar::{EntryType, Header};

/// Never changed for this version of the format: bundles made years ago must still be read.
pub const README: &str = include_str!("bundle-README.txt");

const README_NAME: &str = "README.txt";
const KEYS_NAME: &str = "keys.txt";
const ENTRIES_NAME: &str = "entries.jsonl";
const CHECKPOINTS_DIR: &str = "checkpoints/";

/// A verifier key is a name of at most 255 bytes, an id and 44 characters of base64.
const MAX_KEYS_LEN: u64 = 1024;

const BLOCK: usize = 512;

#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    #[error("the bundle cannot be read: {0}")]
    Io(#[from] io::Error),
    #[error("this is not an exported record")]
    NotABundle,
    /// Something that no export writes, at this byte.
    #[error("the bundle is damaged at byte {at}: {what}")]
    Damaged { at: u64, what: &'static str },
}

/// What a bundle holds, in the order it holds it: the key, the entries, the checkpoints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part<'a> {
    /// The text of the checkpoint key.
    Key(&'a str),
    /// An entry's line, without its line feed.
    Entry(&'a str),
    /// A checkpoint's note; `size` is the number its file is named after.
    Checkpoint { size: u64, note: &'a str },
}

/// Writes a record. `entries` are lines without line feeds from number 0 on; `checkpoints` are sizes and notes, sizes rising.
/// `out` must be able to go back, because a tar names a file's length before the file.
pub fn write_bundle<W: Write + Seek>(
    mut out: W,
    key: &VerifierKey,
    entries: impl IntoIterator<Item = io::Result<String>>,
    checkpoints: impl IntoIterator<Item = io::Result<(u64, String)>>,
) -> io::Result<()> {
    write_file(&mut out, README_NAME, README.as_bytes())?;
    write_file(&mut out, KEYS_NAME, format!("{key}\n").as_bytes())?;

    let start = out.stream_position()?;
    out.write_all(&[0; BLOCK])?;
    let mut length = 0;
    for line in entries {
        let line = line?;
        out.write_all(line.as_bytes())?;
        out.write_all(b"\n")?;
        length += line.len() as u64 + 1;
    }
    out.write_all(padding(length))?;
    let end = out.stream_position()?;
    out.seek(SeekFrom::Start(start))?;
    out.write_all(header(ENTRIES_NAME, length)?.as_bytes())?;
    out.seek(SeekFrom::Start(end))?;

    for checkpoint in checkpoints {
        let (size, note) = checkpoint?;
        write_file(&mut out, &checkpoint_name(size), note.as_bytes())?;
    }
    out.write_all(&[0; 2 * BLOCK])?;
    out.flush()
}

/// Reads a bundle from its beginning to its end and hands over its parts; holds one line or note at a time. An error of
/// `on_part` ends the reading.
pub fn read_bundle<R: Read, E: From<BundleError>>(
    reader: R,
    mut on_part: impl FnMut(Part<'_>) -> Result<(), E>,
) -> Result<(), E> {
    let mut tar = TarReader { reader, at: 0 };
    match tar.next_file() {
        Ok(Some(file)) if file.name == README_NAME => {
            if tar.small_file(&file, MAX_NOTE_LEN as u64)? != README {
                return Err(tar.damaged("the README is not the one exports carry").into());
            }
        }
        Err(BundleError::Io(error)) if error.kind() != io::ErrorKind::UnexpectedEof => {
            return Err(BundleError::Io(error).into());
        }
        _ => return Err(BundleError::NotABundle.into()),
    }

    let file = tar.expect_file(KEYS_NAME)?;
    let keys = tar.small_file(&file, MAX_KEYS_LEN)?;
    let key = keys.strip_suffix('\n').ok_or_else(|| tar.damaged("keys.txt does not end in a line feed"))?;
    on_part(Part::Key(key))?;

    let file = tar.expect_file(ENTRIES_NAME)?;
    tar.lines(&file, |line| on_part(Part::Entry(line)))?;

    let mut before = None;
    while let Some(file) = tar.next_file()? {
        let size = file.name.strip_prefix(CHECKPOINTS_DIR).map(|name| name.trim_start_matches('0')).and_then(decimal);
        let size = size.filter(|size| checkpoint_name(*size) == file.name && Some(*size) > before);
        let size = size.ok_or_else(|| tar.damaged("a file stands where it does not belong"))?;
        let note = tar.small_file(&file, MAX_NOTE_LEN as u64)?;
        on_part(Part::Checkpoint { size, note: &note })?;
        before = Some(size);
    }
    Ok(tar.end()?)
}

/// Sixteen digits hold every size below 2^53 and sort as text.
fn checkpoint_name(size: u64) -> String {
    format!("{CHECKPOINTS_DIR}{size:016}")
}

fn header(name: &str, length: u64) -> io::Result<Header> {
    let mut header = Header::new_gnu();
    header.set_path(name)?;
    header.set_entry_type(EntryType::Regular);
    header.set_mode(0o644);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mtime(0);
    header.set_size(length);
    header.set_cksum();
    Ok(header)
}

fn padding(length: u64) -> &'static [u8] {
    let over = (length % BLOCK as u64) as usize;
    const ZEROS: [u8; BLOCK] = [0; BLOCK];
    if over == 0 { &[] } else { ZEROS.get(over..).unwrap_or_default() }
}

fn write_file<W: Write>(out: &mut W, name: &str, content: &[u8]) -> io::Result<()> {
    out.write_all(header(name, content.len() as u64)?.as_bytes())?;
    out.write_all(content)?;
    out.write_all(padding(content.len() as u64))
}

struct File {
    name: String,
    length: u64,
}

/// Reads only tars that [`write_bundle`] could have written. A general reader would skip what it does not know.
struct TarReader<R> {
    reader: R,
    at: u64,
}

impl<R: Read> TarReader<R> {
    /// The next file's header; `None` at the first of the two empty blocks at the end.
    fn next_file(&mut self) -> Result<Option<File>, BundleError> {
        let mut block = [0; BLOCK];
        self.fill(&mut block)?;
        if block == [0; BLOCK] {
            return Ok(None);
        }
        let found = Header::from_byte_slice(&block);
        let name = found.path().ok().and_then(|path| path.to_str().map(str::to_owned));
        let (Some(name), Ok(length)) = (name, found.entry_size()) else {
            return Err(self.damaged("not a file's header"));
        };
        match header(&name, length) {
            Ok(expected) if expected.as_bytes() == &block => Ok(Some(File { name, length })),
            _ => Err(self.damaged("not a header as exports write it")),
        }
    }

    fn expect_file(&mut self, name: &str) -> Result<File, BundleError> {
        match self.next_file()? {
            Some(file) if file.name == name => Ok(file),
            _ => Err(self.damaged("another file was expected here")),
        }
    }

    fn small_file(&mut self, file: &File, limit: u64) -> Result<String, BundleError> {
        if file.length > limit {
            return Err(self.damaged("a file is too long"));
        }
        let mut content = vec![0; file.length as usize];
        self.fill(&mut content)?;
        self.skip_padding(file.length)?;
        String::from_utf8(content).map_err(|_| self.damaged("text is not UTF-8"))
    }

    fn lines<E: From<BundleError>>(
        &mut self,
        file: &File,
        mut on_line: impl FnMut(&str) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut rest = file.length;
        let mut pending: Vec<u8> = Vec::new();
        let mut chunk = vec![0; 64 * 1024];
        while rest > 0 {
            let length = rest.min(chunk.len() as u64) as usize;
            let chunk = chunk.get_mut(..length).unwrap_or_default();
            self.fill(chunk)?;
            rest -= length as u64;
            for piece in chunk.split_inclusive(|byte| *byte == b'\n') {
                pending.extend_from_slice(piece);
                if pending.len() > MAX_ENTRY_LEN + 1 {
                    return Err(self.damaged("a line is too long").into());
                }
                if let Some(line) = pending.strip_suffix(b"\n") {
                    let line = std::str::from_utf8(line).map_err(|_| self.damaged("text is not UTF-8"))?;
                    on_line(line)?;
                    pending.clear();
                }
            }
        }
        if !pending.is_empty() {
            return Err(self.damaged("the last line has no end").into());
        }
        Ok(self.skip_padding(file.length)?)
    }

    fn skip_padding(&mut self, length: u64) -> Result<(), BundleError> {
        let mut rest = vec![0; padding(length).len()];
        self.fill(&mut rest)?;
        if rest.iter().all(|byte| *byte == 0) {
            Ok(())
        } else {
            Err(self.damaged("something stands between two files"))
        }
    }

    /// After the first empty block there is one more, and nothing else.
    fn end(&mut self) -> Result<(), BundleError> {
        let mut block = [0; BLOCK];
        self.fill(&mut block)?;
        let mut more = [0; 1];
        if block != [0; BLOCK] || self.reader.read(&mut more)? != 0 {
            return Err(self.damaged("something stands after the end"));
        }
        Ok(())
    }

    fn fill(&mut self, buffer: &mut [u8]) -> Result<(), BundleError> {
        match self.reader.read_exact(buffer) {
            Ok(()) => {
                self.at += buffer.len() as u64;
                Ok(())
            }
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Err(self.damaged("it ends too early")),
            Err(error) => Err(error.into()),
        }
    }

    fn damaged(&self, what: &'static str) -> BundleError {
        BundleError::Damaged { at: self.at, what }
    }
}

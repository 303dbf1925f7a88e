//! A small ISO 9660 image with Joliet names, for files in one folder.
//!
//! Written here because a seed is two short files, and no program for it is on every host.

const SECTOR: usize = 2048;
const ISO_TABLES: u32 = 19;
const JOLIET_TABLES: u32 = 21;
const ISO_ROOT: u32 = 23;
const JOLIET_ROOT: u32 = 24;
const FIRST_FILE: u32 = 25;
/// The shortest image: busybox looks for other file systems further on and gives up where the disk ends first.
const LEAST_SECTORS: u32 = 256;
const FOLDER: u8 = 2;
/// The length of a path table that names the root alone.
const TABLE_BYTES: u32 = 10;
/// The first of January 2000, so that equal seeds are equal files.
const DATE: [u8; 7] = [100, 1, 1, 0, 0, 0, 0];

struct Entry<'a> {
    name: &'a str,
    place: u32,
    bytes: &'a [u8],
}

/// The whole image. Names are ASCII and the folder's records fit one sector, as those of a seed do.
pub(super) fn image(label: &str, files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut place = FIRST_FILE;
    let entries: Vec<Entry<'_>> = files
        .iter()
        .map(|&(name, bytes)| {
            let entry = Entry { name, place, bytes };
            place += sectors(bytes);
            entry
        })
        .collect();

    let total = place.max(LEAST_SECTORS);
    let mut image = vec![0; 16 * SECTOR];
    image.extend(descriptor(
        1,
        label.as_bytes(),
        b"",
        ISO_TABLES,
        ISO_ROOT,
        total,
    ));
    image.extend(descriptor(
        2,
        &wide(label),
        b"%/E",
        JOLIET_TABLES,
        JOLIET_ROOT,
        total,
    ));
    image.extend(sector(b"\xffCD001\x01"));
    for root in [ISO_ROOT, JOLIET_ROOT] {
        image.extend(sector(&path_table(root.to_le_bytes(), 1_u16.to_le_bytes())));
        image.extend(sector(&path_table(root.to_be_bytes(), 1_u16.to_be_bytes())));
    }
    image.extend(sector(&folder(ISO_ROOT, &entries, |name| {
        short(name).into_bytes()
    })));
    image.extend(sector(&folder(JOLIET_ROOT, &entries, wide)));
    for entry in &entries {
        image.extend_from_slice(entry.bytes);
        image.resize(image.len().next_multiple_of(SECTOR), 0);
    }
    image.resize(total as usize * SECTOR, 0);
    image
}

fn descriptor(
    kind: u8,
    label: &[u8],
    escape: &[u8],
    tables: u32,
    root: u32,
    total: u32,
) -> Vec<u8> {
    let mut bytes = sector(&[&[kind], b"CD001".as_slice(), &[1]].concat());
    let mut put =
        |offset: usize, value: &[u8]| bytes[offset..offset + value.len()].copy_from_slice(value);
    let blank = if escape.is_empty() {
        b" ".repeat(32)
    } else {
        b"\0 ".repeat(16)
    };
    put(8, &blank);
    put(40, &blank);
    put(40, label);
    put(80, &both32(total));
    put(88, escape);
    put(120, &both16(1));
    put(124, &both16(1));
    put(128, &both16(2048));
    put(132, &both32(TABLE_BYTES));
    put(140, &tables.to_le_bytes());
    put(148, &(tables + 1).to_be_bytes());
    put(156, &record(&[0], root, 2048, FOLDER));
    for offset in [813, 830, 847, 864] {
        put(offset, &[b'0'; 16]);
    }
    put(881, &[1]);
    bytes
}

fn path_table(root: [u8; 4], parent: [u8; 2]) -> Vec<u8> {
    [&[1, 0], root.as_slice(), &parent, &[0, 0]].concat()
}

fn folder(root: u32, entries: &[Entry<'_>], encode: impl Fn(&str) -> Vec<u8>) -> Vec<u8> {
    let mut bytes = record(&[0], root, 2048, FOLDER);
    bytes.extend(record(&[1], root, 2048, FOLDER));
    for entry in entries {
        bytes.extend(record(
            &encode(entry.name),
            entry.place,
            length(entry.bytes),
            0,
        ));
    }
    bytes
}

fn record(name: &[u8], place: u32, length: u32, flags: u8) -> Vec<u8> {
    let mut bytes = vec![0, 0];
    bytes.extend(both32(place));
    bytes.extend(both32(length));
    bytes.extend(DATE);
    bytes.extend([flags, 0, 0]);
    bytes.extend(both16(1));
    bytes.push(u8::try_from(name.len()).unwrap_or(u8::MAX));
    bytes.extend(name);
    bytes.resize(bytes.len().next_multiple_of(2), 0);
    bytes[0] = u8::try_from(bytes.len()).unwrap_or(u8::MAX);
    bytes
}

fn sector(start: &[u8]) -> Vec<u8> {
    let mut bytes = start.to_vec();
    bytes.resize(SECTOR, 0);
    bytes
}

fn length(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.len()).unwrap_or(u32::MAX)
}

fn sectors(bytes: &[u8]) -> u32 {
    length(bytes).div_ceil(2048)
}

/// The name for readers that know no Joliet: `meta-data` is `META_DAT.;1`.
fn short(name: &str) -> String {
    let letters = name.chars().take(8);
    let mapped = letters.map(|letter| {
        if letter.is_ascii_alphanumeric() {
            letter.to_ascii_uppercase()
        } else {
            '_'
        }
    });
    mapped.chain(".;1".chars()).collect()
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_be_bytes).collect()
}

fn both16(value: u16) -> Vec<u8> {
    [value.to_le_bytes(), value.to_be_bytes()].concat()
}

fn both32(value: u32) -> Vec<u8> {
    [value.to_le_bytes(), value.to_be_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::{SECTOR, image};

    #[test]
    fn files_lie_where_the_records_say() {
        let long = vec![7; 3000];
        let image = image("cidata", &[("meta-data", &long), ("user-data", b"x")]);
        assert_eq!(image.len(), 256 * SECTOR);
        assert_eq!(&image[16 * SECTOR + 1..][..5], b"CD001");
        assert_eq!(&image[16 * SECTOR + 40..][..7], b"cidata ");
        assert_eq!(image[25 * SECTOR], 7);
        assert_eq!(image[27 * SECTOR], b'x');
    }
}

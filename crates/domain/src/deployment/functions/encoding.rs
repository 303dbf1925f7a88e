//! Functions that hash, encode and decode.

use std::fmt::Write as _;

use serde_json::Value;
use uuid::Uuid;

use super::Arguments;
use crate::deployment::fault::{Fault, Outcome, wanted};

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const BASE32: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

pub(super) fn call(arguments: &Arguments<'_>) -> Option<Outcome<Value>> {
    Some(match arguments.name {
        "uniquestring" => unique_string(arguments),
        "guid" => guid(arguments),
        "base64" => texted(arguments, |text| Ok(Value::String(encode(text.as_bytes())))),
        "base64tostring" => texted(arguments, |text| decode(text).map(Value::String)),
        "base64tojson" => texted(arguments, |text| parse(&decode(text)?)),
        "json" => texted(arguments, parse),
        "uricomponent" => texted(arguments, |text| Ok(Value::String(escape(text)))),
        "uri" => uri(arguments),
        _ => return None,
    })
}

fn texted(arguments: &Arguments<'_>, make: impl Fn(&str) -> Outcome<Value>) -> Outcome<Value> {
    arguments.count(1, 1)?;
    make(arguments.text(0)?)
}

/// Thirteen signs that are always the same for the same texts. The modelled service's own are not to be had: how it makes
/// them is not published.
fn unique_string(arguments: &Arguments<'_>) -> Outcome<Value> {
    arguments.count(1, usize::MAX)?;
    let mut hash = hash(&arguments.written()?.join("-"), 0);
    let mut found = String::with_capacity(13);
    for _ in 0..13 {
        found.push(char::from(
            BASE32[usize::try_from(hash & 31).unwrap_or_default()],
        ));
        hash = hash.rotate_right(5);
    }
    Ok(Value::String(found))
}

/// An id that is always the same for the same texts.
fn guid(arguments: &Arguments<'_>) -> Outcome<Value> {
    arguments.count(1, usize::MAX)?;
    let text = arguments.written()?.join("-");
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&hash(&text, 1).to_be_bytes());
    bytes[8..].copy_from_slice(&hash(&text, 2).to_be_bytes());
    let id = uuid::Builder::from_custom_bytes(bytes).into_uuid();
    Ok(Value::String(Uuid::to_string(&id)))
}

/// FNV-1a over a salt and a text, stirred at the end so that every bit depends on every sign.
fn hash(text: &str, salt: u8) -> u64 {
    let bytes = std::iter::once(salt).chain(text.bytes());
    let mut hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ (hash >> 33)
}

fn encode(bytes: &[u8]) -> String {
    let mut found = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let at = |index: usize| u32::from(chunk.get(index).copied().unwrap_or_default());
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        for place in 0..4 {
            let six = usize::try_from(bits >> (18 - 6 * place) & 63).unwrap_or_default();
            found.push(if place <= chunk.len() {
                char::from(BASE64[six])
            } else {
                '='
            });
        }
    }
    found
}

fn decode(text: &str) -> Outcome<String> {
    let bad = || Fault::new("The text is not base64 of a text.");
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut held) = (0_u32, 0_u32);
    for sign in text.trim_end_matches('=').bytes() {
        let six = BASE64
            .iter()
            .position(|known| *known == sign)
            .ok_or_else(bad)?;
        bits = bits << 6 | u32::try_from(six).unwrap_or_default();
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from(bits >> held & 0xff).unwrap_or_default());
            bits &= (1 << held) - 1;
        }
    }
    String::from_utf8(bytes).map_err(|_| bad())
}

fn parse(text: &str) -> Outcome<Value> {
    serde_json::from_str(text)
        .map_err(|error| Fault::new(format!("The text is not JSON: {error}.")))
}

fn escape(text: &str) -> String {
    let mut found = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            found.push(char::from(byte));
        } else {
            // Writing to a text can't fail.
            let _ = write!(found, "%{byte:02X}");
        }
    }
    found
}

/// An address below another one.
fn uri(arguments: &Arguments<'_>) -> Outcome<Value> {
    arguments.count(2, 2)?;
    let (base, below) = (arguments.text(0)?, arguments.text(1)?);
    let (Some(host), Some(end)) = (base.find("://"), base.rfind('/')) else {
        return Err(wanted("uri", "a full address as argument 1"));
    };
    let folder = if end > host + 2 { &base[..=end] } else { base };
    let slash = if folder.ends_with('/') { "" } else { "/" };
    Ok(Value::String(format!(
        "{folder}{slash}{}",
        below.trim_start_matches('/')
    )))
}

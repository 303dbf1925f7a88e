//! Every way in which an upload may be a program for qemu-img, made by hand.

use std::fs::OpenOptions;
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::time::Duration;

use engine::{DiskFormat, EngineError, Watch};

use crate::support::{Place, names, run, text};

const MIB: u64 = 1 << 20;

fn patch(path: &Path, offset: u64, bytes: &[u8]) {
    OpenOptions::new()
        .write(true)
        .open(path)
        .unwrap()
        .write_all_at(bytes, offset)
        .unwrap();
}

fn cut(path: &Path, length: u64) {
    OpenOptions::new()
        .write(true)
        .open(path)
        .unwrap()
        .set_len(length)
        .unwrap();
}

/// A disk of 8 MiB with a megabyte of data near its end.
fn disk(place: &Place, format: &str, options: &[&str]) -> std::path::PathBuf {
    let raw = place.write("data.raw", &vec![0; 8 * MIB as usize]);
    patch(&raw, 6 * MIB, &vec![0x5a; MIB as usize]);
    let path = place.path(&format!("upload.{format}"));
    let mut arguments = vec!["convert", "-f", "raw", "-O", format];
    arguments.extend(options);
    arguments.extend([text(&raw), text(&path)]);
    run("qemu-img", &arguments);
    path
}

async fn refusal(place: &Place, path: &Path, format: DiskFormat) -> &'static str {
    let target = place.engine.staging_dir().join("imported.qcow2");
    let probed = place.engine.disks().probe(path, format).await;
    let imported = place
        .engine
        .disks()
        .import(path, format, &target, &Watch::silent())
        .await;
    assert_eq!(
        names(&place.engine.staging_dir()),
        [""; 0],
        "a refused disk leaves nothing"
    );
    match (probed, imported) {
        (Err(EngineError::Refused { code, .. }), Err(EngineError::Refused { code: again, .. })) => {
            assert_eq!(code, again);
            code
        }
        (Ok(_), Err(EngineError::Refused { code, .. })) => code,
        other => panic!("{} was not refused: {other:?}", path.display()),
    }
}

#[tokio::test]
async fn a_backing_file_is_refused_by_whatever_name() {
    for name in [
        "/etc/shadow",
        "json:{\"driver\":\"file\",\"filename\":\"/etc/shadow\"}",
        "nbd://127.0.0.1:1/x",
    ] {
        let place = Place::new();
        let path = disk(&place, "qcow2", &[]);
        patch(&path, 8, &400_u64.to_be_bytes());
        patch(&path, 16, &u32::try_from(name.len()).unwrap().to_be_bytes());
        patch(&path, 400, name.as_bytes());
        assert_eq!(
            refusal(&place, &path, DiskFormat::Qcow2).await,
            "DiskHasBackingFile"
        );
    }
}

#[tokio::test]
async fn an_external_data_file_is_refused() {
    let place = Place::new();
    let (path, data) = (place.path("upload.qcow2"), place.path("outside.raw"));
    let options = format!("data_file={},data_file_raw=on", data.display());
    run(
        "qemu-img",
        &[
            "create",
            "-q",
            "-f",
            "qcow2",
            "-o",
            &options,
            text(&path),
            "8M",
        ],
    );
    assert_eq!(
        refusal(&place, &path, DiskFormat::Qcow2).await,
        "DiskHasDataFile"
    );
}

#[tokio::test]
async fn an_encrypted_disk_is_refused() {
    let place = Place::new();
    let path = place.path("upload.qcow2");
    let secret = "secret,id=key,data=open sesame";
    let options = "encrypt.format=luks,encrypt.key-secret=key,encrypt.iter-time=10";
    run(
        "qemu-img",
        &[
            "create",
            "-q",
            "--object",
            secret,
            "-f",
            "qcow2",
            "-o",
            options,
            text(&path),
            "8M",
        ],
    );
    assert_eq!(
        refusal(&place, &path, DiskFormat::Qcow2).await,
        "DiskEncrypted"
    );
}

#[tokio::test]
async fn absurd_sizes_are_refused_before_conversion() {
    let place = Place::new();
    let path = disk(&place, "qcow2", &[]);
    patch(&path, 24, &(4_u64 << 50).to_be_bytes());
    assert!(
        ["DiskTooLarge", "DiskUnreadable"]
            .contains(&refusal(&place, &path, DiskFormat::Qcow2).await)
    );

    let large = place.path("large.qcow2");
    run(
        "qemu-img",
        &["create", "-q", "-f", "qcow2", text(&large), "2T"],
    );
    assert_eq!(
        refusal(&place, &large, DiskFormat::Qcow2).await,
        "DiskTooLarge"
    );

    let small = Place::with(|config| config.import.max_upload_bytes = MIB);
    let raw = small.write("upload.raw", &vec![1; 2 * MIB as usize]);
    assert_eq!(refusal(&small, &raw, DiskFormat::Raw).await, "DiskTooLarge");
}

#[tokio::test]
async fn disks_of_no_size_are_refused() {
    let place = Place::new();
    let empty = place.write("empty.raw", b"");
    assert_eq!(refusal(&place, &empty, DiskFormat::Raw).await, "DiskEmpty");
    let none = place.path("none.qcow2");
    run(
        "qemu-img",
        &["create", "-q", "-f", "qcow2", text(&none), "0"],
    );
    assert_eq!(refusal(&place, &none, DiskFormat::Qcow2).await, "DiskEmpty");
}

#[tokio::test]
async fn truncated_disks_are_refused() {
    for (format, name) in [
        (DiskFormat::Qcow2, "qcow2"),
        (DiskFormat::Vpc, "vpc"),
        (DiskFormat::Vhdx, "vhdx"),
        (DiskFormat::Vmdk, "vmdk"),
    ] {
        let place = Place::new();
        let path = disk(&place, name, &[]);
        let length = path.metadata().unwrap().len();
        cut(&path, length - 600_000);
        let code = refusal(&place, &path, format).await;
        assert!(
            ["DiskTruncated", "DiskCorrupt", "DiskUnreadable"].contains(&code),
            "{name}: {code}"
        );
    }
    let place = Place::new();
    let raw = place.write("odd.raw", &[1; 1000]);
    assert_eq!(
        refusal(&place, &raw, DiskFormat::Raw).await,
        "DiskTruncated"
    );
    let fixed = disk(&place, "vpc", &["-o", "subformat=fixed"]);
    cut(&fixed, fixed.metadata().unwrap().len() - 512);
    assert_eq!(
        refusal(&place, &fixed, DiskFormat::Vpc).await,
        "DiskFormatMismatch"
    );
}

#[tokio::test]
async fn a_vmdk_that_names_files_of_the_host_is_refused() {
    let place = Place::new();
    let descriptor = "# Disk DescriptorFile\nversion=1\nCID=1\nparentCID=ffffffff\ncreateType=\"monolithicFlat\"\n\
                      RW 8 FLAT \"/etc/shadow\" 0\n";
    let path = place.write("words.vmdk", descriptor.as_bytes());
    assert_eq!(
        refusal(&place, &path, DiskFormat::Vmdk).await,
        "DiskHasDataFile"
    );

    // The same descriptor inside a sparse disk without capacity, which QEMU would follow.
    let path = disk(&place, "vmdk", &[]);
    patch(&path, 12, &0_u64.to_le_bytes());
    patch(&path, 512, descriptor.as_bytes());
    assert_eq!(
        refusal(&place, &path, DiskFormat::Vmdk).await,
        "DiskHasDataFile"
    );
}

#[tokio::test]
async fn damaged_tables_are_refused() {
    let place = Place::new();
    let path = disk(&place, "qcow2", &[]);
    let bytes = std::fs::read(&path).unwrap();
    let l1 = u64::from_be_bytes(bytes[40..48].try_into().unwrap());
    patch(
        &path,
        l1,
        &(0x8000_0000_0000_0000_u64 | (1 << 40)).to_be_bytes(),
    );
    let code = refusal(&place, &path, DiskFormat::Qcow2).await;
    assert!(["DiskCorrupt", "DiskUnreadable"].contains(&code), "{code}");
}

#[tokio::test]
async fn a_format_is_believed_or_refused_but_never_guessed() {
    let place = Place::new();
    let qcow2 = disk(&place, "qcow2", &[]);
    for format in [DiskFormat::Vpc, DiskFormat::Vhdx, DiskFormat::Vmdk] {
        assert_eq!(refusal(&place, &qcow2, format).await, "DiskFormatMismatch");
    }
    let length = qcow2.metadata().unwrap().len().next_multiple_of(512);
    cut(&qcow2, length);
    let facts = place
        .engine
        .disks()
        .probe(&qcow2, DiskFormat::Raw)
        .await
        .unwrap();
    assert_eq!(
        facts.virtual_bytes, length,
        "raw stays raw though it looks like qcow2"
    );
}

#[tokio::test]
async fn links_and_devices_are_refused() {
    let place = Place::new();
    let link = place.path("link.raw");
    std::os::unix::fs::symlink("/etc/hostname", &link).unwrap();
    assert_eq!(
        refusal(&place, &link, DiskFormat::Raw).await,
        "DiskUnsupported"
    );
    assert_eq!(
        refusal(&place, Path::new("/dev/zero"), DiskFormat::Raw).await,
        "DiskUnsupported"
    );
}

#[tokio::test]
async fn a_disk_that_takes_too_long_is_refused() {
    let place = Place::with(|config| config.import.timeout = Duration::from_millis(1));
    let path = disk(&place, "qcow2", &[]);
    assert_eq!(
        refusal(&place, &path, DiskFormat::Qcow2).await,
        "DiskTooCostly"
    );
}

#[tokio::test]
async fn every_accepted_format_arrives_byte_for_byte() {
    for (format, name, options) in [
        (
            DiskFormat::Qcow2,
            "qcow2",
            &["-c", "-o", "compression_type=zstd"][..],
        ),
        (DiskFormat::Raw, "raw", &[]),
        (
            DiskFormat::Vpc,
            "vpc",
            &["-o", "subformat=dynamic,force_size=on"],
        ),
        (
            DiskFormat::Vpc,
            "vpc",
            &["-o", "subformat=fixed,force_size=on"],
        ),
        (DiskFormat::Vhdx, "vhdx", &[]),
        (
            DiskFormat::Vmdk,
            "vmdk",
            &["-o", "subformat=monolithicSparse"],
        ),
        (
            DiskFormat::Vmdk,
            "vmdk",
            &["-o", "subformat=streamOptimized"],
        ),
    ] {
        let place = Place::new();
        let path = disk(&place, name, options);
        let target = place.engine.staging_dir().join("imported.qcow2");
        let facts = place
            .engine
            .disks()
            .import(&path, format, &target, &Watch::silent())
            .await
            .unwrap();
        assert_eq!(facts.virtual_bytes, 8 * MIB, "{name} {options:?}");
        assert!(
            facts.actual_bytes < 3 * MIB,
            "{name} {options:?}: holes stay holes"
        );
        let original = place.path("data.raw");
        run(
            "qemu-img",
            &[
                "compare",
                "-f",
                "raw",
                "-F",
                "qcow2",
                text(&original),
                text(&target),
            ],
        );
        assert_eq!(names(&place.engine.staging_dir()), ["imported.qcow2"]);
    }
}

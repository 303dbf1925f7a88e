//! The engine's two long copies as a program, so that `./dev bench` can hold them against `cp` and `qemu-img convert`.
//!
//! `disk replicate <file> <folder>` puts a file into a store and copies it from there to a second region, as every
//! replication does; `disk flatten <qcow2> <folder>` writes a chain of layers as one disk. Both print the seconds that
//! the copy to be measured took, and remove what they made.

use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use engine::{
    AcceleratorChoice, Engine, EngineConfig, NetworkMode, QemuHypervisor, RegionStoreConfig, Watch,
};

const KEY: &str = "images/bench/os.qcow2";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [task, source, folder] = arguments.as_slice() else {
        return Err("usage: disk replicate|flatten <file> <folder>".into());
    };
    let (source, folder) = (Path::new(source), Path::new(folder));
    let engine = open(folder)?;
    let seconds = match task.as_str() {
        "replicate" => replicate(&engine, source).await?,
        "flatten" => flatten(&engine, source).await?,
        other => return Err(format!("{other}: there are replicate and flatten").into()),
    };
    println!("{seconds}");
    Ok(())
}

fn open(folder: &Path) -> Result<Engine, Box<dyn Error>> {
    let regions = ["from", "to"].map(|region| RegionStoreConfig {
        region: region.to_owned(),
        path: folder.join(region),
    });
    let config = EngineConfig::new(folder.join("data"), regions.into());
    let hypervisor = QemuHypervisor::new(
        &config.data_dir,
        &config.qemu_system,
        AcceleratorChoice::Emulation,
        NetworkMode::Isolated,
    );
    Ok(Engine::open(config, Arc::new(hypervisor))?)
}

async fn replicate(engine: &Engine, source: &Path) -> Result<f64, Box<dyn Error>> {
    let (stores, watch) = (engine.stores(), Watch::silent());
    let checksum = match stores.local_path("from", KEY).await {
        Ok(path) => engine.disks().checksum(&path, &watch).await?,
        Err(_) => stores.put("from", KEY, source, &watch).await?,
    };
    let start = Instant::now();
    stores
        .copy(("from", KEY), ("to", KEY), &checksum, &watch)
        .await?;
    let seconds = start.elapsed().as_secs_f64();
    stores.delete("to", KEY).await?;
    Ok(seconds)
}

async fn flatten(engine: &Engine, source: &Path) -> Result<f64, Box<dyn Error>> {
    let target = engine.staging_dir().join("flat.qcow2");
    let start = Instant::now();
    engine
        .disks()
        .flatten(source, &target, &Watch::silent())
        .await?;
    let seconds = start.elapsed().as_secs_f64();
    std::fs::remove_file(&target)?;
    Ok(seconds)
}

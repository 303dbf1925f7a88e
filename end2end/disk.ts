// Disks that journeys upload.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** An empty disk as qemu-img makes it. */
export function disk(format: string, size: string): Buffer {
  const folder = mkdtempSync(join(tmpdir(), "vitrine-disk-"));
  try {
    const file = join(folder, "disk");
    const made = spawnSync("qemu-img", ["create", "-q", "-f", format, file, size]);
    if (made.status !== 0) throw new Error(String(made.stderr));
    return readFileSync(file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

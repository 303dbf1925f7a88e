// Starts the server under test before the first journey, and stops it after the last one.
//
// `./dev test` names the server in VITRINE_BINARY and the base image in VITRINE_BASE_IMAGE. The server gets a data
// folder of its own and a free port of the loopback; its log is test-results/server.log. A journey has its address as the
// fixture `baseURL`, and the accounts of its demo organisation in the data folder as the fixture `people`.
import { spawn, type ChildProcess } from "node:child_process";
import { constants, copyFileSync, createWriteStream, mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync } from "node:fs";
import { request } from "node:https";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

const PATIENCE_MS = 60_000;
const GRACE_MS = 20_000;

export default async function startServer(): Promise<() => Promise<void>> {
  const binary = process.env.VITRINE_BINARY;
  const image = process.env.VITRINE_BASE_IMAGE;
  if (!binary || !image) {
    throw new Error("VITRINE_BINARY or VITRINE_BASE_IMAGE is not set: use `./dev test --only build,journeys`");
  }

  const data = mkdtempSync(join(tmpdir(), "vitrine-journeys-"));
  mkdirSync(join(data, "base-image"));
  copyFileSync(image, join(data, "base-image", "base.qcow2"), constants.COPYFILE_FICLONE);
  const port = await freePort();
  // A name, not a number: browsers make passkeys for names alone.
  const url = `https://localhost:${port}`;
  mkdirSync("test-results", { recursive: true });
  const log = createWriteStream(join("test-results", "server.log"));

  // The kernel stops the server should this process die without a chance to.
  const server = spawn("setpriv", ["--pdeathsig", "TERM", "--", binary, "serve", "--demo"], {
    env: {
      PATH: process.env.PATH,
      VITRINE_DATA__FOLDER: data,
      VITRINE_SERVER__LISTEN: `127.0.0.1:${port}`,
      VITRINE_SERVER__PUBLIC_URL: `${url}/`,
      // The providers of the journeys are on this host.
      VITRINE_IDENTITY__PROVIDER_REACH: "loopback",
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  server.stdout?.pipe(log);
  server.stderr?.pipe(log);
  const stop = async () => {
    await stopServer(server);
    stopMachines(data);
    rmSync(data, { recursive: true, force: true });
  };

  try {
    await untilReady(`${url}/readyz`, server);
  } catch (error) {
    await stop();
    throw error;
  }
  process.env.VITRINE_URL = url;
  process.env.VITRINE_DATA = data;
  return stop;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const listener = createServer();
    listener.once("error", reject);
    listener.listen(0, "127.0.0.1", () => {
      const { port } = listener.address() as AddressInfo;
      listener.close(() => resolve(port));
    });
  });
}

async function untilReady(url: string, server: ChildProcess): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while ((await statusOf(url)) !== 200) {
    if (server.exitCode !== null) throw new Error(`the server ended with ${server.exitCode}: see test-results/server.log`);
    if (Date.now() > end) throw new Error(`the server is not ready after ${PATIENCE_MS / 1000} s: see test-results/server.log`);
    await pause(200);
  }
}

/** The status of a GET, or 0 while nobody answers. */
function statusOf(url: string): Promise<number> {
  return new Promise((resolve) => {
    const question = request(url, { rejectUnauthorized: false, timeout: 2000 }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    question.on("timeout", () => question.destroy());
    question.on("error", () => resolve(0));
    question.end();
  });
}

/** Asks the server to end as an operator would, and insists when it does not. */
async function stopServer(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = new Promise((resolve) => server.once("exit", resolve));
  server.kill("SIGTERM");
  const isEnded = await Promise.race([ended.then(() => true), pause(GRACE_MS, false)]);
  if (!isEnded) {
    server.kill("SIGKILL");
    await ended;
    throw new Error(`the server did not end within ${GRACE_MS / 1000} s of SIGTERM`);
  }
}

/** Machines outlive their server by design; those of this run are told by their working folder. */
function stopMachines(data: string): void {
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      if (readlinkSync(`/proc/${pid}/cwd`).startsWith(`${data}/`)) process.kill(Number(pid), "SIGKILL");
    } catch {
      // It ended while we looked, or is somebody else's.
    }
  }
}

// Sends disks to a gallery in pieces: goes on where it stopped, shows how far it is, and makes the version at the end.
//
// The page has a form `[data-upload]`, whose value is the address of the server function that makes the version, and
// `#upload-progress` to show the files in. A browser without script sends the same form whole.

/** A piece is what an interruption may cost; the server keeps every piece that arrived. */
const PIECE_BYTES = 8 << 20;
const TRIES = 8;
const LONGEST_PAUSE_MS = 15_000;

/** An upload as the server shows it. */
interface Upload {
  id: string;
  receivedBytes: number;
  checksum: string | null;
}

interface Violation {
  code: string;
  target: string;
}

/** Why the server refused. */
interface Problem {
  message: string;
  details?: Violation[];
}

class Refused extends Error {
  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}

/** Answers that another attempt may better: too many requests, a conflict of offsets, a server that restarts. */
const isPassing = (status: number) => status === 408 || status === 409 || status === 429 || status >= 500;

async function ask(url: string, init: RequestInit): Promise<Response> {
  const answer = await fetch(url, { ...init, headers: { accept: "application/json", ...init.headers } });
  if (answer.ok) return answer;
  const body = (await answer.json().catch(() => ({}))) as { error?: Problem } & Partial<Problem>;
  throw new Refused(body.error?.message ?? body.message ?? `The server answered ${answer.status}.`, answer.status);
}

/** One file on its way, with its bar on the page. */
class Sending {
  private readonly key: string;
  private readonly bar = document.createElement("progress");
  private readonly note = document.createElement("span");
  private readonly facts = document.createElement("dl");
  private readonly checksum = document.createElement("dd");
  id: string | undefined;

  constructor(
    private readonly file: File,
    private readonly gallery: string,
    private readonly wanted: string,
    place: HTMLElement,
  ) {
    this.key = `upload ${gallery} ${file.name} ${file.size} ${file.lastModified}`;
    const label = document.createElement("span");
    label.className = "progress-label";
    const name = document.createElement("span");
    name.textContent = file.name;
    this.note.className = "num";
    label.append(name, this.note);
    this.bar.max = 100;
    this.bar.setAttribute("aria-label", `Upload of ${file.name}`);
    const term = document.createElement("dt");
    term.textContent = "SHA-256";
    this.checksum.className = "mono";
    this.facts.className = "facts";
    this.facts.hidden = true;
    this.facts.append(term, this.checksum);
    const row = document.createElement("div");
    row.className = "progress";
    row.append(label, this.bar);
    place.append(row, this.facts);
  }

  /** Sends what the server does not have yet; gives the upload's id once it has everything. */
  async send(signal: AbortSignal): Promise<string> {
    let upload = (await this.known(signal)) ?? (await this.announce(signal));
    this.id = upload.id;
    localStorage.setItem(this.key, upload.id);
    for (let failures = 0; ; ) {
      this.show(upload);
      if (upload.receivedBytes >= this.file.size) break;
      try {
        upload = await this.piece(upload, signal);
        failures = 0;
      } catch (error) {
        const isFinal = error instanceof Refused && !isPassing(error.status);
        if (signal.aborted || isFinal || ++failures === TRIES) throw error;
        await pause(Math.min(500 * 2 ** failures, LONGEST_PAUSE_MS), signal);
        upload = (await this.known(signal).catch(() => undefined)) ?? upload;
      }
    }
    return upload.id;
  }

  private async announce(signal: AbortSignal): Promise<Upload> {
    const body = JSON.stringify({
      gallery: this.gallery,
      fileName: this.file.name,
      sizeBytes: this.file.size,
      checksum: this.wanted,
    });
    const answer = await ask("/uploads", { method: "POST", headers: { "content-type": "application/json" }, body, signal });
    return answer.json() as Promise<Upload>;
  }

  /** The upload of this file that an earlier visit left unfinished. */
  private async known(signal: AbortSignal): Promise<Upload | undefined> {
    const id = this.id ?? localStorage.getItem(this.key);
    if (!id) return undefined;
    try {
      return (await (await ask(`/uploads/${id}`, { signal })).json()) as Upload;
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 404) throw error;
      this.forget();
      return undefined;
    }
  }

  private async piece(upload: Upload, signal: AbortSignal): Promise<Upload> {
    const from = upload.receivedBytes;
    const body = this.file.slice(from, from + PIECE_BYTES);
    const headers = { "upload-offset": String(from), "content-type": "application/octet-stream" };
    const answer = await ask(`/uploads/${upload.id}`, { method: "PATCH", headers, body, signal });
    return answer.json() as Promise<Upload>;
  }

  private show(upload: Upload): void {
    const percent = Math.floor((100 * upload.receivedBytes) / Math.max(this.file.size, 1));
    this.bar.value = percent;
    this.note.textContent = `${size(upload.receivedBytes)} of ${size(this.file.size)} · ${percent} %`;
    this.checksum.textContent = upload.checksum;
    this.facts.hidden = !upload.checksum;
  }

  forget(): void {
    localStorage.removeItem(this.key);
    this.id = undefined;
  }

  async discard(): Promise<void> {
    const id = this.id;
    this.forget();
    if (id) await fetch(`/uploads/${id}`, { method: "DELETE" });
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}

function size(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  const step = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), units.length - 1);
  return `${(bytes / 2 ** (10 * step)).toFixed(step === 0 ? 0 : 1)} ${units[step]}`;
}

/** Makes the version of the uploads, and gives the address of its page. */
async function makeVersion(form: HTMLFormElement, uploads: string[]): Promise<string> {
  const typed = new FormData(form);
  const fields = new URLSearchParams({
    image: form.dataset.image ?? "",
    version: String(typed.get("version") ?? ""),
    location: String(typed.get("location") ?? ""),
    end_of_life: String(typed.get("endOfLife") ?? ""),
  });
  for (const region of typed.getAll("targets")) fields.append(`targets[${String(region)}]`, "true");
  // The server takes them in the order of these keys.
  uploads.forEach((id, index) => fields.append(`uploads[${String(index).padStart(2, "0")}]`, id));
  if (typed.has("excludeFromLatest")) fields.append("exclude_from_latest", "true");
  const answer = await ask(form.dataset.upload ?? "", { method: "POST", body: fields });
  return answer.headers.get("location") ?? String(typed.get("return") ?? "/images");
}

function prepare(form: HTMLFormElement): void {
  const panel = document.querySelector<HTMLElement>("#upload-progress");
  const place = panel?.querySelector<HTMLElement>("[data-upload-files]");
  const status = panel?.querySelector<HTMLElement>("[data-upload-status]");
  const cancel = panel?.querySelector<HTMLButtonElement>("[data-upload-cancel]");
  if (!panel || !place || !status || !cancel) return;

  let current: AbortController | undefined;
  const guard = (event: BeforeUnloadEvent) => event.preventDefault();

  const run = async () => {
    const files = (id: string) => [...(form.querySelector<HTMLInputElement>(`#${id}`)?.files ?? [])];
    const checksum = String(new FormData(form).get("checksum") ?? "").trim();
    const disks = [...files("file"), ...files("dataDisks")];
    const controller = new AbortController();
    current = controller;
    place.replaceChildren();
    panel.hidden = false;
    cancel.hidden = false;
    form.inert = true;
    window.addEventListener("beforeunload", guard);
    const sendings = disks.map((disk, index) => new Sending(disk, form.dataset.gallery ?? "", index === 0 ? checksum : "", place));
    try {
      status.textContent = "Uploading. Keep this page open; after an interruption the upload goes on where it stopped.";
      panel.scrollIntoView({ block: "nearest" });
      const uploads: string[] = [];
      for (const sending of sendings) uploads.push(await sending.send(controller.signal));
      status.textContent = "Everything arrived. The version is being made.";
      cancel.hidden = true;
      const next = await makeVersion(form, uploads);
      sendings.forEach((sending) => sending.forget());
      window.removeEventListener("beforeunload", guard);
      location.assign(next);
    } catch (error) {
      if (controller.signal.aborted) {
        await Promise.allSettled(sendings.map((sending) => sending.discard()));
        status.textContent = "The upload was cancelled, and what had arrived was thrown away.";
      } else if (error instanceof Refused) {
        status.textContent = error.message;
      } else {
        status.textContent = "The connection was lost. Press Upload again to go on where it stopped.";
      }
      form.inert = false;
      cancel.hidden = true;
    } finally {
      window.removeEventListener("beforeunload", guard);
      current = undefined;
    }
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!current) void run();
  });
  cancel.addEventListener("click", () => current?.abort());
}

document.querySelectorAll<HTMLFormElement>("form[data-upload]").forEach(prepare);

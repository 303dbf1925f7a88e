// The two consoles of a machine in the browser: its screen (VNC) and its serial line.
//
// A page includes this module and marks an element:
//   <div data-console="screen" data-url="/…/screen"></div>
//   <div data-console="serial" data-url="/…/serial"></div>
// Inside an element with `data-console-frame`, buttons with `data-console-send="ctrl-alt-del"`, `data-console-paste`,
// `data-console-reconnect` and `data-console-full` do what they say, and `data-console-status` shows the state.
// The element's `data-state` then says `connecting`, `open` or `closed`, for the style sheet to show, and a
// `console-state` event tells whoever listens. Both sockets carry the raw bytes of the line.
import RFB from "@novnc/novnc";
import { FitAddon } from "@xterm/addon-fit";
import { Terminal } from "@xterm/xterm";
import "@xterm/xterm/css/xterm.css";

export type ConsoleState = "connecting" | "open" | "closed";

export interface ScreenOptions {
  /** Shows the screen without sending keys or the pointer. */
  viewOnly?: boolean;
}

export interface OpenConsole {
  close(): void;
}

export interface OpenSerial extends OpenConsole {
  /** Types a text as if it came from the keyboard. */
  paste(text: string): void;
}

export interface OpenScreen extends OpenConsole {
  sendCtrlAltDel(): void;
}

/** Tries in a row that reach no machine before the console gives up. */
const TRIES = 6;
const LONGEST_PAUSE_MS = 10_000;

export function openScreen(element: HTMLElement, url: string, options: ScreenOptions = {}): OpenScreen {
  let rfb: RFB | undefined;
  const line = keepOpen(element, (opened, closed) => {
    element.replaceChildren();
    const screen = new RFB(element, socketAddress(url), { shared: true });
    screen.scaleViewport = true;
    screen.viewOnly = options.viewOnly ?? false;
    screen.background = "transparent";
    screen.addEventListener("connect", opened);
    screen.addEventListener("disconnect", closed);
    rfb = screen;
    return () => screen.disconnect();
  });
  return { close: line.close, sendCtrlAltDel: () => rfb?.sendCtrlAltDel() };
}

export function openSerial(element: HTMLElement, url: string): OpenSerial {
  const terminal = new Terminal({ cursorBlink: true, fontFamily: "ui-monospace, monospace", fontSize: 14, scrollback: 5000 });
  const fit = new FitAddon();
  terminal.loadAddon(fit);
  withStyleNonce(() => terminal.open(element));
  fit.fit();
  const resized = new ResizeObserver(() => fit.fit());
  resized.observe(element);

  let socket: WebSocket | undefined;
  const send = (bytes: Uint8Array<ArrayBuffer>) => {
    if (socket?.readyState === WebSocket.OPEN) socket.send(bytes);
  };
  terminal.onData((text) => send(new TextEncoder().encode(text)));
  terminal.onBinary((text) => send(Uint8Array.from(text, (char) => char.charCodeAt(0))));

  const line = keepOpen(element, (opened, closed) => {
    // The server starts with the line's history, so what an earlier connection showed would come twice.
    terminal.reset();
    const next = new WebSocket(socketAddress(url));
    next.binaryType = "arraybuffer";
    next.addEventListener("open", opened);
    next.addEventListener("close", closed);
    next.addEventListener("message", (event) => {
      terminal.write(typeof event.data === "string" ? event.data : new Uint8Array(event.data));
    });
    socket = next;
    return () => next.close();
  });
  return {
    paste(text) {
      terminal.paste(text);
      terminal.focus();
    },
    close() {
      resized.disconnect();
      line.close();
      terminal.dispose();
    },
  };
}

/** Opens a line and opens it again when it breaks, with growing pauses, until it is closed or `TRIES` have failed. */
function keepOpen(element: HTMLElement, connect: (opened: () => void, closed: () => void) => () => void): OpenConsole {
  let failures = 0;
  let wanted = true;
  let timer = 0;
  let disconnect = () => {};
  const show = (state: ConsoleState) => {
    element.dataset.state = state;
    element.dispatchEvent(new CustomEvent("console-state", { bubbles: true, detail: state }));
  };
  const start = () => {
    show("connecting");
    disconnect = connect(
      () => {
        failures = 0;
        show("open");
      },
      () => {
        if (!wanted) return;
        failures += 1;
        if (failures >= TRIES) {
          show("closed");
          return;
        }
        show("connecting");
        timer = window.setTimeout(start, Math.min(500 * 2 ** failures, LONGEST_PAUSE_MS));
      },
    );
  };
  start();
  return {
    close() {
      wanted = false;
      window.clearTimeout(timer);
      disconnect();
      show("closed");
    },
  };
}

function socketAddress(url: string): string {
  const address = new URL(url, document.baseURI);
  address.protocol = address.protocol === "http:" ? "ws:" : "wss:";
  return address.href;
}

/**
 * Gives the `<style>` elements that xterm makes the nonce of this page, so that the content security policy can do
 * without `unsafe-inline`.
 */
function withStyleNonce(make: () => void): void {
  const nonce = document.querySelector<HTMLElement>("script[nonce], style[nonce]")?.nonce;
  const plain = document.createElement;
  document.createElement = function (this: Document, name: string, options?: ElementCreationOptions) {
    const element = plain.call(this, name, options);
    if (nonce && name === "style") element.nonce = nonce;
    return element;
  } as typeof document.createElement;
  try {
    make();
  } finally {
    document.createElement = plain;
  }
}

const SAYS: Record<ConsoleState, [label: string, classes: string]> = {
  connecting: ["Connecting", "state busy info"],
  open: ["Connected", "state ok"],
  closed: ["Disconnected", "state danger"],
};

/** Opens the console of an element, and gives the buttons of its frame their work. */
function start(element: HTMLElement): void {
  const url = element.dataset.url;
  if (!url) return;
  const frame = element.closest<HTMLElement>("[data-console-frame]");
  const on = (selector: string, act: () => void) => frame?.querySelector(selector)?.addEventListener("click", act);
  const status = frame?.querySelector<HTMLElement>("[data-console-status]");
  const say = (text: string, classes: string) => {
    if (!status) return;
    const dot = document.createElement("span");
    dot.className = "dot";
    dot.ariaHidden = "true";
    status.replaceChildren(dot, text);
    status.className = classes;
  };
  element.addEventListener("console-state", (event) => say(...SAYS[(event as CustomEvent<ConsoleState>).detail]));
  on("[data-console-full]", () => void frame?.requestFullscreen());

  if (element.dataset.console === "serial") {
    let serial = openSerial(element, url);
    on("[data-console-reconnect]", () => {
      serial.close();
      element.replaceChildren();
      serial = openSerial(element, url);
    });
    on("[data-console-paste]", () => {
      const refused = () => say("The browser did not give the clipboard; press Ctrl+Shift+V", "state warn");
      navigator.clipboard.readText().then((text) => serial.paste(text), refused);
    });
    return;
  }
  const options = { viewOnly: "viewOnly" in element.dataset };
  let screen = openScreen(element, url, options);
  on("[data-console-reconnect]", () => {
    screen.close();
    screen = openScreen(element, url, options);
  });
  on("[data-console-send='ctrl-alt-del']", () => screen.sendCtrlAltDel());
}

document.querySelectorAll<HTMLElement>("[data-console]").forEach(start);

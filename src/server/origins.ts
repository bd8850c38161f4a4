import { MalformedInput } from "../errors.js";
import { isLoopback } from "./host-names.js";

/** Pages that no web site can be: of browser extensions, and of programs that show their own files. */
const OWN_SCHEMES = new Set([
  "chrome-extension",
  "moz-extension",
  "safari-extension",
  "safari-web-extension",
  "ms-browser-extension",
  "app",
  "file",
  "tauri",
  "capacitor",
  "ionic",
  "vscode-webview",
  "vscode-file",
]);

/** An origin as browsers write it: scheme, host, and the port where it is not the scheme's own. */
const ORIGIN = /^([a-z][a-z\d+.-]*):\/\/((?:\[[\da-f:.]+\]|[^[\]:/?#@\\\s*]*)(?::\d{1,5})?)$/;
const WILD_ORIGIN = /^(https?:\/\/)\*(\.[^[\]:/?#@\\\s*]+\.[^[\]:/?#@\\\s*]+(?::\d{1,5})?)$/;

/**
 * Which pages may use the server from a browser: those of extensions and programs, those of servers on this machine
 * whatever their port (Page Assist takes it away), and those that the person allows.
 *
 * @param allowed origins such as `https://chat.example.org`, or `https://*.example.org` for all names below
 * @throws {MalformedInput} one of them is none
 */
export function originRule(allowed: readonly string[]): (origin: string) => boolean {
  const exact = new Set<string>();
  const wild: { scheme: string; ending: string }[] = [];
  for (const given of allowed) {
    const origin = given.toLowerCase().replace(/\/$/, "");
    const [, scheme, ending] = WILD_ORIGIN.exec(origin) ?? [];
    if (scheme !== undefined && ending !== undefined) wild.push({ scheme, ending });
    else if (ORIGIN.test(origin)) exact.add(origin);
    else {
      throw new MalformedInput(
        `serve --origins "${given.slice(0, 80)}": it is no origin. Write it like https://chat.example.org or https://*.example.org.`,
        { stage: "serve" },
      );
    }
  }
  return (given) => {
    const origin = given.toLowerCase();
    const [, scheme, host] = ORIGIN.exec(origin) ?? [];
    if (scheme === undefined || host === undefined) return false;
    if (OWN_SCHEMES.has(scheme) || exact.has(origin)) return true;
    if ((scheme === "http" || scheme === "https") && isOnThisMachine(host.replace(/:\d+$/, ""))) return true;
    return wild.some((one) => origin.startsWith(one.scheme) && origin.endsWith(one.ending));
  };
}

function isOnThisMachine(host: string): boolean {
  return isLoopback(host) || host === "0.0.0.0";
}

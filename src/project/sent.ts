import { appendFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { artifactPath } from "./paths.js";

/** A line of `sent.jsonl`: bytes of a project's words that went to a host, or were about to. */
type Sent = { host: string; bytes: number; time: string };

/**
 * Notes what leaves a project for a host. A note is with the system when the call returns, and so before the bytes leave:
 * a kill may count too much, never too little.
 */
export function sendNotes(project: string): (host: string, bytes: number) => void {
  const path = artifactPath(project, "sent");
  return (host, bytes) => {
    const sent: Sent = { host, bytes, time: new Date().toISOString() };
    appendFileSync(path, `${JSON.stringify(sent)}\n`, { mode: 0o600 });
  };
}

/** Bytes that ever left a project, by host; a line that a full disk cut short stands for nothing that was sent. */
export async function sentBytes(project: string): Promise<Map<string, number>> {
  const text = await readFile(artifactPath(project, "sent"), "utf8").catch(() => "");
  const byHost = new Map<string, number>();
  for (const line of text.split("\n")) {
    const sent = parseSent(line);
    if (sent) byHost.set(sent.host, (byHost.get(sent.host) ?? 0) + sent.bytes);
  }
  return byHost;
}

function parseSent(line: string): Sent | undefined {
  try {
    const { host, bytes, time } = JSON.parse(line) as Sent;
    return typeof host === "string" && Number.isSafeInteger(bytes) ? { host, bytes, time } : undefined;
  } catch {
    return undefined;
  }
}

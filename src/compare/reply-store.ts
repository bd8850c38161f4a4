import { mkdir, open, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { diskFull, parseJson, writeAtomic } from "../files.js";

/** What one model did at one prompt. */
export type StoredReply = {
  promptId: string;
  text: string;
  /** Whether it ran into the token limit. */
  cut: boolean;
  /** Surprise at the real reply and its end, in nats. */
  nats: number;
};

/** The replies of one model on disk, one a line, so that an interrupted comparison goes on where it stopped. */
export type ReplyStore = {
  replies: Map<string, StoredReply>;
  add(reply: StoredReply): Promise<void>;
  close(): Promise<void>;
};

/**
 * Opens the store of a model. Its first line is a key of everything the replies depend on; a file with
 * another key is started anew, and a last line torn by an interruption is dropped.
 */
export async function openReplyStore(path: string, key: string): Promise<ReplyStore> {
  const kept = await readStore(path, key);
  await mkdir(dirname(path), { recursive: true });
  const lines = [{ key }, ...kept].map((value) => `${JSON.stringify(value)}\n`);
  await writeAtomic(path, "compare", (sink) => sink.write(lines.join("")));
  const handle = await open(path, "a");
  const replies = new Map(kept.map((reply) => [reply.promptId, reply]));
  let writing: Promise<void> = Promise.resolve();
  return {
    replies,
    add: (reply) => {
      replies.set(reply.promptId, reply);
      // One after the other: two lines must never mix.
      writing = writing.then(() => handle.appendFile(`${JSON.stringify(reply)}\n`));
      return writing.catch((error: unknown) => {
        throw diskFull(error, "compare", path) ?? error;
      });
    },
    close: () => handle.close(),
  };
}

async function readStore(path: string, key: string): Promise<StoredReply[]> {
  const [first, ...rest] = (await readFile(path, "utf8").catch(() => "")).split("\n");
  // What follows the last line break is nothing, or a torn line.
  const lines = rest.slice(0, -1);
  try {
    if ((parseJson(first ?? "", "compare", path) as { key?: unknown }).key !== key) return [];
    return lines.map((line) => parseJson(line, "compare", path) as StoredReply);
  } catch {
    // A store only saves time; one that cannot be read costs the replies again, nothing else.
    return [];
  }
}

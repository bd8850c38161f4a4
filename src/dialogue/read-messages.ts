import { readJsonLines } from "../files.js";
import type { Message } from "../import/message.js";
import type { Run } from "../progress.js";

/** All messages of a `messages.jsonl`; names that a million of them repeat are kept once. */
export async function readMessages(path: string, run: Run): Promise<Message[]> {
  const messages: Message[] = [];
  const words = new Map<string, string>();
  const once = <Word extends string | null>(word: Word): Word => {
    if (word === null) return word;
    const known = words.get(word);
    if (known === undefined) words.set(word, word);
    return (known ?? word) as Word;
  };
  for await (const message of readJsonLines<Message>(path, "dialogue")) {
    message.source = once(message.source);
    message.contact = once(message.contact);
    message.sender = once(message.sender);
    message.session = once(message.session);
    message.originalType = once(message.originalType);
    messages.push(message);
    if (messages.length % 10_000 === 0) {
      run.signal?.throwIfAborted();
      run.onProgress?.({ stage: "dialogue", done: messages.length, total: 0, unit: "messages" });
    }
  }
  run.signal?.throwIfAborted();
  return messages;
}

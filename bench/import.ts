import { spawn } from "node:child_process";
import { createReadStream } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeAtomic } from "../src/files.js";
import { importChats } from "../src/import/import-chats.js";
import { importSettings } from "../src/import/settings.js";
import { createRandom } from "../src/random.js";

// How long does an import of a large export take, beside a plain read of the same file?
//   node dist/bench/import.js [<millions of messages, comma separated>] [<chats>]
// Every reading is a process of its own, in turns; of each the fastest of the rounds counts. Both read a file that the
// system holds in memory. Linux only for the peak memory.

const ROUNDS = 3;
const [what = "1,3", chats = "1"] = process.argv.slice(2);

/** Names of formats and how a chat of theirs is written. */
const FORMATS: Record<string, (messages: number, chat: number) => Iterable<string>> = {
  "weflow-json": weflow,
  "chatlab-jsonl": chatlab,
};

const WORDS =
  "今天,晚上,吃什么,好的,哈哈哈,在吗,我先走了,明天见,[捂脸],可以啊,you,ok,really,收到,周六,去爬山,到了".split(
    ",",
  );

type Said = {
  id: string;
  own: boolean;
  time: number;
  text: string;
  image: boolean;
  answers: string | undefined;
};

/** The messages of a chat of two, in order of time. */
function* talk(messages: number, chat: number): Iterable<Said> {
  const random = createRandom(`import ${chat}`);
  let time = 1_400_000_000;
  for (let at = 0; at < messages; at += 1) {
    time += Math.floor(random() * 90);
    const count = 1 + Math.floor(random() * 6);
    const text = Array.from({ length: count }, () => WORDS[Math.floor(random() * WORDS.length)]!).join("");
    const answers =
      at > 40 && random() < 0.03 ? messageId(chat, at - 1 - Math.floor(random() * 40)) : undefined;
    yield { id: messageId(chat, at), own: random() < 0.5, time, text, image: random() < 0.08, answers };
  }
}

function messageId(chat: number, at: number): string {
  return `7${String(chat).padStart(4, "0")}${String(at * 7919).padStart(14, "0")}`;
}

function* weflow(messages: number, chat: number): Iterable<string> {
  const session = {
    wxid: `wxid_${chat}`,
    nickname: "小满",
    remark: "",
    displayName: `小满${chat}`,
    type: "私聊",
  };
  yield `{"weflow":{"version":"4.1.0","exportedAt":1780000000,"generator":"WeFlow"},"session":${JSON.stringify(session)},"messages":[`;
  let localId = 0;
  for (const { id, own, time, text, image, answers } of talk(messages, chat)) {
    localId += 1;
    const message = {
      localId,
      createTime: time,
      formattedTime: "2025-03-04 19:22:05",
      type: image ? "图片消息" : "文本消息",
      localType: image ? 3 : 1,
      content: image ? "[图片]" : text,
      isSend: Number(own),
      senderUsername: own ? "wxid_me0" : `wxid_${chat}`,
      senderDisplayName: own ? "阿泽" : `小满${chat}`,
      platformMessageId: id,
      ...(answers === undefined ? {} : { replyToMessageId: answers }),
    };
    yield `${localId > 1 ? "," : ""}\n${JSON.stringify(message)}`;
  }
  yield "\n]}\n";
}

function* chatlab(messages: number, chat: number): Iterable<string> {
  const meta = { name: `小满${chat}`, platform: "wechat", type: "private", ownerId: "wxid_me0" };
  yield `${JSON.stringify({ _type: "header", chatlab: { version: "0.0.2", exportedAt: 1780000000 }, meta })}\n`;
  for (const { id, own, time, text, image, answers } of talk(messages, chat)) {
    const message = {
      _type: "message",
      sender: own ? "wxid_me0" : `wxid_${chat}`,
      accountName: own ? "阿泽" : `小满${chat}`,
      timestamp: time,
      type: image ? 1 : 0,
      content: image ? "[图片]" : text,
      platformMessageId: id,
      ...(answers === undefined ? {} : { replyToMessageId: answers }),
    };
    yield `${JSON.stringify(message)}\n`;
  }
}

async function write(path: string, lines: Iterable<string>): Promise<void> {
  await writeAtomic(path, "bench", async (sink) => {
    let batch = "";
    for (const line of lines) {
      batch += line;
      if (batch.length < 1 << 20) continue;
      await sink.write(batch);
      batch = "";
    }
    await sink.write(batch);
  });
}

type Measured = { seconds: number; cpuSeconds: number; peakMb: number };

/** What a process of this file measures of itself. */
const WORK: Record<string, (folder: string, out: string) => Promise<unknown>> = {
  read: async (folder) => {
    for (let chat = 0; chat < Number(chats); chat += 1) {
      for await (const piece of createReadStream(join(folder, `${chat}.json`), { highWaterMark: 1 << 18 }))
        void piece;
    }
  },
  import: (folder, out) => importChats({ inputs: [folder], out }, importSettings.parse({})),
};

function measure(work: string, folder: string, out: string): Promise<Measured> {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), what, chats, work, folder, out], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.on("data", (chunk) => (text += chunk));
  return new Promise((resolve, reject) => {
    child.on("close", (code) =>
      code === 0 ? resolve(JSON.parse(text) as Measured) : reject(new Error(`${work}: ${code}`)),
    );
  });
}

const [work, folder, out] = process.argv.slice(4);
if (work !== undefined) {
  const started = performance.now();
  await WORK[work]!(folder!, out!);
  const seconds = (performance.now() - started) / 1000;
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const cpuSeconds = (userCPUTime + systemCPUTime) / 1e6;
  console.log(JSON.stringify({ seconds, cpuSeconds, peakMb: maxRSS / 1024 }));
} else {
  const home = await mkdtemp(join(tmpdir(), "kouwen-bench-"));
  try {
    for (const [format, lines] of Object.entries(FORMATS)) {
      for (const millions of what.split(",").map(Number)) {
        const exports = join(home, `${format}-${millions}`);
        let bytes = 0;
        for (let chat = 0; chat < Number(chats); chat += 1) {
          const path = join(exports, `${chat}.json`);
          await write(path, lines(Math.round((millions * 1e6) / Number(chats)), chat));
          bytes += (await stat(path)).size;
        }
        const rounds: { read: Measured; import: Measured }[] = [];
        for (let round = 0; round < ROUNDS; round += 1) {
          rounds.push({
            read: await measure("read", exports, join(home, "out")),
            import: await measure("import", exports, join(home, "out")),
          });
        }
        const best = (key: "read" | "import") => Math.min(...rounds.map((round) => round[key].seconds));
        const cpu = Math.min(...rounds.map((round) => round.import.cpuSeconds));
        const peak = Math.max(...rounds.map((round) => round.import.peakMb));
        const [read, imported] = [best("read"), best("import")];
        console.log(
          `${format} ${millions}M messages in ${chats} files, ${(bytes / 1e6).toFixed(0)} MB: import ${imported.toFixed(2)} s (${cpu.toFixed(2)} s of all cores), ${Math.round((millions * 1e6) / imported)} messages/s, ${(imported / read).toFixed(1)} times a plain read (${read.toFixed(2)} s), peak ${peak.toFixed(0)} MB, load ${loadavg()[0]!.toFixed(1)}`,
        );
        await rm(exports, { recursive: true });
      }
    }
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}
